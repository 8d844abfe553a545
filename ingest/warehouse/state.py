"""What is asked of the raw tables as a whole, before and after a run."""

from __future__ import annotations

from ingest.records import content_hash
from ingest.warehouse.store import Warehouse


def raw_state(warehouse: Warehouse) -> str:
    """Return a hash that differs where anything landed, was refused, was loaded, read or withdrawn since."""
    row = warehouse.connection.execute(
        "select (select count(*) from raw.documents), (select count(*) from raw.rejects), count(*),"
        " max(change_number), arg_max(change_id, change_number) from raw.changes"
    ).fetchone()
    return content_hash(*map(str, row or ()))


def misplaced_quotes(warehouse: Warehouse, limit: int = 20) -> list[tuple[str, str, str]]:
    """Return claim, article and quote of claims whose quote does not stand in the article at its offsets.

    Offsets are code points, half open, as DuckDB counts them too. An article whose text was replaced keeps
    its id only where the words are the same, white space aside, so only readings of the text as it stands
    are looked at.
    """
    return warehouse.connection.execute(
        "select claim_id, article_id, quote from raw.claims as c join raw.articles as a using (article_id)"
        " where exists (select 1 from raw.changes as r"
        "   where r.article_id = c.article_id and r.change = 'read'"
        "   and r.extractor_version = c.extractor_version and r.landing_id = a.landing_id)"
        " and substring(a.text, c.quote_start + 1, c.quote_end - c.quote_start) <> c.quote"
        " order by all limit ?",
        [limit],
    ).fetchall()
