"""Real documents, registers and articles, changed."""

from __future__ import annotations

import csv
import io
import json
import random
import re
from typing import Any

import yaml

from ingest.landing.sources import KEYS as SOURCE_KEYS
from tests.feeds import page
from tests.fuzz.cases import Case
from tests.fuzz.mutate import (
    ENCODINGS,
    encode,
    mutate_bytes,
    mutate_text,
    mutate_tokens,
    mutate_tree,
    odd_text,
    odd_value,
    sometimes,
)
from tests.fuzz.odd_markup import DOCTYPES, INCLUDES
from tests.fuzz.reports import draw_one, draw_prose, draw_soup

FIELDS = {"id": "meta.key", "text": "body.plain", "title": "headline", "published_at": "meta.when"}
"""A register's names for another tool's JSON, with dots into objects."""


def text(draw: random.Random) -> Case:
    """A .txt, half of them with front matter."""
    body = draw_prose(draw) if draw.random() < 0.7 else draw_one(draw).text
    if draw.random() < 0.6:
        front = mutate_tree(draw, {"title": "Report", "published_at": "2016-08-08", "url": "https://x.example/a"},
                            draw.randint(0, 3))  # fmt: skip
        lines = yaml.safe_dump(front, allow_unicode=True) if draw.random() < 0.8 else f"{front}\n"
        lines = mutate_text(draw, lines, draw.randint(0, 2))
        body = draw.choice(("---\n", "--- \r\n", "---\n---\n", "\ufeff---\n")) + lines + "---\n" + body
    content = encode(draw, mutate_text(draw, body, draw.randint(0, 3)))
    return Case(
        "text", "a.txt", sometimes(draw, 0.2, lambda b: mutate_bytes(draw, b, 3), content), zone(draw)
    )


def zone(draw: random.Random) -> dict[str, str]:
    """Return what a register may say of a source."""
    found = {"time_zone": draw.choice(("UTC", "Asia/Beirut", "America/Caracas"))}
    return found | ({"language": draw.choice(("en", "ar", "zz"))} if draw.random() < 0.3 else {})


def html(draw: random.Random) -> Case:
    """A page: tokens moved, odd elements put in, its encoding stated rightly, wrongly or not at all."""
    report = draw_one(draw)
    body = page(
        report.text + "\n" + draw_prose(draw, 4),
        report.title,
        draw.choice(("2026-03-01T06:00:00Z", odd_text(draw))),
    )
    if draw.random() < 0.4:
        data = mutate_tree(draw, {"@graph": [{"datePublished": "2016-08-08", "dateModified": "x"}]}, 2)
        body = body.replace("</head>", f'<script type="application/ld+json">{dump(data)}</script></head>')
    tokens = re.findall(r"<[^>]*>|[^<]+", body)
    changed = mutate_tokens(draw, tokens, (*INCLUDES, *DOCTYPES), draw.randint(0, 8))
    if draw.random() < 0.05:
        deep = draw.choice((100, 1500, 50_000))
        changed = "<div>" * deep + changed + "</div>" * draw.choice((0, deep))
    if draw.random() < 0.2:
        changed = draw.choice(DOCTYPES) + changed
    charset = draw.choice((*ENCODINGS, "utf-8", "", "nonsense"))
    content = encode(draw, changed.replace("utf-8", charset, 1))
    return Case(
        "html", "a.html", sometimes(draw, 0.2, lambda b: mutate_bytes(draw, b, 4, b"<"), content), zone(draw)
    )


def dump(value: Any) -> str:
    """Return the value as JSON, halves of surrogate pairs and non-numbers included."""
    return json.dumps(value, ensure_ascii=False, allow_nan=True)


def json_object(draw: random.Random) -> dict[str, Any]:
    """Return an article as one object, in our names or in another tool's."""
    report = draw_one(draw)
    words = draw_prose(draw, 4) if draw.random() < 0.6 else report.text
    if draw.random() < 0.4:
        return {
            "meta": {"key": report.number, "when": "2016-08-08"},
            "body": {"plain": words},
            "headline": report.title,
        }
    return {"id": report.number, "text": words, "title": report.title, "published_at": "2016-08-08T06:00:00Z"}


def json_file(draw: random.Random) -> Case:
    """A .json: an object or a list of some."""
    value: Any = (
        json_object(draw) if draw.random() < 0.5 else [json_object(draw) for _ in range(draw.randint(0, 4))]
    )
    written = dump(mutate_tree(draw, value, draw.randint(0, 4)))
    if draw.random() < 0.4:
        written = mutate_tokens(
            draw,
            re.findall(r"[\[\]{},:]|[^\[\]{},:]+", written),
            ("[", "]", "{", "}", ",", ":", '"', "\\"),
            3,
        )
    content = encode(draw, written)
    return Case(
        "json",
        "a.json",
        sometimes(draw, 0.15, lambda b: mutate_bytes(draw, b, 3, b'"'), content),
        fields(draw),
    )


def fields(draw: random.Random) -> dict[str, str]:
    """Return the settings of a source with another tool's names, or without."""
    return zone(draw) | ({"fields": json.dumps(FIELDS)} if draw.random() < 0.5 else {})


