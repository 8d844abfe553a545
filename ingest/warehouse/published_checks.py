"""The files of a publication read again: do they hold the rows of their tables?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from ingest.warehouse.connection import WarehouseError
from ingest.warehouse.published_files import WrittenTable


def check_files(table: WrittenTable, folder: Path) -> None:
    """Read the files again. Raises WarehouseError where they do not hold the table's rows."""
    files = [str(folder / path) for path in table.paths]
    count = {"parquet": _count_parquet, "geojson": _count_features}.get(table.format, _count_lines)
    try:
        found = count(table, files)
    except (duckdb.Error, OSError) as error:
        raise WarehouseError(f"cannot publish: {table.name} as {table.format} is damaged: {error}") from error
    if found != table.rows:
        raise WarehouseError(
            f"cannot publish: {table.name} has {table.rows} rows, its {table.format} has {found}. "
            "What was published before stays in place"
        )


def _count_parquet(_: WrittenTable, files: list[str]) -> int | None:
    return _counted("select count(*) from read_parquet(?)", [files])


def _count_lines(table: WrittenTable, files: list[str]) -> int | None:
    """Return the rows of CSV files that have every column; the row of HXL's hashtags is none."""
    columns = {column.name: "varchar" for column in table.columns}
    found = _counted(
        "select count(*) from read_csv(?, columns = ?, header = true, auto_detect = false, delim = ',', "
        "quote = '\"', escape = '\"', max_line_size = 16_000_000)",
        [files, columns],
    )
    return found - len(files) if table.format == "hxl" else found


def _count_features(_: WrittenTable, files: list[str]) -> int | None:
    """Return the features of a layer written by us: one a line, between the first line and the last.

    None where a line is no JSON, or what stands around the features is not what we write.
    """
    query = r"""
        with lines as (
            select line, row_number() over () as number, count(*) over () as last
            from read_csv(?, columns = {'line': 'varchar'}, header = false, auto_detect = false,
                delim = E'\x1f', quote = '', escape = '', new_line = '\n', max_line_size = 16_000_000)
        )
        select case
            when count(*) filter (number = 1 and json_valid(line || ']}')) = 1
                and count(*) filter (number = last and line = ']}') = 1
                and bool_and(
                    case when number in (1, last) then true
                    else (line[-1] = ',') = (number < last - 1)
                        and json_extract_string(rtrim(line, ','), '$.type') = 'Feature' end
                )
            then count(*) - 2 end
        from lines
    """
    return _counted(query, files)


def _counted(query: str, parameters: Sequence[object]) -> int:
    with duckdb.connect() as reader:
        row = reader.execute(query, parameters).fetchone()
    return int(row[0]) if row and row[0] is not None else -1
