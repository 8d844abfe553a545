"""Bytes in, nothing interpreted: files, feeds, pages, archives become Documents or Rejects."""

from ingest.landing.files import land_path, land_source
from ingest.landing.sources import INPUT, Source, SourcesError, load_sources

__all__ = ["INPUT", "Source", "SourcesError", "land_path", "land_source", "load_sources"]
