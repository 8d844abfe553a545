"""The register of sources: reads and checks sources.yml."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from ingest import FrontlineError
from ingest.landing.connections import FetchError
from ingest.landing.formats import MEBIBYTE
from ingest.landing.web import Politeness, ascii_address

Kind = Literal["folder", "feed", "page", "sitemap"]
FullText = Literal["feed", "page"]
ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).with_name("sources.yml")
ANY_KIND = ("id", "kind", "outlet", "language", "time_zone", "archive", "expected_per_day")
ONLINE = ("address", "group", "every_minutes", "private_hosts", "politeness")
KEYS: Mapping[str, tuple[str, ...]] = {
    "folder": (*ANY_KIND, "path", "fields"),
    "feed": (*ANY_KIND, *ONLINE, "full_text"),
    "page": (*ANY_KIND, *ONLINE, "follow"),
    "sitemap": (*ANY_KIND, *ONLINE),
}
"""The keys of an entry by its kind."""
FIELDS = ("id", "text", "title", "url", "outlet", "published_at", "updated_at", "language")
"""What `fields` may name: the keys that a JSON document is read by."""
POLITENESS = ("delay_seconds", "timeout_seconds", "attempts", "max_mebibytes")
ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


class SourcesError(FrontlineError):
    """sources.yml is wrong; the message names the file, the entry and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source of documents. `is_registered` is false for input that a person hands over once.

    `path` is of a folder, `addresses` of everything online. `follow` picks the links of a page that are
    articles; `full_text` says where a feed's articles stand, None to tell by each entry.
    """

    id: str
    kind: Kind = "folder"
    path: Path | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    addresses: tuple[str, ...] = ()
    group: str | None = None
    every_minutes: int = 30
    full_text: FullText | None = None
    follow: re.Pattern[str] | None = None
    politeness: Politeness = field(default_factory=Politeness)
    outlet: str | None = None
    language: str | None = None
    time_zone: str = "UTC"
    is_archive: bool = False
    expected_per_day: int | None = None
    is_registered: bool = True

    @property
    def is_online(self) -> bool:
        """Whether it is asked over the network."""
        return self.kind != "folder"


INPUT = Source(id="input", is_registered=False)


def load_sources(path: Path | None = None) -> dict[str, Source]:
    """Return the sources of `path` by id, in the order of the file.

    The default is the file that FRONTLINE_SOURCES names, else sources.yml of this package.

    Raises SourcesError where the file is missing, is no YAML, or has an entry that is not understood.
    """
    given = os.environ.get("FRONTLINE_SOURCES")
    path = path or (Path(given).expanduser() if given else SOURCES)
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise SourcesError(f"{path}: there is no such file") from error
    except RecursionError as error:
        raise SourcesError(f"{path}: is nested too deep to read") from error
    except (yaml.YAMLError, ValueError, AttributeError, KeyError) as error:
        # Those that PyYAML does not turn into its own: 2026-13-45, '!!timestamp soon', '!!bool maybe'.
        raise SourcesError(f"{path}: is no YAML: {error}") from error
    if not isinstance(found, dict) or set(found) != {"sources"} or not isinstance(found["sources"], list):
        raise SourcesError(f"{path}: must hold one key, 'sources', with a list of entries")
    sources: dict[str, Source] = {}
    for number, entry in enumerate(found["sources"], 1):
        try:
            source = _read_entry(entry)
        except SourcesError as error:
            name = entry.get("id") if isinstance(entry, dict) else None
            raise SourcesError(f"{path}: entry {number} ({name or 'without an id'}): {error}") from error
        if source.id in sources:
            raise SourcesError(f"{path}: entry {number} ({source.id}): the id is taken by an earlier entry")
        sources[source.id] = source
    return sources


def _read_entry(entry: Any) -> Source:
    if not isinstance(entry, dict):
        raise SourcesError("must be a mapping of keys, such as 'id: sample'")
    kind = entry.get("kind", "folder")
    if kind not in get_args(Kind):
        raise SourcesError(f"kind {kind!r} is unknown; known are {', '.join(get_args(Kind))}")
    if unknown := sorted(str(key) for key in set(entry) - set(KEYS[kind])):
        raise SourcesError(f"unknown key {', '.join(unknown)}; of a {kind} known are {', '.join(KEYS[kind])}")
    source_id = _required(entry, "id")
    if not ID.fullmatch(source_id):
        raise SourcesError(f"id {source_id!r} may hold lower-case letters, digits, _ and - only")
    if source_id == INPUT.id:
        raise SourcesError(f"id {source_id!r} is kept for articles handed over with `land PATH`")
    language = _text(entry, "language")
    if language and not re.fullmatch(r"[a-z]{2,3}", language):
        raise SourcesError(f"language {language!r} is no ISO 639 code such as en or ar")
    if kind == "folder":
        own: dict[str, Any] = {"path": ROOT / Path(_required(entry, "path")).expanduser()}
    else:
        own = _online(entry, kind)
    return Source(
        id=source_id,
        kind=kind,
        fields=_fields(entry),
        outlet=_text(entry, "outlet"),
        language=language,
        time_zone=_time_zone(entry),
        is_archive=_flag(entry, "archive"),
        expected_per_day=_whole(entry, "expected_per_day", least=0),
        **own,
    )


def _online(entry: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """Return the fields of a source that is asked over the network."""
    given = entry.get("address")
    addresses = [given] if isinstance(given, str) else given
    if not addresses or not isinstance(addresses, list):
        raise SourcesError("address is missing; write one, or a list of them")
    for address in addresses:
        if not isinstance(address, str):
            raise SourcesError(f"address {address!r} is no text")
        try:
            ascii_address(address)
        except FetchError as error:
            raise SourcesError(f"address {address!r} {error}") from error
    group = _text(entry, "group") or kind
    if not re.fullmatch(r"[a-z][a-z0-9_]*", group):
        raise SourcesError(f"group {group!r} may hold lower-case letters, digits and _ only")
    full_text = _text(entry, "full_text")
    if full_text not in (None, *get_args(FullText)):
        raise SourcesError(f"full_text {full_text!r} is unknown; known are {', '.join(get_args(FullText))}")
    try:
        follow = re.compile(found) if (found := _text(entry, "follow")) else None
    except (re.error, OverflowError, RecursionError) as error:
        raise SourcesError(f"follow {found!r} is no regular expression: {error}") from error
    return {
        "addresses": tuple(addresses),
        "group": group,
        "every_minutes": _whole(entry, "every_minutes", least=1) or 30,
        "full_text": full_text,
        "follow": follow,
        "politeness": _politeness(entry),
    }


def _politeness(entry: Mapping[str, Any]) -> Politeness:
    given = entry.get("politeness", {})
    if not isinstance(given, dict):
        raise SourcesError(f"politeness is {given!r}; write a mapping such as {{delay_seconds: 5}}")
    if unknown := sorted(str(key) for key in set(given) - set(POLITENESS)):
        raise SourcesError(f"politeness: unknown {', '.join(unknown)}; known are {', '.join(POLITENESS)}")
    usual = Politeness()
    delay, timeout = _seconds(given, "delay_seconds"), _seconds(given, "timeout_seconds")
    most = _whole(given, "max_mebibytes", least=1)
    if timeout == 0:
        raise SourcesError("timeout_seconds is 0; write the seconds to wait for a server")
    return Politeness(
        delay=usual.delay if delay is None else delay,
        timeout=timeout or usual.timeout,
        deadline=max(usual.deadline, timeout or 0.0),
        attempts=_whole(given, "attempts", least=1) or usual.attempts,
        max_bytes=most * MEBIBYTE if most else usual.max_bytes,
        private_hosts=_flag(entry, "private_hosts"),
    )


def _seconds(entry: Mapping[str, Any], key: str) -> float | None:
    value = entry.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 3600:
        raise SourcesError(f"{key} is {value!r}; write seconds from 0 to 3600, or leave it out")
    return float(value)


def _flag(entry: Mapping[str, Any], key: str) -> bool:
    value = entry.get(key, False)
    if not isinstance(value, bool):
        raise SourcesError(f"{key} is {value!r}; write true or false")
    return value


def _whole(entry: Mapping[str, Any], key: str, *, least: int) -> int | None:
    value = entry.get(key)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < least):
        raise SourcesError(f"{key} is {value!r}; write a whole number from {least}, or leave it out")
    return value


def _required(entry: Mapping[str, Any], key: str) -> str:
    value = _text(entry, key)
    if value is None:
        raise SourcesError(f"{key} is missing")
    return value


def _text(entry: Mapping[str, Any], key: str) -> str | None:
    value = entry.get(key)
    if value is None:
        return None
    if not isinstance(value, str) or not value.strip():
        raise SourcesError(f"{key} is {value!r}; write text, in quotes if need be")
    return value.strip()


def _fields(entry: Mapping[str, Any]) -> dict[str, str]:
    fields = entry.get("fields", {})
    if not isinstance(fields, dict) or not all(isinstance(value, str) and value for value in fields.values()):
        raise SourcesError(f"fields is {fields!r}; write a mapping such as {{text: body, outlet: site.name}}")
    if unknown := sorted(str(key) for key in set(fields) - set(FIELDS)):
        raise SourcesError(f"fields: unknown {', '.join(unknown)}; known are {', '.join(FIELDS)}")
    return fields


def _time_zone(entry: Mapping[str, Any]) -> str:
    name = _text(entry, "time_zone") or "UTC"
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SourcesError(f"time_zone {name!r} is no IANA name such as Asia/Beirut") from error
    return name
