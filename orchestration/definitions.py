"""What Dagster loads: see workspace.yaml."""

from __future__ import annotations

import dagster as dg

from orchestration.alerts import failed_runs
from orchestration.assets.articles import articles
from orchestration.assets.claims import claims
from orchestration.assets.documents import documents
from orchestration.assets.models import bookkeeping, models
from orchestration.assets.published import published
from orchestration.assets.published_postgres import WANTED as POSTGRES
from orchestration.checks import CHECKS
from orchestration.progress import run_log
from orchestration.resources import make_resources
from orchestration.schedules import PIPELINE, READING, daily, hourly
from orchestration.sensors import cut_off_runs, dropped_files, unread_articles
from orchestration.web_sensors import web_sensors

ALONGSIDE = [
    dg.AssetSpec(
        ["raw", "rejects"],
        deps=[documents, articles],
        group_name="raw",
        description="One row per document or line that could not be used. Written beside them.",
    ),
    dg.AssetSpec(
        ["raw", "changes"],
        deps=[articles, claims],
        group_name="raw",
        description="One row per article version loaded, read or withdrawn. Written beside them.",
    ),
]
"""Tables that the raw assets write on the side: named so that the lineage of their models is whole."""

defs = dg.Definitions(
    assets=[documents, articles, claims, *ALONGSIDE, *bookkeeping(), models, published, *POSTGRES],
    asset_checks=CHECKS,
    jobs=[PIPELINE, READING],
    schedules=[daily, hourly],
    sensors=[cut_off_runs, dropped_files, unread_articles, failed_runs, *web_sensors()],
    resources=make_resources(),
    loggers={"run_log": run_log},
    # One process, one step at a time: the warehouse has one writer, and no step is worth a new process.
    executor=dg.in_process_executor,
)
