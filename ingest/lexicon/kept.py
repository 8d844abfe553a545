"""The lexicon as it was read last, kept in one file: three times as fast to load as from its tables.

The file's name holds the version of what it was read from and of the code that read it, so that a file of
another state is never taken. It begins with a hash of what follows: one that was cut off or damaged is read
as if it were not there. It is written beside its place and moved there; where that is not allowed, nothing
is kept. marshal is Python's own form for plain values: fast, and without code that reading it could run.
"""

from __future__ import annotations

import marshal
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from ingest.records import (
    Actor,
    Claimant,
    Conflict,
    Frame,
    Lexicon,
    Name,
    PathStep,
    Place,
    content_hash,
)

KEPT = 2
"""Files that stay: two checkouts that share a folder of state do not take turns at writing theirs."""
_HASH_BYTES = 32
_HOUR = 3600.0
"""After which a part is of a process that was killed."""
_TAGGED: dict[str, type] = {
    kind.__name__: kind for kind in (Actor, Claimant, Conflict, Frame, PathStep)
}  # fmt: skip
_TUPLE, _DATE = "", "date"


def kept_lexicon(folder: Path, version: str) -> Lexicon | None:
    """Return the lexicon of a version as it was kept in a folder; None where it was not, or is damaged."""
    try:
        raw = _path(folder, version).read_bytes()
    except OSError:
        return None
    body = memoryview(raw)[_HASH_BYTES:]
    if sha256(body).digest() != raw[:_HASH_BYTES]:
        return None
    return _lexicon(marshal.loads(body))  # noqa: S302 -- our own file, whole; marshal runs nothing


def keep_lexicon(folder: Path, lexicon: Lexicon) -> None:
    """Keep a lexicon for the next process, and take away all but the files made last."""
    body = marshal.dumps(_plain_lexicon(lexicon))
    with suppress(OSError):  # a read-only or full disk: the next start takes as long as this one
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
            part = Path(file.name)
            try:
                file.write(sha256(body).digest() + body)
                file.close()
                part.replace(_path(folder, lexicon.version))
            except BaseException:
                part.unlink()
                raise
        made = sorted(folder.glob("lexicon-*"), key=lambda path: path.stat().st_mtime)
        left = [path for path in folder.glob("*.part") if time.time() - path.stat().st_mtime > _HOUR]
        for path in [*made[:-KEPT], *left]:
            path.unlink()


def _path(folder: Path, version: str) -> Path:
    return folder / f"lexicon-{version}-{_code_version()}.bin"


@cache
def _code_version() -> str:
    """Return a hash of the code that reads the tables, of the records' form, and of the form of the file."""
    here = Path(__file__).parent
    files = [*sorted(here.glob("*.py")), here.parent / "records.py"]
    return content_hash(sys.version, *(file.read_text("utf-8") for file in files), length=12)


def _plain_lexicon(lexicon: Lexicon) -> tuple[Any, ...]:
    """Return the lexicon as plain values: what is many by columns, the rest with the names of its classes."""
    where = list(dict.fromkeys(name.countries for name in lexicon.names))
    numbers = {countries: number for number, countries in enumerate(where)}
    return (
        lexicon.version,
        where,
        [(n.text, n.id, n.kind, numbers[n.countries], _plain(n.valid_from), _plain(n.valid_to))
         for n in lexicon.names],
        [tuple(getattr(place, field.name) for field in fields(Place)) for place in lexicon.places.values()],
        *map(_plain, (lexicon.actors, lexicon.claimants, lexicon.conflicts, lexicon.frames, lexicon.words)),
    )  # fmt: skip


def _lexicon(plain: tuple[Any, ...]) -> Lexicon:
    version, where, names, places, actors, claimants, conflicts, frames, words = plain
    return Lexicon(
        version=version,
        names=tuple([
            Name(text, id_, kind, where[number], first and _made(first), last and _made(last))
            for text, id_, kind, number, first, last in names
        ]),
        places={row[0]: Place(*row) for row in places},
        actors=_made(actors), claimants=_made(claimants), conflicts=_made(conflicts),
        frames=_made(frames), words=_made(words),
    )  # fmt: skip


def _plain(value: Any) -> Any:
    """Return a value of the records as marshal can write it: a tuple begins with what it stands for."""
    if is_dataclass(value):
        return (type(value).__name__, *(_plain(getattr(value, field.name)) for field in fields(value)))
    if isinstance(value, tuple):
        return (_TUPLE, *map(_plain, value))
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return (_DATE, value.toordinal()) if isinstance(value, date) else value


def _made(plain: Any) -> Any:
    """Return the value that `_plain` was given."""
    if isinstance(plain, dict):
        return {key: _made(inner) for key, inner in plain.items()}
    if not isinstance(plain, tuple):
        return plain
    tag, *inner = plain
    if tag == _DATE:
        return date.fromordinal(inner[0])
    values = map(_made, inner)
    return tuple(values) if tag == _TUPLE else _TAGGED[tag](*values)
