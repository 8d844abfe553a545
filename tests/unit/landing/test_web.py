"""Asking the web: politely, within bounds, nowhere it was not sent. The server on the loopback is real."""

import contextlib
import gzip
import ipaddress
import re
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ingest.landing import Fetcher
from ingest.landing import connections as wire
from ingest.landing.connections import FetchError, is_public
from ingest.landing.web import LONGEST_REFUSAL, Politeness, ascii_address
from tests.web import Reply, Site, serving

QUICK = Politeness(delay=0.0, timeout=2.0, deadline=5.0, attempts=3, private_hosts=True)
NO_ROBOTS = Reply("", 404)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving({"/robots.txt": NO_ROBOTS}) as found:
        yield found


class Clock:
    """Time that passes by sleeping alone."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)

    def now(self) -> float:
        return sum(self.slept)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fetcher(clock: Clock) -> Iterator[Fetcher]:
    with Fetcher("desk@example.org", sleep=clock.sleep, clock=clock.now) as found:
        yield found


def refused(fetcher: Fetcher, address: str, politeness: Politeness = QUICK) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetcher.get(address, politeness)
    return caught.value


def test_a_page_comes_back_with_its_headers_and_servers_learn_who_asks(site, fetcher):
    site.pages["/a"] = Reply("hello", headers={"ETag": '"1"', "Content-Type": "text/plain"})
    answer = fetcher.get(site.url("/a"), QUICK)
    assert (answer.status, answer.content, answer.headers["etag"]) == (200, b"hello", '"1"')
    assert answer.address == site.url("/a")
    agent = site.asked[-1].headers["user-agent"]
    assert re.fullmatch(r"Frontline/\d+\.\d+\.\d+ \(desk@example\.org\)", agent)


@pytest.mark.parametrize(
    ("header", "value"), [("ETag", '"v1"'), ("Last-Modified", "Sun, 01 Mar 2026 06:00:00 GMT")]
)
def test_what_has_not_changed_is_not_sent_again(site, fetcher, header, value):
    site.pages["/a"] = Reply("hello", headers={header: value})
    given = {"etag": value} if header == "ETag" else {"last_modified": value}
    assert fetcher.get(site.url("/a"), QUICK, **given).status == 304


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 408])
def test_what_may_pass_is_asked_again_with_growing_random_waits(site, fetcher, clock, status):
    site.pages["/a"] = [Reply("", status), Reply("", status), Reply("at last")]
    assert fetcher.get(site.url("/a"), QUICK).content == b"at last"
    assert site.paths().count("/a") == 3
    assert len(clock.slept) == 2
    assert 0 <= clock.slept[0] <= 1
    assert 0 <= clock.slept[1] <= 2


def test_attempts_end_and_the_reason_says_what_happened(site, fetcher):
    site.pages["/a"] = Reply("", 500)
    error = refused(fetcher, site.url("/a"))
    assert (error.code, error.passes, error.status) == ("http_500", True, 500)
    assert "answered 500; asked 3 times, and again at the next run" in str(error)
    assert site.paths().count("/a") == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 418, 451, 501])
def test_what_will_not_pass_is_asked_once(site, fetcher, status):
    site.pages["/a"] = Reply("", status)
    error = refused(fetcher, site.url("/a"))
    assert (error.code, error.passes) == (f"http_{status}", False)
    assert site.paths().count("/a") == 1


def test_retry_after_in_seconds_is_honoured(site, fetcher, clock):
    site.pages["/a"] = [Reply("", 429, {"Retry-After": "37"}), Reply("at last")]
    assert fetcher.get(site.url("/a"), QUICK).content == b"at last"
    assert clock.slept == [37]


def test_retry_after_as_a_date_is_honoured(site, fetcher, clock):
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    site.pages["/a"] = [Reply("", 503, {"Retry-After": moment}), Reply("at last")]
    fetcher.get(site.url("/a"), QUICK)
    assert 25 <= clock.slept[0] <= 30


def test_a_long_retry_after_is_not_waited_for_but_handed_back(site, fetcher, clock):
    site.pages["/a"] = Reply("", 429, {"Retry-After": "7200"})
    error = refused(fetcher, site.url("/a"))
    assert (error.code, error.retry_after, error.passes) == ("http_429", 7200, True)

    assert "left alone for 120 minutes" in str(error)
    assert clock.slept == []
    assert site.paths().count("/a") == 1


@pytest.mark.parametrize(
    ("wish", "seconds"),
    [("9" * 20, LONGEST_REFUSAL), ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_REFUSAL), ("\u00b2", None)],
)
def test_a_retry_after_without_sense_keeps_nobody_away_for_ever(site, fetcher, wish, seconds):
    site.pages["/a"] = Reply("", 429, {"Retry-After": wish})
    assert refused(fetcher, site.url("/a")).retry_after == seconds


def test_a_server_that_does_not_answer_is_given_up_in_time(site, fetcher):
    site.pages["/a"] = Reply("late", wait=1.5)
    began = time.monotonic()
    error = refused(fetcher, site.url("/a"), Politeness(delay=0, timeout=0.2, attempts=2, private_hosts=True))
    assert (error.code, error.passes) == ("timed_out", True)
    assert time.monotonic() - began < 1.4


@pytest.mark.parametrize("part", ["body", "head"])
def test_a_server_that_drips_is_given_up_in_time(fetcher, part):
    """Each byte comes within the time-out, so only the deadline of the whole answer ends it."""
    patience = Politeness(delay=0, timeout=1.0, deadline=0.6, attempts=1, private_hosts=True)
    if part == "body":
        with serving({"/robots.txt": NO_ROBOTS, "/a": Reply("x" * 100, drip=0.1)}) as site:
            assert refused(fetcher, site.url("/a"), patience).code == "timed_out"
        return
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(5)

        def drip() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                for byte in b"HTTP/1.1 200 OK\r\nX-Long: " + b"y" * 40:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.1)

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(FetchError) as caught:
            fetcher.get(f"http://127.0.0.1:{server.getsockname()[1]}/a", patience, robots=False)
        thread.join()
    assert caught.value.code == "timed_out"


@pytest.mark.parametrize("cut_at", [0, 5])
def test_a_connection_that_is_cut_is_asked_again(site, fetcher, cut_at):
    site.pages["/a"] = [Reply("hello world", cut_at=cut_at), Reply("hello world")]
    assert fetcher.get(site.url("/a"), QUICK).content == b"hello world"


def test_an_answer_shorter_than_it_says_is_cut_off(site, fetcher):
    site.pages["/a"] = Reply("half", headers={"Content-Length": "400", "Connection": "close"}, cut_at=4)
    error = refused(fetcher, site.url("/a"))
    assert (error.code, error.passes) == ("cut_off", True)


def test_nobody_listening_may_pass(fetcher):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    error = refused(fetcher, f"http://127.0.0.1:{port}/a")
    assert (error.code, error.passes) == ("unreachable", True) or error.code == "robots_unknown"


def test_a_host_that_brings_no_answer_is_asked_less_and_then_no_more_in_this_run(site, fetcher):
    site.pages.update({f"/{n}": Reply("x", cut_at=0) for n in range(12)})
    codes = [refused(fetcher, site.url(f"/{n}")).code for n in range(12)]
    assert codes == ["cut_off"] * 10 + ["host_down"] * 2
    times = [site.paths().count(f"/{n}") for n in range(12)]
    assert times == [3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 0, 0]


def test_a_host_that_answers_is_not_given_up_whatever_it_answers(site, fetcher):
    site.pages.update({f"/{n}": Reply("", 500 if n % 2 else 404) for n in range(30)})
    site.pages["/good"] = Reply("good")
    for n in range(30):
        refused(fetcher, site.url(f"/{n}"))
    assert fetcher.get(site.url("/good"), QUICK).content == b"good"


def test_redirects_are_followed_to_their_end(site, fetcher):
    site.pages["/a"] = Reply("", 301, {"Location": "/b"})
    site.pages["/b"] = Reply("", 302, {"Location": site.url("/c?x=1#part")})
    site.pages["/c?x=1"] = Reply("here")
    answer = fetcher.get(site.url("/a"), QUICK)
    assert (answer.address, answer.content) == (site.url("/c?x=1"), b"here")


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        (
            {"/a": Reply("", 302, {"Location": "/b"}), "/b": Reply("", 302, {"Location": "/a"})},
            "redirect_circle",
        ),
        ({"/a": Reply("", 302, {"Location": "/a"})}, "redirect_circle"),
        ({f"/{n}": Reply("", 302, {"Location": f"/{n + 1}"}) for n in range(20)}, "redirect_chain"),
        ({"/a": Reply("", 302)}, "bad_answer"),
        ({"/a": Reply("", 302, {"Location": "file:///etc/passwd"})}, "bad_address"),
        ({"/a": Reply("", 302, {"Location": "ftp://127.0.0.1/x"})}, "bad_address"),
    ],
)
def test_redirects_that_lead_nowhere_end(site, fetcher, pages, code):
    site.pages.update(pages)
    start = "/a" if "/a" in pages else "/0"
    error = refused(fetcher, site.url(start))
    assert (error.code, error.passes) == (code, False)
    assert len(site.asked) <= 8


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:{port}/a", "http://localhost:{port}/a", "http://[::1]:{port}/a", "http://0.0.0.0:{port}/a",
        "http://[::ffff:127.0.0.1]:{port}/a", "http://2130706433:{port}/a", "http://10.0.0.1/a",
        "http://169.254.169.254/latest/meta-data", "http://192.168.1.1/", "http://[fe80::1]/", "http://[fd00::1]/",
    ],
)  # fmt: skip
def test_no_private_host_is_asked_unless_the_source_says_so(site, fetcher, address):
    port = site.address.rpartition(":")[2]
    public = Politeness(delay=0, timeout=2, attempts=1)
    error = refused(fetcher, address.format(port=port), public)
    assert (error.code, error.passes) == ("private_host", False)
    assert site.asked == []


def test_a_name_that_resolves_otherwise_at_each_look_up_never_reaches_a_private_host(
    site, fetcher, monkeypatch
):
    """DNS rebinding: what is checked is where the connection goes, not what the name said first."""
    port = int(site.address.rpartition(":")[2])
    answers = iter([["93.184.215.14"], ["127.0.0.1"]] * 10)
    connected = []

    def look_up(host, number, **rest):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, number)) for ip in next(answers)]

    def connect(self, host, *rest):
        connected.append(host)
        raise wire.httpcore.ConnectError("nobody there")

    monkeypatch.setattr(wire.socket, "getaddrinfo", look_up)
    monkeypatch.setattr(wire.httpcore.SyncBackend, "connect_tcp", connect)
    errors = [
        refused(fetcher, f"http://rebinding.example:{port}/a", Politeness(delay=0, attempts=1))
        for _ in range(2)
    ]
    assert {error.code for error in errors} <= {"private_host", "unreachable", "robots_unknown"}
    assert set(connected) <= {"93.184.215.14"}


def test_the_address_that_was_connected_to_is_looked_at_itself(site, monkeypatch):
    """Whatever lies between the name and the connection, the peer decides."""
    port = int(site.address.rpartition(":")[2])
    system, look_up = wire.httpcore.SyncBackend, socket.getaddrinfo
    dial = system.connect_tcp
    monkeypatch.setattr(
        wire.socket,
        "getaddrinfo",
        lambda host, number, *rest, **more: (
            look_up(host, number, *rest, **more)
            if host == "127.0.0.1"
            else [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", number))]
        ),
    )
    monkeypatch.setattr(system, "connect_tcp", lambda self, host, *rest: dial(self, "127.0.0.1", *rest))
    with Fetcher(sleep=lambda _: None) as fetcher:
        error = refused(fetcher, f"http://innocent.example:{port}/a", Politeness(delay=0, attempts=1))
    assert error.code == "private_host"
    assert site.asked == []


def test_a_redirect_to_a_private_host_is_refused(site, monkeypatch):
    """A public page may redirect to 127.0.0.1; every stop is checked as the first."""
    public = {"public.example": "93.184.215.14"}
    port = int(site.address.rpartition(":")[2])
    system, look_up = wire.httpcore.SyncBackend, socket.getaddrinfo
    dial = system.connect_tcp

    def resolve(host, number, *rest, **more):
        return look_up(public.get(host, host), number, *rest, **more)

    class Stream(wire.httpcore.NetworkStream):
        """The site's own connection under a public name."""

        def __init__(self, inner):
            self.inner = inner

        def __getattribute__(self, name):
            if name == "get_extra_info":
                return lambda info: ("93.184.215.14", port) if info == "server_addr" else None
            return object.__getattribute__(self, "inner").__getattribute__(name)

    def connect(self, host, *rest):
        assert host == "93.184.215.14", "no connection to anywhere else was tried"
        return Stream(dial(self, "127.0.0.1", *rest))

    monkeypatch.setattr(wire.socket, "getaddrinfo", resolve)
    monkeypatch.setattr(system, "connect_tcp", connect)
    site.pages["/a"] = Reply("", 302, {"Location": f"http://127.0.0.1:{port}/secret"})
    site.pages["/secret"] = Reply("secret")
    with Fetcher(sleep=lambda _: None) as fetcher:
        error = refused(fetcher, f"http://public.example:{port}/a", Politeness(delay=0, attempts=1))
    assert error.code == "private_host"
    assert "/a" in site.paths()
    assert "/secret" not in site.paths()


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2001:4860:4860::8888", True), ("127.0.0.1", False), ("100.64.0.1", False),
        ("::ffff:10.0.0.1", False), ("::ffff:8.8.8.8", True), ("2002:7f00:1::", False),
        ("64:ff9b::7f00:1", False), ("64:ff9b::808:808", True), ("224.0.0.1", False),
        ("ff02::1", False), ("0.0.0.0", False),  # noqa: S104
        ("255.255.255.255", False), ("198.18.0.1", False), ("::", False),
    ],
)  # fmt: skip
def test_which_addresses_are_public(address, public):
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize("packing", ["gzip", "deflate", None])
def test_what_is_packed_is_unpacked(site, fetcher, packing):
    pack = {"gzip": gzip.compress, "deflate": zlib.compress, None: bytes}[packing]
    headers = {"Content-Encoding": packing} if packing else {}
    site.pages["/a"] = Reply(pack(b"hello " * 1000), headers=headers)
    assert fetcher.get(site.url("/a"), QUICK).content == b"hello " * 1000


