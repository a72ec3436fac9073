"""Publish: rows of the outputs, and file names that stay inside their folder."""

from __future__ import annotations

import json
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.chain import clean
from pipeline.model import Fault, Stage
from pipeline.publish import record_row, reject_row, removed_row, text_name
from pipeline.settings import ChromeSettings, Settings

from .builders import BRIDGE, PUPILS


@pytest.mark.parametrize(
    ("path", "record", "name"),
    [
        ("news/a.html.gz", 0, "news/a.html.gz.txt"),
        ("dump.jsonl", 12, "dump.jsonl/12.txt"),
        ("a b/ü.txt", 0, "a b/ü.txt.txt"),
        ("../../x", 0, "__/__/x.txt"),
        ("/abs/x", 0, "abs/x.txt"),
        ("a/./b//c", 0, "a/b/c.txt"),
        ("two\nlines\x7f.txt", 0, "two_lines_.txt.txt"),
        ("a\\b", 0, "a_b.txt"),
        ("", 0, "page.txt"),
    ],
)
def test_name_of_a_pages_text_file(path: str, record: int, name: str) -> None:
    assert text_name(path, record) == name


def test_long_names_are_cut_and_stay_apart() -> None:
    names = {text_name("ü" * 300 + ending, 0) for ending in ("a", "b", "")}
    assert len(names) == 3
    assert all(len(name.encode()) <= 255 for name in names)


@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from("./\\\n~")), max_size=300), st.integers(0, 10**6))
def test_any_path_gives_a_safe_name(path: str, record: int) -> None:
    name = text_name(path, record)
    assert name.endswith(".txt")
    parts = PurePosixPath(name).parts
    assert parts
    assert not name.startswith("/")
    assert all(part not in {".", "..", "/"} and len(part.encode("utf-8")) <= 255 for part in parts)
    assert all(ord(char) >= 32 and char not in "\x7f\\" for char in name)


def test_rows_hold_the_record_and_what_left_it() -> None:
    record = clean(
        f"{BRIDGE}\n\nRead more\n\n{PUPILS}\n",
        url="https://example.org/a",
        settings=Settings(chrome=ChromeSettings(second_opinion=False)),
    )
    row, gone = json.loads(json.dumps(record_row(record))), json.loads(json.dumps(removed_row(record)))
    assert (row["id"], row["text"], row["url"], row["clean"]["removed"]) == (record.id, record.text, "https://example.org/a", 1)
    assert "removed" not in row
    [span] = gone["spans"]
    assert gone["id"] == record.id
    assert (span["text"], span["end"] - span["start"]) == ("Read more", 9)


def test_reject_row_says_where_an_input_ended() -> None:
    row = json.loads(json.dumps(reject_row(Fault("i", "a.txt", 2, Stage.INGEST, "empty", "no bytes", is_page=False))))
    assert row == {
        "id": "i",
        "path": "a.txt",
        "record": 2,
        "stage": "ingest",
        "reason": "empty",
        "detail": "no bytes",
        "is_page": False,
    }
