"""What the web brings, changed: feeds, sitemaps, pages of links, answers and WARC files."""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from collections.abc import Callable
from copy import deepcopy
from html import escape

from lxml import etree

from tests.feeds import Article, atom, json_feed, page, rss, sitemap
from tests.fuzz.cases import Case
from tests.fuzz.mutants_documents import dump
from tests.fuzz.mutate import (
    ODD_TEXTS,
    encode,
    mutate_bytes,
    mutate_text,
    mutate_tokens,
    mutate_tree,
    odd_text,
    sometimes,
)
from tests.fuzz.odd_markup import DOCTYPES, INCLUDES, printable
from tests.fuzz.reports import draw_one, draw_prose


def listed(draw: random.Random) -> list[Article]:
    """Return what a feed lists, some of it with odd addresses and times."""
    found = []
    for _ in range(draw.randint(0, 5)):
        report = draw_one(draw)
        whole = "".join(f"<p>{escape(part)}</p>" for part in (*report.paragraphs, draw_prose(draw, 3)))
        when = odd_text(draw) if draw.random() < 0.1 else "Sun, 01 Mar 2026 06:00:00 GMT"
        found.append(Article(
            odd_text(draw) if draw.random() < 0.15 else f"https://desk.example/{report.number}",
            report.title, escape(printable(when)), summary=whole[:300],
            whole=whole if draw.random() < 0.6 else None,
        ))  # fmt: skip
    return found


def feed(draw: random.Random, kind: str) -> Case:
    """A feed: its tree changed by element, its text by token, its bytes now and then."""
    write: Callable[..., str] = {"rss": rss, "atom": atom, "json_feed": json_feed, "sitemap": sitemap}[kind]
    articles = listed(draw)
    if kind == "json_feed":
        content = encode(draw, dump(mutate_tree(draw, json.loads(write(*articles)), draw.randint(0, 5))))
    else:
        content = xml(draw, printable(write(*articles)))
    options = {
        "media_type": draw.choice(("application/xml", "text/html; charset=utf-16", "application/json", ""))
    }
    if kind == "sitemap" and draw.random() < 0.2:
        content = sometimes(draw, 0.5, lambda b: mutate_bytes(draw, b, 3), gzip.compress(content, mtime=0))
    return Case(
        kind, "feed", sometimes(draw, 0.15, lambda b: mutate_bytes(draw, b, 3, b"<"), content), options
    )


def xml(draw: random.Random, written: str) -> bytes:
    """Return XML with elements moved, doubled, renamed and filled oddly; sometimes broken as text."""
    tree = etree.fromstring(written.encode())
    for _ in range(draw.randint(0, 5)):
        elements = list(tree.iter(etree.Element))
        one, other = draw.choice(elements), draw.choice(elements)
        step = draw.randrange(7)
        if step == 0 and one.getparent() is not None:
            one.getparent().remove(one)
        elif step == 1:
            one.append(deepcopy(other) if len(elements) < 2000 else etree.Element(other.tag))
        elif step == 2:
            one.text = printable(odd_text(draw))
        elif step == 3:
            one.set(draw.choice(("href", "rel", "type", "url", "isPermaLink", "mode", "{http://www.w3.org/XML/1998/namespace}base")),
                    printable(odd_text(draw)))  # fmt: skip
        elif step == 4:
            one.tag = other.tag
        elif step == 5:
            for _ in range(draw.choice((1, 30, 3000))):
                one = etree.SubElement(one, one.tag)
        else:
            one.text = printable(mutate_text(draw, one.text or "", 2))
    # Written as text by hand: lxml refuses to write a tree as deep as some of these.
    out = etree.tostring(tree, encoding="unicode")
    if draw.random() < 0.4:
        tokens = re.findall(r"<[^>]*>|[^<]+", out)
        out = mutate_tokens(
            draw, tokens, (*INCLUDES, *DOCTYPES, *map(printable, ODD_TEXTS)), draw.randint(1, 4)
        )
    head = draw.choice(("", '<?xml version="1.0" encoding="utf-8"?>', draw.choice(DOCTYPES)))
    return encode(draw, head + out)


def section(draw: random.Random) -> Case:
    """A page of links to articles."""
    links = [odd_text(draw) if draw.random() < 0.5 else f"/news/{n}" for n in range(draw.randint(0, 12))]
    body = "<html><body>" + "".join(f'<p><a href="{link}">One</a></p>' for link in links) + "</body></html>"
    changed = mutate_tokens(draw, re.findall(r"<[^>]*>|[^<]+", body), INCLUDES, draw.randint(0, 4))
    return Case("section", "section", encode(draw, changed), {"media_type": "text/html"})


