"""The published file: what everybody else reads."""

from pathlib import Path

import dagster as dg

from ingest.settings import now, publications_kept
from ingest.warehouse.publish import publish
from ingest.warehouse.watch import claims_by_publication_day, latest_events
from ingest.wording import counted
from orchestration.assets.models import READ_BY_PEOPLE, models
from orchestration.manifest import models_version
from orchestration.partitions import OWNERS, POOL
from orchestration.report import SUMMARY, day_chart, markdown_table
from orchestration.resources import BUILT_FROM, MODELS, WarehouseFile
from orchestration.settings import docs_folder

DAYS_SHOWN, EVENTS_SHOWN = 31, 12
DESK = """
**Which source is silent?** The check `sources_speak` of `raw/documents`, with a table of what each brought.

**Which check failed?** *Catalog*, or an asset's tab *Checks*. A failed blocking check (dbt's tests of
severity error, `quotes_stand_in_their_articles`) forbids publishing: the last good publication stays.

**Read older days again** (a new verb, a corrected rule): select `raw/articles` and `raw/claims`,
*Materialize*, choose the days, *Launch*: one run for all. Documents of earlier days are never fetched again.

**Build all models from nothing**: *Materialize* the group `marts` with `full_refresh: true` in the launchpad.

**Look at the data**: `make bi` (dashboards), `make sql`, `make docs` (what every column means).
"""
"""What an operator asks first; shown with the asset's definition."""


@dg.asset(
    metadata={"desk": dg.MetadataValue.md(DESK)},
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
        by_day = claims_by_publication_day(tables, DAYS_SHOWN)
        events = latest_events(tables, EVENTS_SHOWN)
    rows = publication.rows
    docs = docs_folder() / "static_index.html"
    return dg.MaterializeResult(
        metadata={
            SUMMARY: f"{counted(len(rows), 'table')}, {counted(sum(rows.values()), 'row')}"
            + ("" if publication.is_changed else ": no row has changed"),
            "file": dg.MetadataValue.path(publication.path),
            "folder": dg.MetadataValue.path(publication.folder),
            "files": publication.files,
            "claims_by_day": day_chart(by_day),
            "latest_events": markdown_table(
                ("day", "kind", "what", "place", "grade", "who says so", "quote"), events
            ),
            "datapackage": dg.MetadataValue.path(publication.folder / "datapackage.json"),
            "docs": dg.MetadataValue.url(docs.as_uri()),
            "rows": markdown_table(("table", "rows"), sorted(rows.items())),
            BUILT_FROM: built_from,
            MODELS: models_version(),
        }
    )
