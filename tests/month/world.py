"""The month's sources as they stand on a day: feeds, sitemaps and pages on the loopback, files in folders."""

from __future__ import annotations

import io
import json
import random
import shutil
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import date, timedelta
from html import escape
from pathlib import Path

import yaml

from tests.feeds import Article, atom, json_feed, rss, sitemap
from tests.month.articles import Report
from tests.month.plan import CALM_DAYS, DAYS, FIRST, ONLINE, SOURCES, Item
from tests.unit.landing.test_warc import write_warc
from tests.web import Page, Reply, Site, serving

HOSTS = 4
POLITENESS = {"delay_seconds": 0, "timeout_seconds": 1, "attempts": 2}
FIELDS = {"id": "meta.key", "text": "body.plain", "title": "headline", "published_at": "meta.when"}
TROUBLES = ("500", "hang", "busy", "cut", "circle", "login", "slow robots")


class World:
    """Twenty sources: fourteen on four hosts of the loopback, six folders. Use it in a `with` statement."""

    def __init__(self, folder: Path, items: Sequence[Item], seed: int) -> None:
        self.folder, self.seed = folder, seed
        self.by_source: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            self.by_source[item.source].append(item)
        self.troubles: dict[str, int] = defaultdict(int)
        self.down: set[tuple[str | int, date]] = set()
        """Sources and pages (by number) that cannot be had on a day."""
        self.failed: set[tuple[str, date]] = set()
        """Sources whose own list cannot be had on a day."""
        self._stack = ExitStack()
        self.hosts: list[Site] = []

    def __enter__(self) -> World:
        self.hosts = [self._stack.enter_context(serving()) for _ in range(HOSTS)]
        self.folder.mkdir(parents=True, exist_ok=True)
        entries = [self._entry(source) for source in SOURCES]
        self.register.write_text(yaml.safe_dump({"sources": entries}, sort_keys=False), "utf-8")
        return self

    def __exit__(self, *error: object) -> None:
        self._stack.close()

    @property
    def register(self) -> Path:
        """The sources.yml of the month."""
        return self.folder / "sources.yml"

    def processor_seconds(self) -> float:
        """Return what the world's own servers have cost."""
        return sum(host.processor_seconds() for host in self.hosts)

    def begin(self) -> None:
        """Empty the folders, as they were before the month."""
        for source, kind in SOURCES.items():
            if kind not in ONLINE:
                shutil.rmtree(self.folder / source, ignore_errors=True)
                (self.folder / source).mkdir()

    def document_id(self, item: Item) -> str:
        """Return the identity that the item's document must have."""
        if item.kind in ONLINE:
            return self._host(item.source).url(f"/{item.source}/{item.number}")
        return {
            "txt": f"{item.source}:{item.day}/{item.number}.txt",
            "html": f"{item.source}:{item.day}/{item.number}.html",
            "zip": f"{item.source}:{item.day}.zip/{item.number}.txt",
            "warc": f"https://crawl.example/{item.number}",
        }.get(item.kind, f"{item.source}:{item.number}")

    def versions(self, item: Item) -> int:
        """Return how many versions could be had: the first may have gone while its server was down.

        What stands whole in a feed is had without its page, and a closed robots.txt is not for feeds.
        """
        if item.corrected is None or item.corrected_on is None:
            return 1
        before = [item.day + timedelta(n) for n in range((item.corrected_on - item.day).days)]
        if _is_whole(item):
            return 1 + any((item.source, day) not in self.failed for day in before)
        return 1 + any(not {(item.source, day), (item.number, day)} & self.down for day in before)

    def set_day(self, day: date) -> None:
        """Let every source stand as it does on `day`."""
        draw = random.Random(f"{self.seed} {day}")  # noqa: S311 -- a test's draw, no secret
        online = [source for source, kind in SOURCES.items() if kind in ONLINE]
        is_calm = day >= FIRST + timedelta(DAYS - CALM_DAYS)
        failing = (
            {}
            if is_calm
            else {s: draw.choice(TROUBLES) for s in online[day.day % 2 :: 2] if draw.random() < 0.4}
        )
        for host in self.hosts:
            host.pages = {"/robots.txt": Reply("User-agent: *\nDisallow: /admin/\n")}
        for source, trouble in list(failing.items()):
            # A robots.txt that cannot be had closes the whole host, but for the feeds themselves.
            shut = (
                [s for s in online if self._host(s) is self._host(source)] if trouble == "slow robots" else []
            )
            # No source is down two days in a row, and a page fails on its first day alone: so nothing that is
            # listed for five days is lost for good.
            if any((name, day - timedelta(1)) in self.down for name in (source, *shut)):
                del failing[source]
            else:
                self.down.update((name, day) for name in (source, *shut))
                self.failed.update({(source, day)} if trouble != "slow robots" else ())
        for source in online:
            self._set_online(source, day, failing.get(source), draw, is_calm=is_calm)
        for source, kind in SOURCES.items():
            if kind not in ONLINE:
                self._write_files(source, day)

    def _entry(self, source: str) -> dict[str, object]:
        kind = SOURCES[source]
        if kind not in ONLINE:
            fields = {"fields": FIELDS} if kind in ("json", "jsonl") else {}
            return {"id": source, "kind": "folder", "path": str(self.folder / source), **fields}
        kinds = {"sitemap": "sitemap", "section": "page"}
        entry: dict[str, object] = {
            "id": source,
            "kind": kinds.get(kind, "feed"),
            "address": self._host(source).url(f"/{source}"),
            "private_hosts": True,
            "politeness": POLITENESS,
            "expected_per_day": 10,
        }
        return entry | ({"follow": r"/\d+$"} if kind == "section" else {})

    def _host(self, source: str) -> Site:
        return self.hosts[list(SOURCES).index(source) % HOSTS]

    def _set_online(
        self, source: str, day: date, trouble: str | None, draw: random.Random, *, is_calm: bool
    ) -> None:
        host, kind = self._host(source), SOURCES[source]
        listed = [item for item in self.by_source[source] if item.is_listed(day)]
        draw.shuffle(listed)
        entries = [self._listed(item, day) for item in listed]
        if kind == "section":
            links = "".join(f'<p><a href="{entry.link}">{escape(entry.title)}</a></p>' for entry in entries)
            body = f"<html><body>{links}</body></html>"
        else:
            write = {"rss": rss, "atom": atom, "json_feed": json_feed, "sitemap": sitemap}[kind]
            body = write(*entries)
        host.pages[f"/{source}"] = self._spoilt(
            Reply(body, headers={"ETag": f'"{day}"'}), trouble, host, source
        )
        for item in listed:
            page = self._page(item, day, draw)
            is_new = day in (item.day, item.corrected_on)
            if item.fault is None and is_new and not is_calm and draw.random() < 0.1:
                self.troubles["page fails for a day"] += 1
                self.down.add((item.number, day))
                page = Reply("", 503)
            elif item.fault is None and draw.random() < 0.03:
                self.troubles["page fails once"] += 1
                page = [Reply("", 502), page]
            host.pages[f"/{source}/{item.number}"] = page

    def _listed(self, item: Item, day: date) -> Article:
        report = item.report_on(day)
        is_corrected = item.corrected_on is not None and item.corrected_on <= day
        stamp = f"{report.published}T06:00:00Z"
        return Article(
            link=self.document_id(item),
            title=report.title,
            published=report.published.strftime("%a, %d %b %Y 06:00:00 GMT"),
            iso=stamp,
            updated=f"{item.corrected_on}T09:00:00Z" if is_corrected else None,
            summary="In short.",
            whole=_html(report) if _is_whole(item) else None,
        )

    def _page(self, item: Item, day: date, draw: random.Random) -> Page:
        match item.fault:
            case "gone":
                return Reply("gone", 404)
            case "empty":
                return Reply(" \n")
            case "pdf":
                return Reply("%PDF-1.7", headers={"Content-Type": "application/pdf"})
            case "circle":
                return Reply("", 302, {"Location": f"/{item.source}/{item.number}"})
            case "hollow":
                return Reply("<html><body></body></html>")
        text = _page(item.report_on(day))
        if item.report.language == "en":
            # Servers and pages state one encoding and use another.
            used, stated = draw.choice((("utf-8", "iso-8859-1"), ("cp1252", "utf-8"), ("utf-8", "utf-8")))
        else:
            used, stated = "utf-8", "utf-8"
        return Reply(text.encode(used), headers={"Content-Type": f"text/html; charset={stated}"})

    def _spoilt(self, reply: Reply, trouble: str | None, host: Site, source: str) -> Page:
        if trouble is not None:
            self.troubles[trouble] += 1
        match trouble:
            case "500":
                return Reply("", 500)
            case "hang":
                return Reply("", wait=2.5)
            case "busy":
                return Reply("", 429, {"Retry-After": "3600"})
            case "cut":
                return Reply(reply.body, cut_at=len(reply.body) // 2, headers={"Connection": "close"})
            case "circle":
                return Reply("", 302, {"Location": f"/{source}"})
            case "login":
                return Reply("<html><body><form>Please log in</form></body></html>")
            case "slow robots":
                host.pages["/robots.txt"] = Reply("", 503)
        return reply

    def _write_files(self, source: str, day: date) -> None:
        """Write the day's files; a correction takes a file's place, or comes as a line or record more."""
        new = [item for item in self.by_source[source] if item.day == day]
        changed = [item for item in self.by_source[source] if item.corrected_on == day]
        folder, kind = self.folder / source, SOURCES[source]
        if kind in ("txt", "html", "json"):
            for item in [*new, *changed]:
                path = folder / str(item.day) / f"{item.number}.{kind}"
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(_file(item, day))
        elif kind == "jsonl" and (new or changed):
            (folder / f"{day}.jsonl").write_bytes(b"\n".join(_file(item, day) for item in [*new, *changed]))
        elif kind == "zip":
            for touched in {item.day for item in [*new, *changed]}:
                then = [item for item in self.by_source[source] if item.day == touched]
                self._write_zip(folder / f"{touched}.zip", then, day)
        elif kind == "warc":
            write_warc(folder / f"{day}.warc.gz", [_record(item, day) for item in [*new, *changed]])

    def _write_zip(self, path: Path, items: Iterable[Item], day: date) -> None:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for item in items:
                archive.writestr(f"{item.number}.txt", _file(item, day))
        path.write_bytes(packed.getvalue())


def _is_whole(item: Item) -> bool:
    """True where the feed holds the whole text, so that nobody asks for the page."""
    is_mixed = item.source.endswith("mixed") and item.number % 2 == 0
    return item.fault is None and (item.source.endswith("whole") or is_mixed)


def _html(report: Report) -> str:
    return "".join(f"<p>{escape(part)}</p>" for part in report.paragraphs)


def _page(report: Report) -> str:
    dated = f'<meta property="article:published_time" content="{report.published}T06:00:00Z">'
    return (
        f'<!doctype html><html lang="{report.language}"><head><title>{escape(report.title)}</title>'
        f"{dated if report.is_dated else ''}</head><body><nav>Home World</nav>"
        f"<article>{_html(report)}</article></body></html>"
    )


def _file(item: Item, day: date) -> bytes:
    """Return the bytes of an item in its folder, or of its line."""
    report = item.report_on(day)
    match item.fault:
        case "empty":
            return b""
        case "binary":
            return bytes(range(256)) * 20
        case "half":
            return b'{"meta": {"key": "' + str(item.number).encode() + b'"}, "body": {"pl'
        case "hollow":
            return b"<html><body></body></html>"
    if item.kind == "html":
        return _page(report).encode()
    when = report.published.isoformat() if report.is_dated else None
    if item.kind in ("json", "jsonl"):
        meta = {"key": item.number, "when": when}
        return json.dumps({"headline": report.title, "meta": meta, "body": {"plain": report.text}}).encode()
    dated = f"published_at: {when}\n" if when else ""
    return f"---\ntitle: {json.dumps(report.title)}\n{dated}---\n{report.text}\n".encode()


def _record(item: Item, day: date) -> tuple[str, str, bytes, str]:
    address = f"https://crawl.example/{item.number}"
    match item.fault:
        case "gone":
            return "response", address, b"gone", "404 Not Found; text/html"
        case "hollow":
            return "response", address, b"<html><body></body></html>", "200 OK; text/html"
        case "pdf":
            return "response", address, b"%PDF-1.7", "200 OK; application/pdf"
    return "response", address, _page(item.report_on(day)).encode(), "200 OK; text/html; charset=utf-8"
