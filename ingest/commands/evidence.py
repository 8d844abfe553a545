"""An explanation in words: what is known, why it counts so, who said it. Text and page are made of this."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from ingest.settings import ROOT
from ingest.warehouse.explain import Explanation
from ingest.wording import bounds_in_words, counted

RULES = ROOT / "dbt_project" / "rules.yml"
Row = Mapping[str, Any]
GRADES = {
    "confirmed": "the side that loses by it says so itself (rule 7)",
    "contested": "affirmed by some and denied by others, none of whom took it back (rule 7)",
    "fair": "two independent claimant groups or more say so (rule 7)",
    "weak": "one claimant group says so (rules 5 and 7)",
}
BASES = {
    "reported": "somebody says so",
    "inferred": "it follows from a report: its loser held it before (21), a part follows its whole (22)",
    "contested": "affirmed and denied, and not settled (rule 20)",
}
DATE_PRECISION = {1: "the day", 2: "two to six days", 3: "a week", 4: "a month", 5: "longer than a month"}


@dataclass(frozen=True)
class ClaimInWords:
    """One claim: what it weighs, what it says, its words and where they stand, and the rest by name."""

    weight: str
    headline: str
    quote: str
    source: str
    article_id: str
    kind: str
    details: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Account:
    """An explanation to be read: facts are (name, value, why), rules (number, text)."""

    kind: str
    entity_id: str
    title: str
    version: str | None
    facts: Sequence[tuple[str, str, str]]
    tables: Sequence[tuple[str, Sequence[str]]]
    claims: Sequence[ClaimInWords]
    rules: Sequence[tuple[int, str]]


def account_of(found: Explanation) -> Account:
    """Put an explanation into words; rules are those of dbt_project/rules.yml that bear on its kind."""
    title, facts, rules = _DESCRIBED[found.kind](found)
    tables: list[tuple[str, Sequence[str]]] = []
    if len(found.parts) > 1:
        tables.append(("Parts of the incident, which add up", [*map(_part, found.parts)]))
    if found.related:
        tables.append(("Changes that begin or end it", [_change(found, row) for row in found.related]))
    if found.history:
        tables.append(("What changed since it was first known", [*map(_revision, found.history)]))
    texts = rule_texts()
    return Account(
        kind=found.kind.replace("_", " "),
        entity_id=found.entity_id,
        title=title,
        version=found.dataset_version,
        facts=facts,
        tables=tables,
        claims=[_claim(found, row) for row in found.claims],
        rules=[(number, texts[number]) for number in rules],
    )


@cache
def rule_texts() -> dict[int, str]:
    """Return the rules of reconciliation by number, as the codebook tells them."""
    return {
        rule["rule"]: f"{rule['name']}: {rule['text']}"
        for rule in yaml.safe_load(RULES.read_text(encoding="utf-8"))
    }


def _casualty(found: Explanation) -> tuple[str, list[tuple[str, str, str]], list[int]]:
    row, parts = found.row, found.parts
    low = sum(part["count_low"] for part in parts)
    best = [part["count_best"] for part in parts]
    high = [part["count_high"] for part in parts]
    count = bounds_in_words(low, None if None in high else sum(high))
    facts = [
        (row["harm"], f"{count} people", "the least and the greatest of the latest words (rules 4 and 9)"),
        (
            "best",
            "nobody gives a number" if None in best else f"{sum(best):,}",
            f"of the best-placed: {row['best_basis'].replace('_', ' ')} (rule 8)"
            if row["best_basis"]
            else "",
        ),
        *_when_where(found, row),
        ("done by", _name(found, row["perpetrator_id"]), ""),
        *_standing(row),
    ]
    title = f"{count} people {row['harm']} in {_name(found, row['place_id'], 'a place not known')}"
    return title, facts, [4, 5, 7, 8, 9, 10, 14, 15]


def _reinforcement(found: Explanation) -> tuple[str, list[tuple[str, str, str]], list[int]]:
    row = found.row
    count = bounds_in_words(row["count_low"], row["count_high"])
    facts = [
        ("sent", f"{count} {row['force']}", "the least and the greatest of the latest words (rules 4 and 9)"),
        ("sender", _name(found, row["actor_id"]), ""),
        ("from", _name(found, row["origin_id"]), ""),
        ("to", _name(found, row["destination_id"]), ""),
        ("when", _days(row), _precision(row)),
        ("overlap group", row["overlap_group"], "its numbers may hold those of others (rule 18)"),
        *_standing(row),
    ]
    where = _name(found, row["destination_id"], "a place not known")
    title = f"{_name(found, row['actor_id'], 'somebody')} sent {count} {row['force']} to {where}"
    return title, facts, [4, 5, 7, 8, 9, 14, 15, 17, 18]


def _territorial(found: Explanation) -> tuple[str, list[tuple[str, str, str]], list[int]]:
    row = found.row
    facts = [
        ("change", row["change"].replace("_", " "), "of the claim of the best rank (rule 8)"),
        ("extent", row["extent"] or "not said", ""),
        ("gained by", _name(found, row["gained_by_id"]), row["gained_side"] or ""),
        ("lost by", _name(found, row["lost_by_id"]), row["lost_side"] or ""),
        *_when_where(found, row),
        *_standing(row),
    ]
    place = _name(found, row["place_id"], "a place not known")
    title = f"{place}: {row['change'].replace('_', ' ')} by {_name(found, row['gained_by_id'], 'somebody')}"
    return title, facts, [4, 5, 7, 8, 14, 15, 16]


def _toll(found: Explanation) -> tuple[str, list[tuple[str, str, str]], list[int]]:
    row = found.row
    count = bounds_in_words(row["toll_low"], row["toll_high"])
    facts = [
        (
            row["harm"],
            f"{count} {row['victim']}",
            "a toll: never added to incidents or to another's toll (rule 12)",
        ),
        ("claimant", _name(found, row["claimant_id"], row["claimant_group"]), ""),
        ("place", _name(found, row["place_id"]), ""),
        ("period", f"{row['period_start'] or 'not said'} to {row['as_of']}", row["scope"]),
        ("latest", "yes" if row["is_latest"] else "no", "of its claimant's tolls of this kind"),
        (
            "incidents",
            "lie in it" if row["overlaps_incidents"] else "none known in it",
            "so a sum with them would count twice" if row["overlaps_incidents"] else "",
        ),
        ("known since", str(row["known_from"]), ""),
    ]
    place = _name(found, row["place_id"], "a place not known")
    title = f"{count} {row['victim']} {row['harm']} in {place}, a toll"
    return title, facts, [4, 12, 24]


def _control(found: Explanation) -> tuple[str, list[tuple[str, str, str]], list[int]]:
    row = found.row
    contenders = ", ".join(_name(found, actor) for actor in row["contenders"] or ())
    holder = _name(found, row["holder_id"], f"contested between {contenders}" if contenders else "not known")
    verb = {"control": "held", "siege": "besieged", "supply_line_cut": "cut off"}[row["state"]]
    days = f"{row['valid_from'] or 'open'} to {row['valid_to'] or 'open'}"
    facts = [
        ("holder", holder, row["holder_side"] or ""),
        ("days", days, "the first day included, the last not; open is null (rule 3)"),
        (
            "earliest",
            str(row["valid_from_earliest"] or "not coarse"),
            "the first day it can have been (rule 21)" if row["valid_from_earliest"] else "",
        ),
        ("basis", row["basis"], BASES[row["basis"]]),
        ("grade", row["grade"] or "none", GRADES.get(row["grade"] or "", "only inferred from a later loss")),
        ("extent", row["extent"] or "not said", ""),
        ("follows", _name(found, row["follows_place_id"], "no other place"), ""),
        ("last reported", str(row["last_reported_on"] or "never"), ""),
        (
            "known",
            f"from {row['known_from']} " + (f"until {row['known_to']}" if row["known_to"] else "on"),
            "" if row["is_current"] else "no longer what is known",
        ),
    ]
    place = _name(found, row["place_id"])
    by = f"by {holder}" if row["holder_id"] else f"({holder})"
    return f"{place} {verb} {by}, {days}", facts, [3, 7, 19, 20, 21, 22, 23]


_DESCRIBED = {
    "casualty_event": _casualty,
    "reinforcement_event": _reinforcement,
    "territorial_change_event": _territorial,
    "toll": _toll,
    "control": _control,
}


def _when_where(found: Explanation, row: Row) -> Iterator[tuple[str, str, str]]:
    yield "when", _days(row), _precision(row)
    yield "where", _name(found, row["place_id"]), "the most precise place anybody names"


def _standing(row: Row) -> Iterator[tuple[str, str, str]]:
    denied = f", {row['number_of_deniers']} against" if row["number_of_deniers"] else ""
    yield "grade", row["grade"], GRADES[row["grade"]]
    yield (
        "said by",
        f"{counted(row['number_of_claimants'], 'claimant group')}{denied}, in "
        f"{counted(row['number_of_stories'], 'story', 'stories')} and "
        f"{counted(row['number_of_articles'], 'article')}",
        "copies of one report count once (rules 5 and 13)",
    )
    yield "known since", str(row["known_from"]), ""


def _part(row: Row) -> str:
    best = f", best {row['count_best']:,}" if row["count_best"] is not None else ", no best"
    rest = f", the rest of {row['victim_within']}" if row["is_rest"] else ""
    return f"{row['victim']}: {bounds_in_words(row['count_low'], row['count_high'])}{best}{rest}"


def _change(found: Explanation, row: Row) -> str:
    gained_by = _name(found, row["gained_by_id"], "somebody")
    change = row["change"].replace("_", " ")
    return f"{_days(row)}: {change} by {gained_by}, {row['grade']} (event {row['event_id']})"


def _revision(row: Row) -> str:
    article = f", article {row['article_id']}" if row["article_id"] else ""
    return (
        f"{row['known_from']}: {row['attribute']} from {row['old_value'] or 'nothing'} to "
        f"{row['new_value'] or 'nothing'} ({row['reason'].replace('_', ' ')}{article})"
    )


def _claim(found: Explanation, row: Row) -> ClaimInWords:
    published = row["published_at"].date().isoformat() if row["published_at"] else "no date of publication"
    title = f"“{row['title']}”, " if row["title"] else ""
    return ClaimInWords(
        weight=_weight(found, row),
        headline=_headline(found, row),
        quote=row["quote"],
        source=f"{row['outlet_id']}, {published}, {title}article {row['article_id']}, characters "
        f"{row['quote_start']} to {row['quote_end']}",
        article_id=row["article_id"],
        kind="casualty" if row["harm"] else "reinforcement" if row["force"] else "territorial_change",
        details=[*_details(found, row)],
    )


def _weight(found: Explanation, row: Row) -> str:
    """Say what the claim does here, the most telling first."""
    if found.kind == "toll":
        return "the claimant's latest word"
    if not row["is_current"]:
        return "no longer current (a later version or reading of its article took its place)"
    if row["is_rejected"]:
        return "rejected in review"
    if row["relation"] is None:
        return (
            "says who holds, without a change"
            if row["change"] == "control_held"
            else "makes no event of its own"
        )
    said = [
        {"supports": "supports", "denies": "denies", "refines": "is evidence, not a change (rule 16)"}[
            row["relation"]
        ]
    ]
    if row["is_best"]:
        said.append("the best-placed word (rule 8)")
    if row["is_admission"]:
        said.append("an admission (rule 7)")
    if row["relation"] != "refines" and not row["is_standing"]:
        said.append(
            "does not count: a later word of the same group, or the outlet's own voice beside "
            "somebody named (rules 4 and 5)"
        )
    return ", ".join(said)


def _headline(found: Explanation, row: Row) -> str:
    if row["harm"]:
        return f"{_claimed_count(row)} {row['victim']} {row['harm']}"
    if row["force"]:
        sender = _name(found, row["actor_id"], row["actor_text"] or "somebody")
        return f"{sender} sent {_claimed_count(row)} {row['force']}"
    place = _name(found, row["place_id"], row["place_text"] or "a place")
    gained = row["gained_by_id"]
    return f"{place}: {row['change'].replace('_', ' ')}" + (f" by {_name(found, gained)}" if gained else "")


def _details(found: Explanation, row: Row) -> Iterator[tuple[str, str]]:
    who = "the outlet's own voice"
    if row["claimant_id"] or row["claimant_text"]:
        words = f", in its words “{row['claimant_text']}”" if row["claimant_text"] else ""
        who = f"{_name(found, row['claimant_id'], 'somebody without a name')}{words}"
    yield "who says so", f"{who}; {row['status']}; group {row['claimant_group']}, rank {row['claim_rank']}"
    day = _days(row) + (f", in its words “{row['date_text']}”" if row["date_text"] else "")
    yield "when", day + (", against the calendar" if row["has_date_conflict"] else "")
    if row["place_text"]:
        yield "where", f"{_name(found, row['place_id'])}, in its words “{row['place_text']}”"
    if row["match_reason"]:
        other = f" (claim {row['matched_claim_id']})" if row["matched_claim_id"] else ""
        yield "why here", f"{row['match_reason']}{other}"
    yield "read by", f"rule {row['rule']}, confidence {row['confidence']:.2f}, claim {row['claim_id']}"


def _claimed_count(row: Row) -> str:
    low, best, high = row["count_low"], row["count_best"], row["count_high"]
    if low is None and best is None and high is None:
        return row["count_text"] or "an unstated number of"
    return bounds_in_words(low if low is not None else best, high)


def _days(row: Row) -> str:
    first, last = row["date_start"], row["date_end"]
    if first is None and last is None:
        return "not known"
    return str(first) if first == last else f"{first or 'open'} to {last or 'open'}"


def _precision(row: Row) -> str:
    return f"known to {DATE_PRECISION[row['date_prec']]}" if row["date_prec"] else ""


def _name(found: Explanation, identifier: str | None, unknown: str = "not known") -> str:
    return found.names.get(identifier, identifier) if identifier else unknown
