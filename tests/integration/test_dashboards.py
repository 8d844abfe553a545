"""`make bi` on the sample articles, in a real Chromium: every chart draws, its figures are the SQL's."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from selenium import webdriver
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from orchestration.bi.bundle import FOLDER
from tests.integration.chromium import (
    chromium,
    complaints,
    find,
    keep_screenshot,
    show_all,
    wait_for,
)
from tests.integration.pipeline import end_group

pytestmark = pytest.mark.full

ROOT = Path(__file__).resolve().parents[2]
DATASETS: dict[str, Any] = yaml.safe_load((FOLDER / "datasets.yml").read_text("utf-8"))["datasets"]
DASHBOARDS: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text("utf-8"))
    for path in sorted((FOLDER / "dashboards").glob("*.yml"))
}
HARMLESS = ("scarf.sh", "/colors?mark_updated=false", "native_filters_key")
"""Superset counts its users by a picture that our policy refuses, and saves colours though nobody may."""
FILTER = "[data-test=filter-bar] .ant-form-item"
DRAWN = "canvas, table, .header-line, blockquote, .areas, .ant-alert, .ant-empty, .ant-empty-image"
EMPTY = ("No results were returned", "No data", "No event here")


@dataclass(frozen=True)
class Bi:
    """A running `make bi`: its data folder, its dashboards by slug, and the log-in that it printed."""

    published: Path
    addresses: dict[str, str]
    user: str
    password: str

    def ask(self, query: str) -> Any:
        """Return the first value of a query to the published file."""
        with duckdb.connect(str(self.published), read_only=True) as reader:
            row = reader.execute(query).fetchone()
        return row[0] if row else None


@pytest.fixture(scope="module")
def bi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bi]:
    if shutil.which("make") is None:
        pytest.fail("This test needs make")
    folder = tmp_path_factory.mktemp("bi")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "FRONTLINE_DATA": str(folder / "data"), "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        ["make", "bi", f"PORT={port}"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        said = ""
        for line in process.stdout:
            said += line
            if line.startswith("To change dashboards"):
                break
        log_in = re.search(r"Log in as (\w+), password (\S+)", said)
        assert log_in, said
        addresses = re.findall(r"(http://127\.0\.0\.1:\d+/superset/dashboard/(\w+)/)", said)
        found = {slug: address for address, slug in addresses}
        assert found.keys() == DASHBOARDS.keys()
        yield Bi(folder / "data" / "published" / "frontline.duckdb", found, log_in[1], log_in[2])
    finally:
        end_group(process)


@pytest.fixture(scope="module")
def browser(bi: Bi, tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Chromium, logged in as the user that `make bi` names."""
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        found.get(bi.addresses["situation"])
        name = wait_for(found, "the log-in", lambda: next(iter(find(found, "input#username")), None))
        name.send_keys(bi.user)
        find(found, "input#password")[0].send_keys(bi.password)
        find(found, "button[type=submit]")[0].click()
        wait_for(found, "the page behind the log-in", lambda: "/login" not in found.current_url)
        yield found


def open_dashboard(browser: webdriver.Chrome, bi: Bi, slug: str) -> dict[str, WebElement]:
    """Open a dashboard and return its charts by name, when all of them have drawn."""
    complaints(browser)
    browser.get(bi.addresses[slug])
    number = sum(len(row["charts"]) for row in DASHBOARDS[slug]["rows"])
    wait_for(browser, f"{number} charts", lambda: len(find(browser, "[data-test-chart-id]")) == number)
    show_all(browser)
    return drawn_charts(browser)


def drawn_charts(browser: webdriver.Chrome) -> dict[str, WebElement]:
    """Return the charts by name, when none of them is loading any more."""
    wait_for(
        browser,
        "charts that have drawn",
        lambda: (
            not find(browser, "[data-test=loading-indicator], .loading")
            and all(find(c, DRAWN) or EMPTY[0] in c.text for c in find(browser, "[data-test-chart-id]"))
        ),
    )
    return {
        chart.get_attribute("data-test-chart-name") or "": chart
        for chart in find(browser, "[data-test-chart-id]")
    }


