"""JSON Lines: a bad record costs itself alone, and every line ends somewhere."""

from __future__ import annotations

import gzip
import json
import random
import zlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import RawItem
from pipeline.settings import IngestSettings, JsonlSettings
from pipeline.sources import jsonl
from pipeline.sources.base import every


def _read(
    tmp_path: Path, body: bytes, settings: IngestSettings | None = None, only: frozenset[int] | None = None
) -> list[RawItem]:
    """Return the items of a file, without where they lie in it."""
    found = _placed(tmp_path, body, settings, only)
    return [replace(item, digest="", start=-1) for item in found]


def _placed(
    tmp_path: Path,
    body: bytes,
    settings: IngestSettings | None = None,
    only: frozenset[int] | None = None,
    starts: dict[int, int] | None = None,
) -> list[RawItem]:
    file = tmp_path / "dump.jsonl"
    file.write_bytes(body)
    wanted = every if only is None else only.__contains__
    return list(jsonl.SOURCE.read(file, "dump.jsonl", settings or IngestSettings(), wanted, starts or {}))


def _lines(*records: Any) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def test_record_becomes_an_item_with_all_its_fields(tmp_path: Path) -> None:
    record = {
        "id": "a1",
        "url": "https://a.example/1",
        "text": "Füße",
        "media_type": "text/plain",
        "added": "2025-10-05",
        "more": [1],
    }
    assert _read(tmp_path, _lines(record)) == [
        RawItem("dump.jsonl", "Füße".encode(), 1, "a1", "https://a.example/1", "text/plain", is_unicode=True, added="2025-10-05")
    ]


@pytest.mark.parametrize(
    ("record", "body", "is_html"),
    [
        ({"html": "<p>x", "text": "y"}, b"<p>x", True),
        ({"html": "", "text": "y"}, b"y", None),
        ({"html": None, "text": "y"}, b"y", None),
        ({"html": " \n", "text": "y"}, b"y", None),
    ],
)
def test_html_comes_before_text_if_there_is_any(
    tmp_path: Path, record: dict[str, Any], body: bytes, is_html: bool | None
) -> None:
    [item] = _read(tmp_path, _lines(record))
    assert (item.body, item.is_html, item.fault) == (body, is_html, "")


def test_fields_have_the_names_of_the_settings(tmp_path: Path) -> None:
    settings = IngestSettings(jsonl=JsonlSettings(id="key", url="link", html="raw", text="content"))
    [item] = _read(tmp_path, _lines({"key": "k", "link": "https://a.example", "content": "x", "text": "not this"}), settings)
    assert (item.id, item.url, item.body) == ("k", "https://a.example", b"x")


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (b"{bad json", "bad-json"),
        (b'{"text": "cut off', "bad-json"),
        (b'{"text": "\xff\xfe"}', "bad-json"),
        (b'{"text": ' + b"[" * 100_000, "bad-json"),
        (b'{"id": ' + b"1" * 5_000 + b', "text": "x"}', "bad-json"),
        (b"[1, 2]", "bad-record"),
        (b'"text"', "bad-record"),
        (b"null", "bad-record"),
        (b"42", "bad-record"),
        (b"{}", "bad-record"),
        (b'{"id": "a", "text": 5}', "bad-record"),
        (b'{"id": "a", "text": null, "html": null}', "bad-record"),
    ],
    ids=lambda value: value[:24].decode("latin-1") if isinstance(value, bytes) else value,
)
def test_bad_line_is_a_fault_and_its_neighbours_live(tmp_path: Path, line: bytes, fault: str) -> None:
    before, bad, after = _read(tmp_path, _lines({"text": "one"}) + line + b"\n" + _lines({"text": "three"}))
    assert (before.body, after.body, after.record) == (b"one", b"three", 3)
    assert (bad.fault, bad.record, bad.body) == (fault, 2, b"")
    assert "line 2" in bad.detail


@pytest.mark.parametrize(
    ("value", "text"),
    [(42, "42"), ("a", "a"), (0, "0"), (True, ""), (None, ""), (1.5, ""), ([1], ""), ({}, ""), ("x\ud800", None)],
)
def test_ids_and_urls_are_texts_or_numbers(tmp_path: Path, value: Any, text: str | None) -> None:
    [item] = _read(tmp_path, _lines({"id": value, "url": value, "added": value, "text": "x"}))
    assert item.id == item.url == item.added
    assert item.id.encode("utf-8").decode("utf-8") == (item.id if text is None else text)


def test_record_without_text_keeps_its_id(tmp_path: Path) -> None:
    [item] = _read(tmp_path, _lines({"id": 7}))
    assert (item.id, item.fault) == ("7", "bad-record")


def test_lone_surrogate_does_not_become_a_letter_or_a_sign(tmp_path: Path) -> None:
    [item] = _read(tmp_path, b'{"text": "A good day \\ud83d for a swim"}\n')
    text = item.body.decode("utf-8")
    assert text.replace("\ufffd", "") == "A good day  for a swim"


