"""Source: JSON Lines, packed with gzip or not; one record a line, the fields named in the settings."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from pipeline.model import RawItem
from pipeline.settings import IngestSettings, JsonlSettings
from pipeline.sources.base import Source

_NAMES = (".jsonl", ".ndjson", ".jsonlines")
_OBJECT = re.compile(rb'\{\s*"[^"]{1,200}"\s*:')
_LONG_LINE = 32_768
_GZIP = b"\x1f\x8b"


def _accepts(head: bytes, path: str) -> bool:
    """Return whether the first line is a JSON object, or the name says that the file is JSON Lines."""
    if head.startswith(_GZIP):
        head = _first_bytes(head)
    first, line_end, _ = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    if first.startswith(b"{") and not line_end and len(head) >= _LONG_LINE and _OBJECT.match(first):
        return True  # the first record is longer than what we were shown
    if first.startswith(b"{"):
        try:
            return isinstance(json.loads(first), dict)
        except (ValueError, RecursionError):
            pass
    return path.lower().removesuffix(".gz").endswith(_NAMES)


def _first_bytes(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(packed, 65_536)
    except zlib.error:
        return b""


def _read(file: Path, path: str, settings: IngestSettings, only: frozenset[int] | None) -> Iterator[RawItem]:
    with file.open("rb") as stream:
        is_packed = stream.read(2) == _GZIP
        stream.seek(0)
        lines = gzip.GzipFile(fileobj=stream) if is_packed else stream
        number = 0
        try:
            for number, line in enumerate(_lines(lines, settings.max_bytes), 1):
                if only is not None and number not in only:
                    continue
                if line is None:
                    yield RawItem(
                        path,
                        b"",
                        number,
                        fault="too-large",
                        detail=f"a line over {settings.max_bytes} bytes (ingest.max_bytes)",
                    )
                elif line.strip():
                    yield _item(line, path, number, settings.jsonl)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            # What was read before the damage is good; the rest of the file counts as one input that is lost.
            yield RawItem(path, b"", number + 1, fault="damaged-gzip", detail=str(error))


def _lines(stream: IO[bytes] | gzip.GzipFile, max_bytes: int) -> Iterator[bytes | None]:
    """Return the lines of a stream; a line over `max_bytes` is skipped and comes as None."""
    while line := stream.readline(max_bytes + 1):
        if len(line) <= max_bytes:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(max_bytes)
        yield None


def _item(line: bytes, path: str, number: int, names: JsonlSettings) -> RawItem:
    """Return the item of one record, or one with a fault that says what is wrong with it."""
    try:
        record = json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as error:
        return RawItem(path, b"", number, fault="bad-json", detail=f"line {number}: {error}")
    if not isinstance(record, dict):
        return RawItem(path, b"", number, fault="bad-record", detail=f"line {number}: a {type(record).__name__}, not an object")
    is_html = isinstance(record.get(names.html), str) and bool(record[names.html].strip())
    text = record.get(names.html if is_html else names.text)
    if not isinstance(text, str):
        wanted = f"'{names.html}' or '{names.text}'"
        return RawItem(
            path,
            b"",
            number,
            id=_text(record.get(names.id)),
            fault="bad-record",
            detail=f"line {number}: no text in field {wanted}",
        )
    return RawItem(
        path=path,
        body=text.encode("utf-8", "ignore"),
        record=number,
        id=_text(record.get(names.id)),
        url=_text(record.get(names.url)),
        media_type=_text(record.get(names.media_type)),
        is_unicode=True,
        is_html=True if is_html else None,
        added=_text(record.get(names.added)),
    )


def _text(value: Any) -> str:
    """Return an id, URL or date as text; numbers count, all else is none."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return str(value).encode("utf-8", "ignore").decode("utf-8")


SOURCE = Source("jsonl", _accepts, _read)
