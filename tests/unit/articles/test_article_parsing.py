"""A landed document becomes an article, or a reject with a reason."""

import hashlib
import json
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.articles import article_of, read_article
from ingest.articles.parse import NoArticleError
from ingest.records import Article, Document, Reject, content_hash

TEXT = "The bridge at Karsa was shelled on Monday, residents said. Nobody was hurt in the attack.\n"
NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def document(content: str | bytes, media_type: str = "text/plain", **changes) -> Document:
    raw = content.encode() if isinstance(content, str) else content
    given = {
        "landing_id": content_hash("landing", hashlib.sha256(raw).hexdigest()),
        "document_id": "desk:a.txt",
        "source_id": "desk",
        "outlet": None,
        "url": None,
        "path": "a.txt",
        "media_type": media_type,
        "content": raw,
        "sha256": hashlib.sha256(raw).hexdigest(),
        "landed_on": NOW.date(),
        "landed_at": NOW,
        "is_archive": False,
        "metadata": {},
    }
    return Document(**(given | changes))


def article(content: str | bytes, media_type: str = "text/plain", **changes) -> Article:
    found = read_article(document(content, media_type, **changes))
    assert isinstance(found, Article), found
    return found


def reject(content: str | bytes, media_type: str = "text/plain") -> Reject:
    found = read_article(document(content, media_type))
    assert isinstance(found, Reject), found
    return found


def test_a_text_is_kept_to_the_character_but_for_its_front_matter_and_line_ends():
    found = article("---\ntitle: x\n---\nBridge shelled at dawn\r\n\r\n\u00a0The “old” bridge of Karsa\r\n")
    assert found.text == "Bridge shelled at dawn\n\n\u00a0The “old” bridge of Karsa\n"


def test_metadata_title_goes_before_a_headline():
    text = "Bridge shelled at dawn\n" + TEXT
    assert article(text).title == "Bridge shelled at dawn"
    assert article(text, metadata={"title": "Given"}).title == "Given"
    assert article(TEXT + TEXT).title is None


def test_identity_is_of_document_and_words_and_a_story_of_the_words_alone():
    one, other = article(TEXT), article(TEXT.replace(" ", "  \n"), document_id="desk:b.txt")
    assert one.article_id == content_hash("desk:a.txt", TEXT.strip())
    assert other.article_id != one.article_id
    assert other.story_id == one.story_id
    assert article(TEXT.replace("Monday", "Tuesday")).story_id != one.story_id


def test_an_archive_is_known_from_its_publication_and_other_sources_from_their_landing():
    dated = {"published_at": "2016-08-08"}
    assert article(TEXT, metadata=dated, is_archive=True).known_on == date(2016, 8, 8)
    assert article(TEXT, metadata=dated).known_on == NOW.date()
    assert article(TEXT, is_archive=True).known_on == NOW.date()


def test_an_article_without_a_date_has_none():
    found = article(TEXT)
    assert (found.published_at, found.published_on, found.published_basis) == (None, None, "none")


def test_a_json_document_gives_its_text():
    found = article(
        json.dumps({"text": TEXT, "title": "in the bytes only"}), "application/json", metadata={"title": "T"}
    )
    assert (found.text, found.title, found.language) == (TEXT, "T", "en")


def test_the_text_of_a_json_document_may_have_a_name_of_its_own():
    content, field = (
        json.dumps({"body": {"plain": TEXT}, "text": "not this"}),
        {"source_text_field": "body.plain"},
    )
    assert article(content, "application/json", metadata=field).text == TEXT
    found = read_article(document('{"body": "flat"}', "application/json", metadata=field))
    assert isinstance(found, Reject)
    assert "'body.plain'" in found.reason


