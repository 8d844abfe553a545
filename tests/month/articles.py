"""Articles by the thousand, drawn from a seed: no two alike but those that are meant to be.

Words are drawn freely, so that two reports share hardly a run of five words; a copy shares nearly all.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import date, timedelta

ENGLISH = {
    "the": "the that this their his its every",
    "adjective": """old narrow northern quiet burnt crowded flooded remote dusty broken upper lower stony
        wooden eastern western southern ruined heavy distant silent muddy bright empty steep local""",
    "noun": """bridge mill market school depot ridge clinic harbour station quarry warehouse convoy council
        garden crossing chapel orchard workshop canal tower barracks village bakery ferry granary checkpoint
        valley pass monastery plant cellar playground roof courtyard railway tunnel pier farmyard""",
    "verb": """reached crossed watched repaired searched emptied guarded measured painted inspected
        photographed rebuilt visited described avoided remembered blocked lit cleared carried""",
    "link": "while after before because although until when",
    "where": "near behind beyond beside above below outside across from around",
}
FOREIGN = {
    "fr": """le la les des du une dans avec pour selon après près sur sous qui que et mais village pont marché
        soldats habitants ville école route nuit matin forces armée combats blessés morts hier lundi usine""",
    "de": """der die das und nicht mit von dem den eine einem nach bei auf unter über sich wurde waren
        Dorf Brücke Markt Soldaten Bewohner Stadt Schule Straße Nacht Morgen Truppen Kämpfe Verletzte Tote""",
    "ru": """в на и не что из под над после около были был его которые село мост рынок солдаты жители город
        школа дорога ночью утром войска армия бои раненые погибшие вчера понедельник завод вокзал холм""",
    "ar": """في من على إلى عن بعد قرب التي الذي كان كانت هذا هذه القرية الجسر السوق الجنود السكان المدينة
        المدرسة الطريق الليل الصباح القوات الجيش المعارك الجرحى القتلى أمس الاثنين المصنع المحطة التل""",
}
PLACES = "Taiz Saraqib Kramatorsk Goma Marawi Bakhmut Aden Idlib Kherson Bunia Zinjibar Manbij".split()
SPEAKERS = ("a hospital official", "residents", "the army", "a local official", "the mayor", "rescue workers")
VICTIMS = "civilians soldiers people fighters villagers".split()


@dataclass(frozen=True)
class Report:
    """An article as its author has it. `is_dated` is false where nothing says when it was published."""

    number: int
    title: str
    paragraphs: tuple[str, ...]
    published: date
    language: str = "en"
    is_dated: bool = True

    @property
    def text(self) -> str:
        """The paragraphs as text."""
        return "\n".join(self.paragraphs)


def draw_report(draw: random.Random, number: int, day: date, language: str = "en") -> Report:
    """Return a new report of some hundred words, published up to nine days before `day`."""
    published = day - timedelta(days=draw.choice((0, 0, 0, 0, 1, 1, 2, 3, 5, 9)))
    if language != "en":
        words = FOREIGN[language].split()
        paragraphs = tuple(
            " ".join(draw.choice(words) for _ in range(28)).capitalize() + f" {number}." for _ in range(3)
        )
        return Report(number, " ".join(draw.sample(words, 4)), paragraphs, published, language)
    place, count = draw.choice(PLACES), draw.randint(2, 80)
    speaker, victims = draw.choice(SPEAKERS), draw.choice(VICTIMS)
    lead = f"Shelling killed {count} {victims} in {place}, {speaker} said from “the front”."
    paragraphs = (lead, *(" ".join(_sentence(draw) for _ in range(3)) for _ in range(3)))
    title = f"{place}: {_word(draw, 'adjective')} {_word(draw, 'noun')} shelled, report {number}"
    return Report(number, title, paragraphs, published, is_dated=draw.random() > 0.02)


def _sentence(draw: random.Random) -> str:
    slots = "the adjective noun verb the adjective noun where the adjective noun link the noun verb the noun"
    return " ".join(_word(draw, slot) for slot in slots.split()).capitalize() + "."


def _word(draw: random.Random, slot: str) -> str:
    return draw.choice(ENGLISH[slot].split())


def reprint(draw: random.Random, report: Report, number: int, day: date, *, edited: bool) -> Report:
    """Return the report as another outlet prints it: word for word, or with words and a line of its own."""
    paragraphs = list(report.paragraphs)
    if edited:
        words = paragraphs[2].split()
        for place in draw.sample(range(1, len(words) - 1), 2):
            words[place] = "large"
        paragraphs[2] = " ".join(words)
        paragraphs.append(f"This report was edited by desk {draw.randint(1, 99)}.")
    published = min(max(report.published, day - timedelta(days=3)), day)
    title = f"{report.title} (agency)"
    return replace(report, number=number, paragraphs=tuple(paragraphs), published=published, title=title)


def correct(draw: random.Random, report: Report) -> Report:
    """Return the report with another number in its lead and a line that says so."""
    place, speaker = draw.choice(PLACES), draw.choice(SPEAKERS)
    lead = f"Shelling killed {draw.randint(100, 300)} people in {place}, {speaker} said."
    last = "An earlier version gave another number."
    return replace(report, paragraphs=(lead, *report.paragraphs[1:], last))
