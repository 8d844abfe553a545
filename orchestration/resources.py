"""How the assets reach the warehouse and dbt."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from packaging.version import Version
from pydantic import Field, PrivateAttr

from ingest.records import content_hash
from ingest.settings import Lake, published_path, warehouse_place
from ingest.warehouse import Warehouse, WarehouseBusyError
from ingest.warehouse.state import raw_state
from orchestration import recovery
from orchestration.manifest import models_version, project_version
from orchestration.schedules import BY_ITSELF, STARTED_BY
from orchestration.settings import DBT_PROJECT, executable

PUBLISHED = dg.AssetKey("published")
BUILT_FROM, MODELS = "built_from", "models_version"
"""The metadata keys under which `published` notes what it was built from, and by which models."""
RETRIES, RETRY_AFTER = 3, 300
"""How often, and after how many seconds, a run that started by itself tries a held warehouse again."""


class WarehouseFile(dg.ConfigurableResource[Any]):
    """The DuckDB file that holds every table, and the copy of it that everybody else reads.

    DuckDB lets one process write: assets that open it belong to the pool `duckdb`, open late, close early.
    """

    path: str = Field(description="The DuckDB file, or the folder or s3:// address where a lake's data lie.")
    published: str = Field(description="The copy that everybody else reads.")
    catalog: str = Field("", description="A lake's catalog, as DuckLake takes it; empty for a DuckDB file.")
    _started_by_itself: bool = PrivateAttr(default=False)
    _warn: Callable[[str], None] = PrivateAttr(default=print)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Sign the run with this process, and put right what killed runs left, before a step waits for it."""
        if context.instance is not None and context.run is not None:
            recovery.sign(context.instance, context.run.run_id)
            self._started_by_itself = context.run.tags.get(STARTED_BY) in BY_ITSELF
            if context.log is not None:
                self._warn = context.log.warning
            recovery.recover(context.instance, self._warn, ours=context.run.run_id)

    @property
    def place(self) -> Path | Lake:
        """Where the tables are."""
        return Lake(self.catalog, self.path) if self.catalog else Path(self.path)

    @contextmanager
    def open(self) -> Iterator[Warehouse]:
        """Open the warehouse for the length of a `with` statement.

        Where somebody else holds it for more than a minute, a person who started the run is told at once; a
        run that started by itself tries the step again, five minutes apart, since that may pass by itself.
        Nothing else is tried again: landing has its own patience with the network, and a bug stays a bug.
        """
        with ExitStack() as stack:
            try:
                tables = stack.enter_context(Warehouse(self.place, report=self._warn))
            except WarehouseBusyError as error:
                if self._started_by_itself:
                    raise dg.RetryRequested(max_retries=RETRIES, seconds_to_wait=RETRY_AFTER) from error
                raise
            yield tables

    def built_from(self) -> str:
        """Return a hash of all that decides what the models hold: the raw tables and the dbt project."""
        with self.open() as tables:
            return content_hash(raw_state(tables), project_version())

    def is_published(self, instance: dg.DagsterInstance) -> bool:
        """Tell whether the published file is there and holds what building now would give."""
        return Path(self.published).exists() and _noted(instance, BUILT_FROM) == self.built_from()

    def is_of_other_models(self, instance: dg.DagsterInstance) -> bool:
        """Tell whether what stands in the warehouse may have been built by other SQL than today's.

        Incremental models keep the rows that they built once; those of an earlier version have to go.
        """
        return _noted(instance, MODELS) != models_version()


def _noted(instance: dg.DagsterInstance, key: str) -> str | None:
    """Return what the latest publishing noted under the metadata key."""
    event = instance.get_latest_materialization_event(PUBLISHED)
    if event is None or event.asset_materialization is None:
        return None
    noted = event.asset_materialization.metadata.get(key)
    return noted.value if isinstance(noted, dg.TextMetadataValue) else None


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
    place = warehouse_place()
    catalog, path = (place.catalog, place.data) if isinstance(place, Lake) else ("", str(place))
    return {
        "warehouse": WarehouseFile(path=path, published=str(published_path()), catalog=catalog),
        "dbt": Dbt(
            project_dir=str(DBT_PROJECT),
            profiles_dir=str(DBT_PROJECT),
            dbt_executable=executable("dbt"),
            # dbt's own log file would hold every statement, and writing it takes as long as running them.
            global_config_flags=["--no-use-colors", "--log-level-file", "info"],
        ),
    }
