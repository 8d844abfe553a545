"""Land a registered folder: a file that stands as it was when it was read is passed over.

Every file that was read gives a Visit, after all that came of it, so that a run that is killed reads it
again. As git does with its index, a file is known by what the system says of it without opening it; its time
of change (ctime) no program can set. The Visit's marker takes in what else the result hangs on: the rows in
which CSVs describe the file, how the source is read, and this code. CSVs themselves are read every time.
What may pass by itself (a disk that does not answer) gives a Reject and no Visit: the next run reads again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from ingest.landing.archives import is_archive
from ingest.landing.documents import landed
from ingest.landing.files import File, find, read
from ingest.landing.formats import Problem
from ingest.landing.online import Recall
from ingest.landing.sources import Source
from ingest.records import Arrival, Unchanged, Visit, content_hash

LOOKED_UP = 5_000
"""Files whose visits are looked up in one go."""
SETTLES_NS = 2_000_000_000
"""So long a file may change again and keep its stamp: FAT, the coarsest of file systems, stamps to 2 s."""


class Stamp(NamedTuple):
    """What the system says of a file: bytes, times in nanoseconds, and the number that tells it from others.

    `has_settled` is false where the file may still change and keep its stamp.
    """

    size: int
    changed_ns: int
    stamped_ns: int
    number: int
    has_settled: bool


def land_folder(source: Source, path: Path, now: datetime, recall: Recall) -> Iterator[Arrival]:
    """Yield what is new at `path`, a folder or a file, as landed at `now` (aware, UTC), with the visits made.

    Raises FileNotFoundError or NotADirectoryError where there is nothing at `path`.
    """
    definition = _definition(source)
    found = find(path)
    refused: set[str] = set()
    while piece := list(islice(found, LOOKED_UP)):
        files = [item for item in piece if isinstance(item, File)]
        for problem in piece:
            if isinstance(problem, Problem):
                refused.add(problem.location)
                yield landed(problem, source, now)
        # The stamps are taken before anything is read: what changes meanwhile is read again.
        stamps = {file.name: _stamp(file) for file in files}
        visits = recall(list(stamps)) if files else {}
        unchanged = 0
        for file in files:
            stamp, before = stamps[file.name], visits.get(file.name)
            marker = _marker(file, stamp, definition) if stamp else None
            if before is not None and marker is not None and before.marker == marker:
                unchanged += 1
            else:
                kept = marker if stamp and stamp.has_settled else None
                yield from _land(file, source, now, kept, is_refused=file.name in refused)
        if unchanged:
            yield Unchanged(source_id=source.id, files=unchanged)


def _land(
    file: File, source: Source, now: datetime, marker: str | None, *, is_refused: bool
) -> Iterator[Arrival]:
    """Yield what comes of a file, then its visit, unless the next run must read it again in any case."""
    for found in read(file):
        if isinstance(found, Problem):
            is_refused = True
            marker = None if found.passes else marker
        yield landed(found, source, now)
    if marker is not None:
        yield Visit(
            source_id=source.id,
            address=file.name,
            status=0,
            visited_at=now,
            marker=marker,
            is_refused=is_refused,
        )


def _stamp(file: File) -> Stamp | None:
    """Return what the system says of a file, links followed; None where it says nothing."""
    try:
        found = file.path.stat()
    except OSError:
        return None
    # By the clock that stamps files, whatever day FRONTLINE_NOW says.
    settled = max(found.st_mtime_ns, found.st_ctime_ns) <= time.time_ns() - SETTLES_NS
    return Stamp(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, settled)


def _marker(file: File, stamp: Stamp, definition: str) -> str:
    """Return a hash of all that the reading of a file hangs on."""
    # The line of a row matters where it may be told that it names a member which the archive lacks.
    rows = [
        (name, row.cells, row.location if is_archive(file.name) else "") for name, row in file.rows.items()
    ]
    return content_hash(definition, json.dumps([stamp[:-1], rows], sort_keys=True))


def _definition(source: Source) -> str:
    """Return a hash of what the register says of how the source is read, and of the code that reads it."""
    said = (source.outlet, source.language, source.time_zone, source.is_archive, dict(source.fields))
    return content_hash(_code(), json.dumps(said, sort_keys=True))


@cache
def _code() -> str:
    """Return a hash of the code that lands: another version may read a file otherwise."""
    here = Path(__file__).parent
    files = [*sorted(here.glob("*.py")), here.parent / "decoding.py", here.parent / "records.py"]
    return content_hash(*(file.read_text("utf-8") for file in files))
