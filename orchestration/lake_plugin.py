"""What dbt-duckdb asks before it attaches the lake (the target `lake` in dbt_project/profiles.yml)."""

from __future__ import annotations

from typing import Any

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from ingest.settings import Lake, warehouse_place
from ingest.warehouse.lake import prepare


class Plugin(BasePlugin):
    """Loads the lake's extensions from installed packages, and its secrets from the environment."""

    def initialize(self, plugin_config: dict[str, Any]) -> None:
        """There is nothing to configure here: the environment says it all."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        """Make the connection able to attach the lake."""
        place = warehouse_place()
        if isinstance(place, Lake):
            prepare(conn, place)
