"""A real PostgreSQL of a test's own: in a folder of its own, on the loopback, ended with the test."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

MISSING = (
    "PostgreSQL's server is not here, so its tests did not run; on Debian: apt-get install postgresql "
    "(looked on PATH and in /usr/lib/postgresql)"
)


@dataclass(frozen=True)
class Server:
    """A running server; its superuser is `postgres`, everybody needs a password."""

    port: int
    password: str
    pid: int

    def url(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl; the newest where there are several."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@contextmanager
def running_server() -> Iterator[Server]:
    """Start a server and end it. It refuses to run as root: there it runs as `postgres`, or as nobody."""
    folder_of_programs = programs()
    assert folder_of_programs is not None, MISSING
    folder = Path(tempfile.mkdtemp(prefix="frontline-postgres-test-"))
    password, port = secrets.token_urlsafe(12), free_port()
    (folder / "password").write_text(password, "utf-8")
    data = folder / "data"
    try:
        if os.geteuid() == 0:
            user = _unprivileged()
            for path in (folder, folder / "password"):
                os.chown(path, user.pw_uid, user.pw_gid)
        common = ["--pgdata", str(data), "--auth=scram-sha-256", f"--pwfile={folder / 'password'}"]
        _run(
            [
                str(folder_of_programs / "initdb"),
                *common,
                "--username=postgres",
                "--encoding=UTF8",
                "--no-sync",
            ]
        )
        settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        control = [str(folder_of_programs / "pg_ctl"), "--pgdata", str(data), "--wait", "--timeout=120"]
        _run([*control, "--log", str(folder / "log"), "--options", settings, "start"])
        try:
            yield Server(port, password, int((data / "postmaster.pid").read_text("utf-8").split()[0]))
        finally:
            _run([*control, "--mode=immediate", "stop"])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: Sequence[str]) -> None:
    given: dict[str, object] = {}
    if os.geteuid() == 0:
        user = _unprivileged()
        given = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    # Output to files, not pipes: the server inherits them and would keep them open.
    with tempfile.TemporaryFile() as said:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", **given)  # type: ignore[call-overload]
        said.seek(0)
        assert done.returncode == 0, f"{command[0]}: {said.read().decode(errors='replace')[-2000:]}"


def _unprivileged() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("PostgreSQL does not run as root, and there is neither a user postgres nor nobody")


def free_port() -> int:
    """Return a port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
