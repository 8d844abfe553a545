"""What Dagster loads: the graph, its partitions and pools, and no warning of ours."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import dagster as dg
import pytest

from orchestration import partitions
from orchestration.definitions import defs
from orchestration.schedules import PIPELINE, STARTED_BY, daily, hourly

ROOT = Path(__file__).resolve().parents[3]
RAW = [dg.AssetKey(["raw", name]) for name in ("documents", "articles", "claims")]
PUBLISHED = dg.AssetKey("published")
LOAD = """
import sys, warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    import orchestration.definitions as loaded
    loaded.defs.resolve_all_job_defs()
ours = [w for w in caught if "/orchestration/" in w.filename]
sys.exit("\\n".join(f"{w.filename}:{w.lineno}: {w.category.__name__}: {w.message}" for w in ours) or 0)
"""


@pytest.fixture(scope="module")
def graph() -> dg.AssetGraph:
    return defs.resolve_asset_graph()


def test_loading_raises_no_warning_of_ours() -> None:
    done = subprocess.run([sys.executable, "-c", LOAD], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_raw_assets_follow_each_other(graph: dg.AssetGraph) -> None:
    documents, articles, claims = RAW
    assert graph.get(documents).parent_keys == set()
    assert graph.get(articles).parent_keys == {documents}
    assert graph.get(claims).parent_keys == {articles}


def test_every_model_descends_from_documents_or_seeds(graph: dg.AssetGraph) -> None:
    seeds = {key for key in graph.materializable_asset_keys if key.path[0] == "reference"}
    for key in graph.materializable_asset_keys - {RAW[0]} - seeds:
        ancestors = graph.get_ancestor_asset_keys(key)
        # A calendar, and a hash of the models' own SQL.
        is_of_no_data = key.path[-1] in ("dim_date", "int_rules__now")
        assert is_of_no_data or RAW[0] in ancestors or ancestors & seeds, key


def test_published_stands_behind_every_mart(graph: dg.AssetGraph) -> None:
    marts = {key for key in graph.materializable_asset_keys if key.path[0] == "marts"}
    assert marts
    assert marts <= graph.get(PUBLISHED).parent_keys


def test_a_broken_mart_or_quote_forbids_publishing(graph: dg.AssetGraph) -> None:
    checks = [graph.get_check_spec(key) for key in graph.asset_check_keys]
    blocking = {spec.asset_key for spec in checks if spec.blocking}
    assert RAW[2] in blocking
    assert dg.AssetKey(["marts", "fct_casualties"]) in blocking


def test_only_raw_assets_are_partitioned_and_run_a_range_at_once(graph: dg.AssetGraph) -> None:
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert (node.partitions_def is not None) == (key in RAW), key
        if key in RAW:
            assert node.backfill_policy == dg.BackfillPolicy.single_run()


def test_whatever_opens_the_warehouse_is_in_the_pool() -> None:
    for job in defs.resolve_all_job_defs():
        for node in job.nodes_in_topological_order:
            assert node.definition.pool == partitions.POOL, node.name


def test_today_is_a_partition() -> None:
    assert partitions.today().isoformat() in partitions.LANDING_DAYS.get_partition_keys()


def test_schedule_asks_for_the_day_that_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTLINE_NOW", "2026-03-01T23:59:00")
    tick = dg.build_schedule_context(scheduled_execution_time=datetime(2026, 3, 1, 5, 30, tzinfo=UTC))
    request = daily(tick)
    assert request.partition_key == "2026-03-01"
    assert request.tags[STARTED_BY] == "daily"
    assert daily.job_name == PIPELINE.name
    assert hourly(tick).run_key != request.run_key, "a run of the one must not stand for the other"


def test_consecutive_days_are_one_span() -> None:
    days = [date(2026, 3, 2), date(2026, 3, 1), date(2026, 3, 5), date(2026, 3, 1)]
    assert list(partitions.spans(days)) == [
        (date(2026, 3, 1), date(2026, 3, 2)),
        (date(2026, 3, 5), date(2026, 3, 5)),
    ]
    assert list(partitions.spans([])) == []
