"""Failure at the N-th change that a process, or one of its children, makes to the disk: each write, sync, rename, removal.

Python imports this module on its own when its folder is on PYTHONPATH, so that worker processes are injected too. What fails is
said by DECHROME_INJECT, a JSON object {mode, point, root, counter}: changes below `root` are counted in the file `counter`.

    kill        the whole process group ends, as by kill -9 of everything
    kill-one    the process at the point ends, be it parent or worker
    torn        as kill, and a file about to be synced loses its second half, as in a power cut
    28, 30, 5   the change fails with this errno (disk full, read-only, input/output error), and all that follow
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
from typing import Any

_CHANGES = frozenset(("os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.truncate", "os.utime"))
_sync = os.fsync


def install(mode: str, point: int, root: str, counter: str) -> None:
    """Count the changes that this process makes below `root`, and fail at the one with number `point` (0: never)."""
    root = os.path.realpath(root)
    is_busy = False

    def at_point(name: str, handle: int = -1) -> None:
        nonlocal is_busy
        is_busy = True
        try:
            number = _next(counter)
        finally:
            is_busy = False
        if not point or number < point or (number > point and not mode.isdigit()):
            return
        if mode.isdigit():
            raise OSError(int(mode), os.strerror(int(mode)), name)
        if mode == "torn" and handle >= 0 and fcntl.fcntl(handle, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY:
            os.ftruncate(handle, os.fstat(handle).st_size // 2)
        if mode == "kill-one":
            os.kill(os.getpid(), signal.SIGKILL)
        os.killpg(os.getpgid(0), signal.SIGKILL)

    def is_ours(path: Any) -> bool:
        try:
            name = os.fsdecode(path)
        except TypeError:
            return False
        return os.path.abspath(name).startswith(root + os.sep)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if is_busy:
            return
        if event == "open":
            path, mode_text, flags = arguments
            writes = any(sign in mode_text for sign in "wax+") if mode_text else flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if writes and is_ours(path):
                at_point(os.fsdecode(path))
        elif event in _CHANGES and is_ours(arguments[0]):
            at_point(os.fsdecode(arguments[0]))

    def sync(handle: Any) -> None:
        number = handle if isinstance(handle, int) else handle.fileno()
        if is_ours(os.readlink(f"/proc/self/fd/{number}")):
            at_point("a file", number)
        _sync(handle)

    sys.addaudithook(hook)
    os.fsync = sync


def _next(counter: str) -> int:
    """Return the number of this change among those of all processes."""
    handle = os.open(counter, os.O_RDWR | os.O_CREAT)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        number = int(os.read(handle, 20) or b"0") + 1
        os.pwrite(handle, str(number).encode(), 0)
    finally:
        os.close(handle)
    return number


if "DECHROME_INJECT" in os.environ:
    try:
        install(**json.loads(os.environ["DECHROME_INJECT"]))
    except (ValueError, TypeError) as error:
        raise SystemExit(f"DECHROME_INJECT: {error}") from None
