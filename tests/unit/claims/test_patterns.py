"""A pattern made of a list of words finds what the plain alternation finds, the longest first."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.claims.patterns import one_of

WORDS = ["town", "towns", "tower", "village", "village tract", "air-base", "a.b", "a"]


@pytest.mark.parametrize("word", WORDS)
def test_every_word_is_found_whole(word):
    assert re.fullmatch(one_of(WORDS), word)


@pytest.mark.parametrize("text", ["tow", "townss", "axb", "", "village trac"])
def test_nothing_else_is(text):
    assert not re.fullmatch(one_of(WORDS), text)


@given(st.lists(st.text("ab -.", min_size=1, max_size=5), min_size=1), st.text("ab -.", max_size=40))
def test_it_finds_what_the_plain_alternation_finds(words, text):
    plain = "|".join(sorted(map(re.escape, set(words)), key=len, reverse=True))
    assert [m.span() for m in re.finditer(one_of(words), text)] == [
        m.span() for m in re.finditer(plain, text)
    ]
