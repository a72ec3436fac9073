"""A worker process: calls functions on items until its parent closes the line. It can be killed at any moment.

A page that takes too long is ended by the kernel: a timer whose signal nobody handles ends the process, however deep in a
library it is. The parent sees the signal, lists the page among the rejects and hands the rest to a new worker.
"""

from __future__ import annotations

import ctypes
import logging
import os
import resource
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pipeline.engines.slot import NO_PAGE, Slot, mark_of
from pipeline.engines.watch import PageLimits, Watch
from pipeline.errors import DechromeError

OVER_MEMORY = 77  # the exit code of a worker whose page took more memory than it may
WALL = 10  # a page may take so many times its CPU seconds by the clock, e.g. on a machine with other work

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1  # Linux's <linux/prctl.h>
_RESET_PEAK = b"5"  # to /proc/self/clear_refs: forget the peak of memory
_PAGE_BYTES = resource.getpagesize()


def serve(line: Connection, slot: Slot, limits: PageLimits, parent: int) -> None:
    """Work on what comes over `line`, (function, item, banned pages), and answer ("done", result) or ("failed", exception).

    `slot` says all the while which page is at work.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _die_with(parent)
    _bound_memory(limits)
    quieten_libraries()
    own_memory = _OwnMemory()
    while True:
        try:
            function, item, banned = line.recv()
        except (EOFError, OSError):
            return
        answer = _answer(function, item, _PageWatch(slot, limits, own_memory, banned))
        slot.write(NO_PAGE)
        give_memory_back()
        try:
            line.send(answer)
        except OSError:
            return  # the parent is gone
        del function, item, banned, answer  # nothing of it is held while the next is waited for


def _answer(function: Callable[[Any, Watch], Any], item: Any, watch: Watch) -> tuple[str, Any]:
    try:
        return "done", function(item, watch)
    except MemoryError:
        os._exit(OVER_MEMORY)
    except (DechromeError, OSError) as error:
        return "failed", error
    except Exception as error:  # noqa: BLE001 - it rises in the parent, with the place where it arose
        return "failed", RuntimeError("".join(traceback.format_exception(error)))


class _PageWatch(Watch):
    """Says in the slot which page is at work, and sets its limits. It is called for each page, so it asks the system little."""

    def __init__(self, slot: Slot, limits: PageLimits, own_memory: _OwnMemory, banned: Mapping[bytes, tuple[str, str]]) -> None:
        super().__init__(banned)
        self._slot = slot
        self._limits = limits
        self._own_memory = own_memory
        self._before = 0
        self._knows_peak = False

    def enter(self, name: str) -> None:
        super().enter(name)
        most = self._limits.memory_bytes
        if most:
            self._before = self._own_memory.now()
            # An earlier page's peak says nothing of this page only if it is so high that this page's might hide below it.
            self._knows_peak = self._own_memory.peak() - self._before <= most or self._own_memory.forget_peak()
        self._slot.write(mark_of(name), self._before)
        _set_timers(self._limits.seconds)

    def leave(self) -> None:
        _set_timers(0.0)
        if isinstance(sys.exc_info()[1], MemoryError):
            os._exit(OVER_MEMORY)
        most = self._limits.memory_bytes
        if most and self._knows_peak and self._own_memory.went_over(self._before + most):
            os._exit(OVER_MEMORY)  # it went over and came back before the parent looked
        self.rest()

    def rest(self) -> None:
        self._slot.write(NO_PAGE)


class _OwnMemory:
    """This process's memory in bytes, now and at its peak; 0 where the system does not tell (it is Linux that does)."""

    def __init__(self) -> None:
        try:
            self._file = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            self._file = -1

    def now(self) -> int:
        return int(os.pread(self._file, 100, 0).split()[1]) * _PAGE_BYTES if self._file >= 0 else 0

    def peak(self) -> int:
        """Return what the peak was at most: the kernel counts that of the process we were started from."""
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 if self._file >= 0 else 0

    def went_over(self, most: int) -> bool:
        """Return whether the peak since it was forgotten is above `most`; its exact value costs more to ask for."""
        return self.peak() > most and _status().get("VmHWM", 0) > most

    def forget_peak(self) -> bool:
        """Begin a new peak; returns whether the system can."""
        try:
            Path("/proc/self/clear_refs").write_bytes(_RESET_PEAK)
        except OSError:
            return False
        return True


def _set_timers(seconds: float) -> None:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * WALL)


def _die_with(parent: int) -> None:
    """Make the kernel end this process when its parent ends, even by kill -9 (Linux; elsewhere at the next message)."""
    if parent and sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)


def _bound_memory(limits: PageLimits) -> None:
    """Refuse what would go far over a page's limit in one step, faster than the parent can look."""
    if limits.memory_bytes and sys.platform == "linux":
        status = _status()
        most = status.get("VmData", 0) + 2 * limits.memory_bytes + 1_000_000_000
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def give_memory_back() -> None:
    """Return to the system what was freed; glibc would keep it, so that a process stays as large as its largest page made it."""
    trim = getattr(_LIBC, "malloc_trim", None)
    if trim:
        trim(0)


def memory_bytes(pid: int | None) -> int:
    """Return how much memory a process has now; 0 where the system does not tell (it is Linux that does)."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE_BYTES
    except (OSError, IndexError, ValueError):
        return 0


def _status() -> dict[str, int]:
    try:
        lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return {}
    rows = (line.split() for line in lines if line.endswith(" kB"))
    return {row[0].rstrip(":"): int(row[1]) * 1024 for row in rows}


def quieten_libraries() -> None:
    """Keep trafilatura and its like from printing about each odd page; what a page's fate is, the verdicts say."""
    for name in ("trafilatura", "htmldate", "courlan", "justext", "charset_normalizer"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
