"""Changes to real inputs that keep their structure, so that the damage gets past the first check."""

from __future__ import annotations

import random
import re
import struct
from collections.abc import Callable, Sequence
from copy import deepcopy
from typing import Any

from tests.fuzz.cases import TRIPWIRE

TRAP = f"http://{TRIPWIRE[0]}:{TRIPWIRE[1]}/trap"
ODD_TEXTS: Sequence[str] = (
    "", " ", "\n", "\0", "\ufeff", "\u2028", "\u202e", "\ud800", "\udfff\ud83d", "a\u0301" * 40, "İı", "ﬃ",
    "½",
    "x" * 3000, "\t" * 200, "'; drop table raw.articles; --", "<script>alert(1)</script>", "{{7*7}}",
    "%s%n", "../" * 9,
    "2016-13-45", "0000-00-00", "0001-01-01", "9999-12-31T23:59:59+14:00", "2016-02-30T25:61:61Z",
    "٢٠١٦-٠٨-٠٨",
    "2016-W32-1", "1470657600", "99999999999999", "9999999999", "31 February 2016",
    "Mon, 99 Foo 2016 99:99:99 +9999",
    "24:00", "-1", "1e999", "NaN", "½ a dozen", "1,000,000,000,000,000,000", "Asia/Nowhere", "../UTC",
    "UTC\0",
    "xx-XX", "utf-7", "zlib", "hex", "idna", "rot13", "unicode_escape", "utf-16", "undefined", "binary",
    "true",
    TRAP, f"//{TRIPWIRE[0]}:{TRIPWIRE[1]}/trap", "http://[::1", "http://a..b/", "http://[v1.x]/",
    "http://x:99999/",
    "http://x:abc/", "http://" + "a" * 300 + ".example/", "http://\udcff.example/", "http://exa\u2100mple/",
    "HTTP:///",
    "https://user:word@desk.example:443/a?utm_source=x#y", "mailto:a@b", "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd", "//desk.example", "/\\desk.example", "http://xn--.example/",
    "http://desk.example/%zz%00",
    "http://desk.example/" + "a/" * 900, "http://ｄｅｓｋ.example/", "http://127.1/", "http://0x7f000001/",
)  # fmt: skip
"""What dates, addresses, names of encodings and words may be, and should not."""
ODD_VALUES: Sequence[Any] = (
    None, True, False, 0, -1, 2**31, 2**63, 10**400, -0.5, 1e308, float("inf"), float("nan"), [], {},
    [[]], [None],
    {"": ""}, ["a", ["b", {"c": "d"}]], {"value": {"value": "x"}},
)  # fmt: skip
KEYS = (
    "id", "text", "body", "content", "html", "title", "url", "outlet", "published_at", "updated_at",
    "language", "lang",
    "charset", "is_fragment", "source_text_field", "source_time_zone", "source_language", "date", "file",
    "name", "",
)  # fmt: skip
ENCODINGS = (
    "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-7", "cp1252", "cp1251", "cp1256",
    "koi8_r",
    "shift_jis", "gb18030", "big5", "euc_kr", "iso8859_15", "cp037",
)  # fmt: skip
MOST_CHARACTERS = 200_000


def odd_text(draw: random.Random) -> str:
    """Return one odd text, or two of them together."""
    return draw.choice(ODD_TEXTS) + (draw.choice(ODD_TEXTS) if draw.random() < 0.2 else "")


def odd_value(draw: random.Random) -> Any:
    """Return an odd value as JSON and YAML know it."""
    return deepcopy(draw.choice(ODD_VALUES)) if draw.random() < 0.4 else odd_text(draw)


def mutate_tree(draw: random.Random, tree: Any, times: int) -> Any:
    """Return the tree of lists and mappings with `times` nodes replaced, moved, taken out,
    doubled or nested."""
    tree = deepcopy(tree)
    for _ in range(times):
        holders = [node for node in _nodes(tree) if node]
        if not holders:
            return odd_value(draw)
        holder = draw.choice(holders)
        keys = list(holder) if isinstance(holder, dict) else range(len(holder))
        key = draw.choice(list(keys))
        step = draw.randrange(8)
        if step == 0:
            holder[key] = odd_value(draw)
        elif step == 1:
            del holder[key]
        elif step == 2:
            _add(draw, holder, deepcopy(holder[key]))
        elif step == 3:
            _add(draw, holder, odd_value(draw))
        elif step == 4:
            other = draw.choice(holders)
            _add(draw, holder, deepcopy(other) if _size(other) < 2000 else None)
        elif step == 5:
            deep: Any = holder[key]
            for _ in range(draw.choice((1, 3, 60, 400))):
                deep = [deep] if draw.random() < 0.5 else {draw.choice(KEYS): deep}
            holder[key] = deep
        elif isinstance(holder[key], str):
            holder[key] = mutate_text(draw, holder[key], draw.randint(1, 3))
        else:
            holder[key] = odd_value(draw)
    return tree


def _add(draw: random.Random, holder: Any, value: Any) -> None:
    if isinstance(holder, dict):
        holder[draw.choice(KEYS)] = value
    else:
        holder.insert(draw.randint(0, len(holder)), value)


def _nodes(tree: Any) -> list[Any]:
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict | list):
            found.append(node)
            waiting.extend(node.values() if isinstance(node, dict) else node)
    return found


