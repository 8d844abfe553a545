"""The evaluation's own arithmetic: samples that stay the same, a table that shows what changed."""

from tests.eval.__main__ import table
from tests.eval.sets import sample


def test_a_sample_is_the_same_whatever_the_order_and_keeps_the_order_of_the_set():
    rows = [{"id": str(number)} for number in range(50)]
    chosen = sample(rows, 7)
    assert len(chosen) == 7
    assert chosen == [row for row in rows if row in chosen]
    assert {row["id"] for row in sample(rows[::-1], 7)} == {row["id"] for row in chosen}
    assert sample(rows, None) == rows


def test_a_figure_stands_beside_the_committed_one_and_what_is_asked():
    report = table(
        {"wad": {"killed EM(answerable)": 0.9, "articles": 3}}, {"wad": {"killed EM(answerable)": 0.8}}, None
    )
    assert "| wad | killed EM(answerable) | 0.900 | 0.800 | +0.100 | 0.88 | 0.93 |" in report
    assert "| wad | articles | 3 | - |  |  |  |" in report


def test_a_sample_says_that_it_is_one():
    assert "not comparable" in table({"wad": {"articles": 3}}, {}, 5)
