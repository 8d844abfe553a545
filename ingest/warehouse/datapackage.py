"""datapackage.json: what the files of a publication are, in the words of the models.

The form is Frictionless Data's Data Package and Table Schema, version 1: https://specs.frictionlessdata.io.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.warehouse.published_files import TIME, Column, WrittenTable

TYPES = {
    "BIGINT": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DOUBLE": "number",
    "FLOAT": "number",
    "HUGEINT": "integer",
    "INTEGER": "integer",
    "JSON": "object",
    "SMALLINT": "integer",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    "TINYINT": "integer",
    "UBIGINT": "integer",
    "UINTEGER": "integer",
    "VARCHAR": "string",
}
MEDIA_TYPES = {
    "csv": "text/csv",
    "hxl": "text/csv",
    "geojson": "application/geo+json",
    "parquet": "application/vnd.apache.parquet",
    "duckdb": "application/vnd.duckdb",
}
LICENCES = [
    {
        "name": "Apache-2.0",
        "title": "Apache License 2.0",
        "path": "https://www.apache.org/licenses/LICENSE-2.0",
    },
    {
        "name": "CC-BY-4.0",
        "title": "Creative Commons Attribution 4.0 (names, parents and coordinates of places, from GeoNames)",
        "path": "https://creativecommons.org/licenses/by/4.0/",
    },
]
DESCRIPTION = (
    "Claims of casualties, reinforcements and changes of territory as news reports made them, each with its "
    "quote and its claimant, and the events that they support together. Read by rules, not by people: read "
    "the quote before you use a number. Files of one publication belong together; missing is empty."
)


def describe_package(
    folder: Path, written: Sequence[WrittenTable], *, version: str, run: str, created: str, database: str
) -> dict[str, Any]:
    """Return the descriptor of the publication in `folder`: one resource per table and format.

    `version` names the state of the data, `run` what published it, `created` when (ISO, UTC); `database` is
    the DuckDB file's name in the folder. Raises KeyError for a type of DuckDB's that has no name there.
    """
    return {
        "profile": "data-package",
        "name": "frontline",
        "title": "Frontline: war news as data",
        "description": DESCRIPTION,
        "version": version,
        "created": created,
        "licenses": LICENCES,
        "sources": [{"title": "GeoNames", "path": "https://www.geonames.org"}],
        "keywords": [
            "armed conflict",
            "casualties",
            "territorial control",
            "reinforcements",
            "claims",
            "news",
        ],
        "run": run,
        "rows": row_counts(written),
        "resources": [
            {
                "name": "database",
                "title": "All tables in one DuckDB file, to be opened read-only",
                "path": database,
                "format": "duckdb",
                "mediatype": MEDIA_TYPES["duckdb"],
                **_size_and_hash([folder / database]),
            },
            *(_resource(folder, part) for table in written for part in _resources_of(table)),
        ],
    }


def row_counts(written: Sequence[WrittenTable]) -> dict[str, int]:
    """Return the rows of each table and view, as schema.name."""
    return {f"{table.schema}.{table.name}": table.rows for table in written}


def resource_name(table: WrittenTable) -> str:
    """Return the resource's name: the table's own for its CSV, with the format behind it for the others."""
    return table.name if table.format == "csv" else f"{table.name}.{table.format}"


def _resources_of(table: WrittenTable) -> list[WrittenTable]:
    """Return the table, or of a CSV in several files, which each begin with a header, one for each."""
    if table.format != "csv" or len(table.paths) == 1:
        return [table]
    return [
        replace(table, name=f"{table.name}.{Path(path).stem}", paths=[path], rows=rows)
        for path, rows in zip(table.paths, table.rows_of, strict=True)
    ]


def _resource(folder: Path, table: WrittenTable) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": resource_name(table),
        "description": table.description or "",
        "path": table.paths[0] if len(table.paths) == 1 else list(table.paths),
        "format": "csv" if table.format == "hxl" else table.format,
        "mediatype": MEDIA_TYPES[table.format],
        "encoding": "utf-8",
        # Frictionless counts the `rows` of tables; a layer is none.
        "features" if table.format == "geojson" else "rows": table.rows,
        **_size_and_hash([folder / path for path in table.paths]),
    }
    if table.format == "csv":
        found["profile"] = "tabular-data-resource"
        found["schema"] = _schema(table)
    elif table.format == "parquet":
        found["schema"] = {"fields": [_field(column) for column in table.columns]}
    elif table.format == "hxl":
        # The row of hashtags under the header is no row of data, and has its own types.
        found["dialect"] = {"commentRows": [2]}
        found["schema"] = {"fields": [_field(column) for column in table.columns]}
    return found


def _schema(table: WrittenTable) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.columns], "missingValues": [""]}
    if table.key:
        schema["primaryKey"] = list(table.key)
    if table.references:
        schema["foreignKeys"] = [
            {
                "fields": list(own),
                "reference": {"resource": "" if other == table.name else other, "fields": list(columns)},
            }
            for own, other, columns in table.references
        ]
    return schema


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _type(column.data_type)}
    if field["type"] == "datetime":
        field["format"] = TIME
    if column.description:
        field["description"] = column.description
    if column.hxl_tag:
        field["hxl"] = column.hxl_tag
    # CSV cannot tell an empty text from a missing one, so that a text is never called required.
    if not column.is_nullable and field["type"] != "string":
        field["constraints"] = {"required": True}
    return field


def _type(data_type: str) -> str:
    if data_type.endswith("]"):
        return "array"
    if data_type.startswith(("STRUCT", "MAP")):
        return "object"
    if data_type.startswith("DECIMAL"):
        return "number"
    return TYPES[data_type]


def _size_and_hash(paths: Sequence[Path]) -> Mapping[str, Any]:
    """Return bytes and, of a single file, its hash: Table Schema knows none of several."""
    size = sum(path.stat().st_size for path in paths)
    if len(paths) > 1:
        return {"bytes": size}
    with paths[0].open("rb") as file:
        return {"bytes": size, "hash": f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}"}
