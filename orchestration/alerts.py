"""Tell somebody that a run failed: by webhook, by e-mail, or both, as the environment says.

    FRONTLINE_ALERT_WEBHOOK   an address that takes a POST of {"text": "..."}: Slack, Mattermost, ...
    FRONTLINE_ALERT_SMTP      smtp://[user:password@]host[:port] or smtps://...; STARTTLS where offered
    FRONTLINE_ALERT_TO        addresses, with commas between them
    FRONTLINE_ALERT_FROM      the sender; default frontline@ and this host's name

These hold secrets, so they come from the environment alone, and are never logged.
"""

from __future__ import annotations

import json
import os
import smtplib
import socket
import ssl
import urllib.request
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import dagster as dg

from orchestration.schedules import STARTED_BY

TIMEOUT = 15.0


class AlertError(RuntimeError):
    """An alert could not be sent; the message says by which way, and holds no secret."""


@dg.run_failure_sensor(default_status=dg.DefaultSensorStatus.RUNNING, minimum_interval_seconds=30)
def failed_runs(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Send word of every run that failed, or was cut off, wherever it was started."""
    if not is_configured():
        return dg.SkipReason("no FRONTLINE_ALERT_WEBHOOK and no FRONTLINE_ALERT_SMTP is set")
    run = context.dagster_run
    steps = [event.step_key for event in context.get_step_failure_events() if event.step_key]
    where = f" in {', '.join(steps)}" if steps else ""
    send(
        f"Frontline: a run failed{where}",
        f"Run {run.run_id} of {run.job_name}, started by {run.tags.get(STARTED_BY, 'a person')}, "
        f"failed{where}.\n{context.failure_event.message or ''}",
    )
    return None


def is_configured() -> bool:
    """Tell whether there is anywhere to send an alert to."""
    return any(os.environ.get(name) for name in ("FRONTLINE_ALERT_WEBHOOK", "FRONTLINE_ALERT_SMTP"))


def send(subject: str, text: str) -> None:
    """Send the alert by every way that is configured. Raises AlertError after trying all of them."""
    failed = []
    for name, way in (("FRONTLINE_ALERT_WEBHOOK", _post), ("FRONTLINE_ALERT_SMTP", _mail)):
        if address := os.environ.get(name):
            try:
                way(address, subject, text)
            except (OSError, ValueError, smtplib.SMTPException) as error:
                failed.append(f"{name}: {type(error).__name__}")
    if failed:
        raise AlertError(f"the alert {subject!r} was not sent by {'; '.join(failed)}")


def _post(address: str, subject: str, text: str) -> None:
    if urlsplit(address).scheme not in ("http", "https"):
        raise ValueError("a webhook's address begins with http:// or https://")
    request = urllib.request.Request(  # noqa: S310 -- the scheme is checked above
        address,
        data=json.dumps({"text": f"{subject}\n{text}"}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:  # noqa: S310
        response.read(1)


def _mail(address: str, subject: str, text: str) -> None:
    server = urlsplit(address)
    if server.scheme not in ("smtp", "smtps") or not server.hostname:
        raise ValueError("a mail server is written smtp://host:port or smtps://host:port")
    receivers = [part.strip() for part in os.environ.get("FRONTLINE_ALERT_TO", "").split(",") if part.strip()]
    if not receivers:
        raise ValueError("FRONTLINE_ALERT_TO names nobody")
    message = EmailMessage()
    message["Subject"] = " ".join(subject.split())
    message["From"] = os.environ.get("FRONTLINE_ALERT_FROM") or f"frontline@{socket.getfqdn()}"
    message["To"] = ", ".join(receivers)
    message.set_content(text)
    context = ssl.create_default_context()
    with (
        smtplib.SMTP_SSL(server.hostname, server.port or 465, timeout=TIMEOUT, context=context)
        if server.scheme == "smtps"
        else smtplib.SMTP(server.hostname, server.port or 25, timeout=TIMEOUT)
    ) as connection:
        connection.ehlo()
        is_private = server.scheme == "smtps"
        if not is_private and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
            is_private = True
        if server.username:
            if not is_private:
                raise ValueError("a password is not sent over an open connection")
            connection.login(unquote(server.username), unquote(server.password or ""))
        connection.send_message(message)
