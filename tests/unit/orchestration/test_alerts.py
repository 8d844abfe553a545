"""Alerts reach a webhook and a mail server, here on the loopback, and give no secret away."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from orchestration import alerts

received: list[str] = []


class Webhook(BaseHTTPRequestHandler):
    """Keeps what is posted; answers 500 under /broken."""

    def do_POST(self) -> None:
        received.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(500 if self.path.startswith("/broken") else 200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


class Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as one message takes, without encryption."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline():
            verb = line.split()[0].upper() if line.split() else b""
            if verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                body = []
                while (line := self.rfile.readline()) not in (b".\r\n", b""):
                    body.append(line.decode())
                received.append("".join(body))
            self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")
            if verb == b"QUIT":
                return


@pytest.fixture
def ports() -> Iterator[tuple[int, int]]:
    received.clear()
    servers = [HTTPServer(("127.0.0.1", 0), Webhook), socketserver.TCPServer(("127.0.0.1", 0), Mail)]
    threads = [threading.Thread(target=server.serve_forever, args=(0.01,)) for server in servers]
    for thread in threads:
        thread.start()
    yield servers[0].server_address[1], servers[1].server_address[1]
    for server, thread in zip(servers, threads, strict=True):
        server.shutdown()
        server.server_close()
        thread.join()


def test_both_ways_are_used(ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTLINE_ALERT_WEBHOOK", f"http://127.0.0.1:{ports[0]}/hook")
    monkeypatch.setenv("FRONTLINE_ALERT_SMTP", f"smtp://127.0.0.1:{ports[1]}")
    monkeypatch.setenv("FRONTLINE_ALERT_TO", "desk@example.org, night@example.org")
    monkeypatch.setenv("FRONTLINE_ALERT_FROM", "frontline@example.org")
    alerts.send("Frontline: a run failed in raw__claims", "Run 1\nfailed.")
    posted, mailed = received
    assert json.loads(posted) == {"text": "Frontline: a run failed in raw__claims\nRun 1\nfailed."}
    assert "Subject: Frontline: a run failed in raw__claims" in mailed
    assert "To: desk@example.org, night@example.org" in mailed


def test_a_broken_webhook_does_not_stop_the_mail_and_its_address_stays_secret(
    ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FRONTLINE_ALERT_WEBHOOK", f"http://127.0.0.1:{ports[0]}/broken/token-1234")
    monkeypatch.setenv("FRONTLINE_ALERT_SMTP", f"smtp://127.0.0.1:{ports[1]}")
    monkeypatch.setenv("FRONTLINE_ALERT_TO", "desk@example.org")
    with pytest.raises(alerts.AlertError, match="FRONTLINE_ALERT_WEBHOOK") as failure:
        alerts.send("subject", "text")
    assert "token-1234" not in str(failure.value)
    assert len(received) == 2


def test_no_password_crosses_an_open_connection(
    ports: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FRONTLINE_ALERT_WEBHOOK", raising=False)
    monkeypatch.setenv("FRONTLINE_ALERT_SMTP", f"smtp://user:secret@127.0.0.1:{ports[1]}")
    monkeypatch.setenv("FRONTLINE_ALERT_TO", "desk@example.org")
    with pytest.raises(alerts.AlertError):
        alerts.send("subject", "text")
    assert received == []


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/x", "no address"])
def test_only_the_web_is_a_webhook(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRONTLINE_ALERT_SMTP", raising=False)
    monkeypatch.setenv("FRONTLINE_ALERT_WEBHOOK", address)
    with pytest.raises(alerts.AlertError):
        alerts.send("subject", "text")
