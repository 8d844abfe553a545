"""Which articles carry the same report."""

from __future__ import annotations

from ingest.records import content_hash


def fold_text(text: str) -> str:
    """Return the text with every run of white space as one space: what identity is decided on."""
    return " ".join(text.split())


def story_of(content: str) -> str:
    """Return the story id of a text whose hash is `content`: exact copies, wherever they landed, share it."""
    return content_hash("story", content)
