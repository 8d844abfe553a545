"""Our run of the model gives the trees that spaCy gives, on every sentence of the specs and on odd ones."""

from pathlib import Path

import pytest
import spacy.symbols
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.lang.norm_exceptions import BASE_NORMS
from spacy.strings import get_string_id

from ingest.syntax import load_model
from ingest.syntax.model import PACKAGE
from ingest.syntax.vocabulary import shape, string_id, tables

SPECS = Path(__file__).resolve().parents[1] / "claims" / "specs"
ODD = [
    "There were no survivors, and it was all they could do to leave the town.",
    "Don't they know what that means? Somebody's been shooting at us!",
    "What the army, which had held the base since May, isn't going to give up, he said, is the bridge.",
    "Two-thirds of those who fled have got nothing; let's hope it doesn't rain.",
    "At 8a.m. (e.g. near Mr. O'Neill's house) :) they'll :( see http://a.example/x?y=1 or ask me@a.example.",
    "$10m -- a/b 1,000-strong U.S.-led ... 'tis 5km of I'm gonna go; y'all c'mon ain't",
    "the   men\t were  \n captured ",
    "a.b.c …… €5 ¥ أحمد 北京 naïve X x III",
    "and so on and on " * 60,
    "word",
]


@pytest.fixture(scope="module")
def theirs():
    return spacy.load(PACKAGE, exclude=["ner"])


@pytest.fixture(scope="module")
def ours():
    return load_model()


def sentences() -> list[str]:
    cases = [case for path in sorted(SPECS.glob("*.yml")) for case in yaml.safe_load(path.read_text("utf-8"))]
    return [*ODD, *(case["text"] for case in cases if isinstance(case, dict) and case.get("text"))]


def row(token) -> tuple:
    """What the rules read of a token. The ruler's label for white space is not among it."""
    return (
        token.i, token.idx, token.text, token.lower_, token.tag_, token.pos_, str(token.morph),
        "" if token.is_space else token.dep_, token.head.i, [child.i for child in token.children],
        token.is_punct, token.is_space, token.left_edge.i, token.right_edge.i,
        sorted(other.i for other in token.subtree), [other.i for other in token.ancestors],
        [other.i for other in token.lefts], [other.i for other in token.rights],
    )  # fmt: skip


@pytest.mark.slow
def test_trees_are_those_of_spacy(ours, theirs):
    texts = sentences()
    differ = [
        (text, [pair for pair in zip(map(row, tree), map(row, doc), strict=True) if pair[0] != pair[1]])
        for text, tree, doc in zip(texts, ours.parse(texts), theirs.pipe(texts), strict=True)
        if [row(token) for token in tree] != [row(token) for token in doc]
    ]
    # sums in another order may turn a choice between two readings of equal score: one in thousands
    assert len(differ) <= len(texts) // 1000, differ


def test_lemmas_are_those_of_the_rule_lemmatizer(ours, theirs):
    lemmatizer = theirs.get_pipe("lemmatizer")
    for doc in theirs.pipe(sentences()[:200]):
        for token in doc:
            expected = lemmatizer.rule_lemmatize(token)[0].lower()
            assert ours.lemmas.of(token.lower_, token.pos_, str(token.morph)) == expected, token.text


def test_a_text_without_words_has_an_empty_tree(ours):
    assert [len(tree) for tree in ours.parse(["", "One.", ""])] == [0, 2, 0]


def test_a_tree_does_not_depend_on_what_is_parsed_with_it(ours):
    text = "Rebels took the village of Karsa on Monday, killing 12 soldiers."
    (alone,) = ours.parse([text])
    ours._known.clear()
    among = list(ours.parse([*ODD, text, *ODD]))[len(ODD)]
    assert [row(token) for token in alone] == [row(token) for token in among]


def test_a_text_said_again_has_its_tree_again_and_the_oldest_are_let_go(ours, monkeypatch):
    monkeypatch.setattr("ingest.syntax.model.KNOWN", 2)
    first, second, again = ours.parse(["One came.", "Two came.", "One came."])
    assert first is again
    list(ours.parse(["", "Three came."]))
    two, empty, one = ours.parse(["Two came.", "", "One came."])
    assert (two is second, empty, one is first) == (False, [], False)
    assert list(ours._known) == ["Two came.", "One came."]


def test_forgotten_words_are_met_again(ours):
    text = "She doesn't know that the 12th brigade held Karsa."
    (before,) = ours.parse([text])
    ours._known.clear()
    ours._tokenizer.forget()
    ours._network.forget()
    (after,) = ours.parse([text])
    assert [row(token) for token in before] == [row(token) for token in after]


def test_neighbours_end_at_the_tree(ours):
    (tree,) = ours.parse(["They left."])
    assert tree[0].nbor(2).text == "."
    for token, step in ((tree[0], -1), (tree[2], 1)):
        with pytest.raises(IndexError):
            token.nbor(step)


@given(st.text(max_size=120))
@settings(max_examples=300, deadline=None)
def test_any_text_is_split_as_spacy_splits_it(text):
    tokenizer = _tokenizer()
    words, spaced = load_model()._tokenizer.split(text)
    doc = tokenizer(text)
    assert [word.text for word in words] == [token.text for token in doc]
    assert [bool(space) for space in spaced] == [bool(token.whitespace_) for token in doc]
    assert [word.norm for word in words] == [token.norm_ for token in doc]


def _tokenizer(found=[]):  # noqa: B006 - one for all examples
    if not found:
        found.append(spacy.load(PACKAGE).tokenizer)
    return found[0]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_numbers_of_texts_are_those_of_spacy(text):
    assert string_id(text) == get_string_id(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Aleppo", "Xxxxx"), ("12,000", "dd,ddd"), ("iPhone4S", "xXxxxxdX"), ("x" * 100, "LONG")],
)
def test_shapes_cut_runs_after_four(text, expected):
    assert shape(text) == expected


def test_tables_are_those_of_the_installed_spacy():
    assert tables()["symbols"] == {name: number for name, number in spacy.symbols.IDS.items() if name}
    assert tables()["norms"] == BASE_NORMS
    assert set(tables()["stop_words"]) == STOP_WORDS
