"""Dagster over ingest and dbt_project: assets, checks, schedules, resources. No parsing, no rules."""

import warnings

from dagster import BetaWarning

# BackfillPolicy, which makes a range of days one run, is marked beta since 2023; Dagster is pinned exactly.
warnings.filterwarnings("ignore", message="Parameter `backfill_policy`", category=BetaWarning)
