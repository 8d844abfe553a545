"""Reads seeds/frames/*.yml: the senses of verbs and nouns that state a claim."""

from __future__ import annotations

from pathlib import Path

from ingest.records import Frame


def read_frames(folder: Path) -> tuple[Frame, ...]:
    """Return the frames of all files, in the order of file name and place in the file."""
    return ()
