"""Python's collector of unreachable cycles, and when it has nothing to look for."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python from looking for unreachable cycles while a page is read.

    A page makes tens of thousands of small values and hardly a cycle: looking for some at every few hundred of them took a fifth
    of the time. What one page makes is bounded, and behind it the collector goes on. Where threads read pages at once, the first
    of them stops the collector and the last lets it go on.
    """
    with _pauses.lock:
        _pauses.count += 1
        if _pauses.count == 1:
            _pauses.was_on = gc.isenabled()
            gc.disable()
    try:
        yield
    finally:
        with _pauses.lock:
            _pauses.count -= 1
            if not _pauses.count and _pauses.was_on:
                gc.enable()


@dataclass(slots=True)
class _Pauses:
    """How many threads keep the collector from running, and whether it ran before the first of them."""

    lock: Lock = field(default_factory=Lock)
    count: int = 0
    was_on: bool = False


_pauses = _Pauses()
