"""Confidence of a claim: the rule's prior, moved by what the reading had to assume. A rank, no
probability."""

from __future__ import annotations

from ingest.claims.reading import Stance
from ingest.records import DateSpan

_PENALTIES = {
    "inherited date": 0.03, "no date": 0.05, "date conflict": 0.05, "inferred": 0.12, "headline": 0.05,
    "unnamed claimant": 0.02,
}  # fmt: skip


def rate(prior: float, when: DateSpan, stance: Stance, *, headline: bool, inferred: bool) -> float:
    """Return the confidence, 0 to 1 in steps of a hundredth."""
    score = prior
    if when.basis == "inherited":
        score -= _PENALTIES["inherited date"]
    elif when.basis == "none":
        score -= _PENALTIES["no date"]
    if when.conflict:
        score -= _PENALTIES["date conflict"]
    if inferred:
        score -= _PENALTIES["inferred"]
    if headline:
        score -= _PENALTIES["headline"]
    if stance.status == "claimed" and stance.claimant is None:
        score -= _PENALTIES["unnamed claimant"]
    return round(min(0.99, max(0.05, score)), 2)
