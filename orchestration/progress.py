"""What a person at a terminal sees of a run: one line a step. Dagster's own log goes to a file."""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TextIO

import dagster as dg
from dagster import DagsterEvent, DagsterEventType

from orchestration.report import SUMMARY

STEP_NAMES = {
    "raw__documents": "documents",
    "raw__articles": "articles",
    "raw__claims": "claims",
    "raw__claims_quotes_stand_in_their_articles": "check",
}
LINE = "  {name:<12} {text:<72} {seconds:6.1f} s\n"


class ProgressHandler(logging.Handler):
    """Turns Dagster's events into one line a step: its name, what it did, how long it took."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(logging.DEBUG)
        self.stream = stream
        self.started: dict[str, float] = {}
        self.summary: dict[str, str] = {}
        self.counts: dict[str, Counter[str]] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """Print what the record's event means for a person, if it means anything."""
        event: DagsterEvent | None = getattr(record, "dagster_meta", {}).get("dagster_event")
        if event is None or event.step_key is None:
            return
        step, kind = event.step_key, event.event_type
        if kind == DagsterEventType.STEP_START:
            self.started[step] = time.monotonic()
            self.counts[step] = Counter()
        elif kind == DagsterEventType.ASSET_MATERIALIZATION:
            self.counts[step]["tables built"] += 1
            summary = event.step_materialization_data.materialization.metadata.get(SUMMARY)
            if isinstance(summary, dg.TextMetadataValue):
                self.summary[step] = summary.value or ""
        elif kind == DagsterEventType.ASSET_CHECK_EVALUATION:
            self._count_check(step, event)
        elif kind == DagsterEventType.STEP_SUCCESS:
            self._line(
                step,
                self.summary.get(step)
                or self._counted(step)
                or "not started: nothing landed, and no version changed",
            )
        elif kind == DagsterEventType.STEP_SKIPPED:
            self._line(step, "left as it is: no row has changed")
        elif kind == DagsterEventType.STEP_RESTARTED:
            self._line(step, "trying again")
        elif kind == DagsterEventType.STEP_FAILURE:
            self._line(step, "FAILED: " + root_cause(event))

    def _count_check(self, step: str, event: DagsterEvent) -> None:
        check = event.asset_check_evaluation_data
        severe = check.severity == dg.AssetCheckSeverity.ERROR
        self.counts[step]["checks passed" if check.passed else "checks failed" if severe else "warnings"] += 1
        if not check.passed:
            place = f"{check.asset_key.to_user_string()}: {check.check_name}"
            detail = f" ({check.description})" if check.description else ""
            self.stream.write(f"  {'failed' if severe else 'warning':<12} {place}{detail}\n")

    def _counted(self, step: str) -> str:
        """Return what the step did where it says nothing itself: '53 tables built, 48 checks passed'."""
        counts = self.counts.get(step, Counter())
        if counts == {"checks passed": 1}:
            return "passed: " + step.removeprefix("raw__claims_").replace("_", " ")
        return ", ".join(f"{number} {what}" for what, number in counts.items())

    def _line(self, step: str, text: str) -> None:
        seconds = time.monotonic() - self.started.get(step, time.monotonic())
        self.stream.write(LINE.format(name=STEP_NAMES.get(step, step), text=text, seconds=max(seconds, 0.0)))
        self.stream.flush()


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
