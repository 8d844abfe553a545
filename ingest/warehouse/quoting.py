"""Names and texts as SQL writes them, for the statements that take no parameter in their place."""

from __future__ import annotations


def quoted(name: str) -> str:
    """Return an identifier, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal, where a statement takes no parameter (ATTACH, COPY, COMMENT)."""
    return "'" + text.replace("'", "''") + "'"
