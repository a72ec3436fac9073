"""What a source is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import RawItem
from pipeline.settings import IngestSettings

Wanted = Callable[[int], bool]


def every(record: int) -> bool:  # noqa: ARG001 - what a Wanted looks like
    """Want each record."""
    return True


@dataclass(frozen=True, slots=True)
class Source:
    """A kind of input file.

    `accepts(head, path)` tells by the first bytes and the name. `read(file, path, settings, wanted, starts)` yields the items;
    those that cannot be read as items with a `fault`; it raises OSError only for the file as a whole. Before it reads a record
    it asks `wanted(record)`, and passes over those that are not. `starts` says where the wanted records begin, if that is known.
    """

    name: str
    accepts: Callable[[bytes, str], bool]
    read: Callable[[Path, str, IngestSettings, Wanted, Mapping[int, int]], Iterator[RawItem]]
    is_container: bool = False
