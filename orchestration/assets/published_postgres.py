"""The copy in PostgreSQL: an asset only where FRONTLINE_POSTGRES names a database."""

from pathlib import Path

import dagster as dg

from ingest.settings import postgres_reader, postgres_target
from ingest.warehouse import WarehouseError
from ingest.warehouse.model_keys import declared_keys
from ingest.warehouse.postgres import publish_to_postgres
from ingest.wording import counted
from orchestration.assets.published import published
from orchestration.partitions import OWNERS
from orchestration.report import SUMMARY, markdown_table
from orchestration.resources import WarehouseFile
from orchestration.settings import DBT_PROJECT


@dg.asset(deps=[published], group_name="published", kinds={"postgres"}, owners=OWNERS)
def postgres(context: dg.AssetExecutionContext, warehouse: WarehouseFile) -> dg.MaterializeResult[None]:
    """The published tables in a PostgreSQL database, swapped whole in one transaction."""
    target = postgres_target()
    if target is None:
        raise WarehouseError("FRONTLINE_POSTGRES names no database any more: load the definitions again")
    copy = publish_to_postgres(
        Path(warehouse.published),
        target,
        reader=postgres_reader(),
        declared=declared_keys(DBT_PROJECT / "models"),
        report=context.log.warning,
    )
    return dg.MaterializeResult(
        metadata={
            SUMMARY: f"{counted(len(copy.rows), 'table')}, {counted(sum(copy.rows.values()), 'row')}"
            + ("" if copy.is_changed else ": there already"),
            "database": copy.where,
            "version": copy.version,
            "rows": markdown_table(("table", "rows"), sorted(copy.rows.items())),
        }
    )


WANTED = [postgres] if postgres_target() else []
"""What the definitions take: nothing where no database is named."""
