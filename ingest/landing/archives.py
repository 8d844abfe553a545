"""Unpack .zip, .tar and compressed files within bounds: a small file must not become a large one.

Members are written to a folder of our own under numbers, never under their names, so that no name can lead
out of it.
"""

from __future__ import annotations

import bz2
import errno
import gzip
import lzma
import posixpath
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from ingest.landing.formats import MEBIBYTE, Problem

MAX_TOTAL_BYTES = 1024 * MEBIBYTE
MAX_MEMBERS = 20_000
MAX_RATIO = 100
"""Text shrinks to a tenth, very even text to a fortieth; what was made to burst shrinks to a thousandth."""
FREE_BYTES = 8 * MEBIBYTE
"""So much may come out whatever the ratio: short files of repeated lines are harmless."""
COMPRESSED: dict[str, Callable[[Path], IO[bytes]]] = {
    ".gz": lambda path: cast(IO[bytes], gzip.GzipFile(path)),
    ".bz2": bz2.BZ2File,
    ".xz": lzma.LZMAFile,
}
TAR_COMPRESSED = {".tgz": ".gz", ".tbz2": ".bz2", ".txz": ".xz"}
TAR_SUFFIXES = (".tar", ".tar.gz", ".tar.bz2", ".tar.xz", *TAR_COMPRESSED)
DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError, EOFError, gzip.BadGzipFile)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file to read: its path within the source, with slashes, and where its bytes lie."""

    name: str
    path: Path


class ArchiveError(Exception):
    """The archive, or what is left of it, is not unpacked. `code` is for counting, the message for people."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


@dataclass(slots=True)
class Budget:
    """What may still come out of one archive."""

    packed_bytes: int
    bytes: int = 0
    members: int = 0
    max_bytes: int = MAX_TOTAL_BYTES

    def spend(self, size: int) -> None:
        """Count bytes that came out. Raises ArchiveError where they are too many."""
        self.bytes += size
        if self.bytes > self.max_bytes:
            raise ArchiveError(
                "archive_too_large",
                f"holds more than {self.max_bytes // MEBIBYTE} MiB; unpack it and land the folder",
            )
        if self.bytes > FREE_BYTES and self.bytes > MAX_RATIO * self.packed_bytes:
            raise ArchiveError(
                "archive_bomb", f"grows to more than {MAX_RATIO} times its size, as no news does"
            )

    def enter(self) -> None:
        """Count a member. Raises ArchiveError where they are too many."""
        self.members += 1
        if self.members > MAX_MEMBERS:
            raise ArchiveError("archive_too_large", f"holds more than {MAX_MEMBERS} files; land it in parts")


class Counted:
    """A stream whose bytes are counted against a budget, and whose last bytes are remembered."""

    def __init__(self, source: IO[bytes], budget: Budget) -> None:
        self._source, self._budget = source, budget
        self.tail = b""

    def read(self, size: int) -> bytes:
        """Return at most `size` bytes. Raises ArchiveError where the budget is spent."""
        found = self._source.read(size)
        self._budget.spend(len(found))
        self.tail = (self.tail + found)[-512:] if found else self.tail
        return found


def is_archive(name: str) -> bool:
    """Tell by its suffix whether a file is unpacked before it is read; a .warc.gz is read as it is."""
    lower = name.lower()
    return lower.endswith((".zip", *TAR_SUFFIXES, *COMPRESSED)) and not lower.endswith(".warc.gz")


