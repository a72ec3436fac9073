"""Which source reads a file: told by its first bytes, then by its name."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from pipeline.settings import IngestSettings
from pipeline.sources import read_items

RECORD = json.dumps({"text": "The ferry sails at seven."}).encode()


def _items(tmp_path: Path, name: str, body: bytes) -> list[tuple[int, bytes]]:
    file = tmp_path / "input"
    file.write_bytes(body)
    return [(item.record, item.body) for item in read_items(file, name, IngestSettings())]


@pytest.mark.parametrize("name", ["dump.jsonl", "dump", "dump.json", "dump.txt", "part-00000"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
@pytest.mark.parametrize("ahead", [b"", b"\xef\xbb\xbf", b"\n \n"], ids=["", "mark", "blank lines"])
def test_records_are_told_by_the_first_line(tmp_path: Path, name: str, pack: type[bytes], ahead: bytes) -> None:
    body = pack(ahead + RECORD + b"\n" + RECORD + b"\n")
    assert [text for _, text in _items(tmp_path, name, body)] == [b"The ferry sails at seven."] * 2


@pytest.mark.parametrize("name", ["dump", "dump.json", "dump.json.gz"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_records_are_told_by_a_long_first_line_too(tmp_path: Path, name: str, pack: type[bytes]) -> None:
    long = json.dumps({"html": "<p>" + "The ferry sails at seven. " * 20_000}).encode()
    assert [record for record, _ in _items(tmp_path, name, pack(long + b"\n" + RECORD + b"\n"))] == [1, 2]


@pytest.mark.parametrize("name", ["DUMP.JSONL", "dump.ndjson", "dump.jsonl.gz", "a/b.jsonlines"])
def test_records_are_told_by_name_where_the_first_is_broken(tmp_path: Path, name: str) -> None:
    assert [record for record, _ in _items(tmp_path, name, b"{broken\n" + RECORD)] == [1, 2]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"The ferry",
        b"{not json}\nat all",
        b'{\n  "text": "spread over lines"\n}',
        b"[1, 2]\n[3]",
        b"\x1f\x8b\x08 damaged",
        gzip.compress(b"x", mtime=0),
    ],
)
def test_anything_else_is_one_page(tmp_path: Path, body: bytes) -> None:
    assert _items(tmp_path, "page.txt", body) == [(0, body)]


def test_page_over_the_cap_is_a_fault_and_is_not_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "page.txt"
    file.write_bytes(b"x" * 101)
    [item] = read_items(file, "page.txt", IngestSettings(max_bytes=100))
    assert (item.fault, item.body) == ("too-large", b"")
    [item] = read_items(file, "page.txt", IngestSettings(max_bytes=101))
    assert (item.fault, len(item.body)) == ("", 101)


def test_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        list(read_items(tmp_path / "gone", "gone", IngestSettings()))
