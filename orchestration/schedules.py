"""When the pipeline runs by itself."""

from __future__ import annotations

import dagster as dg

from orchestration.settings import today

PIPELINE = dg.define_asset_job(
    "pipeline",
    selection=dg.AssetSelection.all(),
    description="Land what is new, read it for claims, build and test the models, publish.",
)

READING = dg.define_asset_job(
    "reading",
    selection=dg.AssetSelection.assets(["raw", "articles"], ["raw", "claims"]),
    description="Read what landed on earlier days: left by a killed run, or new to a version of the rules.",
)


@dg.schedule(job=PIPELINE, cron_schedule="30 5 * * *", execution_timezone="UTC")
def daily(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Every morning at 05:30 UTC, on the partition of the day that it is."""
    day = today().isoformat()
    return dg.RunRequest(run_key=f"daily-{day}", partition_key=day)
