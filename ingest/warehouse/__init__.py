"""Records to DuckDB and back: the only Python that holds SQL."""
