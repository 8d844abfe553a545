"""Start Superset on the published file: its own environment, its own database, on the loopback."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

from ingest import FrontlineError
from ingest.records import content_hash
from ingest.settings import ROOT, data_folder, published_path
from orchestration.bi.bundle import FOLDER, write_bundle

PYTHON = ROOT / ".venv-bi" / "bin" / "python"
PATIENCE = 300
"""Seconds until a server that does not answer is given up."""
USER = "analyst"


class BiError(FrontlineError):
    """Superset could not be prepared or started; the message says what to do."""


def bi_folder() -> Path:
    """Return the folder of Superset's state: its database, secret key, passwords and log."""
    return data_folder() / "bi"


def environment() -> dict[str, str]:
    """Return the environment of Superset's processes, making the secrets where there are none yet."""
    folder = bi_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("SUPERSET_")},
        "FRONTLINE_BI": str(folder),
        "FRONTLINE_BI_PASSWORD": secret("password"),
        "FRONTLINE_BI_ADMIN_PASSWORD": secret("admin_password"),
        "SUPERSET_CONFIG_PATH": str(FOLDER / "superset_config.py"),
        "SUPERSET_HOME": str(folder),
        "SUPERSET_SECRET_KEY": secret("secret_key"),
        "FLASK_APP": "superset.app:create_app()",
        "SCARF_ANALYTICS": "false",
    }


def secret(name: str) -> str:
    """Return a secret of this data folder, drawn once and readable by its owner only."""
    path = bi_folder() / name
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48 if name == "secret_key" else 12))
    return path.read_text("utf-8")


def is_new() -> bool:
    """Tell whether Superset's database has to be made or brought to another version."""
    return _reads(bi_folder() / "migrated") != _version()


def migrate() -> subprocess.Popen[bytes] | None:
    """Begin to bring Superset's database to its version; None where it is there. Half a minute at first."""
    _require_environment()
    state = environment()
    if not is_new():
        return None
    log = (bi_folder() / "prepare.log").open("wb")
    return subprocess.Popen(  # noqa: S603 -- our own script in Superset's Python
        [str(PYTHON), str(FOLDER / "prepare.py"), "migrate"], env=state, stdout=log, stderr=subprocess.STDOUT
    )


def finish(migration: subprocess.Popen[bytes] | None) -> None:
    """Wait for the migration. Raises BiError where it failed."""
    if migration is not None:
        if migration.wait() != 0:
            raise BiError(f"Superset's database could not be prepared; see {bi_folder() / 'prepare.log'}")
        (bi_folder() / "migrated").write_text(_version(), "utf-8")


def import_dashboards() -> list[str]:
    """Import the dashboards where they, the columns they read or Superset changed; return their slugs."""
    bundle = bi_folder() / "dashboards.zip"
    slugs = write_bundle(published_path(), bundle)
    wanted = content_hash(_version(), *(_contents(bundle)))
    if _reads(bi_folder() / "imported") != wanted:
        done = subprocess.run(  # noqa: S603 -- our own script in Superset's Python
            [str(PYTHON), str(FOLDER / "prepare.py"), "import", str(bundle)],
            env=environment(),
            capture_output=True,
            text=True,
        )
        (bi_folder() / "import.log").write_text(done.stdout + done.stderr, "utf-8")
        if done.returncode != 0:
            raise BiError(f"The dashboards could not be imported; see {bi_folder() / 'import.log'}")
        (bi_folder() / "imported").write_text(wanted, "utf-8")
    return slugs


def start(port: int, workers: int = 2) -> subprocess.Popen[bytes]:
    """Start the server on the loopback and return it once it answers. Raises BiError where it does not."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise BiError(f"Port {port} is taken; give another: make bi PORT={port + 1}") from error
    log = bi_folder() / "superset.log"
    command = [str(PYTHON), "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "--workers", str(workers)]
    command += ["--worker-class", "gthread", "--threads", "8", "--timeout", "120", "--preload"]
    process = subprocess.Popen(  # noqa: S603 -- Superset's own server with fixed arguments
        [*command, "superset.app:create_app()"],
        env=environment(),
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
    )
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BiError(f"Superset ended at its start; see {log}")
        if _answers(port):
            return process
        time.sleep(0.5)
    process.terminate()
    raise BiError(f"Superset did not answer within {PATIENCE} s; see {log}")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the server and its workers, and wait until they are gone."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _require_environment() -> None:
    if not PYTHON.exists():
        raise BiError("Superset is not installed in .venv-bi yet: `make bi` installs it")


def _version() -> str:
    """Return a hash of what decides the state of Superset's database: its packages and our settings."""
    names = ("constraints.txt", "requirements.txt", "superset_config.py", "prepare.py")
    return content_hash(*((FOLDER / name).read_text("utf-8") for name in names))


def _contents(bundle: Path) -> list[str]:
    with zipfile.ZipFile(bundle) as packed:
        return [f"{name}\n{packed.read(name).decode()}" for name in sorted(packed.namelist())]


def _reads(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def address(port: int, slug: str) -> str:
    """Return a dashboard's address."""
    return f"http://127.0.0.1:{port}/superset/dashboard/{slug}/"
