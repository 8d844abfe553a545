"""The summary says what is published: in aligned words, with who said it, and nothing that is not so."""

from pathlib import Path

import duckdb
import pytest

from ingest.warehouse import Warehouse, WarehouseError, fingerprint, summarise

COMMON = """claim_id varchar, article_id varchar, outlet_id varchar, status varchar, claimant_id varchar,
    claimant_text varchar, is_current boolean, is_rejected boolean, published_at timestamp"""
MARTS = f"""
create schema marts;
create table marts.dim_article (outlet_id varchar, language varchar, published_at timestamp,
    is_current boolean);
create table marts.dim_place (place_id varchar, name varchar);
create table marts.dim_claimant (claimant_id varchar, name varchar);
create table marts.dim_actor (actor_id varchar, name varchar, is_current_name boolean);
create table marts.fct_casualties ({COMMON}, harm varchar, victim varchar, scope varchar, place_id varchar,
    place_text varchar, count_low integer, count_best integer, count_high integer);
create table marts.fct_territorial_changes ({COMMON}, change varchar, place_id varchar, place_text varchar,
    date_end date, gained_by_id varchar, gained_by_text varchar, lost_by_id varchar, lost_by_text varchar);
create table marts.fct_reinforcements ({COMMON}, actor_id varchar, actor_text varchar, destination_id varchar,
    destination_text varchar, count_low integer, count_best integer, count_high integer);
insert into marts.dim_article values ('Desk', 'en', '2016-08-08', true), ('Post', 'ar', null, true),
    ('Desk', 'en', '2016-08-01', false);
insert into marts.dim_place values ('karsa', 'Karsa');
insert into marts.dim_claimant values ('monitor', 'The Monitor');
insert into marts.dim_actor values ('north', 'Northern army', true), ('north', 'Old army', false);
"""
CASUALTIES = """
insert into marts.fct_casualties by name
select 'c' || n as claim_id, 'Desk' as outlet_id, 'claimed' as status, 'monitor' as claimant_id,
    true as is_current, false as is_rejected, 'killed' as harm, 'people' as victim, 'incident' as scope,
    'karsa' as place_id, n * 10 as count_low,
    n * 10 as count_best, case when n < 7 then n * 10 end as count_high
from range(1, 8) as r (n)
"""


@pytest.fixture
def published(tmp_path: Path) -> Path:
    path = tmp_path / "frontline.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(MARTS)
    return path


def change(path: Path, *statements: str) -> None:
    with duckdb.connect(str(path)) as connection:
        for statement in statements:
            connection.execute(statement)


def section(text: str, title: str) -> list[str]:
    """Return the lines under a title, without their indent."""
    lines = text.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith(title)) + 1
    end = next((n for n in range(start, len(lines)) if not lines[n]), len(lines))
    return [line.strip() for line in lines[start:end]]


def test_current_articles_and_claims_are_counted(published):
    change(published, CASUALTIES, "update marts.fct_casualties set is_current = false where claim_id = 'c1'")
    change(published, "update marts.fct_casualties set is_rejected = true where claim_id = 'c2'")
    first, second = summarise(published).splitlines()[:2]
    assert first == (
        "Articles  2 from 2 outlets, 2016-08-08; 1 without a date; "
        "1 not in English, which are kept and not read"
    )
    assert second == "Claims    5 casualties · 0 reinforcements · 0 changes of territory"


def test_the_five_largest_casualty_claims_come_with_who_said_them(published):
    change(published, CASUALTIES, "update marts.fct_casualties set status = 'asserted' where claim_id = 'c6'")
    lines = section(summarise(published), "Largest casualty claims")
    assert [line.split("  ")[0] for line in lines] == ["70 or more", "60", "50", "40", "30"]
    assert lines[0].endswith("The Monitor, in Desk")
    assert lines[1].endswith("Desk itself")
    assert lines[1].index("Karsa") == lines[2].index("Karsa")


def test_latest_changes_of_hands_come_first_and_what_is_no_change_does_not(published):
    row = "insert into marts.fct_territorial_changes by name select 'Desk' as outlet_id, true as is_current,"
    row += " false as is_rejected, 'the {0}' as place_text, '{0}' as claim_id, {1} as date_end,"
    row += (
        " timestamp '2016-08-05' as published_at, '{2}' as change, 'north' as gained_by_id, '{3}' as status,"
    )
    row += " 'rebels' as lost_by_text"
    change(
        published,
        row.format("mill", "date '2016-08-04'", "captured", "denied"),
        row.format("road", "null", "captured", "confirmed"),
        row.format("hill", "date '2016-08-07'", "repelled", "asserted"),
    )
    lines = section(summarise(published), "Latest changes of territory")
    assert [" ".join(line.split()) for line in lines] == [
        "by 2016-08-05 the road captured Northern army from rebels confirmed by somebody not named, in Desk",
        "2016-08-04 the mill captured Northern army from rebels denied by somebody not named, in Desk",
    ]


def test_reinforcements_are_listed_by_actor_and_never_added_up(published):
    row = (
        "insert into marts.fct_reinforcements by name select '{0}' as claim_id, 'claimed' as status, true as"
    )
    row += " is_current, false as is_rejected, {1} as actor_id, 'the men' as actor_text, {2} as count_low,"
    row += " {3} as count_high, 'Karsa' as destination_text"
    change(
        published,
        row.format("a", "'north'", 100, 100),
        row.format("b", "'north'", 300, 300),
        row.format("c", "null", 50, "null"),
        row.format("d", "null", 20, 20),
    )
    lines = section(summarise(published), "Reinforcements by actor")
    assert [" ".join(line.split()) for line in lines] == [
        "Northern army 2 claims largest 300 to Karsa",
        "the men 2 claims largest 50 or more to Karsa",
    ]


def test_rejects_are_counted_and_their_names_cannot_break_the_lines(published, tmp_path):
    path = tmp_path / "warehouse.duckdb"
    with Warehouse(path):
        pass
    assert "Rejects   none" in summarise(published, path)
    with Warehouse(path) as warehouse:
        for number in range(7):
            warehouse.connection.execute(
                "insert into raw.rejects "
                "values (?, 's', ?, 'empty', 'is empty', null, null, '2026-01-01', '2026-01-01')",
                [str(number), f"{number}\nb.txt"],
            )
    lines = section(summarise(published, path), "Rejects: 7 documents or lines could not be used")
    assert lines[0].split("  ")[0] == "0\\nb.txt"
    assert lines[-1].startswith("and 2 more")


def test_nothing_new_is_said_where_nothing_changed_and_only_there(published, tmp_path):
    before = fingerprint(published)
    assert summarise(published, before=before).startswith("Nothing new: no row changed.")
    assert not summarise(published).startswith("Nothing new")
    change(published, CASUALTIES)
    assert not summarise(published, before=before).startswith("Nothing new")
    assert fingerprint(tmp_path / "none.duckdb") is None


def test_a_copy_without_the_marts_is_an_error_that_names_the_table(tmp_path):
    path = tmp_path / "frontline.duckdb"
    change(path, "create schema marts")
    with pytest.raises(WarehouseError, match="dim_article"):
        summarise(path)
