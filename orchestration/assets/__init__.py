"""The assets, one module for each table of the raw layer, one for dbt, one for publishing."""
