"""Source: JSON Lines, packed with gzip or not; one record a line, the fields named in the settings."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from pipeline.model import RawItem
from pipeline.settings import IngestSettings, JsonlSettings
from pipeline.sources.base import Source, Wanted

_NAMES = (".jsonl", ".ndjson", ".jsonlines")
_OBJECT = re.compile(rb'\{\s*"[^"]{1,200}"\s*:')
_LONG_LINE = 32_768
_SKIP_BYTES = 1 << 20
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


def _read(file: Path, path: str, settings: IngestSettings, wanted: Wanted, starts: Mapping[int, int]) -> Iterator[RawItem]:
    with file.open("rb") as stream:
        is_packed = stream.read(len(_GZIP)) == _GZIP
        stream.seek(0)
        if starts and all(start >= 0 for start in starts.values()):
            yield from _read_at(stream, path, settings, wanted, starts)
            return
        lines = gzip.GzipFile(fileobj=stream) if is_packed else stream
        last, number = max(starts, default=0), 0
        try:
            for number, (start, line) in enumerate(_lines(lines, settings.max_bytes), 1):
                if number > settings.max_records:
                    detail = f"what follows record {settings.max_records} was not read (ingest.max_records)"
                    yield RawItem(path, b"", number, fault="too-many-records", detail=detail)
                    return
                if (line is None or line.strip()) and wanted(number):
                    yield _item_of(line, path, number, -1 if is_packed else start, settings)
                if number == last:
                    return
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            # What was read before the damage is good; the rest of the file counts as one input that is lost.
            yield RawItem(path, b"", number + 1, fault="damaged-gzip", detail=str(error))


def _read_at(
    stream: IO[bytes], path: str, settings: IngestSettings, wanted: Wanted, starts: Mapping[int, int]
) -> Iterator[RawItem]:
    """Return the records that begin at known places, without reading what lies between."""
    for number, start in starts.items():
        if wanted(number):
            stream.seek(start)
            _, line = next(_lines(stream, settings.max_bytes), (start, b""))
            yield _item_of(line, path, number, start, settings)


def _lines(stream: IO[bytes] | gzip.GzipFile, max_bytes: int) -> Iterator[tuple[int, bytes | None]]:
    """Return the lines of a stream with the places where they begin; a line over `max_bytes` is skipped and comes as None."""
    start = stream.tell()
    while line := stream.readline(max_bytes + 1):
        if len(line) <= max_bytes:
            yield start, line
        else:
            while line and not line.endswith(b"\n"):
                line = stream.readline(_SKIP_BYTES)
            yield start, None
        start = stream.tell()


def _item_of(line: bytes | None, path: str, number: int, start: int, settings: IngestSettings) -> RawItem:
    """Return the item of one line; None is one that is too long."""
    if line is None:
        detail = f"a line over {settings.max_bytes} bytes (ingest.max_bytes)"
        return RawItem(path, b"", number, fault="too-large", detail=detail)
    return replace(_item(line, path, number, settings.jsonl), digest=hashlib.sha256(line).hexdigest()[:32], start=start)


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


SOURCE = Source("jsonl", _accepts, _read, is_container=True)