def answer(draw: random.Random) -> Case:
    """What a server sends, byte by byte: status line, headers, a body whole, in chunks or packed."""
    body = encode(draw, page(draw_prose(draw, 3)))
    if draw.random() < 0.25:
        rules = ["User-agent: *\n", "Disallow: /a*\n", "Crawl-delay: 5\n", "Sitemap: /x\n"]
        odd = (
            "Crawl-delay: nan\n",
            "Crawl-delay: -1\n",
            "Allow: " + "*" * 60 + "$\n",
            "Request-rate: 1/0s\n",
        )
        body = mutate_tokens(draw, rules, odd, 4).encode("utf-8", "surrogatepass")
    headers = {"Content-Type": "text/html; charset=utf-8", "ETag": '"x"', "Server": "x"}
    packing = draw.choice(("", "", "gzip", "deflate", "br"))
    if packing:
        headers["Content-Encoding"] = packing
        body = gzip.compress(body, mtime=0) if packing == "gzip" else zlib.compress(body)
    status = draw.choice((200, 200, 200, 200, 206, 204, 301, 302, 304, 404, 429, 503, 100, 999))
    if status >= 300:
        headers["Location"] = draw.choice(("/b", "https://desk.example/c", odd_text(draw)))
        headers["Retry-After"] = draw.choice(
            ("1", "99999999999", "-1", "Sun, 01 Mar 2026 07:00:00 GMT", odd_text(draw))
        )
    if draw.random() < 0.3:
        headers["Transfer-Encoding"] = "chunked"
        body = (
            b"".join(
                b"%x\r\n%b\r\n" % (len(body[n : n + 300]), body[n : n + 300])
                for n in range(0, len(body), 300)
            )
            + b"0\r\n\r\n"
        )
    else:
        headers["Content-Length"] = draw.choice(
            (str(len(body)), str(len(body)), str(len(body) + 5), "0", "99999999999", "x")
        )
    head = [
        f"HTTP/1.1 {status} Said\r\n",
        *(f"{name}: {value}\r\n" for name, value in headers.items()),
        "\r\n",
    ]
    written = mutate_tokens(
        draw,
        head,
        ("\r\n", "X: y\r\n", " folded\r\n", "Content-Length: 3\r\n", ":\r\n"),
        draw.choice((0, 0, 1, 3)),
    )
    content = written.encode("latin-1", "replace") + sometimes(
        draw, 0.3, lambda b: mutate_bytes(draw, b, 3), body
    )
    content = sometimes(draw, 0.15, lambda b: mutate_bytes(draw, b, 2, b"\r\n"), content)
    return Case("http", "answer", content, {"robots": draw.choice(("none", "none", "none", "the same"))})


WARC_TYPES = ("response",) * 4 + ("resource", "conversion", "revisit", "warcinfo", "request", "x")


def warc(draw: random.Random) -> Case:
    """A WARC put together by hand, so that lengths, types and heads may be wrong."""
    records = []
    for number in range(draw.randint(0, 5)):
        body = encode(draw, page(draw_prose(draw, 3)))
        kind = draw.choice(("text/html; charset=utf-8",) * 3 + ("text/plain", "image/png", odd_text(draw)))
        extra = draw.choice(
            (
                "",
                "",
                "Transfer-Encoding: chunked\r\n",
                "Content-Encoding: gzip\r\n",
                "Content-Encoding: br\r\n",
            )
        )
        body = gzip.compress(body, mtime=0) if "gzip" in extra and draw.random() < 0.7 else body
        said = draw.choice(("HTTP/1.1 200 OK\r\n",) * 8 + ("HTTP/1.1 404 No\r\n", "HTTP/1.0 2x0\r\n"))
        lines = [said, f"Content-Type: {kind}\r\n", extra, "\r\n"]
        changed = mutate_tokens(draw, lines, ("\r\n", "X\r\n", ": y\r\n"), draw.choice((0, 0, 0, 0, 1, 2)))
        inner = changed.encode("utf-8", "replace") + body
        length = draw.choice((len(inner),) * 40 + (len(inner) - 5, len(inner) + 50, 0, -1, 10**12, "x"))
        head = [
            draw.choice(("WARC/1.0\r\n",) * 30 + ("WARC/1.1\r\n", "WARC/9\r\n")),
            f"WARC-Type: {draw.choice(WARC_TYPES)}\r\n",
            f"WARC-Target-URI: {draw.choice((f'https://x.example/{number}',) * 7 + (odd_text(draw),))}\r\n",
            f"WARC-Date: {draw.choice(('2026-03-01T06:00:00Z',) * 7 + (odd_text(draw),))}\r\n",
            f"WARC-Record-ID: <urn:uuid:{number}>\r\n",
            "Content-Type: application/http; msgtype=response\r\n",
            f"Content-Length: {length}\r\n", "\r\n",
        ]  # fmt: skip
        written = mutate_tokens(
            draw, head, ("\r\n", "X\r\n", ":\r\n", " y\r\n"), draw.choice((0, 0, 0, 1, 2))
        )
        record = written.encode("utf-8", "replace") + inner + b"\r\n\r\n"
        records.append(record)
    is_packed = draw.random() < 0.5
    content = b"".join(gzip.compress(record, mtime=0) if is_packed else record for record in records)
    name = "a.warc.gz" if is_packed != (draw.random() < 0.05) else "a.warc"
    return Case("warc", name, sometimes(draw, 0.2, lambda b: mutate_bytes(draw, b, 3, b"\r\n"), content))
