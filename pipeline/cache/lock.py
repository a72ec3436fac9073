"""One run at a time on a cache."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import LockedError

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
    root.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise LockedError(
                f"{root}: held by another run ({_holder(file.read())}); wait for it, or name another --cache"
            ) from None
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


def _holder(text: str) -> str:
    try:
        holder = json.loads(text)
        return f"{holder['what']}, process {holder['pid']} on {holder['host']}"
    except (ValueError, KeyError, TypeError):
        return "holder unknown"
