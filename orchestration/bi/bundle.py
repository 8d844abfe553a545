"""Dashboards as people write them, to the bundle of YAML files that Superset imports.

`dbt_project/dashboards/superset/` holds what is ours to decide: which chart stands where, what it shows,
which metrics there are. The rest follows: columns and their descriptions come from the published file, ids
from names, so that importing again changes what is there and doubles nothing.
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import yaml

from ingest import FrontlineError
from orchestration.settings import DBT_PROJECT

FOLDER = DBT_PROJECT / "dashboards" / "superset"
NAMESPACE = uuid.UUID("5f0c7a52-6a0e-4a3c-9a57-0f4b5a4a8d11")
VERSION = "1.0.0"
"""Of Superset's form of export."""
DATABASE = "Frontline"
FILTERS = {
    "conflict": "Conflict",
    "place": "Place",
    "actor": "Actor",
    "claimant_kind": "Claimant kind",
    "date": "Date",
    "grade": "Grade",
    "day": "Held on",
}
"""Filters that a dashboard may have, with their labels: columns of the datasets, and `date`, a range."""
LABELS = {
    "what": "What",
    "date_start": "From",
    "count_low": "At least",
    "count_best": "Best",
    "count_high": "At most",
    "toll_low": "At least",
    "toll_best": "Best",
    "toll_high": "At most",
    "is_open_high": "Open above",
    "days_since_reported": "Days since reported",
    "number_said": "Said",
    "title": "Article",
    "valid_from": "Since",
    "event_what": "Event",
}
"""Column heads where the column's own name with spaces would not do."""
COLUMNS_IN_ALL = 12
"""Superset's grid."""


class DashboardError(FrontlineError):
    """A dashboard names what is not there; the message says what and where."""


def stable_id(*parts: str) -> str:
    """Return the UUID that stands for a name: the same at every import."""
    return str(uuid.uuid5(NAMESPACE, "/".join(parts)))


def write_bundle(published: Path, target: Path) -> list[str]:
    """Write the zip of all dashboards on the published file; return the dashboards' slugs in order of name.

    Raises DashboardError where a chart or filter names a dataset, column or metric that does not exist.
    """
    files = dict(bundle_files(published))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(f"frontline/{name}", yaml.safe_dump(content, sort_keys=False, allow_unicode=True))
    return [content["slug"] for name, content in files.items() if name.startswith("dashboards/")]


