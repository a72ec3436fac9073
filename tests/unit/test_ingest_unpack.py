"""Compressed bodies: opened twice at most, never past the caps, and never half."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from typing import Literal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Reject
from pipeline.ingest.unpack import unpack

TEXT = b"The ferry sails at seven. " * 40
MAX_BYTES, MAX_RATIO = 5_000_000, 200.0


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def _reason(body: bytes, max_bytes: int = MAX_BYTES, max_ratio: float = MAX_RATIO) -> str:
    with pytest.raises(Reject) as reject:
        unpack(body, max_bytes, max_ratio)
    return reject.value.reason


@pytest.mark.parametrize(
    "body",
    [TEXT, _packed(TEXT), _packed(_packed(TEXT)), _packed(TEXT[:100]) + _packed(TEXT[100:]), _packed(TEXT) + b"\x00" * 512],
    ids=["plain", "once", "twice", "two members", "zero padding"],
)
def test_body_is_opened(body: bytes) -> None:
    assert unpack(body, MAX_BYTES, MAX_RATIO) == TEXT


def test_a_third_layer_stays_packed() -> None:
    assert unpack(_packed(_packed(_packed(TEXT))), MAX_BYTES, MAX_RATIO) == _packed(TEXT)


@pytest.mark.parametrize("body", [b"", b"\x1f\x8b", b"plain \x1f\x8b\x08 inside", b"\x1f\x8b\x07 another method"])
def test_what_is_not_gzip_stays(body: bytes) -> None:
    assert unpack(body, MAX_BYTES, MAX_RATIO) == body


def test_nothing_packed_is_nothing() -> None:
    assert unpack(_packed(b""), MAX_BYTES, MAX_RATIO) == b""


@pytest.mark.parametrize("kept", [3, 9, 10, 15, -9, -8, -4, -1])
def test_truncated_file_is_damaged(kept: int) -> None:
    assert _reason(_packed(TEXT)[:kept]) == "damaged-gzip"


def test_truncated_second_member_is_damaged() -> None:
    assert _reason(_packed(TEXT) + _packed(TEXT)[:20]) == "damaged-gzip"


@pytest.mark.parametrize("rubbish", [b"x", b"\n", b"\x00\x00x", b"\x1f\x8b", b"<html>"])
def test_trailing_garbage_is_damage(rubbish: bytes) -> None:
    assert _reason(_packed(TEXT) + rubbish) == "damaged-gzip"


def test_flipped_byte_is_found_by_the_checksum() -> None:
    body = bytearray(_packed(TEXT))
    body[-5] ^= 1
    assert _reason(bytes(body)) == "damaged-gzip"


def test_bomb_is_told_by_its_growth() -> None:
    bomb = _packed(b"\x00" * 4_000_000)
    assert _reason(bomb) == "gzip-bomb"
    assert _reason(_packed(bomb)) == "gzip-bomb"


def test_small_file_may_grow_more_than_the_ratio() -> None:
    body = b" " * 900_000
    assert len(body) > MAX_RATIO * len(_packed(body))
    assert unpack(_packed(body), MAX_BYTES, MAX_RATIO) == body


@pytest.mark.parametrize("body", [TEXT, _packed(TEXT)], ids=["plain", "packed"])
def test_cap_is_the_largest_size_allowed(body: bytes) -> None:
    assert unpack(body, len(TEXT), MAX_RATIO) == TEXT
    assert _reason(body, max_bytes=len(TEXT) - 1) == "too-large"


@given(st.binary(max_size=300))
def test_packing_is_undone(body: bytes) -> None:
    if not body.startswith((b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x78")):  # what is packed twice is opened twice
        assert unpack(_packed(body), MAX_BYTES, MAX_RATIO) == body


@given(st.binary(max_size=100))
def test_any_bytes_are_opened_or_rejected(body: bytes) -> None:
    for candidate in (body, b"\x1f\x8b\x08" + body, _packed(TEXT)[:10] + body, _packed(body) + body):
        try:
            assert len(unpack(candidate, MAX_BYTES, MAX_RATIO)) <= MAX_BYTES
        except Reject as reject:
            assert reject.reason in ("damaged-gzip", "damaged-zlib", "damaged-zstd")


def _by_arrow(body: bytes, codec: Literal["brotli", "zstd"]) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, codec) as stream:
        stream.write(body)
    return bytes(sink.getvalue())


def _deflated(body: bytes) -> bytes:
    return zlib.compress(body)[2:-4]


OTHERS = {
    "zlib": zlib.compress(TEXT),
    "deflate": _deflated(TEXT),
    "zstd": _by_arrow(TEXT, "zstd"),
    "brotli": _by_arrow(TEXT, "brotli"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_formats_are_opened_too_also_inside_gzip(name: str) -> None:
    assert unpack(OTHERS[name], MAX_BYTES, MAX_RATIO) == TEXT
    assert unpack(_packed(OTHERS[name]), MAX_BYTES, MAX_RATIO) == TEXT


@pytest.mark.parametrize("name", ["zlib", "zstd"])
def test_damage_of_other_formats_is_told(name: str) -> None:
    assert _reason(OTHERS[name][:-5]) == f"damaged-{name}"


@pytest.mark.parametrize("name", ["brotli", "deflate"])
def test_what_has_no_magic_number_and_does_not_open_stays(name: str) -> None:
    body = OTHERS[name][:-3]
    assert unpack(body, MAX_BYTES, MAX_RATIO) == body


@pytest.mark.parametrize(
    "pack", [zlib.compress, _deflated, lambda body: _by_arrow(body, "zstd"), lambda body: _by_arrow(body, "brotli")]
)
def test_bombs_of_other_formats_are_told(pack: Callable[[bytes], bytes]) -> None:
    assert _reason(pack(b"\x00 " * 3_000_000)).endswith(("-bomb", "too-large"))


@pytest.mark.parametrize("body", [b"x^2 + y^2 = z^2 is no archive", "x\u0153uvre".encode()])
def test_text_that_begins_like_zlib_stays(body: bytes) -> None:
    assert unpack(body, MAX_BYTES, MAX_RATIO) == body


def test_size_is_counted_over_all_members() -> None:
    member = zlib.compressobj(wbits=31)
    packed = member.compress(TEXT) + member.flush()
    assert _reason(packed * 3, max_bytes=2 * len(TEXT)) == "too-large"
