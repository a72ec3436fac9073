"""A few bytes that a worker shares with its parent: which page it is at, and how much memory it had before that page.

A page is told to the parent by writing here, which wakes nobody; the parent looks when it wants to know.
"""

from __future__ import annotations

import hashlib
import struct
from multiprocessing.context import BaseContext

_FORM = struct.Struct("=16sQ")
_MARK_BYTES = 16
NO_PAGE = bytes(_MARK_BYTES)


def mark_of(name: str) -> bytes:
    """Return what stands for a page in a slot: names may be of any length."""
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=_MARK_BYTES).digest()


class Slot:
    """Which page a worker is at. Whoever reads while it is written may see half of each; who reads the same twice saw a whole."""

    def __init__(self, context: BaseContext) -> None:
        self._bytes = context.RawArray("B", _FORM.size)

    def write(self, mark: bytes, memory_before: int = 0) -> None:
        """Say which page is at work (NO_PAGE: none), and the memory before it."""
        _FORM.pack_into(self._bytes, 0, mark, memory_before)

    def read(self) -> tuple[bytes, int]:
        """Return the mark of the page at work and the memory before it."""
        mark, memory_before = _FORM.unpack_from(self._bytes)
        return mark, memory_before
