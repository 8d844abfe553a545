"""What a person sees of a run: a line a step, what fails and why, and no noise."""

import io
import logging
from collections.abc import Iterator

import dagster as dg
import pytest

from ingest.wording import counted
from orchestration.progress import NOT_STARTED, ProgressHandler, with_bar
from orchestration.report import SUMMARY, bar_chart, markdown_table


class Noisy(dg.ConfigurableResource[None]):
    """A resource that has to wait for somebody."""

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        assert context.log is not None
        context.log.warning("process 123 holds the file")


def printed(
    *assets: dg.AssetsDefinition | dg.AssetChecksDefinition, stream: io.StringIO | None = None
) -> list[str]:
    """Run the assets and return the lines that the handler wrote."""
    stream = stream or io.StringIO()

    @dg.logger
    def progress(_: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("progress", logging.DEBUG)
        logger.addHandler(ProgressHandler(stream))
        return logger

    defs = dg.Definitions(
        assets=[item for item in assets if not isinstance(item, dg.AssetChecksDefinition)],
        asset_checks=[item for item in assets if isinstance(item, dg.AssetChecksDefinition)],
        jobs=[dg.define_asset_job("everything")],
        loggers={"progress": progress},
        resources={"noisy": Noisy()},
    )
    defs.resolve_job_def("everything").execute_in_process(
        run_config={"loggers": {"progress": {}}}, raise_on_error=False
    )
    return stream.getvalue().splitlines()


@dg.asset
def done(noisy: Noisy) -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={SUMMARY: "3 new documents"})


@dg.asset_check(asset=done)
def silent() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


@dg.asset_check(asset=done)
def sources_speak() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=False, severity=dg.AssetCheckSeverity.WARN, description="wire is silent"
    )


@dg.asset(deps=[done])
def broken() -> None:
    try:
        raise OSError("No space left on device")
    except OSError as error:
        raise RuntimeError("could not write") from error


@dg.asset(deps=[broken])
def after() -> None:
    pass


@dg.multi_asset(specs=[dg.AssetSpec("rests", skippable=True)])
def resting() -> Iterator[dg.MaterializeResult[None]]:
    yield from ()


def test_a_step_is_a_line_with_its_own_summary() -> None:
    (line,) = [line for line in printed(done) if line.strip().startswith("done")]
    assert "3 new documents" in line
    assert line.endswith(" s")


def test_a_failure_is_a_line_with_its_innermost_reason_and_no_noise_after_it() -> None:
    lines = printed(done, broken, after)
    assert "FAILED: OSError: No space left on device" in lines[-1]
    assert not any("Dependencies" in line for line in lines)


def test_passing_checks_are_silent_and_warnings_are_not() -> None:
    lines = printed(done, silent, sources_speak)
    assert not any("silent" in line and "wire" not in line for line in lines)
    assert any(line.split()[0] == "warning" and "wire is silent" in line for line in lines)


def test_a_resource_that_waits_says_so() -> None:
    assert any("process 123 holds the file" in line for line in printed(done))


def test_a_step_that_had_nothing_to_do_says_so() -> None:
    assert any(line.split()[0] == "resting" and NOT_STARTED in line for line in printed(resting))


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dg.asset
def long_work(context: dg.AssetExecutionContext) -> None:
    context.log.info("asking wire")
    context.log.info("100 of 400 articles read, 7 claims")


def test_at_a_terminal_a_step_at_work_shows_a_bar_that_is_overwritten() -> None:
    shown = printed(long_work, stream=Terminal())
    text = "\n".join(shown)
    assert "long_work    asking wire" in text
    assert "█████░░░░░░░░░░░░░░░ 100 of 400 articles read, 7 claims" in text
    assert shown[-1].rpartition("\r\x1b[K")[2].endswith(" s"), "the step's line takes its place"
    assert not any("█" in line or "asking" in line for line in printed(long_work)), "a file gets no bars"


@pytest.mark.parametrize(
    ("message", "seconds", "shown"),
    [
        ("1 of 4 documents parsed", 10, "█████░░░░░░░░░░░░░░░ 1 of 4 documents parsed, 30 s left"),
        ("1200 of 4800 articles", 600, "█████░░░░░░░░░░░░░░░ 1,200 of 4,800 articles, 30 min left"),
        ("4 of 4 documents parsed", 10, "████████████████████ 4 of 4 documents parsed"),
        ("0 of 4 documents parsed", 10, "░░░░░░░░░░░░░░░░░░░░ 0 of 4 documents parsed"),
        ("0 of 0 documents parsed", 10, "0 of 0 documents parsed"),
        ("200 documents found so far", 10, "200 documents found so far"),
    ],
)
def test_a_bar_says_how_far_and_how_long(message: str, seconds: float, shown: str) -> None:
    assert with_bar(message, seconds) == shown


def test_quotes_cannot_break_out_of_their_table() -> None:
    shown = markdown_table(("quote",), [("<script>a|b</script>\n[x](y) `c`",)]).value
    assert shown is not None
    assert "<script>" not in shown
    assert "a\\|b" in shown
    assert len(shown.splitlines()) == 3, "a quote of two lines stays one row"


def test_bars_are_in_proportion_largest_first() -> None:
    shown = bar_chart({"few": 1, "many": 4, "none": 0}).value
    assert shown is not None
    rows = shown.splitlines()[2:]
    assert [row.split()[1] for row in rows] == ["many", "few"]
    assert rows[0].count("█") == 4 * rows[1].count("█")
    assert bar_chart({}).value is not None


def test_numbers_agree_with_their_nouns() -> None:
    assert [counted(number, "article") for number in (0, 1, 1200)] == [
        "0 articles",
        "1 article",
        "1,200 articles",
    ]
