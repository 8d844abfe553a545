"""Work shared out to processes, its results given in the order of the work."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

from ingest import FrontlineError

if TYPE_CHECKING:
    from concurrent.futures import Future

Given = TypeVar("Given")
Result = TypeVar("Result")


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    work: Callable[[Given], Result],
    pieces: Iterable[Given],
    workers: int,
    begin: Callable[[], object] | None = None,
) -> Iterator[Result]:
    """Yield `work(piece)` for each piece, in their order, worked out by up to `workers` processes.

    A single piece, or a single worker, is worked out here. Two pieces wait for each worker, so that memory
    does not grow with the input. `work` and `begin`, which each process calls once, are functions of a
    module. Raises FrontlineError where a process was ended from outside; what `work` raises comes through.
    """
    rest = iter(pieces)
    first = list(islice(rest, workers))
    if len(first) < 2:
        yield from map(work, chain(first, rest))
        return
    # A third of the time to import `extract`, which a single article need not wait for.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    waiting: deque[Future[Result]] = deque()
    # spawn: a fork would copy the parent's threads' locks
    pool = ProcessPoolExecutor(
        len(first), mp_context=get_context("spawn"), initializer=_begin, initargs=(begin,)
    )
    try:
        for piece in chain(first, rest):
            waiting.append(pool.submit(work, piece))
            if len(waiting) >= 2 * len(first):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise FrontlineError("a worker was ended from outside, perhaps for memory: use fewer") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(begin: Callable[[], object] | None) -> None:
    """Begin a worker that ends with its parent, which closes no queue where it is killed outright."""
    from multiprocessing import parent_process

    def end_with_parent() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()
    if begin:
        begin()
