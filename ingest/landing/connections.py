"""One request to one host, bounded in every way: where it may connect, how long, how much comes back.

The address is checked where the connection is made, not where the name is looked up first: a name may be
answered differently a second time, and a redirect may lead anywhere. httpcore is used since it lets the
network be put under it by a public interface; it is what httpx runs on.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import httpcore

from ingest.decoding import storable

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
MAX_ADDRESSES = 4
"""So many addresses of one host are tried, one after the other."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")


class FetchError(Exception):
    """Nothing usable came back. `code` is for counting, the message for people.

    `passes` tells whether it may pass by itself; `retry_after` is how many seconds the server asks us to stay
    away, None where it does not say; `status` that of the answer, None where there was none.
    """

    def __init__(
        self,
        code: str,
        reason: str,
        *,
        passes: bool,
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.code, self.passes, self.retry_after, self.status = code, passes, retry_after, status


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how much: seconds without a byte, seconds for the whole answer, bytes unpacked."""

    timeout: float
    deadline: float
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: `address` is where it was said in the end, headers have lower-case names."""

    address: str
    status: int
    headers: Mapping[str, str]
    content: bytes


class Connections:
    """Keeps connections open between requests to one host. Not for several threads at once."""

    def __init__(self, *, allow_private: bool) -> None:
        self._network = _Guarded(allow_private=allow_private)
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpcore.default_ssl_context(),
            max_connections=4,
            keepalive_expiry=5.0,
            network_backend=self._network,
        )

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    def get(self, address: str, headers: dict[bytes | str, bytes | str], limits: Limits) -> Answer:
        """Ask for `address` once; redirects come back as answers. `address` is ASCII, http or https.

        Raises FetchError where no whole answer comes within the limits.
        """
        self._network.ends_at = time.monotonic() + limits.deadline
        waits = dict.fromkeys(("connect", "read", "write", "pool"), limits.timeout)
        try:
            with self._pool.stream("GET", address, headers=headers, extensions={"timeout": waits}) as found:
                names = {
                    name.decode("ascii", "replace").lower(): value.decode("latin-1")
                    for name, value in found.headers
                }
                content = b"" if found.status == 304 else _read(found, names, limits.max_bytes)
                return Answer(address, found.status, names, content)
        except httpcore.TimeoutException as error:
            raise FetchError(
                "timed_out", f"did not answer in time ({limits.timeout:g} s)", passes=True
            ) from error
        except httpcore.ConnectError as error:
            if error.args and isinstance(error.args[0], ssl.SSLCertVerificationError):
                raise FetchError(
                    "bad_certificate", f"has no certificate that can be trusted: {error}", passes=False
                ) from error
            raise FetchError("unreachable", f"cannot be reached: {error}", passes=True) from error
        except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
            raise FetchError(
                "cut_off", f"broke off in the middle of its answer: {error}", passes=True
            ) from error
        except (httpcore.UnsupportedProtocol, httpcore.LocalProtocolError) as error:
            raise FetchError("bad_address", f"is no address to ask: {error}", passes=False) from error


def resolve(base: str, link: str) -> str:
    """Return the address that `link` means on the page `base`, as it can be stored.

    One that can be no address ('http://[x') comes back as it stands, to be refused where it is asked.
    """
    link = storable(link)
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _read(response: httpcore.Response, headers: Mapping[str, str], most: int) -> bytes:
    """Return the body, unpacked, where it is no longer than `most` bytes. Raises FetchError."""
    stated = headers.get("content-length", "")
    if stated.isdigit() and int(stated) > most:
        raise _too_large(most)
    packing = headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise FetchError("unknown_encoding", f"is packed as {packing!r}, not asked for", passes=False)
    unpacker = None if packing in ("identity", "") else zlib.decompressobj(zlib.MAX_WBITS | 32)
    content = bytearray()
    try:
        for chunk in response.iter_stream():
            content += unpacker.decompress(chunk, most + 1 - len(content)) if unpacker else chunk
            if len(content) > most:
                raise _too_large(most)
    except zlib.error as error:
        raise FetchError("bad_answer", f"is packed and damaged: {error}", passes=True) from error
    if unpacker and not unpacker.eof and content:
        raise FetchError("cut_off", "broke off in the middle of its packed answer", passes=True)
    return bytes(content)


def _too_large(most: int) -> FetchError:
    return FetchError("too_large", f"is longer than {most >> 20} MiB, the most that is read", passes=False)


def is_public(address: IPAddress) -> bool:
    """Tell whether an address belongs to the public internet, looking into those that wrap another."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is None and address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


class _Guarded(httpcore.NetworkBackend):
    """Connects to public addresses only, unless told otherwise, and ends what takes too long."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._system = httpcore.SyncBackend()
        self.ends_at = float("inf")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Look `host` up and connect to the first of its permitted addresses that answers."""
        failed: Exception | None = None
        for address in self._permitted(host, port)[:MAX_ADDRESSES]:
            try:
                stream = self._system.connect_tcp(
                    str(address), port, self._within(timeout), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            peer = _ip(stream.get_extra_info("server_addr")[0])
            if not (self._allow_private or is_public(peer)):
                stream.close()
                raise _private(host)
            return _Bounded(stream, self)
        raise failed or httpcore.ConnectError(f"{host} has no address")

    def _permitted(self, host: str, port: int) -> list[IPAddress]:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise FetchError("unknown_host", f"has a host that is not known ({host})", passes=True) from error
        addresses = list(dict.fromkeys(_ip(str(item[4][0])) for item in found))
        permitted = [address for address in addresses if self._allow_private or is_public(address)]
        if addresses and not permitted:
            raise _private(host)
        return permitted

    def _within(self, timeout: float | None) -> float:
        """Return the seconds that may still be waited. Raises httpcore.ReadTimeout where none are left."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole answer took too long")
        return left if timeout is None else min(timeout, left)


class _Bounded(httpcore.NetworkStream):
    """A stream each of whose waits ends with the request, so that a server cannot drip for ever."""

    def __init__(self, stream: httpcore.NetworkStream, network: _Guarded) -> None:
        self._stream, self._network = stream, network

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._network._within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._network._within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        within = self._network._within(timeout)
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, within), self._network)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _ip(text: str) -> IPAddress:
    return ipaddress.ip_address(text.partition("%")[0])


def _private(host: str) -> FetchError:
    return FetchError(
        "private_host",
        f"leads to {host}, a private or loopback host; where that is meant, the source says "
        "'private_hosts: true'",
        passes=False,
    )