def _size(tree: Any) -> int:
    return sum(len(node) for node in _nodes(tree))


def mutate_text(draw: random.Random, text: str, times: int) -> str:
    """Return the text with slices taken out, doubled, moved, repeated, and odd words put in."""
    for _ in range(times):
        start, end = _span(draw, len(text))
        here, step = text[start:end], draw.randrange(9)
        if step == 0:
            text = text[:start] + text[end:]
        elif step == 1:
            text = text[:start] + here + text[start:]
        elif step == 2:
            at = draw.randint(0, len(text))
            text = text[:at] + here + text[at:]
        elif step == 3:
            text = text[:start] + odd_text(draw) + text[end:]
        elif step == 4:
            text = (
                text[:start] + draw.choice((str.upper, str.lower, str.title, str.swapcase))(here) + text[end:]
            )
        elif step == 5:
            text = (
                text[:start]
                + draw.choice(("\r\n", "\r", " ", "  ", "\u00a0", "", ",")).join(here.split())
                + text[end:]
            )
        elif step == 6:
            text = (
                text[:start]
                + re.sub(r"\d+", lambda _: draw.choice(("0", "12", "1,000", "9" * 30, "٣")), here)
                + text[end:]
            )
        elif step == 7 and draw.random() < 0.1:
            most = max((MOST_CHARACTERS - len(text)) // max(len(here), 1), 1)
            text = text[:start] + here * min(draw.choice((10, 100, 2000)), most) + text[end:]
        else:
            words = here.split(" ")
            draw.shuffle(words)
            text = text[:start] + " ".join(words) + text[end:]
    return text


def mutate_tokens(draw: random.Random, tokens: Sequence[str], odd: Sequence[str], times: int) -> str:
    """Return the tokens (tags, lines) joined, some of them out, doubled, swapped, nested or odd."""
    found = list(tokens)
    for _ in range(times):
        if not found:
            return draw.choice(odd)
        at, step = draw.randrange(len(found)), draw.randrange(7)
        if step == 0:
            del found[at]
        elif step == 1:
            found.insert(at, found[at])
        elif step == 2:
            other = draw.randrange(len(found))
            found[at], found[other] = found[other], found[at]
        elif step == 3:
            found.insert(at, draw.choice(odd))
        elif step == 4:
            found[at] = mutate_text(draw, found[at], 1)
        elif step == 5:
            start, end = _span(draw, len(found))
            found[at:at] = found[start:end]
        elif draw.random() < 0.1:
            found[at : at + 1] = [found[at]] * min(
                draw.choice((50, 1000, 5000)), 400_000 // (len(found[at]) + 1) + 1
            )
    return "".join(found)[: 4 * MOST_CHARACTERS]


INTERESTING = (0, 1, 0x7F, 0x80, 0xFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)


def mutate_bytes(draw: random.Random, content: bytes, times: int, near: bytes = b"") -> bytes:
    """Return the bytes with bits turned, numbers made extreme, ranges out or doubled, or cut off.

    Where `near` is given, half of the changes are made within 64 bytes after one of its places.
    """
    found = bytearray(content)
    for _ in range(times):
        if not found:
            return bytes(draw.randbytes(draw.randint(0, 64)))
        at = draw.randrange(len(found))
        places = [match.start() for match in re.finditer(re.escape(near), found)] if near else []
        if places and draw.random() < 0.5:
            at = min(draw.choice(places) + draw.randint(0, 63), len(found) - 1)
        step = draw.randrange(8)
        if step == 0:
            found[at] ^= 1 << draw.randrange(8)
        elif step == 1:
            found[at] = draw.choice((0, 9, 10, 13, 32, 34, 39, 60, 0x7F, 0x80, 0xC3, 0xFF))
        elif step == 2:
            form = draw.choice(("<H", ">H", "<I", ">I"))
            number = struct.pack(form, draw.choice(INTERESTING) & (0xFFFF if "H" in form else 0xFFFFFFFF))
            found[at : at + len(number)] = number
        elif step == 3:
            del found[at : at + draw.choice((1, 2, 8, 100))]
        elif step == 4:
            found[at:at] = found[at : at + draw.choice((1, 4, 50, 500))]
        elif step == 5:
            found[at:at] = draw.randbytes(draw.choice((1, 3, 20)))
        elif step == 6:
            start, end = _span(draw, len(found))
            found[at:at] = found[start:end]
        elif draw.random() < 0.5:
            del found[at:]
    return bytes(found)


def encode(draw: random.Random, text: str) -> bytes:
    """Return the text in UTF-8 mostly, else in another encoding, or in two of them one after the other."""
    chance = draw.random()
    if chance < 0.75:
        return text.encode("utf-8", draw.choice(("surrogatepass", "replace")))
    if chance < 0.95:
        return text.encode(draw.choice(ENCODINGS), "replace")
    at = len(text) // 2
    return text[:at].encode("utf-8", "replace") + text[at:].encode(draw.choice(ENCODINGS), "replace")


def sometimes(draw: random.Random, chance: float, change: Callable[[bytes], bytes], content: bytes) -> bytes:
    """Return the content, changed with the chance given."""
    return change(content) if draw.random() < chance else content


def _span(draw: random.Random, length: int) -> tuple[int, int]:
    start = draw.randint(0, length)
    return start, min(start + draw.choice((1, 5, 40, 400)), length)
