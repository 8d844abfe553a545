"""Sentences: dirt is cut off at the ends, a quotation is followed, offsets are the article's."""

import pytest

from ingest.claims.sentences import split_sentences


def sentences(text):
    return [text[s.start : s.end] for s in split_sentences(text)]


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("DAMASCUS, March 18 - The army left.", "The army left."),
        ("MOGADISHU/NAIROBI - The army left.", "The army left."),
        ("BANGKOK: The army left.", "The army left."),
        ("Ouagadougou, Nov 28, 2023 (AFP) - The army left.", "The army left."),
        ("* The army left.", "The army left."),
        ("By Monday the army had left.", "By Monday the army had left."),
        ("KYIV (Reuters) - The army left.", "The army left."),
        ("Beirut // The army left.", "The army left."),
        ("- The army left.", "The army left."),
        ("• The army left.", "The army left."),
        ("14:05 GMT - The army left.", "The army left."),
        ("The army - what is left of it - left.", "The army - what is left of it - left."),
        ("Five died: two men and three women.", "Five died: two men and three women."),
    ],
)
def test_what_leads_a_line_is_cut_off(line, left):
    assert sentences(line) == [left]


@pytest.mark.parametrize(
    "line",
    [
        "Photo: Fighters stand on a tank in the old town.",
        "File photo: a soldier near the bridge, 2015.",
        "Displaced people reach the camp, North Darfur, 27 October 2025 [Reuters]",
        "A man walks past a burnt car, in Homs, Syria, July 31, 2016.",
        "Additional reporting by A. Writer in Amman",
    ],
)
def test_captions_and_bylines_are_left_out(line):
    assert sentences(f"The army left.\n\n{line}\n\nThe rebels stayed.") == [
        "The army left.",
        "The rebels stayed.",
    ]


def test_a_line_said_twice_is_read_once():
    text = "Rebels take the northern town\nRebels take the northern town\n\nThe rebels took it on Monday."
    assert sentences(text) == ["Rebels take the northern town", "The rebels took it on Monday."]


def test_a_line_without_an_end_mark_is_a_headline():
    roles = [s.role for s in split_sentences("Rebels take town\n\nThe rebels took it on Monday.")]
    assert roles == ["headline", "body"]


def test_a_quotation_is_followed_over_sentences():
    text = "“They came at night. They killed nine of us. Nobody helped,” the elder said. He wept."
    assert [s.in_quote for s in split_sentences(text)] == [False, True, True, False]


def test_a_wrapped_line_is_one_sentence():
    assert len(sentences("The army said its\nmen had left the town.")) == 1


def test_initials_and_ranks_end_no_sentence():
    assert len(sentences("Lt. Col. A. Haddad of the U.S. Army said Gen. Omar left.")) == 1


def test_an_acronym_may_end_a_sentence():
    assert sentences("They fled, according to the UN. A boat sank.") == [
        "They fled, according to the UN.",
        "A boat sank.",
    ]


def test_text_is_folded_code_point_for_code_point():
    (sentence,) = split_sentences("“Seven\u00a0men” – it’s said")
    assert sentence.text == '"Seven men" – it\'s said'
