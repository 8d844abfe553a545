"""dbt on warehouses of a test's own: one dbt in this process, seeds loaded once, a fresh copy each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner

from tests.raw_layer import Version, land

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"


class Builds:
    """One warehouse at a time, at one path: dbt parses the project again whenever the path differs.

    `start()` gives an empty warehouse with the reference seeds; `land` and `run` as a pipeline would.
    """

    def __init__(self, folder: Path, project: Path = PROJECT) -> None:
        self.project = project
        self.warehouse = folder / "warehouse.duckdb"
        self._seeded = folder / "seeded.duckdb"
        self._target = folder / "target"
        self._runner = dbtRunner()

    def start(self) -> None:
        """Begin again on an empty warehouse, its reference tables loaded and its raw tables there."""
        self.warehouse.unlink(missing_ok=True)
        if not self._seeded.exists():
            land(self.warehouse, [])
            self._dbt("seed")
            self.warehouse.rename(self._seeded)
        shutil.copyfile(self._seeded, self.warehouse)

    def land(self, versions: Iterable[Version]) -> None:
        """Add article versions and their claims to the raw layer."""
        land(self.warehouse, versions)

    def run(self, *, full_refresh: bool = False, select: str = "*") -> None:
        """Build every model or those selected; raise AssertionError with dbt's words where one fails."""
        self._dbt("run", "--select", select, *(["--full-refresh"] if full_refresh else []))

    def change(self, statement: str, *values: object) -> None:
        """Run a statement on the warehouse, as a person would change it between two builds."""
        with duckdb.connect(str(self.warehouse)) as connection:
            connection.execute(statement, list(values))

    def test(self, selection: str) -> None:
        """Run the tests that dbt selects; raise AssertionError with what differs where one fails."""
        self._dbt("test", "--select", *selection.split())

    def compiled(self, analysis: str) -> str:
        """Return the SQL that dbt makes of an analysis."""
        self._dbt("compile", "--select", analysis)
        return (self._target / "compiled" / "frontline" / "analyses" / f"{analysis}.sql").read_text("utf-8")

    def ask(self, query: str, *values: object) -> list[dict[str, Any]]:
        """Return the rows of a query by column name."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            found = connection.execute(query, list(values))
            names = [column[0] for column in found.description]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _dbt(self, command: str, *arguments: str) -> None:
        target = str(self._target)
        with _working_in(self.project), _data_in(self.warehouse.parent):
            done = self._runner.invoke(
                ["--quiet", "--log-path", target, command, *arguments, "--target-path", target]
            )
        # dbt keeps its connection for the process; the file must be free to be read and to be replaced.
        DuckDBConnectionManager.close_all_connections()
        if not done.success:
            failed = [
                f"{r.node.name}: {r.message}"
                for r in (done.result or [])
                if str(r.status) in ("error", "fail")
            ]
            raise AssertionError("\n".join(failed) or str(done.exception))


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def _data_in(folder: Path) -> Iterator[None]:
    before = os.environ.get("FRONTLINE_DATA")
    os.environ["FRONTLINE_DATA"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("FRONTLINE_DATA")
        if before is not None:
            os.environ["FRONTLINE_DATA"] = before
