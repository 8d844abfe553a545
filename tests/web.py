"""A web site on the loopback that behaves as it is told to: well, badly, or one after the other."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """An answer. `wait` delays it, `drip` waits after each byte, `cut_at` breaks off after so many bytes."""

    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    cut_at: int | None = None
    drip: float = 0.0


@dataclass(frozen=True)
class Asked:
    """A request as it came: when (monotonic seconds), for which path, with which headers (lower case)."""

    at: float
    path: str
    headers: Mapping[str, str]


Page = Reply | Sequence[Reply] | Callable[[Asked], Reply]


class Site:
    """Serves `pages` by their path; of a list of replies each is given once, the last for ever after.

    Replies with an ETag or Last-Modified are answered by 304 where the request holds the same.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[Asked] = []
        self._given: dict[str, int] = {}
        self._lock = threading.Lock()
        self._answering = self._waiting = 0.0
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def do_GET(self) -> None:
                site._answer(self)

            def handle_one_request(self) -> None:
                started = time.thread_time()
                super().handle_one_request()
                with site._lock:
                    site._answering += time.thread_time() - started

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request: Any, client_address: Any) -> None:
                """Say nothing of clients that went away: they were meant to."""

            def service_actions(self) -> None:
                """Note what waiting has cost: called by the thread that waits, at every turn of it."""
                site._waiting = time.thread_time()

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return self.address + path

    def processor_seconds(self) -> float:
        """Return what serving has cost in this process, which is no part of what clients cost."""
        with self._lock:
            return self._answering + self._waiting

    def paths(self) -> list[str]:
        """Return the paths asked for, in their order."""
        return [asked.path for asked in self.asked]

    def _reply(self, asked: Asked) -> Reply:
        with self._lock:
            self.asked.append(asked)
            page = self.pages.get(asked.path, Reply("not here", 404))
            if isinstance(page, Reply):
                return page
            if callable(page):
                return page(asked)
            number = self._given.get(asked.path, 0)
            self._given[asked.path] = number + 1
            return page[min(number, len(page) - 1)]

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        headers = {name.lower(): value for name, value in handler.headers.items()}
        reply = self._reply(Asked(time.monotonic(), handler.path, headers))
        time.sleep(reply.wait)
        sent = {name.lower(): value for name, value in reply.headers.items()}
        is_same = any(
            sent.get(given) and headers.get(condition) == sent[given]
            for given, condition in (("etag", "if-none-match"), ("last-modified", "if-modified-since"))
        )
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        status, body = (304, b"") if is_same and reply.status == 200 else (reply.status, body)
        with contextlib.suppress(OSError):
            handler.send_response(status)
            for name, value in reply.headers.items():
                handler.send_header(name, value)
            if status != 304 and "transfer-encoding" not in sent and "content-length" not in sent:
                handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            if reply.cut_at is not None:
                handler.wfile.write(body[: reply.cut_at])
                handler.wfile.flush()
                # An RST, as from a machine that goes down.
                handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                handler.close_connection = True
            elif reply.drip:
                for byte in body:
                    handler.wfile.write(bytes([byte]))
                    handler.wfile.flush()
                    time.sleep(reply.drip)
            else:
                handler.wfile.write(body)


@contextlib.contextmanager
def serving(pages: Mapping[str, Page] | None = None) -> Iterator[Site]:
    """Serve the pages for the length of a `with` statement."""
    site = Site()
    site.pages.update(pages or {})
    try:
        yield site
    finally:
        site.close()
