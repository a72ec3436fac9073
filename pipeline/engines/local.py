"""The default engine: worker processes on this machine that can be killed and replaced, page by page accounted for."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from pipeline.engines.slot import NO_PAGE, Slot
from pipeline.engines.watch import PageLimits, Watch
from pipeline.engines.worker import OVER_MEMORY, WALL, memory_bytes, quieten_libraries, serve
from pipeline.errors import EnvironmentFault

__all__ = ["LocalEngine", "quieten_libraries"]

Item = TypeVar("Item")
Result = TypeVar("Result")

_SMALL_BYTES = 4_000_000  # below that, one process has done the work before a second has started
_LOOK_SECONDS = 0.05  # how often the memory of workers is looked at
_DEATHS = 3  # so often a shard is tried whose worker dies between pages, through no page's fault
_GROWN_BYTES = 400_000_000  # a worker that holds more than that after its work is replaced


@dataclass(slots=True)
class _Task:
    """One item on its way: what it is, the pages that were found to be over a limit, and how often a worker died at each.

    A page is named by its mark (`slot.mark_of`).
    """

    place: int
    item: Any
    banned: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    deaths: Counter[bytes] = field(default_factory=Counter)


@dataclass(slots=True)
class _Worker:
    """A process, the line to it, the slot in which it says which page it is at, and what it works on.

    `over_memory` is the page at which it was ended.
    """

    process: Any
    line: Connection
    slot: Slot
    task: _Task | None = None
    over_memory: bytes = NO_PAGE


class LocalEngine:
    """Calls a function on many items on up to `jobs` processes (0: one a core), each page within `limits`.

    Without limits, small work is done in this process.
    """

    def __init__(self, jobs: int = 0, limits: PageLimits | None = None) -> None:
        self.jobs = jobs or os.cpu_count() or 1
        self.limits = limits or PageLimits()
        self._workers: list[_Worker] = []

    def map(
        self,
        function: Callable[[Item, Watch], Result],
        items: Sequence[Item],
        weight_bytes: int,
        done: Callable[[int], Any] = lambda _: None,
    ) -> Iterator[Result]:
        """Return the results in the order of `items`; `done` is told how many are finished. Exceptions of `function` rise.

        `function` is handed an item and a Watch. A page that goes over a limit, or at which the worker dies twice, is banned:
        the item is worked on again, and its watch rejects the page.
        """
        jobs = 1 if weight_bytes < _SMALL_BYTES else min(self.jobs, len(items))
        if not items:
            return
        if not self.limits.any and (jobs == 1 or self.jobs == 1):
            for count, item in enumerate(items, 1):
                result = function(item, Watch())
                done(count)
                yield result
            return
        try:
            results = self._run(function, items, jobs, done)
        except BaseException:
            self.close()
            raise
        yield from results

    def close(self) -> None:
        """End the workers at once; what they commit is there whole or not at all."""
        for worker in self._workers:
            worker.process.kill()
        for worker in self._workers:
            worker.process.join()
            worker.line.close()
        self._workers.clear()

    def _run(
        self, function: Callable[[Any, Watch], Any], items: Sequence[Any], jobs: int, done: Callable[[int], Any]
    ) -> list[Any]:
        results: dict[int, Any] = {}
        waiting = deque(_Task(place, item) for place, item in enumerate(items))
        while len(results) < len(items):
            self._hand_out(function, waiting, jobs)
            for worker in self._ready():
                for kind, value in _messages(worker):
                    if kind == "failed":
                        raise value
                    assert worker.task is not None
                    results[worker.task.place] = value
                    worker.task = None
                    done(len(results))
                if worker.process.exitcode is not None:
                    self._bury(worker, waiting)
                elif worker.task is None and memory_bytes(worker.process.pid) > _GROWN_BYTES:
                    self._retire(worker)
            self._look_at_memory()
        return [results[place] for place in range(len(items))]

    def _hand_out(self, function: Callable[[Any, Watch], Any], waiting: deque[_Task], jobs: int) -> None:
        """Give each idle worker an item; start workers while there is work for more."""
        idle = [worker for worker in self._workers if worker.task is None]
        busy = len(self._workers) - len(idle)
        while waiting and busy < jobs:
            worker = idle.pop() if idle else self._started()
            task = waiting.popleft()
            worker.task = task
            busy += 1
            try:
                worker.line.send((function, task.item, task.banned))
            except OSError:  # it died while it was idle
                worker.task = None
                waiting.appendleft(task)
                self._retire(worker)
                busy -= 1

    def _started(self) -> _Worker:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        # The kernel ties a child to the thread that started it, so that of another than the main one must not.
        parent = os.getpid() if threading.current_thread() is threading.main_thread() else 0
        slot = Slot(context)
        process = context.Process(target=serve, args=(theirs, slot, self.limits, parent), daemon=True)
        process.start()
        theirs.close()
        worker = _Worker(process, ours, slot)
        self._workers.append(worker)
        return worker

    def _ready(self) -> list[_Worker]:
        """Return the workers that have something to say or are gone; waits a little for them."""
        lines: dict[Any, _Worker] = {}
        for worker in self._workers:
            lines[worker.line] = lines[worker.process.sentinel] = worker
        found = wait(list(lines), timeout=_LOOK_SECONDS)
        return list({id(lines[one]): lines[one] for one in found}.values())

    def _look_at_memory(self) -> None:
        most = self.limits.memory_bytes
        for worker in self._workers if most else ():
            page, before = worker.slot.read()
            if page != NO_PAGE and memory_bytes(worker.process.pid) - before > most and worker.slot.read() == (page, before):
                worker.over_memory = page
                worker.process.kill()

    def _bury(self, worker: _Worker, waiting: deque[_Task]) -> None:
        """Take a dead worker off the list; what it was at is worked on again, without the page that it died of."""
        task, page = worker.task, worker.slot.read()[0]
        self._retire(worker)
        if task is None:
            return
        reason = self._cause(worker)
        page = worker.over_memory if worker.over_memory != NO_PAGE else page
        task.deaths[page] += 1
        if page != NO_PAGE and (reason[0] != "crashed" or task.deaths[page] > 1):
            task.banned[page] = reason
        elif task.deaths[page] >= _DEATHS:
            raise EnvironmentFault(f"a worker process died {_DEATHS} times ({reason[1]}); is there enough memory?")
        waiting.appendleft(task)

    def _cause(self, worker: _Worker) -> tuple[str, str]:
        code = worker.process.exitcode
        if worker.over_memory != NO_PAGE or code == OVER_MEMORY:
            return "too-much-memory", f"over {self.limits.memory_bytes} bytes (limits.page_memory_bytes)"
        if code == -signal.SIGPROF:
            return "too-slow", f"over {self.limits.seconds:g} CPU seconds in one stage (limits.page_seconds)"
        if code == -signal.SIGALRM:
            return "too-slow", f"over {self.limits.seconds * WALL:g} seconds by the clock in one stage (limits.page_seconds)"
        return "crashed", f"its worker died twice of {_name_of(code)}"

    def _retire(self, worker: _Worker) -> None:
        worker.process.kill()
        worker.process.join()
        worker.line.close()
        self._workers.remove(worker)


def _messages(worker: _Worker) -> Iterator[tuple[str, Any]]:
    """Return what a worker has said; nothing more when it is gone."""
    try:
        while worker.line.poll():
            yield worker.line.recv()
    except (EOFError, OSError):
        worker.process.join()


def _name_of(code: int) -> str:
    try:
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"
    except ValueError:
        return f"signal {-code}"
