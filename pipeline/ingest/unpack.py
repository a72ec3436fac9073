"""Compressed bodies, opened by their magic number and within caps: a small file must not become a full disk.

gzip, zlib and zstd are known by their first bytes. Brotli and bare deflate have none: a body that is no text is tried as these,
and is taken for one if it opens to the last byte and is text then.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Generator, Iterator
from typing import Literal

from pipeline.errors import Reject
from pipeline.text.wide import wide_charset

_LAYERS = 2  # a gzip file of a body that the server had gzipped already
_STEP = 1 << 20
_GZIP = b"\x1f\x8b\x08"
_ZSTD = b"\x28\xb5\x2f\xfd"
_ZLIB_HEADS = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_CONTROLS = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_SNIFF_BYTES = 4096


class _DamagedError(Exception):
    """Packed data that is cut, or none; says what is wrong."""


def unpack(body: bytes, max_bytes: int, max_ratio: float) -> bytes:
    """Return `body` with up to two layers of compression opened.

    Raises Reject: `too-large` past `max_bytes`, `gzip-bomb` past `max_ratio` times the packed size, `damaged-gzip` and the like.
    """
    packed = len(body)
    if packed > max_bytes:
        raise Reject("too-large", f"{packed} bytes; ingest.max_bytes is {max_bytes}")
    max_grown = int(max(packed * max_ratio, _STEP))
    for _ in range(_LAYERS):
        opened = _opened(body, max_bytes, max_grown)
        if opened is None:
            break
        body = opened
    return body


def _opened(body: bytes, max_bytes: int, max_grown: int) -> bytes | None:
    """Return what is packed in `body`, or None if nothing is."""
    for name, is_packed, pieces in _FORMATS:
        if is_packed(body):
            try:
                return _capped(name, pieces(body), max_bytes, max_grown)
            except _DamagedError as error:
                raise Reject(f"damaged-{name}", str(error)) from None
    if not _is_text(body):
        for name, pieces in _NAMELESS:
            try:
                opened = _capped(name, pieces(body), max_bytes, max_grown)
            except _DamagedError:
                continue
            if opened and _is_text(opened):
                return opened
    return None


def _capped(name: str, pieces: Iterator[bytes], max_bytes: int, max_grown: int) -> bytes:
    found, size = [], 0
    for piece in pieces:
        size += len(piece)
        if size > max_bytes:
            raise Reject("too-large", f"over {max_bytes} bytes when unpacked (ingest.max_bytes)")
        if size > max_grown:
            raise Reject(f"{name}-bomb", f"grows over {max_grown} bytes (ingest.max_ratio)")
        found.append(piece)
    return b"".join(found)


def _is_text(body: bytes) -> bool:
    """Return whether bytes may be text: hardly any controls, or UTF-16."""
    head = body[:_SNIFF_BYTES]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return len(_CONTROLS.findall(head)) * 50 <= len(head) or wide_charset(head) != ""


def _gunzipped(body: bytes) -> Iterator[bytes]:
    """Return the content of all members of a gzip file; zero padding behind them is allowed, other trailing bytes are not."""
    rest = body
    while rest.strip(b"\x00"):
        if not rest.startswith(_GZIP):
            raise _DamagedError(f"{len(rest)} stray bytes behind the compressed data")
        rest = yield from _inflated(rest, 31)


def _unzlibbed(body: bytes) -> Iterator[bytes]:
    rest = yield from _inflated(body, 15)
    if rest.strip(b"\x00\r\n"):
        raise _DamagedError(f"{len(rest)} stray bytes behind the compressed data")


def _undeflated(body: bytes) -> Iterator[bytes]:
    rest = yield from _inflated(body, -15)
    if rest.strip(b"\x00\r\n"):
        raise _DamagedError(f"{len(rest)} stray bytes behind the compressed data")


def _inflated(body: bytes, wbits: int) -> Generator[bytes, None, bytes]:
    """Yield the content of one member and return the bytes behind it."""
    opener = zlib.decompressobj(wbits=wbits)
    rest = body
    while not opener.eof:
        try:
            piece = opener.decompress(rest, _STEP)
        except zlib.error as error:
            raise _DamagedError(str(error)) from None
        yield piece
        rest = opener.unconsumed_tail
        if not piece and not rest and not opener.eof:
            raise _DamagedError("the file ends before its compressed data")
    return opener.unused_data


def _by_arrow(codec: Literal["brotli", "zstd"]) -> Callable[[bytes], Iterator[bytes]]:
    """Return an opener that uses the codecs that pyarrow brings along."""

    def pieces(body: bytes) -> Iterator[bytes]:
        import pyarrow as pa

        try:
            with pa.CompressedInputStream(pa.BufferReader(body), codec) as stream:
                while piece := stream.read(_STEP):
                    yield piece
        except (OSError, pa.ArrowException) as error:
            raise _DamagedError(str(error)) from None

    return pieces


def _is_zlib(body: bytes) -> bool:
    """Return whether bytes begin as zlib's do and are no text that happens to begin with an x."""
    return body.startswith(_ZLIB_HEADS) and not _is_text(body)


_FORMATS: tuple[tuple[str, Callable[[bytes], bool], Callable[[bytes], Iterator[bytes]]], ...] = (
    ("gzip", lambda body: body.startswith(_GZIP), _gunzipped),
    ("zstd", lambda body: body.startswith(_ZSTD), _by_arrow("zstd")),
    ("zlib", _is_zlib, _unzlibbed),
)
_NAMELESS = (("brotli", _by_arrow("brotli")), ("deflate", _undeflated))
