"""The default engine: a pool of processes on this machine; small batches run in this one."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_SMALL_BYTES = 4_000_000  # below that, starting processes takes longer than the work


class LocalEngine:
    """Calls a function on many items, in order of results, on `jobs` processes (0: one a core)."""

    def __init__(self, jobs: int = 0) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self._pool: ProcessPoolExecutor | None = None

    def map(
        self,
        function: Callable[[Item], Result],
        items: Sequence[Item],
        weight_bytes: int,
        done: Callable[[int], Any] = lambda _: None,
    ) -> Iterator[Result]:
        """Return the results in the order of `items`; `done` is told how many are finished. Exceptions of `function` rise."""
        if self.jobs == 1 or len(items) < 2 or weight_bytes < _SMALL_BYTES:
            for count, item in enumerate(items, 1):
                result = function(item)
                done(count)
                yield result
            return
        futures = [self._started().submit(function, item) for item in items]
        try:
            for count, future in enumerate(as_completed(futures), 1):
                future.result()
                done(count)
        except BaseException:
            self._abandon(futures)
            raise
        yield from (future.result() for future in futures)

    def close(self) -> None:
        """End the processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.jobs, mp_context=context, initializer=_prepare)
        return self._pool

    def _abandon(self, futures: Sequence[Future[Any]]) -> None:
        for future in futures:
            future.cancel()
        self.close()


def _prepare() -> None:
    """Make a worker leave interrupts to its parent and keep libraries' complaints about odd pages to itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    quieten_libraries()


def quieten_libraries() -> None:
    """Keep trafilatura and its like from printing about each odd page; what a page's fate is, the verdicts say."""
    for name in ("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