@pytest.mark.parametrize(
    ("reply", "code", "passes"),
    [
        (Reply(b"x" * 3_000_000), "too_large", False),
        (
            Reply(gzip.compress(bytes(300_000_000), 9), headers={"Content-Encoding": "gzip"}),
            "too_large",
            False,
        ),
        (Reply(b"x", headers={"Content-Encoding": "br"}), "unknown_encoding", False),
        (Reply(b"no gzip", headers={"Content-Encoding": "gzip"}), "bad_answer", True),
        (Reply(gzip.compress(b"x" * 999)[:20], headers={"Content-Encoding": "gzip"}), "cut_off", True),
    ],
    ids=["long", "bomb", "unknown", "damaged", "cut"],
)
def test_what_is_too_large_or_packed_wrongly_is_refused(site, fetcher, reply, code, passes):
    site.pages["/a"] = reply
    politeness = Politeness(delay=0, attempts=1, max_bytes=1 << 20, private_hosts=True)
    error = refused(fetcher, site.url("/a"), politeness)
    assert (error.code, error.passes) == (code, passes)


def test_an_answer_without_an_end_is_cut_at_the_limit(site, fetcher):
    endless = b"%x\r\n%s\r\n" % (65536, b"x" * 65536)
    site.pages["/a"] = Reply(endless * 40, headers={"Transfer-Encoding": "chunked"})
    politeness = Politeness(delay=0, attempts=1, max_bytes=1 << 20, private_hosts=True)
    assert refused(fetcher, site.url("/a"), politeness).code == "too_large"