def charts_of(slug: str) -> list[dict[str, Any]]:
    return [chart for row in DASHBOARDS[slug]["rows"] for chart in row["charts"]]


def conditions(chart: dict[str, Any], *others: str) -> str:
    where = [f"({condition})" for condition in [*chart.get("where", []), *others]]
    return f" where {' and '.join(where)}" if where else ""


def metric(chart: dict[str, Any], *others: str) -> str:
    """Return the SQL of a single figure."""
    sql = DATASETS[chart["dataset"]]["metrics"][chart["params"]["metric"]]["sql"]
    return f"select {sql} from bi.{chart['dataset']}{conditions(chart, *others)}"


def figure(chart: WebElement) -> str:
    """Return the number that a chart of a single figure shows."""
    return find(chart, ".header-line")[0].text


def written(value: int | None) -> str:
    """Write a figure as these charts do."""
    return "No data" if value is None else f"{value:,}"


@pytest.mark.parametrize("slug", DASHBOARDS)
def test_every_chart_draws_its_data_without_an_error(browser, bi, slug, tmp_path):
    charts = open_dashboard(browser, bi, slug)
    keep_screenshot(browser, slug, tmp_path)
    assert charts.keys() == {chart["name"] for chart in charts_of(slug)}
    assert not [alert.text for alert in find(browser, ".ant-alert-error, [data-test=error-message]")]
    for chart in charts_of(slug):
        text = charts[chart["name"]].text
        # `day` has the latest day chosen by itself; every day has its rows.
        rows = bi.ask(f"select count(*) from bi.{chart['dataset']}{conditions(chart)}")
        if chart["viz"] != "big_number_total":
            assert any(empty in text for empty in EMPTY) == (rows == 0), (chart["name"], rows, text)
        if rows and chart["viz"].startswith(("echarts", "sankey")):
            assert find(charts[chart["name"]], "canvas"), chart["name"]
        if rows and chart["viz"] == "table":
            assert find(charts[chart["name"]], "tbody tr"), chart["name"]
    errors = [text for text in complaints(browser) if not any(known in text for known in HARMLESS)]
    assert not errors


@pytest.mark.parametrize("slug", DASHBOARDS)
def test_figures_on_the_screen_are_the_figures_of_the_sql(browser, bi, slug):
    single = [chart for chart in charts_of(slug) if chart["viz"] == "big_number_total"]
    charts = open_dashboard(browser, bi, slug)
    for chart in single:
        assert figure(charts[chart["name"]]) == written(bi.ask(metric(chart))), chart["name"]


def test_the_map_draws_an_area_for_every_place_and_no_point(browser, bi):
    chart = open_dashboard(browser, bi, "situation")["Where events lie, as exactly as it is known"]
    drawn = {(path.get_attribute("class"), path.get_attribute("d")) for path in find(chart, "svg.areas path")}
    with duckdb.connect(str(bi.published), read_only=True) as reader:
        areas = set(reader.execute("select distinct area_kind, area_path from bi.bi_event_areas").fetchall())
        lands = set(reader.execute("select distinct 'land', country_path from bi.bi_event_areas").fetchall())
    assert len(areas) > 2
    assert drawn == areas | lands
    assert not find(chart, "svg.areas circle, svg.areas image")
    fills = {browser.execute_script("return getComputedStyle(arguments[0]).fill", path)
             for path in find(chart, "svg.areas path")}  # fmt: skip
    assert len(fills) == 1 + len({kind for kind, _ in areas}), "each kind of area has its colour"


def choose(browser: webdriver.Chrome, label: str, value: str) -> None:
    """Choose a value in the filter of that label, and apply."""
    box = wait_for(
        browser,
        f"the filter {label}",
        lambda: next((b for b in find(browser, FILTER) if b.text.strip().startswith(label)), None),
    )
    entry = find(box, "input")[0]
    entry.send_keys(value)
    option = wait_for(
        browser,
        f"{value} among the options of {label}",
        lambda: next((o for o in find(browser, ".ant-select-item-option") if o.text.strip() == value), None),
    )
    option.click()
    entry.send_keys(Keys.ESCAPE)
    wait_for(
        browser,
        "a filter to apply",
        lambda: next(
            (b for b in find(browser, "[data-test=filter-bar__apply-button]") if b.is_enabled()), None
        ),
    ).click()


