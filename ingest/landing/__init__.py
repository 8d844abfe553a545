"""Bytes in, nothing interpreted: files, feeds, pages, archives become Documents or Rejects."""

from ingest.landing.arrivals import batches, land_source
from ingest.landing.files import land_path
from ingest.landing.sources import INPUT, Source, SourcesError, load_sources
from ingest.landing.web import Fetcher

__all__ = [
    "INPUT",
    "Fetcher",
    "Source",
    "SourcesError",
    "batches",
    "land_path",
    "land_source",
    "load_sources",
]
