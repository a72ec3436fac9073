"""One run at a time on a cache."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pipeline.cache.disk import on_disk
from pipeline.errors import LockedError

_TRIES, _TRY_SECONDS = 4, 0.05
_held: dict[str, int] = {}


@contextmanager
def locked(root: Path, what: str) -> Iterator[None]:
    """Hold the cache below `root` while a run lasts; inside the holding process it may be taken again.

    The lock is the kernel's (flock) and goes with the process, however that ends. Raises LockedError, naming the holder.
    """
    path = root / "lock"
    name = os.path.realpath(path)
    if _held.get(name) == os.getpid():
        yield
        return
    with on_disk(root, "name another --cache"):
        root.mkdir(parents=True, exist_ok=True)
        file = path.open("a+", encoding="utf-8")
    with file:
        if not _taken(file):
            file.seek(0)
            raise LockedError(f"{root}: held by another run ({_holder(file.read())}); wait for it, or name another --cache")
        with on_disk(root, "free space or name another --cache"):
            file.seek(0)
            file.truncate()
            file.write(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "what": what}))
            file.flush()
        _held[name] = os.getpid()
        try:
            yield
        finally:
            del _held[name]
            file.seek(0)
            file.truncate()


def _taken(file: IO[str]) -> bool:
    """Take the lock; it is asked for more than once, since `is_held` may have it for an instant."""
    for _ in range(_TRIES):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(_TRY_SECONDS)
        else:
            return True
    return False


def is_held(root: Path) -> bool:
    """Return whether a run holds the cache."""
    try:
        with (root / "lock").open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _holder(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"{holder['what']}, process {holder['pid']} on {holder['host']}"
    except (ValueError, KeyError, TypeError):
        return "holder unknown"
