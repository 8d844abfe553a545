"""Work shared out to a Dask cluster, its results given in the order of the work.

A worker is any machine with this repository at this version and its seeds, in the same environment:
`dask worker ADDRESS --nthreads 1 --nworkers N`. Who reaches a scheduler runs what he likes on its workers:
keep it on the loopback or in a private network, or give it certificates (Dask's own settings, tls://).
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar

from ingest import FrontlineError

if TYPE_CHECKING:
    from distributed import Client, Future

Given = TypeVar("Given")
Result = TypeVar("Result")

ANSWER_SECONDS = 15.0
"""How long the scheduler may take to answer at the start."""
DESERTED_SECONDS = 120.0
"""How long work waits for a worker where there is none."""
RETRIES = 2
"""How often what a worker raised is tried again, elsewhere. A worker that dies costs none of these."""


class ClusterError(FrontlineError):
    """The cluster cannot be used, or was lost; the message says what to do."""


def in_order(scheduler: str, work: Callable[[Given], Result], pieces: Iterable[Given]) -> Iterator[Result]:
    """Yield `work(piece)` for each piece, in their order, worked out by the workers of the scheduler.

    Two pieces wait for each worker, so that neither memory nor network grows with the input. What a worker
    had in hand when it died is given to another; a piece that ends four workers raises ClusterError. So does
    a scheduler that does not answer, and one that has had no worker for two minutes. What `work`, a function
    of a module, raises comes through after two more tries.
    """
    with _client(scheduler) as client:
        _wait_for_workers(client, scheduler)
        waiting: deque[Future[Result]] = deque()
        for piece in pieces:
            waiting.append(client.submit(work, piece, pure=False, retries=RETRIES))
            if len(waiting) >= 2 * max(1, _threads(client)):
                yield _result(client, scheduler, waiting.popleft())
        while waiting:
            yield _result(client, scheduler, waiting.popleft())


def _client(scheduler: str) -> Client:
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(
            "reading on a cluster needs the package distributed: make setup-cluster"
        ) from error
    try:
        return Client(scheduler, timeout=ANSWER_SECONDS, set_as_default=False, name="frontline")
    except (OSError, TimeoutError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {scheduler} ({type(error).__name__}). Start one "
            "(dask scheduler --host 127.0.0.1), or unset FRONTLINE_DASK to read on this machine"
        ) from error


def _wait_for_workers(client: Client, scheduler: str) -> None:
    try:
        client.wait_for_workers(1, timeout=DESERTED_SECONDS)
    except TimeoutError as error:
        raise _deserted(scheduler) from error


def _result(client: Client, scheduler: str, future: Future[Any]) -> Any:
    """Return the future's result; what the work raised comes through."""
    from distributed.client import FutureCancelledError
    from distributed.scheduler import KilledWorker

    alone_since: float | None = None
    while True:
        try:
            return future.result(timeout=5)
        except KilledWorker as error:
            raise ClusterError(
                f"{error.task} ended every worker that took it, perhaps for memory: give workers more of it"
            ) from error
        except FutureCancelledError as error:
            raise ClusterError(f"the scheduler at {scheduler} was lost; run this again to go on") from error
        except TimeoutError:
            if future.status == "error":  # then it is the work that raised it
                raise
        if _threads(client):
            alone_since = None
        elif alone_since is None:
            alone_since = time.monotonic()
        elif time.monotonic() - alone_since > DESERTED_SECONDS:
            raise _deserted(scheduler)


def _threads(client: Client) -> int:
    """Return how many pieces the workers can work at together; 0 also where the scheduler is silent."""
    try:
        numbers: dict[str, Any] = client.nthreads()
    except (OSError, TimeoutError):
        return 0
    return sum(numbers.values())


def _deserted(scheduler: str) -> ClusterError:
    return ClusterError(
        f"the scheduler at {scheduler} has no worker. Start some on machines with this version of Frontline: "
        f"dask worker {scheduler} --nthreads 1 --nworkers 2"
    )
