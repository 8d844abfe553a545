"""The published file: what everybody else reads."""

from pathlib import Path

import dagster as dg

from ingest.settings import now, publications_kept
from ingest.warehouse.publish import publish
from orchestration.assets.models import READ_BY_PEOPLE, models
from orchestration.manifest import models_version
from orchestration.partitions import OWNERS, POOL
from orchestration.report import SUMMARY, counted, markdown_table
from orchestration.resources import BUILT_FROM, MODELS, WarehouseFile
from orchestration.settings import docs_folder


@dg.asset(
    deps=[key for key, group in models.group_names_by_key.items() if group in READ_BY_PEOPLE],
    group_name="published",
    pool=POOL,
    kinds={"python", "duckdb"},
    owners=OWNERS,
)
def published(context: dg.AssetExecutionContext, warehouse: WarehouseFile) -> dg.MaterializeResult[None]:
    """The marts and exports as a DuckDB file, Parquet, CSV, GeoJSON and HXL, swapped whole.

    Made only where every blocking check on the models has passed.
    """
    built_from = warehouse.built_from()
    with warehouse.open() as tables:
        publication = publish(
            tables, Path(warehouse.published), at=now(), run=context.run_id, kept=publications_kept()
        )
    rows = publication.rows
    docs = docs_folder() / "static_index.html"
    return dg.MaterializeResult(
        metadata={
            SUMMARY: f"{counted(len(rows), 'table')}, {counted(sum(rows.values()), 'row')}"
            + ("" if publication.is_changed else ": no row has changed"),
            "file": dg.MetadataValue.path(publication.path),
            "folder": dg.MetadataValue.path(publication.folder),
            "files": publication.files,
            "docs": dg.MetadataValue.url(docs.as_uri()),
            "rows": markdown_table(("table", "rows"), sorted(rows.items())),
            BUILT_FROM: built_from,
            MODELS: models_version(),
        }
    )
