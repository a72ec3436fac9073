"""Compressed bodies, opened by their magic number and within caps: a small file must not become a full disk."""

from __future__ import annotations

import zlib

from pipeline.errors import Reject

_GZIP = b"\x1f\x8b\x08"
_LAYERS = 2  # a gzip file of a body that the server had gzipped already
_STEP = 1 << 20


def unpack(body: bytes, max_bytes: int, max_ratio: float) -> bytes:
    """Return `body` with up to two layers of gzip opened.

    Raises Reject: `too-large` past `max_bytes`, `gzip-bomb` past `max_ratio` times the packed size, `damaged-gzip`.
    """
    packed = len(body)
    if packed > max_bytes:
        raise Reject("too-large", f"{packed} bytes; ingest.max_bytes is {max_bytes}")
    for _ in range(_LAYERS):
        if not body.startswith(_GZIP):
            break
        body = _gunzip(body, max_bytes, int(max(packed * max_ratio, _STEP)))
    return body


def _gunzip(body: bytes, max_bytes: int, max_grown: int) -> bytes:
    """Return the content of all members of a gzip file; zero padding behind them is allowed, other trailing bytes are not."""
    pieces, size, rest = [], 0, body
    while rest.strip(b"\x00"):
        if not rest.startswith(_GZIP):
            raise Reject("damaged-gzip", f"{len(rest)} stray bytes behind the compressed data")
        opener = zlib.decompressobj(wbits=31)
        while not opener.eof:
            try:
                piece = opener.decompress(rest, _STEP)
            except zlib.error as error:
                raise Reject("damaged-gzip", str(error)) from None
            size += len(piece)
            if size > max_bytes:
                raise Reject("too-large", f"over {max_bytes} bytes when unpacked (ingest.max_bytes)")
            if size > max_grown:
                raise Reject("gzip-bomb", f"grows over {max_grown} bytes (ingest.max_ratio)")
            pieces.append(piece)
            rest = opener.unconsumed_tail
            if not piece and not rest and not opener.eof:
                raise Reject("damaged-gzip", "the file ends before its compressed data")
        rest = opener.unused_data
    return b"".join(pieces)
