"""Which language a text is in; claims are read from English, so English must not be lost."""

import pytest

from ingest.articles.language import find_language


@pytest.mark.parametrize(
    "text",
    [
        "The bridge at Karsa was shelled on Monday, residents said.",
        "Two policemen were killed by a bomb in Mogadishu.",
        "At least 12 dead after an attack on the army base.",
        "Al-Shabaab fighters have captured El Baraf and Warsheikh, residents of the towns said.",
    ],
)
def test_short_english_is_english(text):
    assert find_language(text) == "en"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (
            "Al menos doce soldados murieron en los combates de este lunes, dijo un portavoz.",
            "es",
        ),
        (
            "Mindestens zwölf Soldaten sind am Montag bei Kämpfen in der Stadt getötet worden, hieß es.",
            "de",
        ),
        (
            "Zeker twaalf soldaten zijn maandag omgekomen bij gevechten in de stad, zei een woordvoerder.",
            "nl",
        ),
        (
            "Au moins douze soldats ont été tués lundi dans des combats, a dit un porte-parole.",
            "fr",
        ),
        ("Жители старого города сообщили в понедельник, что мост был обстрелян.", "ru"),
        ("قال سكان البلدة القديمة يوم الاثنين إن الجسر تعرض للقصف.", "ar"),
    ],
)
def test_other_languages_are_noted(text, language):
    assert find_language(text) == language
    assert find_language(text, "en") == language


def test_what_the_text_does_not_settle_is_taken_from_who_states_it():
    assert find_language("Karsa Warsheikh") is None
    assert find_language("Karsa Warsheikh", "en-GB") == "en"
    assert find_language("1 2 3", None) is None
