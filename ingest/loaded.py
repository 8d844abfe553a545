"""To import this is to load what articles are read with: what a worker needs before its first piece."""

from ingest.reading import load

load()
