"""Numbers as they are told to people, at the terminal, on pages and in the UI."""

from __future__ import annotations


def bounds_in_words(low: int | None, high: int | None) -> str:
    """Return '12', '40 or more', '200 to 999', 'up to 15'; without any bound, 'an unstated number of'."""
    if low is None:
        return f"up to {high:,}" if high is not None else "an unstated number of"
    if high is None:
        return f"{low:,} or more"
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return '1 article', '2 articles', '1,200 stories'; `plural` is the noun's, where it is not noun + s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def passed_over(files: int) -> str:
    """Return the end of a sentence about landing: how many files were not read again, nothing for none."""
    return f"; {counted(files, 'file')} unchanged since they were read" if files else ""
