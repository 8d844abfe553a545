"""What was found becomes a record: a Document with its identity, or a Reject with its reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ingest.decoding import decode_text, storable, tellable
from ingest.landing.formats import Draft, Problem, json_metadata
from ingest.landing.sources import Source
from ingest.records import Document, Reject, content_hash

OURS = frozenset({"source_language", "source_time_zone", "source_text_field"})
"""Metadata in which the register speaks of a source: no document may say them of itself."""
TRACKING = frozenset({"fbclid", "gclid", "dclid", "msclkid", "igshid", "mc_cid", "mc_eid", "ocid", "cmpid"})


def landed(found: Draft | Problem, source: Source, now: datetime) -> Document | Reject:
    """Return what was found in `source` as it landed at `now` (aware, UTC)."""
    return _reject(found, source, now) if isinstance(found, Problem) else _document(found, source, now)


def canonical_url(address: str | None) -> str | None:
    """Return the address that identifies a document: no fragment, no tracking parameters, lower-case host.

    None where it is no http or https address. The path is left alone: servers may tell cases apart.
    """
    if not address:
        return None
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    scheme = parts.scheme.lower()
    if port and port != {"http": 80, "https": 443}[scheme]:
        host = f"{host}:{port}"
    query = [
        (key, value)
        for key, value in parse_qsl(parts.query, keep_blank_values=True)
        if key.lower() not in TRACKING and not key.lower().startswith("utm_")
    ]
    return urlunsplit((scheme, host, parts.path or "/", urlencode(query), ""))


def _document(draft: Draft, source: Source, now: datetime) -> Document:
    sha256 = hashlib.sha256(draft.content).hexdigest()
    own = {key: value for key, value in draft.metadata.items() if key not in OURS}
    metadata = {**own, **_mapped(draft, source.fields)}
    url = canonical_url(metadata.get("url"))
    location = storable(draft.location)
    if url:
        document_id = url
    elif own_id := metadata.get("id"):
        document_id = f"{source.id}:{own_id}"
    elif source.is_registered:
        # A line or an item has no lasting place in its file, so its content tells it from its neighbours.
        document_id = f"{source.id}:{location}" if draft.is_whole_file else f"sha256:{sha256}"
    else:
        document_id = f"sha256:{sha256}"
    if source.language:
        metadata["source_language"] = source.language
    if source.time_zone != "UTC":
        metadata["source_time_zone"] = source.time_zone
    return Document(
        landing_id=content_hash(document_id, sha256, json.dumps(metadata, sort_keys=True)),
        document_id=document_id,
        source_id=source.id,
        outlet=metadata.get("outlet") or source.outlet,
        url=url,
        path=location,
        media_type=draft.media_type,
        content=draft.content,
        sha256=sha256,
        landed_on=now.date(),
        landed_at=now,
        is_archive=source.is_archive,
        metadata=metadata,
    )


def _mapped(draft: Draft, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the values of a JSON document under our names, where the source has names of its own."""
    if not fields or draft.media_type != "application/json":
        return {}
    try:
        value = json.loads(decode_text(draft.content))
    except (ValueError, RecursionError):
        # An item that could be read among its neighbours, and cannot alone: it lands, and is refused as text.
        return {}
    found: dict[str, Any] = {}
    for name, path in fields.items():
        item = value
        for key in path.split("."):
            item = item.get(key) if isinstance(item, dict) else None
        found[name] = item
    mapped = json_metadata({name: item for name, item in found.items() if name != "text"})
    return mapped | ({"source_text_field": fields["text"]} if "text" in fields else {})


def _reject(problem: Problem, source: Source, now: datetime) -> Reject:
    return Reject(
        reject_id=content_hash(source.id, problem.location, problem.code, problem.sha256 or ""),
        source_id=source.id,
        location=storable(problem.location),
        reason_code=problem.code,
        reason=tellable(problem.reason),
        landed_on=now.date(),
        landed_at=now,
        sha256=problem.sha256,
    )
