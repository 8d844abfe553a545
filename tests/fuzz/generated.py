"""Inputs that hypothesis makes from nothing: each format's grammar, filled with any values at all."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Mapping
from html import escape
from typing import Any

import yaml
from hypothesis import strategies as st

from ingest.landing.sources import KEYS as SOURCE_KEYS
from tests.fuzz.cases import Case
from tests.fuzz.mutants_documents import FIELDS
from tests.fuzz.mutate import KEYS, ODD_TEXTS
from tests.fuzz.reports import GLUE, sentences

TAGS = """html head body title meta link script style article p div span h1 h2 ul li table tr td a img br time
figure blockquote pre noscript template svg math form select textarea iframe frameset plaintext xmp""".split()
FEED_TAGS = """rss channel item title link guid pubDate description atom:updated content:encoded dc:date feed
entry id published updated summary content author category enclosure xhtml:div urlset url loc lastmod
news:news news:title news:publication_date sitemapindex sitemap rdf:RDF media:content""".split()
SPACES = " ".join(
    (
        'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:content="http://purl.org/rss/1.0/modules/content/"',
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xhtml="http://www.w3.org/1999/xhtml"',
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:media="http://search.yahoo.com/mrss/"',
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"',
    )
)
ATTRIBUTES = (
    "href",
    "rel",
    "type",
    "datetime",
    "itemprop",
    "content",
    "name",
    "property",
    "lang",
    "charset",
    "class",
    "version",
)

any_text = st.one_of(st.text(max_size=60), st.sampled_from(ODD_TEXTS))
prose = st.lists(
    st.one_of(st.sampled_from(sentences()), st.sampled_from(GLUE), st.text(max_size=30)), max_size=25
).map(" ".join)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    any_text,
    prose,
    st.dates().map(str),
    st.datetimes().map(str),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(any_text, inner, max_size=4)),
    max_leaves=12,
)
keys = st.one_of(st.sampled_from(KEYS), any_text)
articles = st.builds(
    lambda own, more: {**more, **{key: value for key, value in own.items() if value is not None}},
    st.fixed_dictionaries({"text": st.one_of(prose, values), "id": st.one_of(st.integers(), any_text)}),
    st.dictionaries(keys, values, max_size=6),
)
settings = st.fixed_dictionaries(
    {"time_zone": st.sampled_from(("UTC", "Asia/Beirut", "Pacific/Apia"))},
    optional={"language": st.sampled_from(("en", "ru")), "fields": st.just(json.dumps(FIELDS))},
)
encodings = st.sampled_from(
    ("utf-8",) * 8 + ("utf-8-sig", "utf-16", "utf-32", "cp1252", "cp1251", "shift_jis", "gb18030")
)


def dump(value: Any) -> str:
    """Return the value as JSON, with letters as they are."""
    return json.dumps(value, ensure_ascii=False, default=str)


def in_bytes(written: st.SearchStrategy[str]) -> st.SearchStrategy[bytes]:
    """Return the text in some encoding, or bytes of no text at all now and then."""
    encoded = st.builds(lambda text, name: text.encode(name, "replace"), written, encodings)
    return st.one_of(encoded, encoded, encoded, st.binary(max_size=300))


def _element(tags: list[str], inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    def write(tag: str, attributes: dict[str, str], inside: list[str], closes: bool) -> str:
        stated = "".join(f' {name}="{escape(value)}"' for name, value in attributes.items())
        return f"<{tag}{stated}>{''.join(inside)}" + (f"</{tag}>" if closes else "")

    stated = st.dictionaries(st.sampled_from(ATTRIBUTES), any_text, max_size=3)
    closes = st.integers(0, 9).map(bool)
    return st.builds(write, st.sampled_from(tags), stated, st.lists(inner, max_size=5), closes)


def markup(tags: list[str]) -> st.SearchStrategy[str]:
    """Return elements inside each other, their text escaped mostly, raw at times."""
    leaves = st.one_of(
        prose.map(escape), any_text.map(escape), any_text, prose.map(lambda p: f"<![CDATA[<p>{p}</p>]]>")
    )
    return st.recursive(leaves, lambda inner: _element(tags, inner), max_leaves=25)


def _feed(root: str) -> st.SearchStrategy[bytes]:
    inside = st.lists(markup(FEED_TAGS), max_size=5).map("".join)
    return in_bytes(
        inside.map(lambda body: f'<?xml version="1.0"?><{root} {SPACES}>{body}</{root.partition(" ")[0]}>')
    )


def _zip(members: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(zipfile.ZipInfo(name.encode("utf-8", "replace").decode() or "x"), content)
    return out.getvalue()


def _tar(members: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", errors="surrogateescape") as made:
        for name, content in members:
            info = tarfile.TarInfo(name.encode("utf-8", "replace").decode().replace("\0", "_"))
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
    return out.getvalue()


def _gz(content: bytes) -> bytes:
    """Pack without the time of day: the same seed gives the same bytes."""
    return gzip.compress(content, mtime=0)


def _case(
    target: str,
    name: str,
    content: st.SearchStrategy[bytes],
    options: st.SearchStrategy[dict[str, str]] | None = None,
) -> st.SearchStrategy[Case]:
    return st.builds(
        lambda body, given: Case(target, name, body, given),
        content,
        st.just({}) if options is None else options,
    )


lines = st.lists(st.one_of(articles.map(dump), values.map(dump), any_text), max_size=6).map("\n".join)
front = st.dictionaries(keys, values, max_size=5).map(
    lambda found: f"---\n{yaml.dump(found, allow_unicode=True)}---\n"
)
names = st.builds(
    lambda stem, end: stem + end,
    any_text.map(lambda t: t[:200]),
    st.sampled_from((".txt", ".html", ".json", ".csv", "/")),
)
members = st.lists(st.tuples(names, st.one_of(in_bytes(prose), in_bytes(lines))), max_size=5)
status = st.sampled_from((200, 200, 203, 301, 404, 503)) | st.integers(0, 1200)
head = st.lists(
    st.tuples(
        st.sampled_from(("Content-Type", "Content-Length", "Location", "Retry-After", "ETag", "X", "")),
        any_text,
    ),
    max_size=5,
)
cells = st.lists(
    st.lists(any_text, max_size=6).map(lambda row: ",".join(f'"{cell}"' for cell in row)), max_size=6
)
register = st.lists(
    st.dictionaries(
        st.sampled_from(sorted({key for some in SOURCE_KEYS.values() for key in some})),
        st.one_of(values, st.sampled_from(("feed", "folder", "page", "https://a.example/", "x"))),
        max_size=6,
    ),
    max_size=3,
)


def _answer(code: int, given: list[tuple[str, str]], body: bytes) -> bytes:
    written = "".join(f"{name}: {value}\r\n" for name, value in given).encode("latin-1", "replace")
    return b"HTTP/1.1 %d OK\r\n" % code + written + b"Content-Length: %d\r\n\r\n" % len(body) + body


def _record(kind: str, address: str, length: int, body: bytes) -> bytes:
    said = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {address}\r\n"
    said += f"Content-Length: {len(body) + length}\r\n"
    return said.encode("utf-8", "replace") + b"Content-Type: text/plain\r\n\r\n" + body + b"\r\n\r\n"


records = st.lists(
    st.builds(
        _record,
        st.sampled_from(("resource", "response", "revisit", "x")),
        any_text,
        st.sampled_from((0, 0, 0, 1, -1, 99)),
        in_bytes(prose),
    ),
    max_size=4,
).map(b"".join)
media = st.fixed_dictionaries(
    {"media_type": st.sampled_from(("", "application/rss+xml", "text/html; charset=x"))}
)
STRATEGIES: Mapping[str, st.SearchStrategy[Case]] = {
    "text": _case(
        "text", "a.txt", in_bytes(st.one_of(prose, st.builds(str.__add__, front, prose))), settings
    ),
    "html": _case("html", "a.html", in_bytes(markup(TAGS)), settings),
    "json": _case(
        "json",
        "a.json",
        in_bytes(st.one_of(articles, st.lists(articles, max_size=3), values).map(dump)),
        settings,
    ),
    "jsonl": _case("jsonl", "a.jsonl", in_bytes(lines), settings),
    "sidecar": _case(
        "sidecar", "articles.csv", in_bytes(cells.map(lambda rows: "\n".join(["file,title,url", *rows])))
    ),
    "rss": _case("rss", "feed", _feed("rss"), media),
    "atom": _case("atom", "feed", _feed('feed xmlns="http://www.w3.org/2005/Atom"'), media),
    "json_feed": _case(
        "json_feed",
        "feed",
        in_bytes(
            st.builds(
                lambda items, more: dump(
                    {"version": "https://jsonfeed.org/version/1.1", **more, "items": items}
                ),
                values
                | st.lists(
                    st.dictionaries(
                        st.sampled_from(
                            (
                                "id",
                                "url",
                                "external_url",
                                "title",
                                "content_html",
                                "content_text",
                                "date_published",
                                "language",
                                "summary",
                            )
                        ),
                        values,
                        max_size=6,
                    ),
                    max_size=4,
                ),
                st.dictionaries(any_text, values, max_size=2),
            )
        ),
        media,
    ),
    "sitemap": _case(
        "sitemap", "feed", _feed('urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'), media
    ),
    "section": _case(
        "section",
        "section",
        in_bytes(
            st.lists(any_text, max_size=8).map(
                lambda links: "".join(f'<a href="{escape(link)}">x</a>' for link in links)
            )
        ),
        st.just({"media_type": "text/html"}),
    ),
    "http": _case(
        "http",
        "answer",
        st.builds(_answer, status, head, in_bytes(prose)),
        st.sampled_from(({"robots": "none"}, {"robots": "the same"})),
    ),
    "warc": st.one_of(_case("warc", "a.warc", records), _case("warc", "a.warc.gz", records.map(_gz))),
    "archive": st.one_of(
        _case("archive", "a.zip", members.map(_zip)),
        _case("archive", "a.tar", members.map(_tar)),
        _case("archive", "a.tar.gz", members.map(_tar).map(_gz)),
        _case("archive", "a.txt.gz", in_bytes(prose).map(_gz)),
    ),
    "sources": _case(
        "sources", "sources.yml", in_bytes(register.map(lambda found: yaml.dump({"sources": found})))
    ),
    "extract": _case(
        "extract",
        "a.jsonl",
        st.lists(
            st.one_of(
                articles.map(json.dumps),
                articles.map(dump),
                prose.map(lambda text: json.dumps({"id": "a", "text": text, "published_at": "2020-05-13"})),
            ),
            max_size=3,
        ).map(lambda found: "\n".join(found).encode("utf-8", "surrogatepass")),
    ),
}
"""Of a backup there are only real ones, changed: nothing made from nothing gets past its hash."""