def json_lines(draw: random.Random) -> Case:
    """A .jsonl: lines of objects, cut, joined and doubled."""
    lines = [
        dump(mutate_tree(draw, json_object(draw), draw.choice((0, 0, 1, 3)))) + "\n"
        for _ in range(draw.randint(1, 6))
    ]
    odd = ("\n", "\r", "\r\n", "\ufeff", "[1]\n", '"x"\n', "{}\n", "\u2028", "{", "}", '{"a":' * 3000)
    content = encode(draw, mutate_tokens(draw, lines, odd, draw.randint(0, 3)))
    name = draw.choice(("a.jsonl", "a.ndjson"))
    return Case(
        "jsonl", name, sometimes(draw, 0.2, lambda b: mutate_bytes(draw, b, 3, b"\n"), content), fields(draw)
    )


def sidecar(draw: random.Random) -> Case:
    """An articles.csv beside three files, in CSV as spreadsheets write it."""
    rows = [["file", "title", "outlet", "published_at", "url"]]
    for name in ("a.txt", "b.txt", "sub/c.txt", "../outside/canary.txt", "/etc/passwd", "none.txt"):
        rows.append([name, "A report", "The Desk", "2016-08-08", "https://desk.example/a"])
    rows = mutate_tree(draw, rows, draw.randint(0, 5))
    out = io.StringIO()
    writer = csv.writer(
        out, delimiter=draw.choice(",;\t"), quoting=draw.choice((csv.QUOTE_ALL, csv.QUOTE_MINIMAL))
    )
    for row in rows if isinstance(rows, list) else []:
        cells = row if isinstance(row, list) else [row]
        writer.writerow([str(cell)[:4000] for cell in cells])
    content = encode(draw, mutate_text(draw, out.getvalue(), draw.randint(0, 2)))
    return Case(
        "sidecar", "articles.csv", sometimes(draw, 0.2, lambda b: mutate_bytes(draw, b, 2, b'"'), content)
    )


YAML_ODD = (
    "*a", "&a x", "<<: *a", "!!python/object/apply:os.system ['touch climbed']", "!!binary x", "2026-13-45",
    "2026-02-30T99:00:00Z",
    "? [a]\n: b", "!!set {a}", "0x", "1:2:3", "&a [*a]", "[" * 3000, "{" * 3000, "---\n", "...\n",
    "%YAML 9.9\n", "\t", "|\n x", ">-",
    "!!timestamp x", "!!int x", "!!float x", "!!omap [a]", "!!pairs {a: b}", "(a{9999999999})", "(" * 300,
    "'", '"\\x', "\x07",
)  # fmt: skip


def sources(draw: random.Random) -> Case:
    """A register of sources, changed as a tree and as text."""
    entries = [
        {"id": "sample", "kind": "folder", "path": "seeds/articles", "archive": True, "fields": FIELDS},
        {"id": "wire", "kind": "feed", "address": "https://wire.example/rss", "full_text": "feed",
         "politeness": {"delay_seconds": 3, "timeout_seconds": 20, "attempts": 4, "max_mebibytes": 16}},
        {"id": "live", "kind": "page", "address": ["https://a.example/", "https://b.example/"],
         "follow": r"/\d+$", "group": "x", "every_minutes": 30, "language": "en"},
        {"id": "map", "kind": "sitemap", "address": "https://c.example/s.xml", "time_zone": "Asia/Beirut",
         "expected_per_day": 9},
    ]  # fmt: skip
    for entry in entries:
        if draw.random() < 0.1:
            kind = str(entry.get("kind"))
            entry[draw.choice(SOURCE_KEYS[kind])] = odd_value(draw)
    tree = mutate_tree(
        draw, {"sources": draw.sample(entries, draw.randint(1, 4))}, draw.choice((0, 0, 0, 1, 2, 5))
    )
    written = yaml.dump(tree, allow_unicode=True, sort_keys=False)
    if draw.random() < 0.3:
        written = mutate_tokens(draw, re.findall(r"[^\s]+|\s+", written), YAML_ODD, draw.randint(1, 4))
    return Case("sources", "sources.yml", encode(draw, written))


def extract(draw: random.Random) -> Case:
    """Lines for `extract`: our sentences, cut and joined; words in no order; odd ids and days."""
    lines = []
    for number in range(draw.choice((1, 1, 1, 3))):
        words = draw_soup(draw) if draw.random() < 0.3 else draw_prose(draw, 6)
        words = mutate_text(draw, words, draw.randint(0, 6))
        row: Any = {"id": f"a{number}", "text": words, "published_at": "2020-05-13T08:00:00Z"}
        if draw.random() < 0.2:
            row = mutate_tree(draw, row, 2)
        lines.append(json.dumps(row, ensure_ascii=draw.random() < 0.3) + "\n")
    content = "".join(lines).encode("utf-8", "surrogatepass" if draw.random() < 0.5 else "replace")
    return Case("extract", "a.jsonl", sometimes(draw, 0.05, lambda b: mutate_bytes(draw, b, 2), content))
