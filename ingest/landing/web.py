"""Ask the web as a guest: robots.txt kept, hosts left in peace, failures tried again only where they pass."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from types import TracebackType
from typing import Self
from urllib.parse import quote, urlsplit, urlunsplit

from protego import Protego
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt
from tenacity.wait import wait_random_exponential

from ingest.landing.connections import Answer, Connections, FetchError, Limits, resolve
from ingest.landing.formats import MAX_DOCUMENT_BYTES

AGENT = "Frontline"
"""The name by which robots.txt may speak to us."""
MAX_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Statuses that may be another one in a while."""
LONGEST_WAIT = 60.0
"""Seconds to wait within a run for a server that asks for patience; a longer wish is kept by later runs."""
LONGEST_REFUSAL = 30 * 86_400.0
"""Seconds for which a server can keep us away: none is given up for a number without sense."""
LONGEST_DELAY = 30.0
"""Seconds between two requests that a robots.txt may ask for."""
DOUBT_AFTER, GIVE_UP_AFTER = 3, 10
"""Requests to a host that brought no answer, in a row: after some each is made once, after more none is
until the next run. A dead host would hold a run up for hours; an answer, even of 500, shows that it lives."""
ROBOTS_BYTES = 512 << 10
BACKOFF = wait_random_exponential(multiplier=1, max=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How a source wants to be asked. Seconds between requests to one host, without a byte, for an answer."""

    delay: float = 1.0
    timeout: float = 20.0
    deadline: float = 120.0
    attempts: int = 4
    max_bytes: int = MAX_DOCUMENT_BYTES
    private_hosts: bool = False


@dataclass(slots=True)
class _Host:
    """What is known of a host for the length of a run: `free_at` is the clock from which it may be asked."""

    free_at: float = 0.0
    failures: int = 0
    robots: Protego | FetchError | None = None
    has_robots: bool = False


class Fetcher:
    """Asks for addresses, one after the other, and remembers each host's rules for as long as it is open.

    Use it in a `with` statement. `contact`, an e-mail or web address, tells servers whom to write to. `sleep`
    and `clock` (seconds, only ever growing) are given by tests.
    """

    def __init__(
        self,
        contact: str | None = None,
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        own = f"{AGENT}/{version('frontline')}"
        self._agent = f"{own} ({contact})" if contact else own
        self._sleep, self._clock = sleep, clock
        self._hosts: dict[str, _Host] = {}
        self._connections: dict[bool, Connections] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for connections in self._connections.values():
            connections.close()
        self._connections.clear()

    def get(
        self,
        address: str,
        politeness: Politeness,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        robots: bool = True,
    ) -> Answer:
        """Return the answer at `address`: of status 200, or 304 where it is what the validators stand for.

        Follows at most five redirects, each checked like the first address. Tries again, with growing random
        waits or as long as the server asks, what may pass by itself. `robots` is False for addresses that a
        publisher made for machines, such as a feed. Raises FetchError.
        """
        conditions = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        headers = {name: value for name, value in conditions.items() if value}
        return self._patiently(address, politeness, headers, robots=robots)

    def _patiently(
        self, address: str, politeness: Politeness, headers: Mapping[str, str], *, robots: bool
    ) -> Answer:
        host = self._host(_origin(ascii_address(address)))
        if host.failures >= GIVE_UP_AFTER:
            raise FetchError("host_down", "was not asked: its host is down in this run", passes=True)
        attempts = Retrying(
            stop=stop_after_attempt(1 if host.failures >= DOUBT_AFTER else politeness.attempts),
            wait=_wait,
            retry=retry_if_exception(_is_worth_waiting_for),
            sleep=self._sleep,
            reraise=True,
        )
        try:
            answer = attempts(self._follow, address, politeness, headers, robots)
        except FetchError as error:
            host.failures = host.failures + 1 if error.passes and error.status is None else 0
            tries = attempts.statistics.get("attempt_number", 1)
            if error.passes and tries > 1:
                raise FetchError(
                    error.code,
                    f"{error}; asked {tries} times, and again at the next run",
                    passes=True,
                    retry_after=error.retry_after,
                    status=error.status,
                ) from error
            raise
        host.failures = 0
        return answer

    def _follow(
        self, address: str, politeness: Politeness, headers: Mapping[str, str], robots: bool
    ) -> Answer:
        """Ask, and go where redirects lead; every stop is checked as the first."""
        seen: list[str] = []
        here = ascii_address(address)
        while True:
            seen.append(here)
            if robots:
                self._keep_robots(here, politeness)
            answer = self._ask(here, politeness, headers)
            if answer.status not in REDIRECTS:
                return _checked(answer)
            target = answer.headers.get("location")
            if not target:
                raise FetchError("bad_answer", "redirects without saying where", passes=False)
            here = ascii_address(resolve(here, target))
            if here in seen:
                raise FetchError("redirect_circle", "redirects in a circle", passes=False)
            if len(seen) > MAX_REDIRECTS:
                raise FetchError("redirect_chain", f"redirects more than {MAX_REDIRECTS} times", passes=False)

    def _ask(
        self, address: str, politeness: Politeness, headers: Mapping[str, str], max_bytes: int | None = None
    ) -> Answer:
        """Ask once, when the host may be asked again."""
        host = self._host(_origin(address))
        wait = host.free_at - self._clock()
        if wait > 0:
            self._sleep(wait)
        if politeness.private_hosts not in self._connections:
            self._connections[politeness.private_hosts] = Connections(allow_private=politeness.private_hosts)
        connections = self._connections[politeness.private_hosts]
        limits = Limits(politeness.timeout, politeness.deadline, max_bytes or politeness.max_bytes)
        try:
            asked: dict[bytes | str, bytes | str] = {
                "User-Agent": self._agent,
                "Accept": "*/*",
                "Accept-Encoding": "gzip",
            }
            asked.update(headers)
            return connections.get(address, asked, limits)
        finally:
            delay = politeness.delay
            if isinstance(host.robots, Protego) and (wish := host.robots.crawl_delay(AGENT)):
                delay = max(delay, min(float(wish), LONGEST_DELAY))
            host.free_at = self._clock() + delay

    def _keep_robots(self, address: str, politeness: Politeness) -> None:
        """Raise FetchError where the host's robots.txt forbids the address, or cannot be had (RFC 9309)."""
        origin = _origin(address)
        host = self._host(origin)
        if not host.has_robots:
            host.has_robots, host.robots = True, self._read_robots(origin, politeness)
        if isinstance(host.robots, FetchError):
            host.has_robots = False
            raise host.robots
        if host.robots is not None and not host.robots.can_fetch(address, AGENT):
            raise FetchError("robots", "is closed to robots by its robots.txt", passes=False)

    def _read_robots(self, origin: str, politeness: Politeness) -> Protego | FetchError | None:
        """Return the rules; None where there are none; the error where nobody can say."""
        here = f"{origin}/robots.txt"
        for _ in range(MAX_REDIRECTS):
            try:
                answer = self._ask(here, politeness, {}, ROBOTS_BYTES)
            except FetchError as error:
                if not error.passes:
                    return None if error.code in ("too_large", "unknown_encoding") else error
                return FetchError("robots_unknown", f"was not asked: its robots.txt {error}", passes=True)
            if answer.status in REDIRECTS and answer.headers.get("location"):
                here = ascii_address(resolve(here, answer.headers["location"]))
                continue
            if answer.status in PASSING:
                return FetchError(
                    "robots_unknown",
                    f"was not asked: its robots.txt answered {answer.status}",
                    passes=True,
                    retry_after=_retry_after(answer),
                    status=answer.status,
                )
            return Protego.parse(answer.content.decode("utf-8", "replace")) if answer.status == 200 else None
        return None

    def _host(self, origin: str) -> _Host:
        return self._hosts.setdefault(origin, _Host())


def ascii_address(address: str) -> str:
    """Return the address as it is sent: host in IDNA, other letters as %XX, no fragment, no user name.

    Raises FetchError where it is no http or https address.
    """
    try:
        parts = urlsplit(address.strip())
        host, port = (parts.hostname or "").encode("idna").decode("ascii"), parts.port
    except (ValueError, UnicodeError) as error:
        raise FetchError("bad_address", f"is no address: {error}", passes=False) from error
    if parts.scheme not in ("http", "https") or not host:
        raise FetchError("bad_address", "is no http or https address", passes=False)
    host = f"[{host}]" if ":" in host else host
    safe = "%/:=&?~+!$,;'@()*[]|"
    return urlunsplit(
        (
            parts.scheme,
            f"{host}:{port}" if port else host,
            quote(parts.path or "/", safe=safe),
            quote(parts.query, safe=safe),
            "",
        )
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _checked(answer: Answer) -> Answer:
    """Return an answer that holds something, or says that nothing changed. Raises FetchError for others."""
    if answer.status in (200, 203, 304):
        return answer
    passes = answer.status in PASSING
    retry_after = _retry_after(answer) if passes else None
    more = "" if passes else ", which no later try will change"
    if retry_after and retry_after > LONGEST_WAIT:
        more = f" and wants to be left alone for {retry_after / 60:.0f} minutes; asked again after that"
    raise FetchError(
        f"http_{answer.status}",
        f"answered {answer.status}{more}",
        passes=passes,
        retry_after=retry_after,
        status=answer.status,
    )


def _retry_after(answer: Answer) -> float | None:
    """Return the seconds for which the server wants to be left alone; None where it does not say."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdecimal():
        return min(float(value), LONGEST_REFUSAL)
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max((aware - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_REFUSAL)


def _is_worth_waiting_for(error: BaseException) -> bool:
    return isinstance(error, FetchError) and error.passes and (error.retry_after or 0.0) <= LONGEST_WAIT


def _wait(state: RetryCallState) -> float:
    """Return the seconds to wait: longer each time and never the same, and as long as the server asks."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, FetchError) else None
    return max(float(BACKOFF(state)), asked or 0.0)