def unpack(name: str, path: Path, folder: Path) -> Iterator[Entry | Problem]:
    """Yield the members of the archive at `path`, called `name`, as entries 'name/member' kept in `folder`.

    `folder` must be empty and outlive the entries. Encrypted members, links, archives within the archive and
    paths that climb out are Problems. Where the archive is damaged or bursts its bounds, what came out before
    is yielded, then one Problem.
    """
    lower = name.lower()
    try:
        budget = Budget(path.stat().st_size)
        if lower.endswith(".zip"):
            yield from _unzip(name, path, folder, budget)
        elif lower.endswith(TAR_SUFFIXES):
            yield from _untar(name, path, folder, budget)
        else:
            suffix = posixpath.splitext(lower)[1]
            location = posixpath.join(name, posixpath.basename(name)[: -len(suffix)])
            with COMPRESSED[suffix](path) as source:
                yield _keep(location, Counted(source, budget), folder / "0")
    except ArchiveError as error:
        yield Problem(name, error.code, str(error))
    except (*DAMAGED, OSError, RuntimeError, NotImplementedError, ValueError) as error:
        yield failed_read(name, error) or Problem(
            name, "damaged_archive", f"is an archive that is damaged or cut off: {error}"
        )


def failed_read(name: str, error: Exception) -> Problem | None:
    """Return the problem of a file that could not be read; None where its bytes were had, and are damaged.

    Decompressors raise OSError too, without the system's number of an error, or with that of an invalid
    argument where damaged bytes name a place before the file's beginning.
    """
    if not isinstance(error, OSError) or error.errno in (None, errno.EINVAL):
        return None
    return Problem(name, "unreadable", f"cannot be read: {error.strerror or error}", passes=True)


def _unzip(name: str, path: Path, folder: Path, budget: Budget) -> Iterator[Entry | Problem]:
    with zipfile.ZipFile(path) as archive:
        for number, member in enumerate(archive.infolist()):
            # Its own is_dir() breaks on a member without a name.
            if member.filename.endswith("/"):
                continue
            budget.enter()
            location = _place(name, member.filename.replace("\\", "/"))
            is_link = (member.external_attr >> 16) & 0o170000 == 0o120000
            if member.flag_bits & 1:
                yield Problem(location, "encrypted", "is locked with a password")
            elif problem := _refuse(name, location, is_ordinary=not is_link):
                yield problem
            else:
                with archive.open(member) as source:
                    yield _keep(location, Counted(source, budget), folder / str(number))


def _untar(name: str, path: Path, folder: Path, budget: Budget) -> Iterator[Entry | Problem]:
    """Read the archive as a stream. One cut off between members is known by its missing last block."""
    suffix = posixpath.splitext(name.lower())[1]
    decompress = COMPRESSED.get(TAR_COMPRESSED.get(suffix, suffix))
    with decompress(path) if decompress else path.open("rb") as packed:
        stream = Counted(packed, budget)
        with tarfile.open(fileobj=cast(BinaryIO, stream), mode="r|") as archive:
            for number, member in enumerate(archive):
                if member.isdir():
                    continue
                budget.enter()
                location = _place(name, member.name)
                source = archive.extractfile(member) if member.isreg() else None
                if problem := _refuse(name, location, is_ordinary=source is not None):
                    yield problem
                elif source is not None:
                    yield _keep(location, source, folder / str(number))
        while stream.read(MEBIBYTE):
            pass
        if stream.tail.strip(b"\0"):
            raise EOFError("its end is missing")


def _refuse(name: str, location: str, *, is_ordinary: bool) -> Problem | None:
    if not location.startswith(name + "/"):
        return Problem(location, "outside_folder", "has a path that leads out of its archive")
    if not is_ordinary:
        return Problem(location, "not_a_file", "is a link or a device in an archive, which is not followed")
    if is_archive(location):
        return Problem(location, "nested_archive", "is an archive within an archive; unpack the outer one")
    return None


def _place(name: str, member: str) -> str:
    """Return where a member stands, 'archive/member'; one that climbs out or is absolute stands elsewhere."""
    location = posixpath.normpath(posixpath.join(name, member))
    return location.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _keep(location: str, source: IO[bytes] | Counted, target: Path) -> Entry:
    with target.open("xb") as file:
        while chunk := source.read(MEBIBYTE):
            file.write(chunk)
    return Entry(location, target)
