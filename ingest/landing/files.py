"""Land a folder or a file: everything in it becomes Documents, or Rejects that say why not.

Folders are read in the order of their paths, archives as folders; names that begin with a dot are passed
over. Links are followed to files inside the folder only. A CSV describes the files beside it and is no
document itself.
"""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import stat
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ingest.decoding import decode_text
from ingest.landing.archives import Entry, is_archive, unpack
from ingest.landing.formats import Draft, Problem, json_metadata, read_documents, read_sidecar
from ingest.landing.sources import Source
from ingest.records import Document, Reject, content_hash

SIDECAR = "articles.csv"
TRACKING = frozenset({"fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "ocid", "cmpid"})


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
            yield _reject(found, source, now) if isinstance(found, Problem) else _document(found, source, now)


def land_source(source: Source, now: datetime) -> Iterator[Document | Reject]:
    """Yield the documents of a registered source; a folder that is not there is a Reject."""
    if source.path is None or not source.path.exists():
        yield _reject(Problem(".", "missing_source", "the source's folder is not there"), source, now)
    else:
        yield from land_path(source.path, source, now)


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
            with entry.path.open("rb") as stream:
                for draft in read_documents(name, stream):
                    yield _described(draft, rows.get(name, {})) if isinstance(draft, Draft) else draft
        except OSError as error:
            yield Problem(name, "unreadable", f"cannot be read: {error.strerror or error}")


def canonical_url(address: str | None) -> str | None:
    """Return the address that identifies a document: no fragment, no tracking parameters, lower-case host.

    None where it is no http or https address. The path is left alone: servers may tell cases apart.
    """
    if not address:
        return None
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    scheme = parts.scheme.lower()
    if port and port != {"http": 80, "https": 443}[scheme]:
        host = f"{host}:{port}"
    query = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if key.lower() not in TRACKING and not key.lower().startswith("utm_")
    ]
    return urlunsplit((scheme, host, parts.path or "/", urlencode(query), ""))


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


def _document(draft: Draft, source: Source, now: datetime) -> Document:
    sha256 = hashlib.sha256(draft.content).hexdigest()
    metadata = {**draft.metadata, **_mapped(draft, source.fields)}
    url = canonical_url(metadata.get("url"))
    if url:
        document_id = url
    elif own_id := metadata.get("id"):
        document_id = f"{source.id}:{own_id}"
    elif source.is_registered:
        # A line or an item has no lasting place in its file, so its content tells it from its neighbours.
        document_id = f"{source.id}:{draft.location}" if draft.is_whole_file else f"sha256:{sha256}"
    else:
        document_id = f"sha256:{sha256}"
    if source.language:
        metadata["source_language"] = source.language
    if source.time_zone != "UTC":
        metadata["source_time_zone"] = source.time_zone
    return Document(
        landing_id=content_hash(document_id, sha256, json.dumps(metadata, sort_keys=True)),
        document_id=document_id,
        source_id=source.id,
        outlet=metadata.get("outlet") or source.outlet,
        url=url,
        path=draft.location,
        media_type=draft.media_type,
        content=draft.content,
        sha256=sha256,
        landed_on=now.date(),
        landed_at=now,
        is_archive=source.is_archive,
        metadata=metadata,
    )


def _mapped(draft: Draft, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a JSON document under our names, where the source has names of its own."""
    if not fields or draft.media_type != "application/json":
        return {}
    value = json.loads(decode_text(draft.content))
    found: dict[str, Any] = {}
    for name, path in fields.items():
        item = value
        for key in path.split("."):
            item = item.get(key) if isinstance(item, dict) else None
        found[name] = item
    mapped = json_metadata({name: item for name, item in found.items() if name != "text"})
    return mapped | ({"source_text_field": fields["text"]} if "text" in fields else {})


def _reject(problem: Problem, source: Source, now: datetime) -> Reject:
    return Reject(
        reject_id=content_hash(source.id, problem.location, problem.code, problem.sha256 or ""),
        source_id=source.id,
        location=problem.location,
        reason_code=problem.code,
        reason=problem.reason,
        landed_on=now.date(),
        landed_at=now,
        sha256=problem.sha256,
    )


def _name(path: Path, root: Path) -> str:
    """Return the path within the root; bytes of a name that are no UTF-8 are shown as escapes."""
    return (
        path.relative_to(root)
        .as_posix()
        .encode("utf-8", "surrogateescape")
        .decode("utf-8", "backslashreplace")
    )
