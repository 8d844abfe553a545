"""The notebook runs whole on what is published: every cell and chart, also where there is little or none."""

from __future__ import annotations

import importlib.util
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import altair as alt
import pytest

from ingest.warehouse import Warehouse, WarehouseError, publish
from tests.integration.builds import Builds
from tests.integration.test_ten_questions import samples

pytestmark = pytest.mark.full

NOTEBOOK = Path(__file__).resolve().parents[2] / "dbt_project" / "recipes" / "notebook.py"
CHARTS = {"deaths", "tolls", "voices", "grades", "control", "forces", "places", "revisions"}


def notebook() -> ModuleType:
    spec = importlib.util.spec_from_file_location("notebook", NOTEBOOK)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_on(builds: Builds, folder: Path) -> tuple[list[Any], dict[str, Any], list[dict[str, Any]]]:
    """Publish the warehouse into the folder and run every cell on it.

    Return what the cells show, what they name, and each chart that is drawn as Vega-Lite, whose schema Altair
    checks.
    """
    target = folder / "published" / "frontline.duckdb"
    with Warehouse(builds.warehouse) as warehouse:
        publish(warehouse, target, at=datetime(2026, 11, 22, tzinfo=UTC), run="test")
    drawn: list[dict[str, Any]] = []
    draw = alt.TopLevelMixin._repr_mimebundle_

    def noted(self: alt.TopLevelMixin, *given: Any, **options: Any) -> Any:
        drawn.append(self.to_dict())
        return draw(self, *given, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FRONTLINE_DATA", str(folder))
        patch.setattr(alt.TopLevelMixin, "_repr_mimebundle_", noted)
        shown, named = notebook().app.run()
    named["connection"].close()
    return list(shown), dict(named), drawn


def rows_of(chart: Any) -> list[dict[str, Any]]:
    return chart.to_dict(validate=False)["data"]["values"]


def test_its_cells_run_and_its_charts_hold_the_published_numbers(session_builds, tmp_path):
    session_builds.start()
    session_builds.land(samples())
    session_builds.run()
    shown, named, drawn = run_on(session_builds, tmp_path)
    assert len(shown) >= 10
    assert named.keys() >= CHARTS
    assert len(drawn) >= len(CHARTS)
    assert all(chart["$schema"].startswith("https://vega.github.io/schema/vega-lite/") for chart in drawn)
    [counted] = session_builds.ask(
        """
        select
            (select sum(count_low) from marts.fct_casualty_events
             where harm = 'killed' and date_start is not null) as killed,
            (select count(*) from marts.fct_casualties where is_current)
            + (select count(*) from marts.fct_reinforcements where is_current)
            + (select count(*) from marts.fct_territorial_changes where is_current) as claims,
            (select count(*) from marts.fct_revisions) as revisions
        """
    )
    assert counted["killed"]
    assert sum(row["low"] for row in rows_of(named["deaths"])) == counted["killed"]
    assert sum(row["claims"] for row in rows_of(named["voices"])) == counted["claims"]
    assert sum(row["revisions"] for row in rows_of(named["revisions"])) == counted["revisions"]
    # The first event offered is the one with the most claims; its evidence is shown until another is chosen.
    assert len(named["words"]) == named["claims_by_event"][0]["claims"] > 1
    assert all(row["quote"] for row in named["words"])


def test_it_runs_where_nothing_has_landed(session_builds, tmp_path):
    session_builds.start()
    session_builds.run()
    _, named, drawn = run_on(session_builds, tmp_path)
    assert {name: rows_of(named[name]) for name in CHARTS} == {name: [] for name in CHARTS}
    assert len(drawn) >= len(CHARTS)
    assert named["words"] == []


def test_without_a_published_file_it_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path))
    with pytest.raises(WarehouseError, match="make run"):
        notebook().app.run()
