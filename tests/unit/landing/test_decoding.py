"""Bytes to text: every encoding that news is stored in comes back whole, and no mojibake is made."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decoding import UndecodableError, decode_text, split_front_matter

ENGLISH = (
    "Residents of the “old town” said on Monday – day three – that a café in Rue d’Été had burnt down.\n" * 3
)
RUSSIAN = (
    "Жители старого города сообщили в понедельник, что на третий день боёв сгорело кафе на главной улице.\n"
    * 3
)
ARABIC = (
    "قال سكان البلدة القديمة يوم الاثنين إن المقهى في الشارع الرئيسي احترق في اليوم الثالث من القتال.\n" * 3
)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_english_comes_back_whole(encoding):
    assert decode_text(ENGLISH.encode(encoding)) == ENGLISH


@pytest.mark.parametrize(("text", "encoding"), [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"), (ARABIC, "cp1256")])
def test_other_scripts_in_their_old_encodings_come_back_whole(text, encoding):
    assert decode_text(text.encode(encoding)) == text


def test_a_single_old_apostrophe_is_enough():
    assert decode_text(b"The army\x92s spokesman said nothing.") == "The army’s spokesman said nothing."


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20,
        bytes(range(1, 32)) * 100,
        b"Text with a \0 in the middle of it.",
        b"\x7fELF" + b"\0" * 64,
        b"\0" * 100,
    ],
)
def test_binary_is_refused(content):
    with pytest.raises(UndecodableError) as caught:
        decode_text(content)
    assert caught.value.code == "binary"


@pytest.mark.parametrize(
    "content",
    [
        "He said “no” – and left.".encode() + b" The caf\xe9 burnt down.",  # two encodings pasted together
        b"He said \x81\x8d\x8f\x90\x9d and \x81\x8d left.",  # bytes that mean nothing in Windows' code page
    ],
)
def test_text_that_cannot_be_read_without_damage_is_refused(content):
    with pytest.raises(UndecodableError) as caught:
        decode_text(content)
    assert caught.value.code == "broken_encoding"


def test_quotes_that_somebody_read_as_latin_1_are_no_sign_of_a_binary_file():
    text = "He said: \x93left\x94."
    assert decode_text(text.encode()) == text


def test_ascii_behind_a_false_utf16_mark_is_not_turned_into_chinese():
    content = b"\xff\xfe" + b"The town fell on Monday, residents said. " * 4
    try:
        text = decode_text(content)
    except UndecodableError:
        return
    assert "The town fell" in text


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1))
def test_utf8_is_read_to_the_character(text):
    assert decode_text(text.encode("utf-8-sig")) == text


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_text_or_a_reason(content):
    try:
        found = decode_text(content)
    except UndecodableError as error:
        found = error.code
    assert isinstance(found, str)


def test_front_matter_is_split_off_and_the_text_left_as_it_is():
    assert split_front_matter("---\ntitle: A\n---\n\nText.\n") == ("title: A\n", "\nText.\n")
    assert split_front_matter("--- a dash, and no front matter\nText.") == (
        None,
        "--- a dash, and no front matter\nText.",
    )
    assert split_front_matter("---\nnever closed\nText.") == (None, "---\nnever closed\nText.")