def test_blank_lines_and_a_missing_last_line_feed_are_no_records(tmp_path: Path) -> None:
    items = _read(tmp_path, b"\n" + _lines({"text": "one"}) + b"  \r\n" + _lines({"text": "two"}).rstrip(b"\n"))
    assert [(item.record, item.body) for item in items] == [(2, b"one"), (4, b"two")]


def test_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    items = _read(tmp_path, b'\xef\xbb\xbf{"text": "one"}\r\n{"text": "two"}\r\n')
    assert [item.body for item in items] == [b"one", b"two"]


def test_only_the_wanted_records_are_read(tmp_path: Path) -> None:
    body = _lines({"text": "one"}) + b"{bad\n" + _lines({"text": "three"}, {"text": "four"})
    assert [item.record for item in _read(tmp_path, body, only=frozenset({2, 4}))] == [2, 4]
    assert _read(tmp_path, body, only=frozenset()) == []


def test_line_over_the_cap_is_skipped_whole(tmp_path: Path) -> None:
    long = json.dumps({"text": "x" * 500}).encode() + b"\n"
    items = _read(
        tmp_path, _lines({"text": "one"}) + long + _lines({"text": "three"}) + long.rstrip(), IngestSettings(max_bytes=100)
    )
    assert [(item.record, item.fault or item.body) for item in items] == [
        (1, b"one"),
        (2, "too-large"),
        (3, b"three"),
        (4, "too-large"),
    ]


def _noisy(count: int) -> list[dict[str, str]]:
    random_letters = random.Random(7)
    return [{"text": f"{number} " + "".join(random_letters.choices("abcdefgh ", k=400))} for number in range(count)]


@pytest.mark.parametrize("members", [1, 3])
def test_packed_file_reads_as_the_plain_one(tmp_path: Path, members: int) -> None:
    records = _noisy(9)
    step = len(records) // members
    packed = b"".join(gzip.compress(_lines(*records[i : i + step])) for i in range(0, len(records), step))
    assert _read(tmp_path, packed) == _read(tmp_path, _lines(*records))


def test_truncated_gzip_keeps_what_was_whole_and_counts_the_loss(tmp_path: Path) -> None:
    body = _lines(*_noisy(400))
    cut = gzip.compress(body, mtime=0)[:-20_000]
    whole = zlib.decompressobj(wbits=31).decompress(cut).count(b"\n")
    assert 100 < whole < 400
    *good, lost = _read(tmp_path, cut)
    assert [item.body for item in good] == [item.body for item in _read(tmp_path, body)][:whole]
    assert (lost.fault, lost.record) == ("damaged-gzip", whole + 1)


@pytest.mark.parametrize("rubbish", [b"rubbish", b"\x1f\x8b\x08"])
def test_garbage_behind_packed_records_is_a_fault_behind_them(tmp_path: Path, rubbish: bytes) -> None:
    *good, lost = _read(tmp_path, gzip.compress(_lines({"text": "one"}, {"text": "two"})) + rubbish)
    assert [item.body for item in good] == [b"one", b"two"]
    assert (lost.fault, lost.record) == ("damaged-gzip", 3)


@given(
    st.lists(
        st.one_of(
            st.binary(max_size=40),
            st.dictionaries(st.text(max_size=5), st.text(max_size=9)).map(lambda r: json.dumps(r).encode()),
        ),
        max_size=6,
    )
)
def test_every_line_that_is_not_blank_ends_as_an_item(tmp_path: Path, lines: list[bytes]) -> None:
    lines = [line.replace(b"\n", b"").replace(b"\x1f\x8b", b"") for line in lines]
    items = _read(tmp_path, b"\n".join(lines))
    assert [item.record for item in items] == [number for number, line in enumerate(lines, 1) if line.strip()]


@given(
    st.lists(st.one_of(st.binary(max_size=40), st.just(b""), st.just(b'{"text": "x"}')), max_size=8),
    st.randoms(use_true_random=False),
)
def test_records_are_found_again_where_they_begin(
    tmp_path_factory: pytest.TempPathFactory, lines: list[bytes], chance: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("places")
    body = b"\n".join(lines)
    items = _placed(folder, body)
    if any(item.start < 0 for item in items):
        return  # packed, by chance
    some = {item.record: item for item in items if chance.random() < 0.6}
    if some:
        starts = {record: item.start for record, item in some.items()}
        assert _placed(folder, body, only=frozenset(some), starts=starts) == list(some.values())


def test_more_records_than_the_cap_are_one_reject(tmp_path: Path) -> None:
    items = _read(tmp_path, _lines(*({"text": str(n)} for n in range(9))), IngestSettings(max_records=3))
    assert [(item.record, item.fault) for item in items] == [(1, ""), (2, ""), (3, ""), (4, "too-many-records")]
