"""Feeds in three formats, pages, sitemaps of a real server: what lands, what is asked again, what is told."""

import gzip
import re
from collections.abc import Collection, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from ingest.articles import read_article
from ingest.landing import Fetcher, Source, land_source
from ingest.landing.web import Politeness
from ingest.records import Article as Read
from ingest.records import Document, Reject, Visit
from tests.feeds import LONG, Article, atom, json_feed, page, rss, sitemap, sitemap_index
from tests.web import Reply, Site, serving

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
QUICK = Politeness(delay=0.0, timeout=2.0, deadline=5.0, attempts=2, private_hosts=True)
FORMATS = {
    "rss": (rss, "application/rss+xml"),
    "atom": (atom, "application/atom+xml"),
    "json": (json_feed, "application/feed+json"),
}
ENTITIES = "<!DOCTYPE x [<!ENTITY a {}>]><rss><channel><title>&a;</title></channel></rss>"
WHOLE = f"<p>{LONG * 5}</p><script>never()</script><p>Two more died later, he said.</p>"


@pytest.fixture
def site() -> Iterator[Site]:
    with serving({"/robots.txt": Reply("", 404)}) as found:
        yield found


class Desk:
    """A source, asked time and again: it remembers the visits as the warehouse does."""

    def __init__(self, site: Site, kind: str, *paths: str, **changes: object) -> None:
        addresses = tuple(site.url(path) for path in paths)
        self.source = Source(id="desk", kind=kind, addresses=addresses, politeness=QUICK, **changes)
        self.visits: dict[str, Visit] = {}

    def recall(self, addresses: Collection[str]) -> dict[str, Visit]:
        return {address: self.visits[address] for address in addresses if address in self.visits}

    def ask(self, now: datetime = NOW) -> tuple[list[Document], dict[str, str]]:
        """Return the documents, and the codes of the rejects by the end of their address."""
        with Fetcher(sleep=lambda _: None) as fetcher:
            found = list(land_source(self.source, now, fetcher, self.recall))
        self.visits |= {item.address: item for item in found if isinstance(item, Visit)}
        self.rejects = [item for item in found if isinstance(item, Reject)]
        documents = [item for item in found if isinstance(item, Document)]
        return documents, {r.location.rpartition("/")[2]: r.reason_code for r in self.rejects}


def read(document: Document) -> Read:
    found = read_article(document)
    assert isinstance(found, Read), found
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_articles_come_from_the_feed_where_it_holds_them_and_else_from_their_page(site, name):
    write, kind = FORMATS[name]
    linked = Article(site.url("/b?utm_medium=feed"), "Bridge & mill shelled")
    site.pages["/feed"] = Reply(
        write(Article(site.url("/a"), "Market shelled", whole=WHOLE), linked), headers={"Content-Type": kind}
    )
    site.pages["/b?utm_medium=feed"] = Reply(page(LONG * 2), headers={"Content-Type": "text/html"})
    documents, rejects = Desk(site, "feed", "/feed", outlet="The Desk").ask()
    assert rejects == {}
    whole, from_page = documents
    assert (whole.document_id, whole.outlet) == (site.url("/a"), "The Desk")
    assert from_page.document_id == site.url("/b")
    assert "/a" not in site.paths()
    for document, title in ((whole, "Market shelled"), (from_page, "Bridge & mill shelled")):
        article = read(document)
        assert (article.title, article.language) == (title, "en")
        assert article.published_at == datetime(2026, 3, 1, 6, tzinfo=UTC)
    assert read(whole).text.endswith("Two more died later, he said.")
    assert "never" not in read(whole).text
    assert read(from_page).text.count("seven civilians") == 2


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_a_feed_and_pages_that_have_not_changed_are_not_fetched_again(site, name, header):
    write, kind = FORMATS[name]
    site.pages["/feed"] = Reply(
        write(Article(site.url("/a"), "A")),
        headers={header: "Sun, 01 Mar 2026 06:00:00 GMT", "Content-Type": kind},
    )
    site.pages["/a"] = Reply(page(LONG))
    desk = Desk(site, "feed", "/feed")
    assert len(desk.ask()[0]) == 1
    asked = len(site.asked)
    assert desk.ask() == ([], {})
    assert site.paths()[asked:] == ["/feed"]
    condition = "if-none-match" if header == "ETag" else "if-modified-since"
    assert condition in site.asked[-1].headers


@pytest.mark.parametrize("name", FORMATS)
def test_a_corrected_article_lands_as_a_new_version_of_the_same(site, name):
    write, _ = FORMATS[name]
    site.pages["/feed"] = Reply(write(Article(site.url("/a"), "A")))
    site.pages["/a"] = [Reply(page(LONG)), Reply(page(LONG.replace("seven", "eight")))]
    desk = Desk(site, "feed", "/feed")
    (first,), _ = desk.ask()
    site.pages["/feed"] = Reply(write(Article(site.url("/a"), "A", updated="2026-03-01T09:00:00Z")))
    (second,), _ = desk.ask()
    assert first.document_id == second.document_id
    assert first.landing_id != second.landing_id
    assert read(first).article_id != read(second).article_id
    assert "eight civilians" in read(second).text


def test_what_fails_for_now_is_told_and_asked_again_though_the_feed_has_not_changed(site):
    feed = rss(*(Article(site.url(f"/{n}"), n) for n in "abc"))
    site.pages["/feed"] = Reply(feed, headers={"ETag": '"1"'})
    site.pages.update({f"/{n}": Reply(page(LONG + n)) for n in "ac"})
    site.pages["/b"] = [Reply("", 503), Reply("", 503), Reply(page(LONG + "b"))]
    desk = Desk(site, "feed", "/feed")
    documents, rejects = desk.ask()
    assert [d.path[-1] for d in documents if d.path] == ["a", "c"]
    assert rejects == {"b": "http_503"}
    assert "asked 2 times, and again at the next run" in desk.rejects[0].reason
    asked = len(site.asked)
    documents, rejects = desk.ask()
    assert [d.path[-1] for d in documents if d.path] == ["b"]
    assert rejects == {}
    assert site.paths()[asked:] == ["/feed", "/robots.txt", "/b"]


def test_what_will_not_pass_is_told_once_and_left_alone(site):
    site.pages["/feed"] = Reply(rss(Article(site.url("/gone"), "x"), Article(site.url("/a"), "y")))
    site.pages["/a"] = Reply(page(LONG))
    desk = Desk(site, "feed", "/feed")
    documents, rejects = desk.ask()
    assert (len(documents), rejects) == (1, {"gone": "http_404"})
    assert desk.ask() == ([], {})
    assert site.paths().count("/gone") == 1


def test_a_server_that_asks_for_patience_is_not_asked_before(site):
    site.pages["/feed"] = [Reply("", 429, {"Retry-After": "7200"}), Reply(rss())]
    desk = Desk(site, "feed", "/feed")
    _, rejects = desk.ask()
    first = desk.rejects[0].reject_id
    assert rejects == {"feed": "http_429"}
    _, rejects = desk.ask(NOW + timedelta(hours=1))
    assert rejects == {"feed": "http_429"}
    assert desk.rejects[0].reject_id == first, "one reject, however often it is told"
    assert site.paths() == ["/feed"]
    assert desk.ask(NOW + timedelta(hours=2, seconds=1)) == ([], {})
    assert site.paths() == ["/feed", "/feed"]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply("<html><body>Please log in</body></html>"), "bad_feed"),
        (Reply(""), "empty"),
        (Reply('{"items": []}'), "bad_feed"),
        (Reply('{"version": "https://jsonfeed.org/version/1.1", "items": 3}'), "bad_feed"),
        (Reply("{" * 200_000), "bad_feed"),
        (Reply(ENTITIES.format('"aaa"><!ENTITY b "&a;&a;"')), "xml_entities"),
        (Reply(ENTITIES.format('SYSTEM "file:///etc/passwd"').encode("utf-16")), "xml_entities"),
        (Reply(b"\x00\x01\x02"), "bad_feed"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_told(site, reply, code):
    site.pages["/feed"] = reply
    assert Desk(site, "feed", "/feed").ask() == ([], {"feed": code})


def test_a_damaged_feed_gives_what_can_be_read_of_it(site):
    whole = rss(*(Article(site.url(f"/{n}"), n, whole=WHOLE + n) for n in "abc"))
    site.pages["/feed"] = Reply(whole[: whole.rindex("<item>") + 20])
    documents, _ = Desk(site, "feed", "/feed").ask()
    assert {"a", "b"} <= {d.path[-1] for d in documents if d.path}


def test_where_a_feeds_articles_stand_can_be_said(site):
    site.pages["/feed"] = Reply(
        rss(Article(site.url("/a"), "A", summary="One died at the mill.", whole=None))
    )
    site.pages["/a"] = Reply(page(LONG))
    (document,), _ = Desk(site, "feed", "/feed", full_text="feed").ask()
    assert read(document).text == "One died at the mill."
    assert site.paths() == ["/feed"]
    site.pages["/feed"] = Reply(rss(Article(site.url("/a"), "A", whole=WHOLE)))
    (document,), _ = Desk(site, "feed", "/feed", full_text="page").ask()
    assert "/a" in site.paths()


def test_an_entry_without_a_link_is_known_by_its_own_id(site):
    item = '<item><guid isPermaLink="false">n-1</guid>{}</item>'
    feed = f'<rss version="2.0"><channel><title>x</title>{item}</channel></rss>'
    site.pages["/feed"] = [
        Reply(feed.format("<description>One died at the mill.</description>")),
        Reply(feed.format("")),
    ]
    desk = Desk(site, "feed", "/feed")
    (document,), rejects = desk.ask()
    assert (document.document_id, rejects) == ("desk:n-1", {})
    assert desk.ask() == ([], {"feed#n-1": "empty"})


def test_a_page_is_asked_every_time_and_lands_when_it_changed(site):
    site.pages["/live"] = Reply(
        page(LONG), headers={"ETag": '"1"', "Content-Type": "text/html; charset=utf-8"}
    )
    desk = Desk(site, "page", "/live")
    (document,), _ = desk.ask()
    assert document.metadata["charset"] == "utf-8"
    assert desk.ask() == ([], {})
    site.pages["/live"] = Reply(page(LONG + "It ended."), headers={"ETag": '"2"'})
    assert len(desk.ask()[0]) == 1


def test_a_section_page_leads_to_its_articles(site):
    links = '<a href="/2026/03/one">1</a><a href="/2026/03/two#x">2</a><a href="/about">3</a><a href="http://[x">4</a>'
    site.pages["/war"] = Reply(
        f"<html><body>{links}<a href='https://other.example/2026/03/x'></a></body></html>"
    )
    site.pages.update({f"/2026/03/{n}": Reply(page(LONG + n)) for n in ("one", "two")})
    desk = Desk(site, "page", "/war", follow=re.compile(r"/\d{4}/\d{2}/"))
    documents, rejects = desk.ask()
    assert [d.document_id for d in documents] == [site.url("/2026/03/one"), site.url("/2026/03/two")]
    assert rejects == {}
    assert desk.ask() == ([], {})


def test_a_sitemap_gives_its_pages_and_later_those_alone_that_are_new_or_changed(site):
    articles = [Article(site.url(f"/{n}"), f"Title {n}") for n in "ab"]
    site.pages.update({f"/{n}": Reply(page(LONG + n)) for n in "abc"})
    site.pages["/news.xml.gz"] = Reply(gzip.compress(sitemap(*articles).encode()))
    desk = Desk(site, "sitemap", "/news.xml.gz")
    documents, rejects = desk.ask()
    assert (len(documents), rejects) == (2, {})
    assert documents[0].metadata["title"] == "Title a"
    assert read(documents[0]).published_at == datetime(2026, 3, 1, 6, tzinfo=UTC)
    changed = Article(site.url("/a"), "Title a", updated="2026-03-01T10:00:00Z")
    site.pages["/news.xml.gz"] = Reply(sitemap(changed, articles[1], Article(site.url("/c"), "Title c")))
    site.pages["/a"] = Reply(page(LONG + "changed"))
    documents, _ = desk.ask()
    assert [d.path[-1] for d in documents if d.path] == ["a", "c"]


def test_a_sitemap_index_is_followed_one_level_down(site):
    site.pages["/index.xml"] = Reply(
        sitemap_index(site.url("/1.xml"), site.url("/2.xml"), site.url("/none.xml"))
    )
    for n, letters in (("1", "ab"), ("2", "c")):
        site.pages[f"/{n}.xml"] = Reply(sitemap(*(Article(site.url(f"/{x}"), x) for x in letters)))
    site.pages.update({f"/{n}": Reply(page(LONG + n)) for n in "abc"})
    documents, rejects = Desk(site, "sitemap", "/index.xml").ask()
    assert len(documents) == 3
    assert rejects == {"none.xml": "http_404"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<html/>", "bad_sitemap"),
        ("no xml", "bad_sitemap"),
        ('<!DOCTYPE x [<!ENTITY a "aaaa">]><urlset>&a;</urlset>', "xml_entities"),
        (gzip.compress(b"<urlset>" + b" " * (60 << 20) + b"</urlset>"), "too_large"),
        (gzip.compress(b"<urlset/>")[:12], "bad_sitemap"),
    ],
    ids=["html", "text", "entities", "bomb", "cut"],
)
def test_what_is_no_sitemap_is_told(site, body, code):
    site.pages["/news.xml"] = Reply(body)
    assert Desk(site, "sitemap", "/news.xml").ask() == ([], {"news.xml": code})


def test_a_sitemap_speaks_for_its_own_site_alone(site):
    site.pages["/news.xml"] = Reply(sitemap(Article("http://169.254.169.254/latest", "x")))
    assert Desk(site, "sitemap", "/news.xml").ask() == ([], {"latest": "other_host"})


def test_robots_txt_closes_pages_but_not_the_feed_itself(site):
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /")
    site.pages["/feed"] = Reply(rss(Article(site.url("/a"), "A")))
    assert Desk(site, "feed", "/feed").ask() == ([], {"a": "robots"})
    assert Desk(site, "sitemap", "/news.xml").ask() == ([], {"news.xml": "robots"})


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply("%PDF-1.4", headers={"Content-Type": "application/pdf"}), "unknown_type"),
        (Reply(" \n"), "empty"),
        (Reply("", 302, {"Location": "/"}), "redirected_home"),
        (Reply("", 302, {"Location": "/a"}), "redirect_circle"),
        (Reply("x" * (17 << 20)), "too_large"),
    ],
    ids=["pdf", "empty", "home", "circle", "long"],
)
def test_a_page_that_is_no_article_is_told_once(site, reply, code):
    site.pages.update(
        {"/feed": Reply(rss(Article(site.url("/a"), "A"))), "/a": reply, "/": Reply(page(LONG))}
    )
    desk = Desk(site, "feed", "/feed")
    assert desk.ask() == ([], {"a": code})
    assert desk.ask() == ([], {})


def test_a_source_that_does_not_say_private_hosts_reaches_none(site):
    desk = Desk(site, "feed", "/feed")
    desk.source = Source(
        id="desk", kind="feed", addresses=desk.source.addresses, politeness=Politeness(delay=0, attempts=1)
    )
    assert desk.ask() == ([], {"feed": "private_host"})
    assert site.asked == []