def test_hosts_are_left_in_peace_between_two_requests(site, fetcher, clock):
    site.pages.update({f"/{n}": Reply("x") for n in range(3)})
    polite = Politeness(delay=2.0, private_hosts=True)
    for n in range(3):
        fetcher.get(site.url(f"/{n}"), polite)
    # robots.txt is a request too.
    assert site.paths() == ["/robots.txt", "/0", "/1", "/2"]
    assert clock.slept == [2.0, 2.0, 2.0]


def test_a_crawl_delay_is_kept_where_it_is_longer(site, fetcher, clock):
    site.pages["/robots.txt"] = Reply("User-agent: *\nCrawl-delay: 7\nDisallow:")
    site.pages.update({f"/{n}": Reply("x") for n in range(2)})
    for n in range(2):
        fetcher.get(site.url(f"/{n}"), Politeness(delay=2.0, private_hosts=True))
    assert clock.slept == [2.0, 7.0]


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /private/", "/private/a", False),
        ("User-agent: *\nDisallow: /private/", "/public/a", True),
        ("User-agent: Frontline\nDisallow: /\n\nUser-agent: *\nDisallow:", "/a", False),
        ("User-agent: Other\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
        ("User-agent: *\nDisallow: /news/\nAllow: /news/war/", "/news/war/a", True),
        ("User-agent: *\nDisallow: /?print=", "/?print=1", False),
        ("\x00\xff nonsense", "/a", True),
    ],
)
def test_robots_txt_is_kept(site, fetcher, rules, path, allowed):
    site.pages["/robots.txt"] = Reply(rules)
    site.pages[path] = Reply("x")
    if allowed:
        assert fetcher.get(site.url(path), QUICK).content == b"x"
    else:
        error = refused(fetcher, site.url(path))
        assert (error.code, error.passes) == ("robots", False)
        assert path not in site.paths()


