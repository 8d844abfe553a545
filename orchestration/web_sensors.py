"""One sensor for each group of sources on the web: it asks what has changed, and lands that alone."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import dagster as dg

from ingest.landing import Fetcher, Source, load_sources
from ingest.landing.connections import Answer, FetchError
from ingest.records import content_hash
from ingest.settings import contact, now
from orchestration.schedules import PIPELINE, STARTED_BY
from orchestration.settings import today

PATIENCE = 40.0
"""Seconds a tick may ask around; Dagster ends one after 60. Whoever was not asked comes first next time."""
LONGEST_ANSWER = 10.0


def web_sensors() -> list[dg.SensorDefinition]:
    """Return a sensor for each group of sources on the web, as sources.yml has them when Dagster loads."""
    online = sorted((s for s in load_sources().values() if s.is_online), key=lambda s: (s.group or "", s.id))
    return [_sensor(group or "", list(sources)) for group, sources in groupby(online, key=lambda s: s.group)]


def _sensor(group: str, sources: Sequence[Source]) -> dg.SensorDefinition:
    names = ", ".join(source.id for source in sources)

    @dg.sensor(
        name=f"web_{group}",
        job=PIPELINE,
        minimum_interval_seconds=60 * min(source.every_minutes for source in sources),
        default_status=dg.DefaultSensorStatus.RUNNING,
        description=f"Asks whether there is anything new at {names}, and lands what has changed.",
    )
    def sensor(context: dg.SensorEvaluationContext) -> dg.SensorResult:
        return _ask_around(context, group, sources)

    return sensor


def _ask_around(
    context: dg.SensorEvaluationContext, group: str, sources: Sequence[Source]
) -> dg.SensorResult:
    """Ask each address by what its server gave last time; the cursor holds that, and when it was asked.

    An address that does not answer is asked again at the next tick; the daily run makes a reject of it.
    """
    seen: dict[str, dict[str, Any]] = json.loads(context.cursor or "{}")
    pairs = [(source, address) for source in sources for address in source.addresses]
    cursor = {address: seen[address] for _, address in pairs if address in seen}
    changed: dict[str, str] = {}
    silent: list[str] = []
    ends_at = time.monotonic() + PATIENCE
    with Fetcher(contact()) as fetcher:
        for source, address in sorted(pairs, key=lambda pair: cursor.get(pair[1], {}).get("asked_at", "")):
            if time.monotonic() > ends_at:
                break
            before = cursor.get(address, {})
            asked = {**before, "asked_at": now().isoformat()}
            try:
                answer = _ask(fetcher, source, address, before)
            except FetchError as error:
                silent.append(f"{source.id}: {address} {error}")
            else:
                if answer.status != 304:
                    asked |= _state(answer)
                    if asked["content"] != before.get("content"):
                        # With the time of the last asking a change back is a change; a tick repeated is none.
                        last = before.get("asked_at", "")
                        changed[source.id] = content_hash(changed.get(source.id, ""), asked["content"], last)
            cursor[address] = asked
    for line in silent:
        context.log.warning(line)
    requests = []
    if changed:
        key = content_hash(*(f"{name}={state}" for name, state in sorted(changed.items())))
        requests.append(
            dg.RunRequest(
                run_key=f"web-{group}-{key}",
                partition_key=today().isoformat(),
                run_config={"ops": {"raw__documents": {"config": {"sources": sorted(changed)}}}},
                tags={STARTED_BY: "web_sources", "frontline/sources": ",".join(sorted(changed))[:200]},
            )
        )
    said = "; ".join(silent) or "nothing has changed"
    return dg.SensorResult(
        run_requests=requests, skip_reason=None if requests else said, cursor=json.dumps(cursor)
    )


def _ask(fetcher: Fetcher, source: Source, address: str, before: dict[str, Any]) -> Answer:
    """Ask once and shortly: landing has the patience."""
    quick = replace(
        source.politeness,
        attempts=1,
        timeout=min(source.politeness.timeout, LONGEST_ANSWER),
        deadline=LONGEST_ANSWER,
    )
    return fetcher.get(
        address,
        quick,
        etag=before.get("etag"),
        last_modified=before.get("last_modified"),
        robots=source.kind != "feed",
    )


def _state(answer: Answer) -> dict[str, Any]:
    return {
        "etag": answer.headers.get("etag"),
        "last_modified": answer.headers.get("last-modified"),
        "content": content_hash(answer.content.decode("latin-1")),
    }
