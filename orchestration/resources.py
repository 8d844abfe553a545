"""How the assets reach the warehouse and dbt."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version

from ingest.records import content_hash
from ingest.settings import published_path, warehouse_path
from ingest.warehouse.state import raw_state
from ingest.warehouse.store import Warehouse
from orchestration import recovery
from orchestration.manifest import project_version
from orchestration.settings import DBT_PROJECT, executable

PUBLISHED = dg.AssetKey("published")
BUILT_FROM = "built_from"
"""The metadata key under which `published` notes what it was built from."""


class WarehouseFile(dg.ConfigurableResource[Any]):
    """The DuckDB file that holds every table, and the copy of it that everybody else reads.

    DuckDB lets one process write: assets that open it belong to the pool `duckdb`, open late, close early.
    """

    path: str
    published: str

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Sign the run with this process, and put right what killed runs left, before a step waits for it."""
        if context.instance is not None and context.run is not None:
            recovery.sign(context.instance, context.run.run_id)
            say = context.log.info if context.log else print
            recovery.recover(context.instance, say, ours=context.run.run_id)

    def open(self) -> Warehouse:
        """Return the warehouse, to be used in a `with` statement, which closes it."""
        return Warehouse(Path(self.path))

    def built_from(self) -> str:
        """Return a hash of all that decides what the models hold: the raw tables and the dbt project."""
        with self.open() as tables:
            return content_hash(raw_state(tables), project_version())

    def is_published(self, instance: dg.DagsterInstance) -> bool:
        """Tell whether the published file is there and holds what building now would give."""
        event = instance.get_latest_materialization_event(PUBLISHED)
        if event is None or event.asset_materialization is None or not Path(self.published).exists():
            return False
        noted = event.asset_materialization.metadata.get(BUILT_FROM)
        return isinstance(noted, dg.TextMetadataValue) and noted.value == self.built_from()


class Dbt(DbtCliResource):
    """dbt, started once a build.

    dagster-dbt starts it a second time to ask for its version, and opens a database handle in this process
    that only row counts need: 3 s a run, and a second connection to a file that allows one. Both overridden
    names are private to dagster-dbt, whose version is pinned exactly.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Sequence[str]) -> Any:
        return None


def make_resources() -> dict[str, Any]:
    """Return the resources of this data folder."""
    return {
        "warehouse": WarehouseFile(path=str(warehouse_path()), published=str(published_path())),
        "dbt": Dbt(
            project_dir=str(DBT_PROJECT),
            profiles_dir=str(DBT_PROJECT),
            dbt_executable=executable("dbt"),
            global_config_flags=["--no-use-colors"],
        ),
    }
