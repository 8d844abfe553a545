"""Land a folder or a file: everything in it becomes Documents, or Rejects that say why not.

Folders are read in the order of their paths, archives as folders; names that begin with a dot are passed
over. Links are followed to files inside the folder only. A CSV describes the files beside it and is no
document itself.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterable, Iterator, Mapping
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


def land_path(path: Path, source: Source, now: datetime) -> Iterator[Document | Reject]:
    """Yield what lies at `path`, a folder or a file, as landed at `now` (aware, UTC), in a fixed order.

    Raises FileNotFoundError or NotADirectoryError where there is nothing at `path`; whatever is wrong with
    single files and lines is a Reject, and the rest come through.
    """
    path = path.resolve(strict=True)
    is_folder = path.is_dir()
    with TemporaryDirectory(prefix="frontline-") as unpacked:
        entries = _unpack_all(_walk(path) if is_folder else _single(path), Path(unpacked))
        for found in read_entries(entries, is_folder=is_folder):
            yield landed(found, source, now)


def read_entries(found: Iterable[Entry | Problem], *, is_folder: bool) -> Iterator[Draft | Problem]:
    """Yield the documents of the entries in the order of their paths, each with its CSV row's values."""
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
    rows: dict[str, Mapping[str, str]] = {}
    for name in [name for name in entries if name.lower().endswith(".csv")]:
        problems.extend(_read_rows(entries.pop(name), entries, rows, is_folder=is_folder))
    yield from problems
    for name, entry in entries.items():
        try:
            if is_warc(name):
                yield from read_warc(name, entry.path)
                continue
            with entry.path.open("rb") as stream:
                for draft in read_documents(name, stream):
                    yield _described(draft, rows.get(name, {})) if isinstance(draft, Draft) else draft
        except OSError as error:
            yield Problem(name, "unreadable", f"cannot be read: {error.strerror or error}")


def _unpack_all(found: Iterable[Entry | Problem], folder: Path) -> Iterator[Entry | Problem]:
    """Put the members of archives in the place of the archives; each has a folder of its own to lie in."""
    for number, item in enumerate(found):
        if isinstance(item, Problem) or not is_archive(item.name):
            yield item
            continue
        own = folder / str(number)
        own.mkdir()
        yield from unpack(item.name, item.path, own)


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
    sidecar: Entry, entries: Mapping[str, Entry], rows: dict[str, Mapping[str, str]], *, is_folder: bool
) -> Iterator[Problem]:
    folder = posixpath.dirname(sidecar.name)
    is_whole = is_folder or sidecar.name != SIDECAR
    try:
        with sidecar.path.open("rb") as stream:
            found = list(read_sidecar(sidecar.name, stream))
    except OSError as error:
        yield Problem(sidecar.name, "unreadable", f"cannot be read: {error.strerror or error}")
        return
    for item in found:
        if isinstance(item, Problem):
            yield item
            continue
        line, cells = item
        location, file = f"{sidecar.name}:{line}", cells["file"]
        name = posixpath.normpath(posixpath.join(folder, file))
        if name.startswith(("/", "..")):
            yield Problem(
                location, "outside_folder", f"names the file {file!r} outside the folder, which is not read"
            )
        elif name not in entries:
            if is_whole:
                yield Problem(location, "missing_file", f"names the file {file!r}, which is not there")
        elif name in rows:
            yield Problem(
                location,
                "named_twice",
                f"names the file {file!r}, which an earlier row describes; that row holds",
            )
        else:
            rows[name] = {key: value for key, value in cells.items() if key != "file"}


def _described(draft: Draft, row: Mapping[str, str]) -> Draft:
    """Add a CSV row's values; what the document says of itself goes before. A row's id is of a whole file."""
    extra = {
        key: value for key, value in row.items() if draft.is_whole_file or key not in ("id", "url", "title")
    }
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
