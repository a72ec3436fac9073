"""Source: a file that is one page, packed or not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.model import RawItem
from pipeline.settings import IngestSettings
from pipeline.sources.base import Source, Wanted


def _accepts(head: bytes, path: str) -> bool:  # noqa: ARG001 - the last source takes what no other wants
    return True


def _read(
    file: Path,
    path: str,
    settings: IngestSettings,
    wanted: Wanted,
    starts: Mapping[int, int],  # noqa: ARG001 - there is one
) -> Iterator[RawItem]:
    if not wanted(0):
        return
    with file.open("rb") as stream:
        body = stream.read(settings.max_bytes + 1)
    if len(body) > settings.max_bytes:
        yield RawItem(path, b"", fault="too-large", detail=f"over {settings.max_bytes} bytes (ingest.max_bytes)")
    else:
        yield RawItem(path, body, digest=hashlib.sha256(body).hexdigest())


SOURCE = Source("file", _accepts, _read)