PAGE = """<!doctype html><html lang="en"><head><meta charset="{charset}">
<title>Bridge shelled | The Desk</title>
<meta property="og:site_name" content="The Desk"><meta property="og:title" content="Bridge shelled">
<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "2016-08-08T02:00:00+03:00",
"dateModified": "2016-08-09T02:00:00+03:00"}}</script><script>alert("never text")</script></head>
<body><nav>Home World Sport</nav><article><h1>Bridge shelled</h1>
<p>The “old” bridge at Karsa was shelled on Monday, residents of the town said, and nobody was hurt.</p>
<p>It is the third time this month that the crossing has come under fire from the hills, they said.</p>
</article><footer>Copyright 2019 The Desk</footer></body></html>"""


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252"])
def test_a_page_gives_its_article_and_its_own_dates(charset):
    found = article(PAGE.format(charset=charset).encode(charset), "text/html")
    assert "The “old” bridge at Karsa was shelled on Monday" in found.text
    assert "never text" not in found.text
    assert (found.title, found.outlet, found.language) == ("Bridge shelled", "The Desk", "en")
    assert found.published_at == datetime(2016, 8, 7, 23, tzinfo=UTC)
    assert found.published_on == date(2016, 8, 8)
    assert found.updated_at == datetime(2016, 8, 8, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "header", "meta"),
    [
        ("utf-8", "iso-8859-1", "windows-1252"),
        ("windows-1252", None, "utf-8"),
        ("windows-1252", "utf-8", "utf-8"),
        ("utf-16", "utf-8", "utf-8"),
        ("utf-8", "no-such-charset", "utf-16"),
    ],
)
def test_a_page_is_read_whatever_the_server_says_its_encoding_is(written, header, meta):
    beside = {"charset": header} if header else {}
    found = article(PAGE.format(charset=meta).encode(written), "text/html", metadata=beside)
    assert "The “old” bridge at Karsa was shelled" in found.text


def test_a_piece_of_html_from_a_feed_is_an_article_from_end_to_end():
    piece = (
        "Lead <i>words</i>.<p>Shells hit\nthe mill &amp; the <b>bridge</b>.</p><!-- no -->"
        "<ul><li>One died</li></ul>"
        "tail<script>never()</script><figure><figcaption>never</figcaption></figure>"
        "<table><tr><td>never</td></tr></table>line<br>next"
    )
    found = article(piece, "text/html", metadata={"is_fragment": "true"})
    assert found.text.splitlines() == [
        "Lead words.", "Shells hit the mill & the bridge.", "One died", "tail", "line", "next",
    ]  # fmt: skip


@pytest.mark.parametrize("content", ["<script>alert(1)</script>", "<p> </p>", "<div>" * 100_000])
def test_a_piece_of_html_without_words_is_a_reject(content):
    found = read_article(document(content, "text/html", metadata={"is_fragment": "true"}))
    assert isinstance(found, Reject)


@pytest.mark.parametrize(
    ("content", "media_type", "code"),
    [
        ("{}", "application/json", "no_text"),
        ('{"text": ["a"]}', "application/json", "no_text"),
        ('{"text": " "}', "application/json", "no_text"),
        ('{"text": "a\\u0000b"}', "application/json", "binary"),
        ("<html><body></body></html>", "text/html", "no_text"),
        ("<html>" + "<div>" * 100_000 + "x" + "</div>" * 100_000, "text/html", "bad_html"),
        (b"a\x81\x8d\x8f\x90\x9d and \x81\x8d\x8f", "text/plain", "broken_encoding"),
    ],
)
def test_a_document_without_an_article_is_a_reject_that_names_its_landing(content, media_type, code):
    found = reject(content, media_type)
    assert found.reason_code == code
    assert found.landing_id
    assert found.location == "a.txt"


def test_half_a_surrogate_pair_becomes_one_replacement_character():
    assert (
        article('{"text": "A \\ud83d pair, the old bridge"}', "application/json").text
        == "A \ufffd pair, the old bridge"
    )


@settings(deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["text/plain", "application/json", "text/html"]))
def test_any_bytes_give_an_article_or_a_reject(content, media_type):
    assert isinstance(read_article(document(content, media_type)), Article | Reject)


def test_an_input_object_of_extract_keeps_id_and_text_as_given():
    found = article_of(
        {"id": 12, "text": " \n" + TEXT, "published_at": "2016-08-08T23:00:00+05:00", "other": [1]}
    )
    assert (found.article_id, found.text, found.language) == ("12", " \n" + TEXT, "en")
    assert found.published_on == date(2016, 8, 8)
    assert article_of({"id": "a", "text": "", "published_at": "soon"}).published_at is None


@pytest.mark.parametrize(
    "value", [{"text": "x"}, {"id": "", "text": "x"}, {"id": "a"}, {"id": "a", "text": 3}]
)
def test_an_input_object_without_id_or_text_is_refused(value):
    with pytest.raises(NoArticleError):
        article_of(value)
