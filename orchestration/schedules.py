"""The jobs, and when they run by themselves. Who started a run stands in its tags."""

from __future__ import annotations

import dagster as dg

from orchestration.settings import today

STARTED_BY = "frontline/started_by"
"""The tag that says what started a run: a schedule's or sensor's name, or `make run`."""

BY_ITSELF = frozenset({"daily", "hourly", "dropped_files", "unread_articles", "web_sources"})
"""Those values of the tag at which no person waits for the run's end."""

PIPELINE = dg.define_asset_job(
    "pipeline",
    selection=dg.AssetSelection.all(),
    description="Land what is new, read it for claims, build and test the models, publish. "
    "What to do when something is amiss stands with the asset `published`, under `desk`.",
)
READING = dg.define_asset_job(
    "reading",
    selection=dg.AssetSelection.assets(["raw", "articles"], ["raw", "claims"]),
    description="Read what landed on earlier days: left by a killed run, or new to a version of the rules.",
)


@dg.schedule(
    job=PIPELINE,
    cron_schedule="30 5 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def daily(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Every morning at 05:30 UTC, on the partition of the day that it is."""
    return _request("daily", context)


@dg.schedule(job=PIPELINE, cron_schedule="0 * * * *", execution_timezone="UTC")
def hourly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """Every hour, on the partition of the day that it is; off until somebody wants it."""
    return _request("hourly", context)


def _request(name: str, context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    return dg.RunRequest(
        run_key=f"{name}-{context.scheduled_execution_time:%Y-%m-%dT%H}",
        partition_key=today().isoformat(),
        tags={STARTED_BY: name},
    )
