"""Bytes to text, for whoever reads bytes: finds the encoding, and refuses where a guess would make rubbish.

Like `ingest.records` it lies under the steps and knows none of them: landing needs text to find front matter
and JSON lines, articles need it to read them, and both must come to the same answer.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What news was ever stored in. Left to all of Python's encodings, the detector finds EBCDIC in English prose.
LEGACY_ENCODINGS = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859_15", "koi8_r", "koi8_u",
    "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr",
]  # fmt: skip
MULTIBYTE_UTF8 = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
FEWEST_HIGH_BYTES = 20
"""With fewer bytes beyond ASCII, and no language recognised, an old encoding is a guess."""
LONGEST_REASON = 1000
TYPOGRAPHY = frozenset("‘’‚“”„–—…•·€£¥©®™°§«»¡¿½¼¾ ´¨×")
FRONT_MATTER = re.compile(r"\A---[ \t]*\r?\n(?P<yaml>.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


class UndecodableError(ValueError):
    """The bytes are no text that can be read without damage. `code` is binary or broken_encoding."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def decode_text(content: bytes) -> str:
    """Return the text of `content`, its byte order mark taken off and nothing else changed.

    Tries the byte order mark, UTF-8, UTF-16 without a mark, then single-byte and East Asian encodings.
    Raises UndecodableError for binary files, and for text that mixes UTF-8 with another encoding or fits
    none: mojibake would end up in quotes. Known to go wrong: the 8-bit encodings of central Europe and the
    west agree on most letters, so a rare letter of a short text may come out as its neighbour.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if (
            content.startswith(mark)
            and (text := _strictly(content, encoding)) is not None
            and _is_wide(content, encoding)
        ):
            return _printable(text)
    if b"\0" in content:
        return _printable(_decode_unmarked_utf16(content))
    text = _strictly(content, "utf-8")
    if text is None:
        _refuse_binary(content)
        text = _decode_legacy(content)
    return _printable(text)


def split_front_matter(text: str) -> tuple[str | None, str]:
    """Return the YAML between two '---' lines at the head of the text, or None, and the text after it."""
    match = FRONT_MATTER.match(text)
    return (match["yaml"], text[match.end() :]) if match else (None, text)


def storable(text: str) -> str:
    """Return the text with halves of surrogate pairs and NULs, which no database stores, by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def tellable(reason: str) -> str:
    """Return a reason as it can be stored and read: what it cites may be of any length."""
    reason = storable(reason)
    return reason if len(reason) <= LONGEST_REASON else reason[: LONGEST_REASON - 1] + "…"


def _strictly(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        return None


def _is_wide(content: bytes, encoding: str) -> bool:
    """Tell UTF-16 from 8-bit text that happens to begin with its mark: that is nearly all printable ASCII."""
    if encoding == "utf-8-sig":
        return True
    head = content[:4096]
    return sum(0x20 <= byte < 0x7F or byte in (9, 10, 13) for byte in head) < 0.7 * len(head)


def _decode_unmarked_utf16(content: bytes) -> str:
    """Decode UTF-16 without a mark. Western text has nearly all its NULs on one side of each pair."""
    head = content[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) >= 0.3 * len(head) / 2 and min(even, odd) <= 0.02 * len(head):
        text = _strictly(content, "utf-16-le" if odd > even else "utf-16-be")
        if text is not None and "\0" not in text:
            return text
    raise UndecodableError("binary", "holds NUL bytes: a binary file, or text damaged in storage")


def _refuse_binary(content: bytes) -> None:
    controls = sum(byte < 0x20 and byte not in (9, 10, 12, 13, 27) for byte in content[:65536])
    if controls > 0.01 * min(len(content), 65536):
        raise UndecodableError("binary", "is a binary file: one byte in a hundred or more is a control code")


def _decode_legacy(content: bytes) -> str:
    high = sum(byte >= 0x80 for byte in content)
    if len(MULTIBYTE_UTF8.findall(content)) * 2 > 0.3 * high:
        raise UndecodableError(
            "broken_encoding",
            "mixes UTF-8 with bytes that are not UTF-8: save the file again in one encoding",
        )
    if high < 0.3 * len(content):
        text = _strictly(content, "cp1252")
        if text is not None and _reads_as_western(text):
            return text
    from charset_normalizer import from_bytes

    best = from_bytes(content[:200_000], cp_isolation=LEGACY_ENCODINGS, threshold=0.15).best()
    if best is not None and (best.coherence > 0 or high >= FEWEST_HIGH_BYTES):
        text = _strictly(content, best.encoding)
        if text is not None and _is_mostly_letters(text):
            return text
    raise UndecodableError(
        "broken_encoding",
        "is text in no encoding we know (UTF-8, UTF-16 or a common older one): save it as UTF-8",
    )


def _reads_as_western(text: str) -> bool:
    """Tell whether the characters beyond ASCII are typography, or letters that stand beside other letters."""
    beyond = plausible = 0
    for index, character in enumerate(text):
        if character < "\x80":
            continue
        beyond += 1
        beside = text[max(index - 1, 0) : index] + text[index + 1 : index + 2]
        if character in TYPOGRAPHY or (
            character.isalpha() and any(c.isascii() and c.isalpha() for c in beside)
        ):
            plausible += 1
    return plausible >= 0.9 * beyond


def _is_mostly_letters(text: str) -> bool:
    """Tell whether four in five characters beyond ASCII are letters or typography, as in prose."""
    beyond = [c for c in text if c >= "\x80"]
    return sum(c.isalpha() or c in TYPOGRAPHY for c in beyond) >= 0.8 * len(beyond)


_NO_SIGN_OF_BINARY = frozenset("\t\n\r\f\x80\x82\x84\x85\x91\x92\x93\x94\x95\x96\x97\x99")
"""White space, and Windows' quotes and dashes that somebody before us read as Latin-1."""


def _printable(text: str) -> str:
    """Refuse text that decodes and is none: control or unassigned characters, one in a hundred or more."""
    head = text[:65536]
    odd = sum(  # of distinct characters, which are few: one by one this was a fifth of landing
        number
        for c, number in Counter(head).items()
        if unicodedata.category(c) in ("Cc", "Cn") and c not in _NO_SIGN_OF_BINARY
    )
    if odd > 0.01 * len(head):
        raise UndecodableError("binary", "is a binary file: it decodes to control characters, not to words")
    return text
