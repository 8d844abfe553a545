"""English inflection of the frames' lemmas: all forms the filter looks for.

Regular endings, and the irregular verbs and nouns that war news uses. What neither gives stands in a frame's
`forms`. A form that does not exist ('losed') does no harm: it is never met.
"""

from __future__ import annotations

_VERBS = {
    "be": "is are was were been being", "beat": "beats beat beaten beating", "become": "became",
    "begin": "began begun beginning", "blow": "blew blown", "break": "broke broken", "bring": "brought",
    "burn": "burnt", "cast": "cast", "catch": "caught", "come": "came come", "cost": "cost",
    "cut": "cut cutting",
    "dig": "dug digging", "draw": "drew drawn", "drive": "drove driven", "drown": "drowned",
    "eat": "ate eaten",
    "fall": "fell fallen", "fight": "fought", "find": "found", "flee": "fled", "fly": "flew flown flies",
    "get": "got gotten getting", "give": "gave given", "go": "went gone goes", "hang": "hung",
    "have": "had has",
    "hear": "heard", "hide": "hid hidden", "hit": "hit hitting", "hold": "held", "hurt": "hurt",
    "keep": "kept", "lay": "laid", "lead": "led", "leave": "left", "lie": "lay lain lying", "lose": "lost",
    "make": "made", "mow": "mown", "overrun": "overran overrun", "overtake": "overtook overtaken",
    "pay": "paid",
    "put": "put putting", "retake": "retook retaken", "ride": "rode", "rise": "rose risen",
    "run": "ran running",
    "say": "said", "see": "saw seen", "seek": "sought", "send": "sent", "set": "set setting", "shoot": "shot",
    "slay": "slew slain", "speak": "spoke spoken", "stand": "stood", "stop": "stopped", "strike": "struck",
    "sweep": "swept", "swim": "swam", "take": "took taken", "tell": "told", "throw": "threw thrown",
    "win": "won winning", "withdraw": "withdrew withdrawn", "write": "wrote written", "stick": "stuck",
    "grow": "grew grown", "reach": "reached", "stem": "stemmed", "retain": "retained", "rebuild": "rebuilt",
    "split": "split", "spread": "spread", "uphold": "upheld", "oversee": "oversaw", "behead": "beheaded",
    "bear": "bore borne", "bleed": "bled", "choose": "chose", "overthrow": "overthrew overthrown",
    "rout": "routed",
}  # fmt: skip
_NOUNS = {
    "life": "lives",
    "man": "men",
    "woman": "women",
    "child": "children",
    "person": "people",
    "body": "bodies",
}
_DOUBLED = frozenset("bdgklmnprt")


def forms_of(lemma: str, pos: str) -> tuple[str, ...]:
    """Return the forms of a lemma as the parts of speech ('VERB', 'NOUN|ADJ') inflect it."""
    head, _, rest = lemma.partition(" ")
    tail = f" {rest}" if rest else ""
    forms = {head}
    if "VERB" in pos:
        forms.update(_verb_forms(head))
    if "NOUN" in pos:
        forms.update(_NOUNS[head].split() if head in _NOUNS else {_plural(head)})
    return tuple(sorted(form + tail for form in forms))


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return word[:-1] + "ies"
    return word + "s"


def _verb_forms(word: str) -> set[str]:
    forms = {_plural(word)}
    if word.endswith("e"):
        forms.update({word + "d", word[:-1] + "ing"})
    elif word.endswith("y") and word[-2:-1] not in "aeiou":
        forms.update({word[:-1] + "ied", word + "ing"})
    else:
        forms.update({word + "ed", word + "ing"})
        if len(word) > 2 and word[-1] in _DOUBLED and word[-2] in "aeiou" and word[-3] not in "aeiou":
            forms.update({word + word[-1] + "ed", word + word[-1] + "ing"})
    if word in _VERBS:
        forms.update(_VERBS[word].split())
    return forms
