"""No process gets out: whatever asks for an address or a connection is noted in the file that DECHROME_NO_NETWORK names, and fails.

Python imports this module on its own when its folder is on PYTHONPATH, so that worker processes are watched too.
"""

from __future__ import annotations

import os
import sys
from typing import Any

# Not `bind`: urllib3, which trafilatura imports, binds an address of this machine to see whether it has IPv6, and sends nothing.
_WAYS_OUT = frozenset(
    "socket.connect socket.sendto socket.sendmsg socket.getaddrinfo socket.gethostbyname socket.gethostbyaddr "
    "socket.getnameinfo urllib.Request http.client.connect ftplib.connect".split()
)


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _WAYS_OUT:
        _note(f"{event} {arguments[1:]!r}")
        raise OSError(f"no network here: {event}")


def _note(line: str) -> None:
    handle = os.open(os.environ["DECHROME_NO_NETWORK"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    try:
        os.write(handle, f"{line}\n".encode("utf-8", "backslashreplace"))
    finally:
        os.close(handle)


if "DECHROME_NO_NETWORK" in os.environ:
    _note("watched")
    sys.addaudithook(_hook)
