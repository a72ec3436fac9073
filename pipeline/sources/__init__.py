"""Where pages come from. A source is one module and one line in SOURCES, most particular first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.model import RawItem
from pipeline.settings import IngestSettings
from pipeline.sources import jsonl, single
from pipeline.sources.base import Source, Wanted, every

SOURCES: tuple[Source, ...] = (jsonl.SOURCE, single.SOURCE)
_HEAD_BYTES = 65_536


def read_items(
    file: Path, path: str, settings: IngestSettings, wanted: Wanted = every, starts: Mapping[int, int] | None = None
) -> Iterator[RawItem]:
    """Return the items of one input file; `path` is its name below the input root. Raises OSError if it cannot be read.

    `wanted` is asked for each record before it is read; `starts` says where the wanted ones begin, if that is known.
    """
    yield from source_of(file, path).read(file, path, settings, wanted, starts or {})


def source_of(file: Path, path: str) -> Source:
    """Return the source that reads a file; what a file is, is decided by its first bytes, then by its name."""
    with file.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    return next(source for source in SOURCES if source.accepts(head, path))
