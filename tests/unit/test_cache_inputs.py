"""What is known of inputs: unchanged files are not read again, and a damaged index costs time alone."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from pipeline.cache import inputs
from pipeline.cache.digests import digest_of_file
from pipeline.cache.inputs import InputIndex, stamp_of


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, in order; all files count as settled."""
    found: list[str] = []

    def noted(path: Path) -> str:
        found.append(path.name)
        return digest_of_file(path)

    monkeypatch.setattr(inputs, "digest_of_file", noted)
    monkeypatch.setattr(inputs, "_SETTLED_SECONDS", -60.0)
    return found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "page.txt"
    file.write_bytes(b"The ferry sails at seven.")
    return file


def _digest(root: Path, file: Path) -> tuple[str, str]:
    index = InputIndex(root)
    try:
        return index.digest(file)
    finally:
        index.close()


def test_unchanged_file_is_read_once(tmp_path: Path, file: Path, reads: list[str]) -> None:
    found = [_digest(tmp_path / "cache", file) for _ in range(3)]
    assert found == [(digest_of_file(file), stamp_of(file))] * 3
    assert reads == ["page.txt"]


@pytest.mark.parametrize("change", ["content", "mtime", "replaced", "moved"])
def test_file_whose_stamp_changed_is_read_again(tmp_path: Path, file: Path, reads: list[str], change: str) -> None:
    _digest(tmp_path / "cache", file)
    if change == "content":
        file.write_bytes(b"The ferry sails at eight!")
    elif change == "mtime":
        os.utime(file, ns=(1, 1))
    elif change == "replaced":
        (tmp_path / "other").write_bytes(b"The ferry sails at nine!!")
        (tmp_path / "other").replace(file)
    else:
        file = file.rename(tmp_path / "moved.txt")
    assert _digest(tmp_path / "cache", file) == (digest_of_file(file), stamp_of(file))
    assert len(reads) == 2


def test_file_just_written_is_not_trusted_yet(
    tmp_path: Path, file: Path, reads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "_SETTLED_SECONDS", 3_600.0)
    assert _digest(tmp_path / "cache", file) == _digest(tmp_path / "cache", file)
    assert len(reads) == 2


def test_name_that_is_not_utf8_is_known_again(tmp_path: Path, reads: list[str]) -> None:
    file = tmp_path / os.fsdecode(b"caf\xe9.txt")
    file.write_bytes(b"x")
    assert _digest(tmp_path / "cache", file) == _digest(tmp_path / "cache", file)
    assert len(reads) == 1


def test_missing_file_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"):
        _digest(tmp_path / "cache", tmp_path / "gone.txt")


def test_scans_are_kept_by_key(tmp_path: Path) -> None:
    index = InputIndex(tmp_path)
    found = [{"record": 1, "id": "ä", "site": "a.example", "bytes": 3}]
    index.keep_scan("key", found)
    index.keep_scan("none", [])
    index.close()
    index = InputIndex(tmp_path)
    assert (index.scan("key"), index.scan("none"), index.scan("other")) == (found, [], None)
    index.keep_scan("key", [])
    assert index.scan("key") == []
    index.close()


@pytest.mark.parametrize("content", [b"rubbish" * 500, b"", b"SQLite format 3\x00" + b"\xff" * 4_000])
def test_damaged_index_is_replaced(tmp_path: Path, file: Path, reads: list[str], content: bytes) -> None:
    _digest(tmp_path / "cache", file)
    (tmp_path / "cache/inputs.sqlite").write_bytes(content)
    assert _digest(tmp_path / "cache", file) == (digest_of_file(file), stamp_of(file))
    assert _digest(tmp_path / "cache", file) == (digest_of_file(file), stamp_of(file))
    assert len(reads) == 2


def test_index_damaged_behind_its_first_page_costs_time_alone(tmp_path: Path, file: Path, reads: list[str]) -> None:
    root = tmp_path / "cache"
    index = InputIndex(root)
    index.digest(file)
    for number in range(500):
        index.keep_scan(f"key-{number}", ["x" * 200])
    index.close()
    body = bytearray((root / "inputs.sqlite").read_bytes())
    with sqlite3.connect(root / "inputs.sqlite") as db:
        page_bytes = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    body[page_bytes:] = b"\xff" * (len(body) - page_bytes)
    (root / "inputs.sqlite").write_bytes(body)
    assert _digest(root, file) == (digest_of_file(file), stamp_of(file))
    index = InputIndex(root)
    assert index.scan("key-3") in (None, ["x" * 200])
    index.keep_scan("key-3", ["again"])
    index.close()
