"""Dagster over ingest and dbt_project: assets, checks, schedules, resources. No parsing, no rules."""