def test_a_filter_changes_the_numbers(browser, bi, tmp_path):
    chart = next(chart for chart in charts_of("situation") if chart["name"] == "Events")
    actor = bi.ask("select mode(actor) from bi.bi_events")
    all_of_them, some = bi.ask(metric(chart)), bi.ask(metric(chart, f"actor = '{actor}'"))
    assert some not in (0, all_of_them), "the sample must have a filter to test"
    charts = open_dashboard(browser, bi, "situation")
    assert figure(charts["Events"]) == written(all_of_them)
    choose(browser, "Actor", actor)
    wait_for(
        browser,
        f"{some} events of {actor}",
        lambda: figure(drawn_charts(browser)["Events"]) == written(some),
    )
    keep_screenshot(browser, "situation-filtered", tmp_path)


def test_who_held_what_is_of_one_day_the_latest_unless_chosen(browser, bi):
    charts = open_dashboard(browser, bi, "situation")
    day = bi.ask("select max(day) from bi.bi_control_days")
    first = find(charts["Held on the day"], "tbody tr")
    assert first
    assert all(row.text.replace("\n", "").startswith(day) for row in first)


SEND = """
const [method, path, body, done] = arguments;
fetch('/api/v1/security/csrf_token/').then(r => r.json()).then(token => fetch(path, {
  method: method, body: JSON.stringify(body),
  headers: {'Content-Type': 'application/json', 'X-CSRFToken': token.result}
})).then(r => r.text().then(text => done([r.status, text]))).catch(e => done([0, String(e)]));
"""


def run_sql(browser: webdriver.Chrome, sql: str) -> tuple[int, str]:
    """Send SQL as SQL Lab does, as the user who is logged in."""
    database = browser.execute_async_script(
        "fetch('/api/v1/database/').then(r => r.json()).then(j => arguments[0](j.result[0].id))"
    )
    body = {"database_id": database, "sql": sql, "runAsync": False, "schema": "marts"}
    status, text = browser.execute_async_script(SEND, "POST", "/api/v1/sqllab/execute/", body)
    return status, text


def test_an_analyst_reads_by_sql_and_can_write_nothing(browser, bi, tmp_path):
    browser.get(bi.addresses["situation"])
    before = hashlib.sha256(bi.published.read_bytes()).hexdigest()
    status, text = run_sql(browser, "select count(*) as places from marts.dim_place")
    assert status == 200, text
    assert f'"places": {bi.ask("select count(*) from marts.dim_place")}' in text.replace('":', '": ').replace(
        "  ", " "
    )
    outside = tmp_path / "outside.csv"
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n", encoding="utf-8")
    for sql in (
        "create table marts.mine as select 1 as a",
        "insert into marts.dim_outlet (outlet_id) values ('mine')",
        "update marts.dim_place set name = 'mine'",
        "delete from marts.fct_casualties",
        "drop table marts.fct_casualties",
        f"copy (select 1) to '{outside}'",
        f"attach '{tmp_path / 'mine.duckdb'}' as mine",
        f"select * from read_csv('{secret}')",
        "set enable_external_access = true",
    ):
        status, text = run_sql(browser, sql)
        assert status >= 400, (sql, text)
    assert not outside.exists()
    assert not (tmp_path / "mine.duckdb").exists()
    assert hashlib.sha256(bi.published.read_bytes()).hexdigest() == before


def test_an_analyst_cannot_change_the_dashboards(browser, bi):
    browser.get(bi.addresses["situation"])
    number = browser.execute_async_script(
        "fetch('/api/v1/dashboard/situation').then(r => r.json()).then(j => arguments[0](j.result.id))"
    )
    change = {"dashboard_title": "Mine"}
    status, text = browser.execute_async_script(SEND, "PUT", f"/api/v1/dashboard/{number}", change)
    assert status in (403, 404), text
