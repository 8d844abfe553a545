"""`explain` on a war worked out by hand: from an event or an interval to its claims, words and reasons.

A hostile article stands beside it: whatever a page of the web holds, the page we write is text.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ingest.__main__ import main
from ingest.warehouse import Warehouse, publish
from tests.integration.builds import Builds
from tests.integration.scenarios import load_scenario

AT = datetime(2026, 11, 22, tzinfo=UTC)
MANBIJ = load_scenario("syria_manbij")
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def published(session_builds: Builds, tmp_path_factory: pytest.TempPathFactory) -> Builds:
    """The scenario and the hostile article, built and published where the command looks."""
    session_builds.start()
    (told,) = (version for version in MANBIJ.versions if version.label == "a6")
    (claim,) = (claim for claim in told.claims if claim["key"] == "west")
    hostile = replace(
        told,
        label="hostile",
        url="https://hostile.example/1",
        outlet=f"Outlet {HOSTILE}",
        title=f"Title {HOSTILE}",
        story="hostile",
        text=f"Fighters {HOSTILE} took western Manbij.",
        claims=({**claim, "quote": f"Fighters {HOSTILE} took western Manbij", "claimant_text": HOSTILE},),
    )
    session_builds.land([*MANBIJ.versions, hostile])
    session_builds.run()
    with Warehouse(session_builds.warehouse) as warehouse:
        publish(
            warehouse, session_builds.warehouse.parent / "published" / "frontline.duckdb", at=AT, run="test"
        )
    return session_builds


@pytest.fixture
def explained(
    published: Builds, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Explained:
    monkeypatch.setenv("FRONTLINE_DATA", str(published.warehouse.parent))
    return Explained(published, capsys)


class Explained:
    """The command's exit status and words."""

    def __init__(self, builds: Builds, capsys: pytest.CaptureFixture[str]) -> None:
        self.builds, self._capsys = builds, capsys

    def __call__(self, *words: str) -> tuple[int, str, str]:
        status = main(["explain", *words])
        printed = self._capsys.readouterr()
        return status, " ".join(printed.out.split()), printed.err

    def id_of(self, query: str) -> str:
        (row,) = self.builds.ask(query)
        return str(next(iter(row.values())))


STRIKE = (
    "select distinct event_id from marts.fct_casualty_events where harm = 'killed' and place_id = 'manbij_sy'"
)
FALL = (
    "select event_id from marts.fct_territorial_change_events"
    " where place_id = 'manbij_sy' and date_start = '2016-08-12'"
)
HELD = (
    "select control_id from marts.fct_place_control where place_id = 'manbij_sy' and state = 'control'"
    " and is_current and valid_from = '2016-08-12'"
)
WEST = "select event_id from marts.fct_territorial_change_events where place_id = 'western_manbij_sy'"


def test_an_incident_with_its_bounds_its_parts_and_all_its_claims(explained: Explained) -> None:
    """By hand: 24 at least, 48 best, open; children 13; three groups, three stories, four articles."""
    status, told, _ = explained(explained.id_of(STRIKE))
    assert status == 0
    assert told.startswith("24 or more people killed in Manbij")
    assert "best 48" in told
    assert "children: 13, best 13" in told
    assert "grade confirmed" in told
    assert "3 claimant groups, in 3 stories and 4 articles" in told
    members = {
        row["claim_id"]: row["quote"]
        for row in explained.builds.ask(
            "select claim_id, quote from marts.bridge_event_claims inner join marts.fct_casualties"
            " using (claim_id) where event_id = ?",
            explained.id_of(STRIKE),
        )
    }
    assert f"Claims: {len(members)}" in told
    for claim_id, quote in members.items():
        assert f"claim {claim_id}" in told
        assert f"“{' '.join(quote.split())}”" in told
    assert "2016-08-15: count_best from 40 to 48 (corrected article" in told


def test_a_change_with_its_denial_and_why_that_counts_no_more(explained: Explained) -> None:
    status, told, _ = explained(explained.id_of(FALL))
    assert status == 0
    assert "Manbij: " in told
    assert "denies, does not count: a later word of the same group" in told
    assert "an admission (rule 7)" in told
    assert "7. Grades:" in told


def test_an_interval_of_control_with_the_change_that_began_it(explained: Explained) -> None:
    status, told, _ = explained(explained.id_of(HELD))
    assert status == 0
    assert told.startswith("Manbij held by Syrian Democratic Forces, 2016-08-12 to ")
    assert f"(event {explained.id_of(FALL)})" in told
    assert "20. Weak, contested, cleared:" in told


def test_a_toll_says_that_it_is_never_added(explained: Explained) -> None:
    toll = "select toll_id from marts.fct_casualty_tolls where place_id = 'syria'"
    status, told, _ = explained(explained.id_of(toll))
    assert (status, told.startswith("470,000 people killed in Syria, a toll")) == (0, True)
    assert "never added to incidents" in told


def test_the_beginning_of_an_id_is_enough_and_a_wrong_one_says_what_to_do(explained: Explained) -> None:
    assert explained(explained.id_of(FALL)[:12])[0] == 0
    status, _, complaint = explained("no-such-id")
    assert status == 2
    assert "make sql" in complaint
    status, _, complaint = explained("")
    assert status == 2


class Page(HTMLParser):
    """The tags of a page and what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_shows_a_hostile_article_as_text(explained: Explained, tmp_path: Path) -> None:
    target = tmp_path / "deep" / "page.html"
    assert explained(explained.id_of(WEST), "--page", str(target))[0] == 0
    page = Page()
    page.feed(target.read_text(encoding="utf-8"))
    assert page.text.count(HOSTILE) >= 3  # the quote, the outlet and title, the claimant's words
    assert {tag for tag, _ in page.tags} <= {
        "html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer", "h1", "h2",
        "p", "dl", "dt", "dd", "br", "span", "ul", "ol", "li", "div", "blockquote",
    }  # fmt: skip
    assert not any(
        name.startswith("on") or name in ("src", "href") for _, found in page.tags for name in found
    )
    (policy,) = (found["content"] for _, found in page.tags if "http-equiv" in found)
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy
