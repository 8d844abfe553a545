"""One set of articles as RSS, Atom, JSON Feed and news sitemap: our own sentences."""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape

LONG = (
    "Shelling killed seven civilians in the market of Karsa on Wednesday, a hospital official said. Dozens of"
    " people were injured, and residents carried them to the clinic on carts, because the road was cut. "
)


@dataclass(frozen=True)
class Article:
    """An article as a feed lists it; `whole` is its HTML where the feed holds all of it."""

    link: str
    title: str
    published: str = "Sun, 01 Mar 2026 06:00:00 GMT"
    iso: str = "2026-03-01T06:00:00Z"
    updated: str | None = None
    summary: str = "In short."
    whole: str | None = None


def page(text: str, title: str = "Report", published: str = "2026-03-01T06:00:00Z") -> str:
    """Return an HTML page of an article."""
    paragraphs = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta property="article:published_time" content="{published}"></head><body><nav>Home Sport</nav>'
        f"<article><h1>{escape(title)}</h1>{paragraphs}</article></body></html>"
    )


def rss(*articles: Article) -> str:
    """Return the articles as RSS 2.0 with content:encoded."""
    items = "".join(
        f"<item><title>{escape(a.title)}</title><link>{escape(a.link)}</link><guid>{escape(a.link)}</guid>"
        f"<pubDate>{a.published}</pubDate><description>{escape(a.summary)}</description>"
        + (f"<atom:updated>{a.updated}</atom:updated>" if a.updated else "")
        + (f"<content:encoded><![CDATA[{a.whole}]]></content:encoded>" if a.whole else "")
        + "</item>"
        for a in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"'
        ' xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>The Desk</title>'
        f"<link>https://desk.example/</link><language>en</language>{items}</channel></rss>"
    )


def atom(*articles: Article) -> str:
    """Return the articles as Atom 1.0."""
    entries = "".join(
        f'<entry><title>{escape(a.title)}</title><link rel="alternate" href="{escape(a.link)}"/>'
        f"<id>tag:desk,{escape(a.link)}</id><published>{a.iso}</published>"
        f"<updated>{a.updated or a.iso}</updated><summary>{escape(a.summary)}</summary>"
        + (f'<content type="html">{escape(a.whole)}</content>' if a.whole else "")
        + "</entry>"
        for a in articles
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">'
        f"<title>The Desk</title><id>tag:desk</id><updated>2026-03-01T06:00:00Z</updated>{entries}</feed>"
    )


def json_feed(*articles: Article) -> str:
    """Return the articles as JSON Feed 1.1."""
    items = [
        {
            "id": a.link,
            "url": a.link,
            "title": a.title,
            "date_published": a.iso,
            "summary": a.summary,
            **({"date_modified": a.updated} if a.updated else {}),
            **({"content_html": a.whole} if a.whole else {}),
        }
        for a in articles
    ]
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "The Desk", "language": "en", "items": items}
    )


def sitemap(*articles: Article) -> str:
    """Return the articles as a news sitemap."""
    urls = "".join(
        f"<url><loc>{escape(a.link)}</loc>"
        + (f"<lastmod>{a.updated}</lastmod>" if a.updated else "")
        + "<news:news><news:publication><news:name>The Desk</news:name><news:language>en</news:language>"
        f"</news:publication><news:publication_date>{a.iso}</news:publication_date>"
        f"<news:title>{escape(a.title)}</news:title></news:news></url>"
        for a in articles
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
        f' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    )


def sitemap_index(*addresses: str) -> str:
    """Return an index of sitemaps."""
    below = "".join(f"<sitemap><loc>{escape(address)}</loc></sitemap>" for address in addresses)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{below}</sitemapindex>'
