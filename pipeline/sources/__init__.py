"""Where pages come from. A source is one module and one line in SOURCES, most particular first."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.model import RawItem
from pipeline.settings import IngestSettings
from pipeline.sources import jsonl, single
from pipeline.sources.base import Source

SOURCES: tuple[Source, ...] = (jsonl.SOURCE, single.SOURCE)
_HEAD_BYTES = 65_536


def read_items(file: Path, path: str, settings: IngestSettings, only: frozenset[int] | None = None) -> Iterator[RawItem]:
    """Return the items of one input file; `path` is its name below the input root. Raises OSError if it cannot be read.

    `only` names the records that are wanted; a source may pass over the others without reading them.

    What a file is, is decided by its first bytes, then by its name.
    """
    with file.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    source = next(source for source in SOURCES if source.accepts(head, path))
    yield from source.read(file, path, settings, only)