def bundle_files(published: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each file of the bundle: its name, and what it holds."""
    described = yaml.safe_load((FOLDER / "datasets.yml").read_text("utf-8"))
    datasets = {
        name: _dataset(name, given, described, published) for name, given in described["datasets"].items()
    }
    yield "metadata.yaml", {"version": VERSION, "type": "assets", "timestamp": "2026-01-01T00:00:00+00:00"}
    yield f"databases/{DATABASE}.yaml", _database(published)
    for name, dataset in datasets.items():
        yield f"datasets/{DATABASE}/{name}.yaml", dataset
    for path in sorted((FOLDER / "dashboards").glob("*.yml")):
        given = yaml.safe_load(path.read_text("utf-8"))
        for row in given["rows"]:
            for chart in row["charts"]:
                if chart["dataset"] not in datasets:
                    raise DashboardError(f"{path.name}: {chart['name']!r} reads no dataset of datasets.yml")
                made = _chart(given["slug"], chart, datasets[chart["dataset"]], path.name)
                yield f"charts/{made['uuid']}.yaml", made
        yield f"dashboards/{given['slug']}.yaml", _dashboard(given, datasets, path.name)


def _database(published: Path) -> dict[str, Any]:
    """Return the connection: read-only, and with no way from SQL to any other file."""
    connect = {
        "read_only": True,
        "config": {"enable_external_access": "false", "lock_configuration": "true", "threads": "2"},
    }
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": f"duckdb:///{published}",
        "cache_timeout": None,
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "extra": {"engine_params": {"connect_args": connect}, "allows_virtual_table_explore": True},
        "uuid": stable_id("database"),
        "version": VERSION,
    }


def _dataset(
    name: str, given: Mapping[str, Any], all_of: Mapping[str, Any], published: Path
) -> dict[str, Any]:
    """Return a dataset with the columns, types and descriptions that it has in the published file."""
    certification = {
        "certification": {"certified_by": all_of["certified_by"], "details": all_of["certification"]}
    }
    with duckdb.connect(str(published), read_only=True) as reader:
        columns = reader.execute(
            "select column_name, data_type, comment from duckdb_columns() "
            "where schema_name = 'bi' and table_name = ? order by column_index",
            [name],
        ).fetchall()
        comment = reader.execute(
            "select comment from duckdb_tables() where schema_name = 'bi' and table_name = $1 union all "
            "select comment from duckdb_views() where schema_name = 'bi' and view_name = $1",
            [name],
        ).fetchone()
    if not columns:
        raise DashboardError(f"datasets.yml: nothing is published as bi.{name}; `make run` publishes it")
    return {
        "table_name": name,
        "schema": "bi",
        "main_dttm_col": given.get("time"),
        "description": comment[0] if comment else None,
        "sql": None,
        "extra": certification,
        "uuid": stable_id("dataset", name),
        "columns": [
            {
                "column_name": column,
                "verbose_name": LABELS.get(column, column.replace("_", " ").capitalize()),
                "description": description,
                "type": data_type,
                "is_dttm": data_type in ("DATE", "TIMESTAMP"),
                "groupby": True,
                "filterable": True,
                "is_active": True,
            }
            for column, data_type, description in columns
        ],
        "metrics": [
            {
                "metric_name": metric,
                "verbose_name": says["label"],
                "expression": says["sql"],
                "description": says["description"],
                "d3format": says.get("format"),
                "extra": certification,
            }
            for metric, says in given["metrics"].items()
        ],
        "version": VERSION,
        "database_uuid": stable_id("database"),
    }


def _chart(slug: str, given: Mapping[str, Any], dataset: Mapping[str, Any], where: str) -> dict[str, Any]:
    params = dict(given.get("params", {}))
    params["viz_type"] = given["viz"]
    metrics = params.get("metrics", [])
    if len(metrics) > 1 and given["viz"].startswith("echarts"):
        # With several metrics the legend would show a metric's name, not its label.
        metrics = [_labelled(metric, dataset) for metric in metrics]
    params["metrics"] = [_metric(metric) for metric in metrics]
    if not params["metrics"]:
        del params["metrics"]
    _check(given, params, dataset, where)
    params["adhoc_filters"] = [_where(condition) for condition in given.get("where", [])]
    if dataset["main_dttm_col"]:
        # Without a time filter of its own a chart does not follow the dashboard's.
        params["adhoc_filters"].append(
            {
                "clause": "WHERE",
                "expressionType": "SIMPLE",
                "operator": "TEMPORAL_RANGE",
                "subject": dataset["main_dttm_col"],
                "comparator": "No filter",
            }
        )
    params.setdefault("row_limit", 10_000)
    params["color_scheme"] = "frontline"
    if given["viz"].startswith("echarts"):
        params.setdefault("rich_tooltip", True)
        params.setdefault("show_legend", len(params["metrics"]) > 1 or bool(params.get("groupby")))
        params.setdefault("y_axis_format", ",d")
        params.setdefault("truncateXAxis", False)
        params.setdefault("legendType", "plain")
        params.setdefault("y_axis_title_margin", 45)
        params.setdefault("y_axis_title_position", "Left")
        params.setdefault("x_axis_time_format", "%Y-%m-%d")
        if params.get("orientation") == "horizontal":
            params.setdefault("show_value", True)
            params.setdefault("x_axis_sort_asc", True)
            params.setdefault("only_total", True)
    if given["viz"] == "big_number_total":
        params.setdefault("y_axis_format", ",d")
        params.setdefault("header_font_size", 0.4)
        params.setdefault("subtitle_font_size", 0.15)
    if given["viz"] == "table":
        params.setdefault("table_timestamp_format", "%Y-%m-%d")
        params.setdefault("show_cell_bars", False)
        params.setdefault("allow_render_html", False)
    return {
        "slice_name": given["name"],
        "description": given.get("description"),
        "certified_by": "Frontline maintainers",
        "viz_type": given["viz"],
        "params": params,
        "query_context": None,
        "cache_timeout": None,
        "uuid": stable_id("chart", slug, given["name"]),
        "version": VERSION,
        "dataset_uuid": dataset["uuid"],
    }


def _metric(given: str | Mapping[str, str]) -> Any:
    """Return a saved metric's name, or an SQL metric of one chart."""
    if isinstance(given, str):
        return given
    return {
        "expressionType": "SQL",
        "sqlExpression": given["sql"],
        "label": given["label"],
        "hasCustomLabel": True,
        "optionName": f"metric_{given['label']}",
    }


def _labelled(given: str | Mapping[str, str], dataset: Mapping[str, Any]) -> str | Mapping[str, str]:
    """Return a saved metric as an SQL metric under its label; what is no saved metric as it is."""
    found = next((metric for metric in dataset["metrics"] if metric["metric_name"] == given), None)
    return {"sql": found["expression"], "label": found["verbose_name"]} if found else given


def _where(condition: str) -> dict[str, str]:
    return {"clause": "WHERE", "expressionType": "SQL", "sqlExpression": condition}


def _check(
    given: Mapping[str, Any], params: Mapping[str, Any], dataset: Mapping[str, Any], where: str
) -> None:
    columns = {column["column_name"] for column in dataset["columns"]}
    metrics = {metric["metric_name"] for metric in dataset["metrics"]}
    named = [*params.get("groupby", []), *params.get("all_columns", [])]
    named += [params[key] for key in ("x_axis", "source", "target") if key in params]
    asked = [m for m in [*params.get("metrics", []), params.get("metric")] if isinstance(m, str)]
    missing = [column for column in named if column not in columns] + [m for m in asked if m not in metrics]
    if missing:
        raise DashboardError(
            f"{where}: {given['name']!r} names what {dataset['table_name']} lacks: {', '.join(missing)}"
        )


def _dashboard(given: Mapping[str, Any], datasets: Mapping[str, Any], where: str) -> dict[str, Any]:
    return {
        "dashboard_title": given["title"],
        "description": given["description"],
        "slug": given["slug"],
        "css": given.get("css", ""),
        "certified_by": "Frontline maintainers",
        "certification_details": "Kept as YAML in dbt_project; the next import takes changes back.",
        "published": True,
        "uuid": stable_id("dashboard", given["slug"]),
        "position": _position(given),
        "metadata": {
            "native_filter_configuration": [
                _filter(name, given, datasets, where) for name in given.get("filters", [])
            ],
            "color_scheme": "frontline",
            "cross_filters_enabled": False,
            "refresh_frequency": 0,
            "timed_refresh_immune_slices": [],
            "expanded_slices": {},
            "default_filters": "{}",
        },
        "version": VERSION,
    }


def _position(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return where everything stands. Each chart carries its uuid, or Superset would draw it twice."""
    slug = given["slug"]
    nodes: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": given["title"]}},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": [], "parents": ["ROOT_ID"]},
    }

    def add_row(name: str, children: list[dict[str, Any]]) -> None:
        nodes["GRID_ID"]["children"].append(name)
        parents = ["ROOT_ID", "GRID_ID"]
        nodes[name] = {
            "type": "ROW",
            "id": name,
            "children": [child["id"] for child in children],
            "parents": parents,
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for child in children:
            nodes[child["id"]] = {**child, "children": [], "parents": [*parents, name]}

    note = {"width": COLUMNS_IN_ALL, "height": 12, "code": given["note"]}
    add_row("ROW-note", [{"type": "MARKDOWN", "id": "MARKDOWN-note", "meta": note}])
    for number, row in enumerate(given["rows"]):
        charts = []
        for chart in row["charts"]:
            found = stable_id("chart", slug, chart["name"])
            meta = {
                "width": chart["width"],
                "height": row["height"],
                "sliceName": chart["name"],
                "uuid": found,
                "chartId": 0,
            }
            charts.append({"type": "CHART", "id": f"CHART-{found[:8]}", "meta": meta})
        add_row(f"ROW-{number}", charts)
    return nodes


def _filter(name: str, given: Mapping[str, Any], datasets: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return a filter of the dashboard: a range of dates, one day, or any values of a column."""
    used = [chart["dataset"] for row in given["rows"] for chart in row["charts"]]
    found: dict[str, Any] = {
        "id": f"NATIVE_FILTER-{given['slug']}-{name}",
        "name": FILTERS[name],
        "type": "NATIVE_FILTER",
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
        "cascadeParentIds": [],
        "description": "",
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
    }
    if name == "date":
        return found | {"filterType": "filter_time", "targets": [{}], "controlValues": {}}
    target = next(
        (found for found in used if any(c["column_name"] == name for c in datasets[found]["columns"])), None
    )
    if target is None:
        raise DashboardError(f"{where}: no dataset of this dashboard has the column {name!r} to filter by")
    is_day = name == "day"
    return found | {
        "filterType": "filter_select",
        "requiredFirst": is_day,
        "targets": [{"column": {"name": name}, "datasetUuid": datasets[target]["uuid"]}],
        "controlValues": {
            "multiSelect": not is_day,
            "enableEmptyFilter": is_day,
            "defaultToFirstItem": is_day,
            "inverseSelection": False,
            "searchAllOptions": True,
            "sortAscending": not is_day,
        },
    }
