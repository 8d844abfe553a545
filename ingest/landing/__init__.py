"""Bytes in, nothing interpreted: files, feeds, pages, archives become Documents or Rejects."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_MODULES = {
    "INPUT": "sources",
    "Fetcher": "web",
    "Source": "sources",
    "SourcesError": "sources",
    "batches": "arrivals",
    "land_path": "files",
    "land_source": "arrivals",
    "load_sources": "sources",
}


def __getattr__(name: str) -> object:
    """Import a name's module when it is asked for: who reads lines of JSON has no use for the web."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
