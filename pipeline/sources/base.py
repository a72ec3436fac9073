"""What a source is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import RawItem
from pipeline.settings import IngestSettings


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of input file.

    `accepts(head, path)` tells by the first bytes and the name; `read(file, path, settings, only)` yields the items (of the
    records in `only`, if given), those that
    cannot be read as items with a `fault`, and raises OSError only for the file as a whole.
    """

    name: str
    accepts: Callable[[bytes, str], bool]
    read: Callable[[Path, str, IngestSettings, frozenset[int] | None], Iterator[RawItem]]
