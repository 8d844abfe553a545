"""All parts of a cluster on the loopback, each a real one in a process of its own: PostgreSQL, S3, Dask."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import psycopg

from tests.postgres_server import free_port, running_server

ROOT = Path(__file__).resolve().parents[1]
BUCKET = "frontline"


@dataclass(frozen=True)
class Cluster:
    """The environment that chooses these parts, the workers' processes, and how to look into the parts."""

    environment: dict[str, str]
    workers: list[subprocess.Popen[bytes]]
    history: str
    """The address of Dagster's database."""

    def objects(self, prefix: str = "", suffix: str = "") -> list[str]:
        """Return the names in the bucket that begin and end so."""
        return [str(item["Key"]) for item in self._listed(prefix) if str(item["Key"]).endswith(suffix)]

    def stored(self, prefix: str = "") -> int:
        """Return the bytes of the objects whose names begin so."""
        return sum(int(item["Size"]) for item in self._listed(prefix))

    def _listed(self, prefix: str) -> list[dict[str, Any]]:
        client = boto3.client("s3", **_credentials(self.environment))
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=prefix)
        return [item for page in pages for item in page.get("Contents", [])]


def _credentials(environment: dict[str, str]) -> dict[str, str]:
    return {
        "endpoint_url": environment["AWS_ENDPOINT_URL"],
        "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
        "region_name": environment["AWS_REGION"],
    }


@contextmanager
def running_cluster(folder: Path, workers: int = 2) -> Iterator[Cluster]:
    """Start PostgreSQL, moto's S3, a Dask scheduler and workers; end them all. Logs go into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    dask = str(Path(sys.executable).with_name("dask"))
    with ExitStack() as stack:
        server = stack.enter_context(running_server())
        with psycopg.connect(server.url(), autocommit=True) as connection:
            connection.execute("create database lake")
            connection.execute("create database dagster")
        # As our README says: a password stands in a file of libpq's, never in the catalog's address.
        passwords = folder / "pgpass"
        passwords.write_text(f"127.0.0.1:{server.port}:*:postgres:{server.password}\n", "utf-8")
        passwords.chmod(0o600)
        s3, dask_port = free_port(), free_port()
        environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{s3}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "PGPASSFILE": str(passwords),
            "FRONTLINE_LAKE_CATALOG": f"postgres:host=127.0.0.1 port={server.port} dbname=lake user=postgres",
            "FRONTLINE_LAKE_DATA": f"s3://{BUCKET}/lake",
            "FRONTLINE_DAGSTER_POSTGRES": server.url("dagster"),
            "FRONTLINE_DASK": f"tcp://127.0.0.1:{dask_port}",
            "FRONTLINE_SHARDS": f"s3://{BUCKET}/shards",
        }

        def start(name: str, *command: str) -> subprocess.Popen[bytes]:
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            # A script's own folder comes before this checkout otherwise, and workers must be of its version.
            given = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
            process = subprocess.Popen(command, cwd=ROOT, env=given, stdout=log, stderr=log)
            stack.callback(_end, process)
            return process

        start("s3", sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(s3))
        _wait_for(s3)
        boto3.client("s3", **_credentials(environment)).create_bucket(Bucket=BUCKET)
        here = ("--host", "127.0.0.1", "--port", str(dask_port), "--no-dashboard")
        start("scheduler", dask, "scheduler", *here)
        _wait_for(dask_port)
        # Without a nanny: a worker that is killed stays away.
        alone = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(folder))
        started = [
            start(f"worker-{number}", dask, "worker", environment["FRONTLINE_DASK"], *alone)
            for number in range(workers)
        ]
        yield Cluster(environment, started, server.url("dagster"))


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(port: int, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nobody listens at 127.0.0.1:{port} after {seconds:.0f} s")
