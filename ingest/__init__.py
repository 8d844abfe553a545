"""Frontline as a library: news bytes in, claims and a DuckDB warehouse out. Knows neither Dagster nor dbt."""
