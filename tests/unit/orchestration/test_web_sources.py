"""Sources on the web through Dagster: every kind lands, who fails is named, sensors ask for what is new."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import dagster as dg
import duckdb
import pytest
import yaml

from ingest.__main__ import main
from ingest.landing import load_sources
from orchestration.assets.articles import articles
from orchestration.assets.documents import documents
from orchestration.checks import sources_answer
from orchestration.report import SUMMARY
from orchestration.resources import WarehouseFile
from orchestration.schedules import STARTED_BY
from orchestration.web_sensors import web_sensors
from tests.feeds import LONG, Article, atom, json_feed, page, rss, sitemap
from tests.unit.landing.test_warc import write_warc
from tests.web import Reply, Site, serving

pytestmark = pytest.mark.filterwarnings("error::DeprecationWarning:orchestration")

DAY = "2026-03-01"
POLITE = {"delay_seconds": 0, "timeout_seconds": 0.5, "attempts": 2}
WHOLE = f"<p>{LONG * 5}</p>"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving({"/robots.txt": Reply("", 404)}) as found:
        yield found


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FRONTLINE_NOW", f"{DAY}T06:00:00")
    monkeypatch.setenv("FRONTLINE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("FRONTLINE_SOURCES", str(tmp_path / "sources.yml"))
    monkeypatch.setattr("ingest.landing.web.BACKOFF", lambda state: 0.0)
    return tmp_path


@pytest.fixture
def warehouse(data: Path) -> WarehouseFile:
    return WarehouseFile(
        path=str(data / "data" / "warehouse.duckdb"), published=str(data / "published.duckdb")
    )


def register(data: Path, *entries: dict[str, object]) -> None:
    sources = [
        entry | ({} if "path" in entry else {"private_hosts": True, "politeness": POLITE})
        for entry in entries
    ]
    (data / "sources.yml").write_text(yaml.safe_dump({"sources": sources}), "utf-8")


def land(warehouse: WarehouseFile, *only: str) -> dg.ExecuteInProcessResult:
    config = {"raw__documents": {"config": {"sources": list(only)}}} if only else {}
    return dg.materialize(
        [documents, articles, sources_answer],
        partition_key=DAY,
        resources={"warehouse": warehouse},
        run_config={"ops": config},
    )


def rows(warehouse: WarehouseFile, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(warehouse.path, read_only=True) as connection:
        return connection.execute(query).fetchall()


def check(result: dg.ExecuteInProcessResult) -> tuple[bool, str]:
    (found,) = result.get_asset_check_evaluations()
    assert found.severity == dg.AssetCheckSeverity.WARN
    return found.passed, found.description or ""


def test_every_kind_of_source_lands(data: Path, site: Site, warehouse: WarehouseFile) -> None:
    folder = data / "folder"
    folder.mkdir()
    (folder / "a.txt").write_text(f"{LONG}From a text file.", "utf-8")
    (folder / "b.html").write_text(page(f"{LONG}From a page in a file."), "utf-8")
    (folder / "c.json").write_text(json.dumps({"body": {"plain": f"{LONG}From JSON."}, "uri": "c"}), "utf-8")
    lines = [{"body": {"plain": f"{LONG}From line {n}."}, "uri": f"line-{n}"} for n in (1, 2)]
    (folder / "d.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("e.txt", f"{LONG}From an archive.")
    (folder / "e.zip").write_bytes(packed.getvalue())
    write_warc(
        folder / "f.warc.gz",
        [("response", "https://crawl.example/f", page(f"{LONG}Crawled.").encode(), "200 OK; text/html")],
    )
    feeds = {"rss": rss, "atom": atom, "json": json_feed}
    for name, write in feeds.items():
        whole = Article(site.url(f"/{name}/whole"), "Whole", whole=f"{WHOLE}<p>In {name}.</p>")
        site.pages[f"/{name}"] = Reply(write(whole, Article(site.url(f"/{name}/linked"), "Linked")))
        site.pages[f"/{name}/linked"] = Reply(page(f"{LONG}Linked from {name}."))
    site.pages["/live"] = Reply(page(f"{LONG}Live."))
    site.pages["/news.xml"] = Reply(sitemap(Article(site.url("/listed"), "Listed")))
    site.pages["/listed"] = Reply(page(f"{LONG}Listed."))
    register(
        data,
        {"id": "folder", "path": str(folder), "fields": {"text": "body.plain", "id": "uri"}},
        *({"id": name, "kind": "feed", "address": site.url(f"/{name}")} for name in feeds),
        {"id": "live", "kind": "page", "address": site.url("/live")},
        {"id": "map", "kind": "sitemap", "address": site.url("/news.xml")},
    )
    result = land(warehouse)
    assert check(result) == (True, "")
    counted = "select source_id, count(*) from raw.{} group by all order by all"
    expected = [("atom", 2), ("folder", 7), ("json", 2), ("live", 1), ("map", 1), ("rss", 2)]
    assert rows(warehouse, counted.format("documents")) == expected
    assert rows(warehouse, counted.format("articles")) == expected
    assert rows(warehouse, "select * from raw.rejects") == []
    assert rows(warehouse, "select count(*) from raw.articles where language = 'en'") == [(15,)]
    before = rows(warehouse, "select * from raw.documents order by all")
    land(warehouse)
    assert rows(warehouse, "select * from raw.documents order by all") == before


def test_a_run_says_how_many_files_of_a_folder_it_passed_over(
    data: Path, warehouse: WarehouseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Ten seconds on, so that the files have settled.
    clock = SimpleNamespace(time_ns=lambda: time.time_ns() + 10**10)
    monkeypatch.setattr("ingest.landing.folders.time", clock)
    folder = data / "folder"
    folder.mkdir()
    for name in ("a.txt", "b.txt"):
        (folder / name).write_text(f"{LONG}From {name}.", "utf-8")
    register(data, {"id": "folder", "path": str(folder)})
    for said, found, unchanged in (
        ("2 new documents of 2 found", 2, 0),
        ("0 new documents of 0 found; 2 files unchanged since they were read", 0, 2),
    ):
        (event,) = land(warehouse).asset_materializations_for_node("raw__documents")
        metadata = {key: value.value for key, value in event.metadata.items()}
        assert metadata[SUMMARY] == said
        assert (metadata["documents_found"], metadata["files_unchanged"]) == (found, unchanged)


def test_the_run_goes_on_and_names_which_source_fails_and_why(
    data: Path, site: Site, warehouse: WarehouseFile
) -> None:
    good = Reply(rss(Article(site.url("/a"), "A", whole=WHOLE)))
    site.pages.update(
        {
            "/slow": Reply("", wait=2.0),
            "/broken": Reply("", 500),
            "/busy": Reply("", 429, {"Retry-After": "3600"}),
            "/cut": Reply("x" * 5000, cut_at=100),
            "/circle": Reply("", 302, {"Location": "/circle"}),
            "/passing": [Reply("", 503), good],
            "/good": good,
        }
    )
    names = ("slow", "broken", "busy", "cut", "circle", "passing", "good")
    register(data, *({"id": name, "kind": "feed", "address": site.url(f"/{name}")} for name in names))
    result = land(warehouse)
    assert result.success
    passed, said = check(result)
    assert not passed
    assert "slow did not answer in time" in said
    assert "and 2 more" in said
    codes = dict(rows(warehouse, "select source_id, reason_code from raw.rejects"))
    assert codes["broken"] == "http_500"
    assert codes["busy"] == "http_429"
    assert codes["circle"] == "redirect_circle"
    assert (codes["slow"], codes["cut"]) == ("timed_out", "cut_off")
    assert set(codes) == set(names) - {"passing", "good"}
    assert rows(warehouse, "select count(*) from raw.articles") == [(1,)]
    # Mended by itself: at the next run nobody is named any more.
    site.pages.update(dict.fromkeys(("/slow", "/broken", "/cut", "/circle"), good))
    with duckdb.connect(warehouse.path) as connection:
        connection.execute(
            "update raw.visits set retry_at = null, is_refused = false where address like '%/busy'"
        )
    site.pages["/busy"] = good
    assert check(land(warehouse)) == (True, "")
    assert rows(warehouse, "select * from raw.rejects") == []


def test_a_run_that_dies_before_it_notes_its_visits_loses_nothing(
    data: Path, site: Site, warehouse: WarehouseFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [Article(site.url(f"/{n}"), n) for n in "ab"]
    site.pages["/feed"] = Reply(rss(*entries, Article(site.url("/gone"), "x")), headers={"ETag": '"1"'})
    site.pages.update({f"/{n}": Reply(page(LONG + n)) for n in "ab"})
    register(data, {"id": "wire", "kind": "feed", "address": site.url("/feed")})

    def die(*_: object) -> None:
        raise MemoryError("killed")

    with monkeypatch.context() as dying:
        dying.setattr("ingest.warehouse.arrivals.add_visits", die)
        with pytest.raises(MemoryError):
            land(warehouse)
    assert rows(warehouse, "select count(*) from raw.documents") == [(2,)]
    assert rows(warehouse, "select * from raw.visits") == []
    land(warehouse)
    assert rows(warehouse, "select count(*) from raw.articles") == [(2,)]
    assert rows(warehouse, "select location, reason_code from raw.rejects") == [
        (site.url("/gone"), "http_404")
    ]
    assert rows(warehouse, "select count(*) from raw.visits") == [(4,)]


def test_retry_asks_again_for_what_was_refused(
    data: Path, site: Site, warehouse: WarehouseFile, capsys: pytest.CaptureFixture[str]
) -> None:
    site.pages["/feed"] = Reply(rss(Article(site.url("/a"), "A")), headers={"ETag": '"1"'})
    register(data, {"id": "wire", "kind": "feed", "address": site.url("/feed")})
    land(warehouse)
    assert rows(warehouse, "select reason_code from raw.rejects") == [("http_404",)]
    site.pages["/a"] = Reply(page(LONG))
    land(warehouse)
    assert rows(warehouse, "select count(*) from raw.documents") == [(0,)], "it is not asked again by itself"
    assert main(["retry"]) == 0
    assert "1 of 1 rejects are mended, 0 are left" in capsys.readouterr().out
    assert rows(warehouse, "select count(*) from raw.articles") == [(1,)]


def test_only_the_sources_named_are_landed(data: Path, site: Site, warehouse: WarehouseFile) -> None:
    site.pages.update({f"/{n}": Reply(rss(Article(site.url(f"/{n}/1"), n, whole=WHOLE + n))) for n in "ab"})
    register(data, *({"id": n, "kind": "feed", "address": site.url(f"/{n}")} for n in "ab"))
    land(warehouse, "b")
    assert rows(warehouse, "select source_id from raw.documents") == [("b",)]


@pytest.fixture
def two_groups(data: Path, site: Site) -> dict[str, dg.SensorDefinition]:
    for n in "ab":
        site.pages[f"/{n}"] = Reply(
            rss(Article(site.url(f"/{n}/1"), n, whole=WHOLE)), headers={"ETag": f'"{n}"'}
        )
    site.pages["/live"] = Reply(page(LONG))
    register(
        data,
        {"id": "a", "kind": "feed", "address": site.url("/a"), "group": "wires", "every_minutes": 20},
        {"id": "b", "kind": "feed", "address": site.url("/b"), "group": "wires", "every_minutes": 10},
        {"id": "live", "kind": "page", "address": site.url("/live")},
    )
    return {sensor.name: sensor for sensor in web_sensors()}


def tick(sensor: dg.SensorDefinition, cursor: str | None) -> tuple[list[dg.RunRequest], str]:
    with dg.DagsterInstance.ephemeral() as instance:
        found = sensor(dg.build_sensor_context(cursor=cursor, instance=instance))
    assert isinstance(found, dg.SensorResult)
    return list(found.run_requests or []), found.cursor or ""


def test_each_group_has_a_sensor(two_groups: dict[str, dg.SensorDefinition]) -> None:
    assert {name: sensor.minimum_interval_seconds for name, sensor in two_groups.items()} == {
        "web_wires": 600, "web_page": 1800,
    }  # fmt: skip
    assert {s.default_status for s in two_groups.values()} == {dg.DefaultSensorStatus.RUNNING}
    assert list(load_sources()) == ["a", "b", "live"]


def test_a_sensor_lands_what_has_changed_since_its_cursor_and_nothing_else(
    two_groups: dict[str, dg.SensorDefinition], site: Site
) -> None:
    sensor = two_groups["web_wires"]
    (first,), cursor = tick(sensor, None)
    assert first.run_config["ops"]["raw__documents"]["config"]["sources"] == ["a", "b"]
    assert (first.partition_key, first.tags[STARTED_BY]) == (DAY, "web_sources")
    none, cursor = tick(sensor, cursor)
    assert none == []
    assert [asked.headers.get("if-none-match") for asked in site.asked[-2:]] == ['"a"', '"b"']
    site.pages["/b"] = Reply(rss(Article(site.url("/b/2"), "b", whole=WHOLE)))
    (second,), cursor = tick(sensor, cursor)
    assert second.run_config["ops"]["raw__documents"]["config"]["sources"] == ["b"]
    assert second.run_key != first.run_key
    assert tick(sensor, cursor)[0] == []


def test_a_tick_that_is_repeated_asks_for_the_same_run(two_groups: dict[str, dg.SensorDefinition]) -> None:
    """The daemon may die between a run's start and the keeping of the cursor: the run's key tells."""
    sensor = two_groups["web_wires"]
    (one,), _ = tick(sensor, None)
    (other,), _ = tick(sensor, None)
    assert one.run_key == other.run_key


def test_a_feed_that_does_not_answer_costs_the_others_nothing(
    two_groups: dict[str, dg.SensorDefinition], site: Site
) -> None:
    site.pages["/a"] = Reply("", 500)
    (request,), cursor = tick(two_groups["web_wires"], None)
    assert request.run_config["ops"]["raw__documents"]["config"]["sources"] == ["b"]
    site.pages["/a"] = Reply(rss(Article(site.url("/a/1"), "a", whole=WHOLE)))
    (request,), _ = tick(two_groups["web_wires"], cursor)
    assert request.run_config["ops"]["raw__documents"]["config"]["sources"] == ["a"]


def test_a_folder_that_is_not_there_is_named(data: Path, warehouse: WarehouseFile) -> None:
    register(data, {"id": "desk", "path": str(data / "nowhere")})
    passed, said = check(land(warehouse))
    assert not passed
    assert "desk is not there" in said
