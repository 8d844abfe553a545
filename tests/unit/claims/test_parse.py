"""What the rules ask of the parser: lemmas, and capitals made readable. Its trees: tests/unit/syntax."""

from ingest.claims.parse import lemma, parse, unshout


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


def test_shouted_text_loses_its_glosses_and_gives_nations_their_capital():
    text = "A PERUVIAN OFFICER OF THE APRA [POPULAR ALLIANCE] PARTY LEFT."
    assert unshout(text, (), {"peruvian"}) == "A Peruvian officer of the Apra" + " " * 20 + "party left."
