"""What an input may make us do: read its own folder and our code, write into its own folder, nothing else."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
CONNECTS = (
    "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
    "socket.sendmsg",
    "urllib.Request", "http.client.connect", "ftplib.connect", "subprocess.Popen", "os.system", "os.exec",
    "os.posix_spawn",
    "os.fork", "os.forkpty", "pty.spawn", "os.startfile",
)  # fmt: skip
CHANGES = (
    "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.symlink", "os.link", "os.truncate", "os.chmod",
    "os.chown", "os.utime",
    "shutil.rmtree", "shutil.move", "shutil.copyfile", "shutil.copytree", "shutil.unpack_archive",
    "shutil.make_archive",
)  # fmt: skip
MOVES = ("os.rename", "os.link", "shutil.move", "shutil.copyfile", "shutil.copytree")
"""Those of them that name two places."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Escaped(BaseException):
    """An input led out of its folder. No `except Exception` on the way keeps it from being seen."""


class Guard:
    """Watches this process through Python's audit events while an input is read; it stays for good.

    What C libraries do by themselves raises no event: for them there are a server that nobody may call and a
    file that nobody may read.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder.resolve())
        self.is_on = False
        self.seen: list[str] = []
        roots = (
            ROOT,
            Path(sys.prefix).resolve(),
            Path(sys.base_prefix),
            Path("/usr/share/zoneinfo"),
            Path("/proc/self"),
        )
        self.readable = (self.folder, *map(str, roots))
        sys.addaudithook(self._hook)

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Watch for the length of a `with` statement. Raises Escaped, also where it was swallowed inside."""
        self.seen.clear()
        self.is_on = True
        try:
            yield
        finally:
            self.is_on = False
        if self.seen:
            raise Escaped(self.seen[0])

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event in CONNECTS:
            self._tell(f"{event} {arguments[:2]!r}"[:300])
        elif event == "open":
            path, mode, flags = arguments
            writes = bool(flags & WRITING) or any(letter in (mode or "") for letter in "wax+")
            if not isinstance(path, int) and not self._is_within(
                path, (self.folder,) if writes else self.readable
            ):
                self._tell(f"{'writes' if writes else 'reads'} {path!r}")
        elif event in CHANGES:
            # A name within an open folder, as rmtree removes them, was looked at when that was opened.
            is_relative_to_handle = event in ("os.remove", "os.rmdir", "os.mkdir") and arguments[-1] != -1
            changed = (
                arguments[1:2]
                if event == "os.symlink"
                else arguments[:2]
                if event in MOVES
                else arguments[:1]
            )
            if not is_relative_to_handle and not all(
                self._is_within(path, (self.folder,)) for path in changed
            ):
                self._tell(f"{event} {changed!r}")

    def _is_within(self, path: Any, roots: tuple[str, ...]) -> bool:
        if isinstance(path, int):
            return True
        written = os.fsdecode(path)
        if written == os.devnull:
            return True
        here = os.path.realpath(written)
        return any(here == root or here.startswith(root + "/") for root in roots)

    def _tell(self, what: str) -> None:
        self.seen.append(what)
        raise Escaped(what)


LOADED_LATE = (
    "trafilatura",
    "feedparser",
    "lxml.html",
    "warcio.archiveiterator",
    "charset_normalizer",
    "dateparser",
)
"""What parsers import at the first input; urllib3 among it asks the system for IPv6 by opening a socket."""


def prepare(folder: Path) -> Guard:
    """Let temporary files go into `folder`, compiled modules nowhere, and return a guard over it."""
    for name in LOADED_LATE:
        import_module(name)
    tempfile.tempdir = str(folder)
    sys.dont_write_bytecode = True
    return Guard(folder)
