"""Find the files of a folder and what CSVs say of them; read them to Documents, or Rejects that say why not.

Folders are read in the order of their paths, archives as folders; names that begin with a dot are passed
over. Links are followed to files inside the folder only. A CSV describes the files beside it and is no
document itself.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.landing.archives import Entry, is_archive, unpack
from ingest.landing.documents import landed
from ingest.landing.formats import Draft, Problem, read_documents, read_sidecar
from ingest.landing.sources import Source
from ingest.landing.warc import is_warc, read_warc
from ingest.records import Document, Reject

SIDECAR = "articles.csv"


@dataclass(frozen=True, slots=True)
class Row:
    """What a CSV says of a file: where it says so (`csv:line`), and its filled cells, `file` among them.

    `is_whole` tells that the CSV describes all that is landed, so that a file it names must be there.
    """

    location: str
    cells: Mapping[str, str]
    is_whole: bool


@dataclass(frozen=True, slots=True)
class File:
    """A file to read, or an archive with all that is in it: its path within the source, where its bytes lie.

    `rows` is what CSVs outside it say of it, or of an archive's members, by name.
    """

    name: str
    path: Path
    rows: Mapping[str, Row] = field(default_factory=dict)


def land_path(path: Path, source: Source, now: datetime) -> Iterator[Document | Reject]:
    """Yield what lies at `path`, a folder or a file, as landed at `now` (aware, UTC), in a fixed order.

    Raises FileNotFoundError or NotADirectoryError where there is nothing at `path`; whatever is wrong with
    single files and lines is a Reject, and the rest come through.
    """
    for file in find(path):
        for found in [file] if isinstance(file, Problem) else read(file):
            yield landed(found, source, now)


def find(path: Path) -> Iterator[File | Problem]:
    """Yield the files at `path`, a folder or a file, in the order of their names; before them, what is amiss.

    CSVs are read for it, the files are not. Raises FileNotFoundError or NotADirectoryError where there is
    nothing at `path`.
    """
    path = path.resolve(strict=True)
    is_folder = path.is_dir()
    entries, problems = _by_name(_walk(path) if is_folder else _single(path))
    yield from problems
    yield from _described(entries, {}, is_folder=is_folder)


def read(file: File) -> Iterator[Draft | Problem]:
    """Yield the documents of a file, or of all that is in an archive, each with its CSV row's values."""
    if not is_archive(file.name):
        yield from _read_file(file)
        return
    with TemporaryDirectory(prefix="frontline-") as unpacked:
        entries, problems = _by_name(unpack(file.name, file.path, Path(unpacked)))
        yield from problems
        for member in _described(entries, file.rows, within=f"{file.name}/", is_folder=True):
            if isinstance(member, Problem):
                yield member
            else:
                yield from _read_file(member)


def _by_name(found: Iterable[Entry | Problem]) -> tuple[dict[str, Entry], list[Problem]]:
    """Return the entries by their names, in the names' order, and the problems."""
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    for item in sorted(found, key=lambda item: item.name if isinstance(item, Entry) else item.location):
        if isinstance(item, Problem):
            problems.append(item)
        elif item.name in entries:
            problems.append(
                Problem(item.name, "named_twice", "stands twice in its archive; the first is read")
            )
        else:
            entries[item.name] = item
    return entries, problems


def _described(
    entries: dict[str, Entry], outer: Mapping[str, Row], *, within: str = "", is_folder: bool
) -> Iterator[File | Problem]:
    """Yield the entries with the rows that describe them, CSVs left out; first what is amiss with rows.

    `outer` are rows of CSVs outside the archive `within` that the entries are of: they go before its own.
    """
    rows: dict[str, dict[str, Row]] = {}
    for name, row in outer.items():
        if name in entries:
            rows[name] = {name: row}
        elif row.is_whole:
            yield _missing(row)
    for name in [name for name in entries if name.lower().endswith(".csv")]:
        yield from _read_rows(entries.pop(name), entries, rows, within=within, is_folder=is_folder)
    for name, entry in entries.items():
        yield File(name, entry.path, rows.get(name, {}))


def _read_file(file: File) -> Iterator[Draft | Problem]:
    row = file.rows.get(file.name)
    try:
        if is_warc(file.name):
            yield from read_warc(file.name, file.path)
            return
        with file.path.open("rb") as stream:
            for draft in read_documents(file.name, stream):
                yield _with_row(draft, row) if row and isinstance(draft, Draft) else draft
    except OSError as error:
        yield Problem(file.name, "unreadable", f"cannot be read: {error.strerror or error}", passes=True)


