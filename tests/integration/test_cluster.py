"""Reading on a Dask cluster of real processes: the same claims, whatever happens to a worker."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import FrontlineError, cluster, reading
from ingest.articles.parse import article_of
from ingest.commands import extract as command
from ingest.records import Article
from ingest.warehouse.shards import Shards

distributed = pytest.importorskip("distributed", reason="Dask is not installed: make setup-cluster")
pytestmark = pytest.mark.full

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def scheduler() -> Iterator[str]:
    """The address of a scheduler with two worker processes, which a nanny starts again."""
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
    ) as found:
        yield found.scheduler_address


@pytest.fixture
def articles() -> list[Article]:
    places = ("Saraqib", "Aleppo", "Taiz", "Melitopol", "Bakhmut", "Idlib", "Mosul")
    return [
        article_of(
            {
                "id": f"a{number}",
                "text": f"At least {number + 3} soldiers were killed in {place} on Monday, the army said. "
                f"Rebels captured {place} after {number + 2} days. They sent 40 fighters there.",
                "published_at": "2026-02-27",
            }
        )
        for number, place in enumerate(places)
    ]


@pytest.fixture
def shards(tmp_path: Path, scheduler: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FRONTLINE_DASK", scheduler)
    monkeypatch.setenv("FRONTLINE_SHARDS", str(tmp_path / "shards"))
    monkeypatch.setattr(reading, "SHARD_ARTICLES", 2)
    return tmp_path / "shards"


def square(number: int) -> int:
    time.sleep(0.02 * (number % 3))
    return number * number


def die_once(given: tuple[int, str]) -> int:
    number, flag = given
    if number == 3 and not Path(flag).exists():
        Path(flag).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def fail(number: int) -> int:
    raise TimeoutError(f"no {number}")


def test_results_come_in_the_order_of_the_work(scheduler: str) -> None:
    assert list(cluster.in_order(scheduler, square, range(20))) == [n * n for n in range(20)]
    assert list(cluster.in_order(scheduler, square, [])) == []


def test_no_more_is_read_than_two_pieces_a_worker(scheduler: str) -> None:
    read = []

    def pieces() -> Iterator[int]:
        for number in range(50):
            read.append(number)
            yield number

    results = cluster.in_order(scheduler, square, pieces())
    next(results)
    assert len(read) <= 5
    results.close()  # type: ignore[attr-defined]


def test_claims_are_those_of_this_process(
    shards: Path, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = list(reading.read_articles(articles, 1))
    assert [len(piece) for piece in found] == [2, 2, 2, 1]
    assert list(shards.iterdir()) == []
    monkeypatch.delenv("FRONTLINE_DASK")
    wanted = list(reading.read_articles(articles, 1))
    assert sum(len(claims) for piece in wanted for _, claims in piece) >= len(articles)
    assert [item for piece in found for item in piece] == [item for piece in wanted for item in piece]


def test_extract_gives_the_same_bytes(scheduler: str, articles: list[Article]) -> None:
    lines = [json.dumps({"id": a.article_id, "text": f"x\n\n{a.text}\r\n"}) for a in articles]
    given = "\n".join([*lines[:3], "no JSON", *lines[3:]]).encode()
    outputs = []
    for address in (None, scheduler):
        out, told = io.BytesIO(), io.StringIO()
        assert command.extract(io.BytesIO(given), out, told, scheduler=address) == 1
        outputs.append((out.getvalue(), told.getvalue()))
    assert outputs[0][0]
    assert outputs[1] == outputs[0]


def test_what_a_worker_had_in_hand_when_it_died_is_done_by_another(scheduler: str, tmp_path: Path) -> None:
    flag = tmp_path / "died"
    given = [(number, str(flag)) for number in range(10)]
    assert list(cluster.in_order(scheduler, die_once, given)) == list(range(10))
    assert flag.exists()


def test_a_shard_that_was_read_is_not_read_again(shards: Path, articles: list[Article]) -> None:
    version = reading.reading_version()
    found = list(reading.read_articles(articles[:2], 1))
    assert all(claims for _, claims in found[0])
    parts = (f"{article.article_id}{article.landing_id}" for article in articles[:2])
    Shards(str(shards)).write_claims(reading.content_hash(version, *parts), [], version)
    (again,) = reading.read_articles(articles[:2], 1)
    assert [claims for _, claims in again] == [[], []]


def test_a_worker_of_another_version_is_refused(
    shards: Path, articles: list[Article], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "reading_version", lambda: "of-another-day")
    with pytest.raises(FrontlineError, match="another version"):
        list(reading.read_articles(articles, 1))


def test_what_the_work_raises_comes_through(scheduler: str) -> None:
    with pytest.raises(TimeoutError, match="no 0"):
        list(cluster.in_order(scheduler, fail, range(3)))


def test_a_piece_that_ends_every_worker_is_told(scheduler: str) -> None:
    with pytest.raises(cluster.ClusterError, match="ended every worker"):
        list(cluster.in_order(scheduler, die, [1]))


def test_a_scheduler_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 0.5)
    with pytest.raises(cluster.ClusterError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:9"):
        list(cluster.in_order("tcp://127.0.0.1:9", square, [1]))


def test_a_scheduler_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "DESERTED_SECONDS", 0.5)
    with (
        distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as empty,
        pytest.raises(cluster.ClusterError, match="no worker"),
    ):
        list(cluster.in_order(empty.scheduler_address, square, [1]))


def test_without_dask_its_package_is_named() -> None:
    script = (
        "import sys; sys.modules['distributed'] = None\n"
        "from ingest import cluster\n"
        "try: list(cluster.in_order('tcp://127.0.0.1:9', abs, [1]))\n"
        "except cluster.ClusterError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert "make setup-cluster" in done.stdout
