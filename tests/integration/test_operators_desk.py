"""The Dagster UI as an operator's desk, in a real Chromium: what a person looks for is on the page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium import webdriver

from tests.integration.chromium import chromium, find, keep_screenshot, show_all, wait_for
from tests.integration.pipeline import Home, end_group, write_input
from tests.integration.test_dagster_ui import Server

pytestmark = pytest.mark.full


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The UI on a data folder in which one run has published two articles."""
    folder = tmp_path_factory.mktemp("desk")
    home = Home(folder / "data")
    status, said = home.run("run", "--input", str(write_input(folder / "input")))
    assert status == 0, said
    found = Server(home)
    try:
        found.wait_until_loaded()
        yield found
    finally:
        end_group(found.process)
        found.output.close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    with chromium(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.mark.parametrize(
    ("page", "name", "says"),
    [
        ("/assets/published", "desk-published", ("claims_by_day", "latest_events", "Which source is silent")),
        ("/assets/raw/documents?view=checks", "desk-checks", ("sources_speak",)),
        ("/assets/raw/claims", "desk-claims", ("claims_by_kind", "examples", "█")),
        ("/asset-groups", "desk-lineage", ("published", "raw")),
        ("/runs", "desk-runs", ("pipeline",)),
        ("/automation", "desk-automation", ("daily", "dropped_files")),
    ],
)  # fmt: skip
def test_the_page_says_what_an_operator_looks_for(server, browser, page, name, says, tmp_path):
    browser.set_window_size(1500, 1100)
    browser.get(f"http://127.0.0.1:{server.port}{page}")

    def text() -> str:
        return find(browser, "body")[0].text

    for words in says:
        wait_for(browser, words, lambda words=words: words in text())
    show_all(browser)
    keep_screenshot(browser, name, tmp_path)
    assert "An unexpected error" not in text()
