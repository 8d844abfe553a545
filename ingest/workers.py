"""Work shared out to processes, its results given in the order of the work."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from itertools import chain, islice
from typing import TYPE_CHECKING, TypeVar

from ingest import FrontlineError

if TYPE_CHECKING:
    from concurrent.futures import Future
    from multiprocessing.context import BaseContext

Given = TypeVar("Given")
Result = TypeVar("Result")


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(
    work: Callable[[Given], Result],
    pieces: Iterable[Given],
    workers: int,
    *,
    needs: str | None = None,
    least: int = 2,
) -> Iterator[Result]:
    """Yield `work(piece)` for each piece, in their order, worked out by up to `workers` processes.

    Fewer than `least` pieces are worked out here, and all of them for a single worker. Two pieces wait for
    each worker, so that memory does not grow with the input. `work` is a function of a module; `needs` names
    a module whose import loads what it works with: once, for the workers are copies of the process that
    loaded it (where there are no such copies, as on Windows, each worker imports it). Raises FrontlineError
    where a process was ended from outside; what `work` raises comes through.
    """
    rest = iter(pieces)
    first = list(islice(rest, max(workers, least)))
    if workers < 2 or len(first) < least:
        yield from map(work, chain(first, rest))
        return
    # A third of the time to import `extract`, which a single article need not wait for.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    workers = min(workers, len(first))
    waiting: deque[Future[Result]] = deque()
    pool = ProcessPoolExecutor(workers, mp_context=_context(needs), initializer=_begin, initargs=(needs,))
    try:
        for piece in chain(first, rest):
            waiting.append(pool.submit(work, piece))
            if len(waiting) >= 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool as error:
        raise FrontlineError("a worker was ended from outside, perhaps for memory: use fewer") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _context(needs: str | None) -> BaseContext:
    """Return how processes are started: copied from one that has loaded what they need, and has no thread.

    A copy of this process itself would have copies of its threads' locks, and nobody to open them.
    """
    from multiprocessing import get_all_start_methods, get_context

    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload([needs] if needs else [])
    return context


def _begin(needs: str | None) -> None:
    """Begin a worker that ends with its parent, which closes no queue where it is killed outright."""
    from multiprocessing import parent_process

    def end_with_parent() -> None:
        if parent := parent_process():
            parent.join()
            os._exit(1)

    threading.Thread(target=end_with_parent, daemon=True).start()
    if needs:
        import_module(needs)
