"""Changed SQL rewrites no history in silence: what it made another thing of is a revision by a new rule."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.integration.builds import PROJECT, Builds
from tests.integration.scenarios import load_scenario

GRADED = Path("models/intermediate/events/int_events__graded.sql")
TWO_GROUPS = "count(distinct claimant_group) filter (where supports) >= 2"


@pytest.mark.full
def test_another_rule_is_told_as_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rule 7 with three groups in place of two: what was fair with two is weak from the day it was so built.

    By hand: in sudan_darfur Mellit's incident is the only event of two groups that nobody admits or denies.
    """
    project = tmp_path / "dbt_project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    (tmp_path / "seeds").symlink_to(PROJECT.parent / "seeds")
    builds = Builds(tmp_path, project=project)
    builds.start()
    builds.land(load_scenario("sudan_darfur").versions)
    monkeypatch.setenv("FRONTLINE_NOW", "2024-07-01")
    builds.run()
    before = builds.ask("select * from marts.fct_revisions order by all")
    (mellit,) = builds.ask(
        "select distinct event_id from marts.fct_casualty_events"
        " where grade = 'fair' and place_id = 'mellit_sd'"
    )
    model = project / GRADED
    sound = model.read_text(encoding="utf-8")
    assert sound.count(TWO_GROUPS) == 1
    model.write_text(sound.replace(TWO_GROUPS, TWO_GROUPS.replace("2", "3")), encoding="utf-8")
    monkeypatch.setenv("FRONTLINE_NOW", "2024-07-09")
    builds.run()
    told = builds.ask("select * from marts.fct_revisions where reason = 'new_rule'")
    assert [
        (
            row["entity_id"],
            row["attribute"],
            row["old_value"],
            row["new_value"],
            row["known_from"],
            row["article_id"],
        )
        for row in told
    ] == [(mellit["event_id"], "grade", "fair", "weak", date(2024, 7, 9), None)]
    assert {row["reason"] for row in before} <= {"new_claim", "corrected_article"}
    versions = builds.ask(
        "select built_on, rules_version from marts.dim_dataset_version order by version_number"
    )
    assert [row["built_on"] for row in versions] == [date(2024, 7, 1), date(2024, 7, 9)]
    assert len({row["rules_version"] for row in versions}) == 2
    # The saved query tells it as the story of the week.
    (week,) = [
        row
        for row in builds.ask(builds.compiled("changed_since_last_week"))
        if row["entity_id"] == mellit["event_id"] and row["attribute"] == "grade"
    ]
    assert (week["what"], week["reason"], week["place_id"]) == (
        "casualty event changed",
        "new_rule",
        "mellit_sd",
    )
    # A full refresh remembers: the version, the change and the revision stay.
    builds.run(full_refresh=True)
    assert builds.ask("select * from marts.fct_revisions where reason = 'new_rule'") == told
