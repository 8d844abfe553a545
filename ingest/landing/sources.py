"""The register of sources: reads and checks sources.yml."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from ingest import FrontlineError

Kind = Literal["folder"]
ROOT = Path(__file__).resolve().parents[2]
SOURCES = Path(__file__).with_name("sources.yml")
KEYS = ("id", "kind", "path", "fields", "outlet", "language", "time_zone", "archive", "expected_per_day")
FIELDS = ("id", "text", "title", "url", "outlet", "published_at", "updated_at", "language")
"""What `fields` may name: the keys that a JSON document is read by."""


class SourcesError(FrontlineError):
    """sources.yml is wrong; the message names the file, the entry and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source of documents. `is_registered` is false for input that a person hands over once."""

    id: str
    kind: Kind = "folder"
    path: Path | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    outlet: str | None = None
    language: str | None = None
    time_zone: str = "UTC"
    is_archive: bool = False
    expected_per_day: int | None = None
    is_registered: bool = True


INPUT = Source(id="input", is_registered=False)


def load_sources(path: Path | None = None) -> dict[str, Source]:
    """Return the sources of `path` (default: sources.yml of this package) by id, in the order of the file.

    Raises SourcesError where the file is missing, is no YAML, or has an entry that is not understood.
    """
    path = path or SOURCES
    try:
        found = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise SourcesError(f"{path}: there is no such file") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
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
    if unknown := sorted(str(key) for key in set(entry) - set(KEYS)):
        raise SourcesError(f"unknown key {', '.join(unknown)}; known are {', '.join(KEYS)}")
    source_id = _required(entry, "id")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", source_id):
        raise SourcesError(f"id {source_id!r} may hold lower-case letters, digits, _ and - only")
    if source_id == INPUT.id:
        raise SourcesError(f"id {source_id!r} is kept for articles handed over with `land PATH`")
    kind = entry.get("kind", "folder")
    if kind not in get_args(Kind):
        raise SourcesError(f"kind {kind!r} is unknown; known are {', '.join(get_args(Kind))}")
    path = _required(entry, "path")
    language = _text(entry, "language")
    if language and not re.fullmatch(r"[a-z]{2,3}", language):
        raise SourcesError(f"language {language!r} is no ISO 639 code such as en or ar")
    archive = entry.get("archive", False)
    if not isinstance(archive, bool):
        raise SourcesError(f"archive is {archive!r}; write true or false")
    expected = entry.get("expected_per_day")
    if expected is not None and (not isinstance(expected, int) or isinstance(expected, bool) or expected < 0):
        raise SourcesError(f"expected_per_day is {expected!r}; write a whole number, or leave it out")
    return Source(
        id=source_id,
        kind=kind,
        path=ROOT / Path(path).expanduser(),
        fields=_fields(entry),
        outlet=_text(entry, "outlet"),
        language=language,
        time_zone=_time_zone(entry),
        is_archive=archive,
        expected_per_day=expected,
    )


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
