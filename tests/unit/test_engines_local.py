"""Worker processes: a page over its limit is banned and the rest goes on; a worker that was killed is replaced."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.engines.local import LocalEngine
from pipeline.engines.watch import PageLimits, Watch
from pipeline.errors import EnvironmentFault, Reject, UsageError

pytestmark = pytest.mark.workers

LIMITS = PageLimits(seconds=2.0, memory_bytes=150_000_000)
Seen = list[tuple[str, str]]


def work(names: tuple[str, ...], watch: Watch) -> Seen:
    """Do with each page what its name says; returns each with what became of it."""
    found = []
    for name in names:
        try:
            with watch.page(name):
                _do(name)
            found.append((name, "good"))
        except Reject as reject:
            found.append((name, reject.reason))
    watch.rest()
    return found


def _do(name: str) -> None:
    what, _, detail = name.partition(":")
    if what == "spin":
        while True:
            pass
    elif what == "grow":
        kept = [bytearray(1_000_000) for _ in range(400)]
        while kept:  # until the watch ends the worker: a page that is merely slow would say so
            pass
    elif what == "grow-at-once":
        bytearray(40_000_000_000)
    elif what == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "die-once" and not Path(detail).exists():
        Path(detail).write_text("died", encoding="utf-8")
        os.kill(os.getpid(), signal.SIGKILL)


def die_between(item: str, watch: Watch) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail(item: Exception, watch: Watch) -> None:
    raise item


def pid(item: int, watch: Watch) -> int:
    return os.getpid()


@pytest.fixture
def engine() -> Iterator[LocalEngine]:
    engine = LocalEngine(2, LIMITS)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("page", "reason"),
    [("spin", "too-slow"), ("grow", "too-much-memory"), ("grow-at-once", "too-much-memory"), ("die", "crashed")],
)
def test_page_over_a_limit_is_banned_and_its_neighbours_are_good(page: str, reason: str, engine: LocalEngine) -> None:
    items = [("a", page, "b"), ("c", "d")]
    assert list(engine.map(work, items, 0)) == [
        [("a", "good"), (page, reason), ("b", "good")],
        [("c", "good"), ("d", "good")],
    ]


def test_worker_that_was_killed_once_costs_no_page(engine: LocalEngine, tmp_path: Path) -> None:
    page = f"die-once:{tmp_path / 'died'}"
    assert list(engine.map(work, [("a", page)], 0)) == [[("a", "good"), (page, "good")]]


def test_worker_that_dies_between_pages_again_and_again_ends_the_run(engine: LocalEngine) -> None:
    with pytest.raises(EnvironmentFault, match="died 3 times"):
        list(engine.map(die_between, ["a"], 0))


@pytest.mark.parametrize("error", [UsageError("wrong"), EnvironmentFault("full"), OSError(28, "No space left on device")])
def test_errors_of_the_machine_or_the_person_rise_as_they_are(error: Exception, engine: LocalEngine) -> None:
    with pytest.raises(type(error), match=str(error.args[-1])):
        list(engine.map(fail, [error], 0))


def test_other_errors_rise_with_their_place(engine: LocalEngine) -> None:
    with pytest.raises(RuntimeError, match="in fail"):
        list(engine.map(fail, [ZeroDivisionError("oops")], 0))


def test_without_limits_small_work_is_done_here() -> None:
    engine = LocalEngine(4)
    assert set(engine.map(pid, [1, 2, 3], 100)) == {os.getpid()}


def test_results_are_in_the_order_of_the_items_and_workers_are_gone_after_close(engine: LocalEngine) -> None:
    told: list[int] = []
    results = list(engine.map(work, [(str(n),) for n in range(20)], 10**9, told.append))
    assert results == [[(str(n), "good")] for n in range(20)]
    assert told == list(range(1, 21))
    pids = set(engine.map(pid, range(4), 10**9))
    engine.close()
    for one in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(one, 0)


def test_no_work_starts_no_worker(engine: LocalEngine) -> None:
    assert list(engine.map(work, [], 10**9)) == []
    assert engine._workers == []
