"""Work shared out to processes comes back in order, whole, and tells what went wrong."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ingest import FrontlineError
from ingest.workers import cores, in_order

ROOT = Path(__file__).parents[2]


def square(number: int) -> tuple[int, int]:
    return number * number, os.getpid()


def fail(number: int) -> int:
    raise ValueError(f"no {number}")


def die(number: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return number


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_results_come_in_the_order_of_the_work(workers):
    assert [result for result, _ in in_order(square, range(9), workers)] == [n * n for n in range(9)]


def test_a_single_piece_is_worked_out_here():
    assert list(in_order(square, [3], 4)) == [(9, os.getpid())]


def test_several_pieces_are_worked_out_by_others():
    assert os.getpid() not in {process for _, process in in_order(square, range(4), 2)}


def test_fewer_pieces_than_it_takes_are_worked_out_here():
    assert {process for _, process in in_order(square, range(3), 2, least=4)} == {os.getpid()}
    assert os.getpid() not in {process for _, process in in_order(square, range(4), 2, least=4)}


def test_a_single_worker_is_this_process():
    assert {process for _, process in in_order(square, range(9), 1)} == {os.getpid()}


def loaded_by(_: int) -> int:
    return sys.modules["tests.unit.what_is_loaded"].PROCESS


def test_what_is_needed_is_loaded_once_for_all_workers():
    """In a process of its own: the server that workers are copied from lives as long as who asked first."""
    script = (
        "import os\nfrom tests.unit.test_workers import *\n"
        "if __name__ == '__main__':\n"
        "    found = set(in_order(loaded_by, range(8), 2, needs='tests.unit.what_is_loaded'))\n"
        "    print(len(found), os.getpid() in found)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["1", "False"]


def test_no_work_gives_nothing():
    assert list(in_order(square, [], 2)) == []


def test_no_more_is_read_than_two_pieces_a_worker():
    read = []

    def pieces():
        for number in range(50):
            read.append(number)
            yield number

    results = in_order(square, pieces(), 2)
    next(results)
    assert len(read) <= 5
    results.close()


def test_what_the_work_raises_comes_through():
    with pytest.raises(ValueError, match="no 0"):
        list(in_order(fail, range(4), 2))


def test_a_worker_ended_from_outside_is_told():
    with pytest.raises(FrontlineError, match="ended from outside"):
        list(in_order(die, range(4), 2))


def test_there_is_a_processor():
    assert cores() >= 1


def tell_and_wait(number: int) -> int:
    os.write(1, f"{os.getpid()}\n".encode())  # at once: print writes the line's end apart
    time.sleep(600)
    return number


def test_workers_end_with_a_parent_that_is_killed():
    script = "from tests.unit.test_workers import *\nlist(in_order(tell_and_wait, range(2), 2))"
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    workers = [int(parent.stdout.readline()) for _ in range(2)]
    parent.kill()
    parent.wait()
    until = time.monotonic() + 30
    while (left := [worker for worker in workers if is_alive(worker)]) and time.monotonic() < until:
        time.sleep(0.1)
    for worker in left:
        os.kill(worker, signal.SIGKILL)
    assert left == []


def is_alive(process: int) -> bool:
    """Return whether it runs: one that has ended may lie there unread by init."""
    try:
        return not Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].startswith(" Z")
    except (FileNotFoundError, ProcessLookupError):  # gone before it was opened, or before it was read
        return False