def _walk(root: Path) -> Iterator[Entry | Problem]:
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            items = list(os.scandir(folder))
        except OSError as error:
            name = _name(folder, root)
            yield Problem(name, "unreadable", f"is a folder that cannot be read: {error.strerror or error}")
            continue
        for item in items:
            if item.name.startswith("."):
                continue
            path = Path(item.path)
            if item.is_dir(follow_symlinks=False):
                folders.append(path)
            else:
                yield _entry(path, root)


def _entry(path: Path, root: Path) -> Entry | Problem:
    name = _name(path, root)
    try:
        if path.is_symlink():
            target = path.resolve(strict=True)
            if not target.is_relative_to(root):
                return Problem(
                    name, "outside_folder", "is a link to something outside the folder, which is not read"
                )
            if target.is_dir():
                return Problem(
                    name, "linked_folder", "is a link to a folder; folders are read only where they lie"
                )
        mode = path.stat().st_mode
    except FileNotFoundError:
        return Problem(name, "broken_link", "is a link to a file that is not there")
    except (OSError, RuntimeError):
        return Problem(name, "broken_link", "is a link that leads back to itself")
    if not stat.S_ISREG(mode):
        return Problem(name, "not_a_file", "is no ordinary file (a pipe, a socket or a device)")
    return Entry(name, path)


def _single(path: Path) -> Iterator[Entry | Problem]:
    """Yield the file and the CSV that describes it; for a CSV, the files it names."""
    root = path.parent
    if path.suffix.lower() != ".csv":
        yield _entry(path, root)
        if (root / SIDECAR).is_file():
            yield _entry(root / SIDECAR, root)
        return
    yield _entry(path, root)
    with path.open("rb") as stream:
        named = [row[1]["file"] for row in read_sidecar(path.name, stream) if not isinstance(row, Problem)]
    for name in dict.fromkeys(posixpath.normpath(file) for file in named):
        if not name.startswith(("/", "..")) and (root / name).exists():
            yield _entry(root / name, root)


def _read_rows(
    sidecar: Entry,
    entries: Mapping[str, Entry],
    rows: dict[str, dict[str, Row]],
    *,
    within: str,
    is_folder: bool,
) -> Iterator[Problem]:
    """Put the rows of a CSV to the files they describe, those of an archive's members to the archive."""
    folder = posixpath.dirname(sidecar.name)
    is_whole = is_folder or sidecar.name != SIDECAR
    try:
        with sidecar.path.open("rb") as stream:
            found = list(read_sidecar(sidecar.name, stream))
    except OSError as error:
        yield Problem(sidecar.name, "unreadable", f"cannot be read: {error.strerror or error}", passes=True)
        return
    for item in found:
        if isinstance(item, Problem):
            yield item
            continue
        line, cells = item
        row = Row(f"{sidecar.name}:{line}", cells, is_whole)
        name = posixpath.normpath(posixpath.join(folder, cells["file"]))
        holder = _holder(name, entries)
        if name.startswith(("/", "..")) or not name.startswith(within):
            where = "archive" if within else "folder"
            why = f"names the file {cells['file']!r} outside the {where}, which is not read"
            yield Problem(row.location, "outside_folder", why)
        elif holder is None:
            if is_whole:
                yield _missing(row)
        elif name in rows.get(holder, {}):
            why = f"names the file {cells['file']!r}, which an earlier row describes; that row holds"
            yield Problem(row.location, "named_twice", why)
        else:
            rows.setdefault(holder, {})[name] = row


def _holder(name: str, entries: Mapping[str, Entry]) -> str | None:
    """Return the name of the file that a row describes, or of the archive that may hold it."""
    if name in entries and not is_archive(name):
        return name
    parts = name.split("/")
    above = ("/".join(parts[:count]) for count in range(1, len(parts)))
    return next((archive for archive in above if archive in entries and is_archive(archive)), None)


def _missing(row: Row) -> Problem:
    return Problem(row.location, "missing_file", f"names the file {row.cells['file']!r}, which is not there")


def _with_row(draft: Draft, row: Row) -> Draft:
    """Add a CSV row's values; what the document says of itself goes before. A row's id is of a whole file."""
    left_out = ("file",) if draft.is_whole_file else ("file", "id", "url", "title")
    extra = {key: value for key, value in row.cells.items() if key not in left_out}
    return Draft(
        draft.location, draft.media_type, draft.content, {**extra, **draft.metadata}, draft.is_whole_file
    )


def _name(path: Path, root: Path) -> str:
    """Return the path within the root; bytes of a name that are no UTF-8 are shown as escapes."""
    return (
        path.relative_to(root)
        .as_posix()
        .encode("utf-8", "surrogateescape")
        .decode("utf-8", "backslashreplace")
    )
