"""Open a lake (DuckLake): tables as Parquet in a folder or on S3, their catalog in PostgreSQL or in a file.

A lake keeps no primary keys and waits for no lock: the store itself adds each row once, and the run pool lets
one run write at a time. Credentials of S3 are those of the AWS tools: AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_REGION and, for a store of one's own, AWS_ENDPOINT_URL.
"""

from __future__ import annotations

import os
import re
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import duckdb

from ingest import FrontlineError
from ingest.settings import Lake
from ingest.warehouse.quoting import literal

ALIAS = "lake"
"""The name of the lake's database in every connection."""


class LakeError(FrontlineError):
    """The lake cannot be used; the message says why and what to do."""


def connect_lake(lake: Lake, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Return a connection in which the lake is the current database; the catalog is made where it is missing.

    Raises LakeError where a package is missing, or the catalog or the data cannot be reached.
    """
    connection = duckdb.connect()
    try:
        prepare(connection, lake)
        mode = ", read_only" if read_only else ""
        connection.execute(
            f"attach {literal('ducklake:' + lake.catalog)} as {ALIAS} (data_path {literal(lake.data)}{mode})"
        )
        connection.execute(f"use {ALIAS}")
    except duckdb.Error as error:
        connection.close()
        first = str(error).partition("\n")[0]
        raise LakeError(f"{lake} cannot be opened: {first}") from error
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(connection: duckdb.DuckDBPyConnection, lake: Lake) -> None:
    """Load what DuckDB needs for the lake, from installed packages and never from the network."""
    connection.load_extension(str(_extension("ducklake")))
    if lake.catalog.startswith("postgres:"):
        connection.load_extension(str(_extension("postgres_scanner")))
    if lake.data.startswith("s3:"):
        reach_s3(connection)


def reach_s3(connection: duckdb.DuckDBPyConnection) -> None:
    """Let the connection read and write s3:// addresses, with the credentials of the environment."""
    connection.load_extension(str(_extension("httpfs")))
    connection.execute(_s3_secret())


def is_lake(connection: duckdb.DuckDBPyConnection) -> bool:
    """Tell whether the connection's current database is a lake."""
    row = connection.execute(
        "select type from duckdb_databases() where database_name = current_database()"
    ).fetchone()
    return row is not None and row[0] == "ducklake"


def without_keys(ddl: str) -> str:
    """Return CREATE TABLE statements without primary keys and unique columns, which a lake does not take."""
    return re.sub(r",\s*primary key \([^)]*\)| primary key| unique", "", re.sub(r"--[^\n]*", "", ddl))


def _extension(name: str) -> Path:
    distribution = f"duckdb-extension-{name.replace('_', '-')}"
    try:
        package = import_module(f"duckdb_extension_{name}")
    except ImportError as error:
        raise LakeError(f"a lake and s3:// need the package {distribution}: make setup-cluster") from error
    folder = Path(str(package.__file__)).parent / "extensions" / f"v{duckdb.__version__}"
    file = folder / f"{name}.duckdb_extension"
    if not file.exists():
        raise LakeError(
            f"{distribution} is not of DuckDB {duckdb.__version__}; make setup-cluster installs one that is"
        )
    return file


def _s3_secret() -> str:
    """Return the statement that gives DuckDB the credentials of the environment."""
    given = {
        "key_id": os.environ.get("AWS_ACCESS_KEY_ID"),
        "secret": os.environ.get("AWS_SECRET_ACCESS_KEY"),
        "session_token": os.environ.get("AWS_SESSION_TOKEN"),
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
    }
    if endpoint := os.environ.get("AWS_ENDPOINT_URL"):
        address = urlsplit(endpoint)
        is_safe = str(address.scheme == "https").lower()
        given |= {"endpoint": address.netloc, "use_ssl": is_safe, "url_style": "path"}
    options = ["type s3", *(f"{name} {literal(value)}" for name, value in given.items() if value)]
    return f"create or replace secret frontline_lake ({', '.join(options)})"