@pytest.mark.parametrize(
    "reply", [Reply("", 503), Reply("", 429, {"Retry-After": "600"}), Reply("x", cut_at=0)]
)
def test_where_nobody_can_say_what_robots_may_do_nothing_is_asked(site, fetcher, reply):
    site.pages.update({"/robots.txt": reply, "/a": Reply("x")})
    error = refused(fetcher, site.url("/a"))
    assert (error.code, error.passes) == ("robots_unknown", True)
    assert "/a" not in site.paths()


def test_a_redirect_into_a_closed_part_is_not_followed(site, fetcher):
    site.pages["/robots.txt"] = Reply("User-agent: *\nDisallow: /private/")
    site.pages["/a"] = Reply("", 302, {"Location": "/private/b"})
    site.pages["/private/b"] = Reply("x")
    assert refused(fetcher, site.url("/a")).code == "robots"
    assert "/private/b" not in site.paths()


def test_robots_txt_may_be_moved(site, fetcher):
    site.pages["/robots.txt"] = Reply("", 301, {"Location": "/rules"})
    site.pages["/rules"] = Reply("User-agent: *\nDisallow: /a")
    assert refused(fetcher, site.url("/a")).code == "robots"


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("http://example.org", "http://example.org/"),
        ("https://user:word@example.org:8443/a#b", "https://example.org:8443/a"),
        ("http://bücher.example/straße?q=ö&x=%20", "http://xn--bcher-kva.example/stra%C3%9Fe?q=%C3%B6&x=%20"),
        ("http://example.org/a b", "http://example.org/a%20b"),
        ("http://[2001:db8::1]:80/a", "http://[2001:db8::1]:80/a"),
    ],
)
def test_addresses_are_sent_in_ascii_without_user_and_fragment(address, sent):
    assert ascii_address(address) == sent


@pytest.mark.parametrize(
    "address",
    ["", "example.org", "file:///etc/passwd", "javascript:alert(1)", "http://", "http://a:b/", "http://[x"],
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(FetchError) as caught:
        ascii_address(address)
    assert (caught.value.code, caught.value.passes) == ("bad_address", False)


def test_a_certificate_that_nobody_vouches_for_is_refused(fetcher, tmp_path):
    pem = tmp_path / "own.pem"
    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=localhost",
         "-keyout", str(pem), "-out", str(tmp_path / "cert.pem")],
        capture_output=True,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("needs openssl to make a certificate")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", pem)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            connection, _ = server.accept()
            with connection, contextlib.suppress(OSError):
                context.wrap_socket(connection, server_side=True).close()

        thread = threading.Thread(target=accept)
        thread.start()
        with pytest.raises(FetchError) as caught:
            fetcher.get(f"https://127.0.0.1:{server.getsockname()[1]}/", QUICK, robots=False)
        thread.join()
    assert (caught.value.code, caught.value.passes) == ("bad_certificate", False)
