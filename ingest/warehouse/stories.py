"""Near copies of one report, found as articles come: they share a story, and a story keeps its id.

Two articles are copies where their signatures say that half of their runs of words are the same and they were
published within two weeks. Stories are the connected parts of that relation, so the order of arrival does not
matter; where a new article joins two stories, the one known first gives its id.
"""

# ruff: noqa: S608 - what is put into statements here are constants of this package; every value is a parameter

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import duckdb

from ingest.records import Article, content_hash
from ingest.warehouse.rows import listed, unnest

BAND_ROWS = 4
"""Places of the signature in a band. Of articles half alike, 88 in 100 share a band; of a fifth alike, 5."""
LEAST_OVERLAP = 0.5
WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Known:
    """An article as it is compared."""

    article_id: str
    story_id: str
    signature: Sequence[int]
    published_at: datetime | None


def link_copies(connection: duckdb.DuckDBPyConnection, articles: Sequence[Article]) -> list[str]:
    """Give the articles, which are stored already, the stories of their copies.

    Runs in the caller's transaction. Returns the ids of stored articles whose story is another now, these
    articles left out, so that the caller can log them as changed.
    """
    signed = [article for article in articles if article.signature]
    if not signed:
        return []
    own = {article.article_id: bands(article.signature or ()) for article in signed}
    days = {article.article_id: _day(article) for article in signed}
    found = _sharing(connection, own, set(days.values()))
    shared = {(band, article_id) for band, article_id, _ in found}
    pairs = {(band, article_id) for article_id, some in own.items() for band in some}
    # Stored under another day is not stored: a later landing may have dated the article anew.
    stored = {(band, article_id) for band, article_id, day in found if day == days.get(article_id)}
    rows, parameters = unnest(
        "story_bands",
        (
            {"band": band, "article_id": article_id, "day": days[article_id]}
            for band, article_id in sorted(pairs - stored)
        ),
    )
    connection.execute(f"insert into raw.story_bands by name select * from {rows}", parameters)
    compared = {*days.values(), *(day for _, _, day in found)}
    joined = _joined_stories(connection, _neighbours(own, pairs | shared), compared)
    if not joined:
        return []
    before = [article.article_id for article in articles]
    moved = connection.execute(
        "select article_id from raw.articles where story_id in (select unnest(?::json::varchar[])) "
        "and article_id not in (select unnest(?::json::varchar[])) order by all",
        [listed(joined), listed(before)],
    ).fetchall()
    connection.execute(
        "update raw.articles set story_id = to_story from "
        "(select unnest(?::json::varchar[]) as from_story, unnest(?::json::varchar[]) as to_story) "
        "where story_id = from_story",
        [listed(joined), listed(joined.values())],
    )
    return [row[0] for row in moved]


def _sharing(
    connection: duckdb.DuckDBPyConnection, own: Mapping[str, Sequence[int]], days: Collection[date | None]
) -> list[tuple[int, str, date | None]]:
    """Return (band, article, its day) of what is stored in the bands of `own` and may be a copy by its day.

    One look for what is there already and for whom to compare with. DuckDB knows the bounds of each part of a
    table, and passes over the parts of other weeks; all is looked through where one of `days` is unknown.
    """
    query = (
        "select band, article_id, day from raw.story_bands where band in (select unnest(?::json::ubigint[]))"
    )
    wanted = listed({band for some in own.values() for band in some})
    known = [day for day in days if day is not None]
    if len(known) < len(days):
        return connection.execute(query, [wanted]).fetchall()
    return connection.execute(
        f"{query} and day between ? and ? union all {query} and day is null",
        [wanted, min(known) - WITHIN, max(known) + WITHIN, wanted],
    ).fetchall()


def _known(
    connection: duckdb.DuckDBPyConnection, ids: Iterable[str], days: Collection[date | None]
) -> dict[str, Known]:
    """Return those of the articles that have a signature, by id; `days` are the days that they may be of."""
    query = (
        "select article_id, story_id, signature, published_at from raw.articles "
        "where signature is not null and article_id in (select unnest(?::json::varchar[]))"
    )
    wanted, known = listed(ids), [day for day in days if day is not None]
    found = connection.execute(f"{query} and published_at is null", [wanted]).fetchall()
    if known:
        found += connection.execute(
            f"{query} and published_at between ? and ?",
            [wanted, min(known) - _A_DAY, max(known) + 2 * _A_DAY],
        ).fetchall()
    return {row[0]: Known(*row) for row in found}


_A_DAY = timedelta(days=1)


def _day(article: Article) -> date | None:
    """Return the day of publication in UTC, as it is stored."""
    return article.published_at.astimezone(UTC).date() if article.published_at else None


def bands(signature: Sequence[int]) -> list[int]:
    """Return the bands of a signature: equal in two articles that are likely to be copies."""
    return [
        int(content_hash("band", *map(str, (start, *signature[start : start + BAND_ROWS])), length=16), 16)
        for start in range(0, len(signature), BAND_ROWS)
    ]


def are_copies(one: Known, other: Known) -> bool:
    """Tell whether two articles are copies of one report. The same both ways round."""
    same = sum(a == b for a, b in zip(one.signature, other.signature, strict=True))
    if same < LEAST_OVERLAP * len(one.signature):
        return False
    if one.published_at is None or other.published_at is None:
        return True
    return abs(one.published_at - other.published_at) <= WITHIN


def _neighbours(own: Mapping[str, Sequence[int]], pairs: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    """Return each article of `own` with every other that shares a band with it, in order."""
    holders = defaultdict[int, list[str]](list)
    for band, article_id in pairs:
        holders[band].append(article_id)
    return sorted(
        {
            (one, other)
            for one, some in own.items()
            for band in some
            for other in holders[band]
            if other != one
        }
    )


def _joined_stories(
    connection: duckdb.DuckDBPyConnection, pairs: Sequence[tuple[str, str]], days: Collection[date | None]
) -> Mapping[str, str]:
    """Return the stories that give way, each with the story that takes its articles."""
    known = _known(connection, {article_id for pair in pairs for article_id in pair}, days)
    parents: dict[str, str] = {}
    for left, right in pairs:
        if left in known and right in known and are_copies(known[left], known[right]):
            one, other = _root(parents, known[left].story_id), _root(parents, known[right].story_id)
            if one != other:
                parents[one] = other
    groups: dict[str, set[str]] = {}
    for story in {article.story_id for article in known.values()}:
        groups.setdefault(_root(parents, story), set()).add(story)
    eldest = _ages(connection, [story for group in groups.values() if len(group) > 1 for story in group])
    joined = {}
    for group in groups.values():
        if len(group) > 1:
            kept = min(group, key=lambda story: (eldest[story], story))
            joined.update(dict.fromkeys(sorted(group - {kept}), kept))
    return joined


def _root(parents: dict[str, str], story: str) -> str:
    while story in parents:
        story = parents[story]
    return story


def _ages(connection: duckdb.DuckDBPyConnection, stories: Sequence[str]) -> dict[str, tuple[datetime, str]]:
    """Return when the first article of each story landed, and which that is."""
    found = connection.execute(
        "select story_id, min(landed_at), arg_min(article_id, (landed_at, article_id)) from raw.articles "
        "where story_id in (select unnest(?::json::varchar[])) group by story_id",
        [listed(stories)],
    ).fetchall()
    return {story: (landed_at, article_id) for story, landed_at, article_id in found}
