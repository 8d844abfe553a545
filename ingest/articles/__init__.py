"""Bytes to text: documents become articles with a title, a language, a day of publication and a story."""

from ingest.articles.parse import article_of, read_article

__all__ = ["article_of", "read_article"]
