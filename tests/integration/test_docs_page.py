"""The dbt docs as one page: written by `make docs`, drawn in a real Chromium, nothing left undescribed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from selenium import webdriver

from orchestration.bi.bundle import FOLDER
from orchestration.manifest import prepared_manifest
from tests.integration.chromium import chromium, complaints, find, keep_screenshot, wait_for
from tests.integration.pipeline import Home, write_input

HARMLESS = ("favicon", "getIcon(")
"""dbt's page asks for pictures by the names of their templates."""
READ_BY_PEOPLE = ("marts", "exports", "bi")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(prepared_manifest().read_text("utf-8"))
    return found


@pytest.mark.slow
def test_every_model_and_every_column_that_people_read_is_described(manifest):
    models = [n for n in manifest["nodes"].values() if n["resource_type"] == "model"]
    assert not [model["name"] for model in models if not model["description"].strip()]
    read = [model for model in models if model["schema"] in READ_BY_PEOPLE]
    assert {model["schema"] for model in read} == set(READ_BY_PEOPLE)
    undescribed = [
        f"{model['name']}.{column['name']}"
        for model in read
        for column in model["columns"].values()
        if not column["description"].strip()
    ]
    assert not undescribed
    # Contracts make the columns in the file those of the table, so that none is merely left out.
    assert not [model["name"] for model in read if not model["config"]["contract"]["enforced"]]


@pytest.mark.slow
def test_every_dashboard_is_an_exposure_of_the_models_it_reads(manifest):
    exposures = {e["name"]: e for e in manifest["exposures"].values() if e["type"] == "dashboard"}
    dashboards = {
        path.stem: yaml.safe_load(path.read_text("utf-8")) for path in (FOLDER / "dashboards").glob("*.yml")
    }
    assert exposures.keys() == {f"dashboard_{slug}" for slug in dashboards}
    for slug, dashboard in dashboards.items():
        reads = {chart["dataset"] for row in dashboard["rows"] for chart in row["charts"]}
        depends = {node.rpartition(".")[2] for node in exposures[f"dashboard_{slug}"]["depends_on"]["nodes"]}
        assert depends == reads, slug


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the page of a warehouse with two articles, as the command prints it."""
    folder = tmp_path_factory.mktemp("docs")
    home = Home(folder / "data")
    status, said = home.run("run", "--input", str(write_input(folder / "input")))
    assert status == 0, said
    status, said = home.run("docs")
    assert status == 0, said
    address = re.search(r"file://\S+", said)
    assert address, said
    return address[0]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.mark.full
@pytest.mark.parametrize(
    ("path", "name", "says"),
    [
        ("model/model.frontline.fct_casualties", "docs-model", ("One row per casualty claim", "quote")),
        ("exposure/exposure.frontline.dashboard_situation", "docs-exposure", ("as exactly as it is known",)),
        ("overview", "docs-overview", ("the codebook",)),
    ],
)  # fmt: skip
def test_the_page_is_drawn_and_says_what_the_models_say(browser, page, path, name, says, tmp_path):
    browser.get(f"{page}#!/{path}")
    browser.refresh()

    def text() -> str:
        return find(browser, "body")[0].text

    for words in says:
        wait_for(browser, words, lambda words=words: words in text())
    keep_screenshot(browser, name, tmp_path)
    assert not [error for error in complaints(browser) if not any(known in error for known in HARMLESS)]


@pytest.mark.full
def test_lineage_is_drawn_from_raw_to_dashboard(browser, page, tmp_path):
    browser.get(
        f"{page}#!/exposure/exposure.frontline.dashboard_casualties?g_v=1&g_i=%2Bexposure:dashboard_casualties"
    )
    browser.refresh()
    wait_for(browser, "the graph", lambda: find(browser, "canvas"))
    keep_screenshot(browser, "docs-lineage", tmp_path)
