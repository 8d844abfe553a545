"""What a person at a terminal sees of a run: one line a step. Dagster's own log goes to a file."""

from __future__ import annotations

import logging
import re
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TextIO

import dagster as dg
from dagster import DagsterEvent, DagsterEventType

from orchestration.report import SUMMARY

LINE = "  {name:<12} {text:<72} {seconds:6.1f} s\n"
WIDTH = 100
NOT_STARTED = "not started: nothing landed, and no version changed"
CLEAR = "\r\x1b[K"
SHARE = re.compile(r"(?P<done>\d+) of (?P<total>\d+) (?P<rest>.*)")
"""How a step at work says how far it is: '200 of 450 articles read, 31 claims'."""
BAR = 20


class ProgressHandler(logging.Handler):
    """Turns Dagster's events into one line a step: its name, what it did, how long it took.

    At a terminal the last word of a step at work stands below, with a bar and the time left where it says how
    far it is, and is overwritten. Checks that pass are silent; one that fails or warns has a line.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(logging.DEBUG)
        self.stream = stream
        self.is_terminal = stream.isatty()
        self.started: dict[str, float] = {}
        self.summary: dict[str, str] = {}
        self.counts: dict[str, Counter[str]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Print what the record means for a person, if it means anything."""
        meta = getattr(record, "dagster_meta", {})
        event: DagsterEvent | None = meta.get("dagster_event")
        if event is None:
            # Our resources warn of what a person may have to mend; Dagster's own warnings are for the log.
            if record.levelno >= logging.WARNING and meta.get("resource_name"):
                self._write(f"  {'warning':<12} {meta['orig_message']}\n")
            elif self.is_terminal and meta.get("step_key") in self.started:
                seconds = time.monotonic() - self.started[meta["step_key"]]
                said = with_bar(meta["orig_message"], seconds)
                self._write(f"  {_name(meta['step_key']):<12} {said}"[:WIDTH])
        elif event.step_key is not None:
            self._take(event, event.step_key)

    def _take(self, event: DagsterEvent, step: str) -> None:
        kind = event.event_type
        if kind == DagsterEventType.STEP_START:
            self.started[step] = time.monotonic()
            self.counts[step] = Counter()
        elif kind == DagsterEventType.ASSET_MATERIALIZATION:
            self.counts[step]["tables built"] += 1
            summary = event.step_materialization_data.materialization.metadata.get(SUMMARY)
            if isinstance(summary, dg.TextMetadataValue):
                self.summary[step] = summary.value or ""
        elif kind == DagsterEventType.ASSET_CHECK_EVALUATION:
            self._take_check(event, step)
        elif kind == DagsterEventType.STEP_SUCCESS:
            counts = self.counts.get(step, Counter())
            if not counts or counts["tables built"]:
                self._line(step, self.summary.get(step) or _listed(counts) or NOT_STARTED)
        elif kind == DagsterEventType.STEP_SKIPPED:
            self._line(step, "left as it is: no row has changed")
        elif kind == DagsterEventType.STEP_UP_FOR_RETRY:
            self._line(step, "did not work; trying again soon")
        elif kind == DagsterEventType.STEP_FAILURE:
            self._line(step, "FAILED: " + root_cause(event))

    def _take_check(self, event: DagsterEvent, step: str) -> None:
        check = event.asset_check_evaluation_data
        is_severe = check.severity == dg.AssetCheckSeverity.ERROR
        self.counts[step]["checks passed" if check.passed else "failed" if is_severe else "warnings"] += 1
        if not check.passed:
            place = f"{check.asset_key.to_user_string()}: {check.check_name.replace('_', ' ')}"
            detail = f" ({check.description})" if check.description else ""
            self._write(f"  {'failed' if is_severe else 'warning':<12} {place}{detail}\n")

    def _line(self, step: str, text: str) -> None:
        seconds = time.monotonic() - self.started.get(step, time.monotonic())
        self._write(LINE.format(name=_name(step), text=text, seconds=seconds))

    def _write(self, text: str) -> None:
        self.stream.write(CLEAR + text if self.is_terminal else text)
        self.stream.flush()


def with_bar(message: str, seconds: float) -> str:
    """Return the message with a bar and the time left, where it says how far a step is after `seconds`."""
    found = SHARE.match(message)
    if found is None or not (total := int(found["total"])):
        return message
    done = int(found["done"])
    full = BAR * done // total
    left = seconds * (total - done) / done if done else 0.0
    time_left = f", {left / 60:.0f} min left" if left >= 90 else f", {left:.0f} s left" if left >= 1 else ""
    return f"{'█' * full}{'░' * (BAR - full)} {done:,} of {total:,} {found['rest']}{time_left}"


def _name(step: str) -> str:
    return step.removeprefix("raw__")


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in counts.items())


def root_cause(event: DagsterEvent) -> str:
    """Return the innermost message of a failed step, on one line."""
    error = event.step_failure_data.error
    while error is not None and error.cause is not None:
        error = error.cause
    return " ".join(error.message.split()) if error is not None else "no reason given"


@dg.logger({"log_file": dg.Field(str, description="The file that gets Dagster's whole log.")})
def run_log(context: dg.InitLoggerContext) -> logging.Logger:
    """Write every message of the run to a file, and one line a step to the terminal."""
    logger = logging.Logger("frontline.run", logging.DEBUG)
    logger.addHandler(ProgressHandler(sys.__stdout__ or sys.stdout))
    to_file = logging.FileHandler(Path(context.logger_config["log_file"]), encoding="utf-8")
    to_file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger.addHandler(to_file)
    return logger
