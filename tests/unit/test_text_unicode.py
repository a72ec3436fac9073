"""White space, controls and folding: what changes, what stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.unicode import clean_line, folded, unix_lines, without_controls


@pytest.mark.parametrize(
    ("text", "lines"),
    [("a\r\nb", "a\nb"), ("a\rb", "a\nb"), ("a\n\rb", "a\n\nb"), ("a\u2028b\u2029c", "a\nb\nc"), ("a\x0cb\x0bc", "a\nb\nc")],
)
def test_unix_lines_changes(text: str, lines: str) -> None:
    assert unix_lines(text) == lines


@pytest.mark.parametrize("text", ["a\n\nb", "a\tb", "Â\x85", "", "naïve\u00a0café"])
def test_unix_lines_leaves_alone(text: str) -> None:
    assert unix_lines(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [("a\x00b", "ab"), ("a\x1fb\x7fc", "abc"), ("a\x80b\x9fc", "abc"), ("a\ud800b", "ab"), ("\x1b[1mbold", "[1mbold")],
)
def test_without_controls_changes(text: str, left: str) -> None:
    assert without_controls(text) == left


@pytest.mark.parametrize("text", ["a\tb\nc\r\n", "می\u200cخواهم", "e\u0301", "🙂\u200d🔧", "\u00a0"])
def test_without_controls_leaves_alone(text: str) -> None:
    assert without_controls(text) == text


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a  b ", "a b"),
        ("a\u00a0\u2009\u3000b\t", "a b"),
        ("cafe\u0301", "café"),
        ("extra\u00adordi\u200bnary\ufeff", "extraordinary"),
        ("e\u00ad\u0301te\u0301", "été"),
        ("ｱ", "ｱ"),
    ],
)
def test_clean_line_changes(text: str, line: str) -> None:
    assert clean_line(text) == line


@pytest.mark.parametrize(
    "text", ["“Quoted” — it’s…", "½ cup", "می\u200cخواهم", "क्\u200dष", "①", "ﬁn", "x²", "𝔘", "Ångström", "- item", "Straße"]
)
def test_clean_line_leaves_alone(text: str) -> None:
    assert clean_line(text) == text


@given(st.text())
def test_cleaning_a_line_twice_is_cleaning_it_once(text: str) -> None:
    once = clean_line(text)
    assert clean_line(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(st.text())
def test_every_line_end_is_a_line_feed(text: str) -> None:
    assert set(unix_lines(text)).isdisjoint("\r\x0b\x0c\u2028\u2029")
    assert unix_lines(unix_lines(text)) == unix_lines(text)


@given(st.text(alphabet=st.characters()))
def test_text_without_controls_can_be_written(text: str) -> None:
    assert without_controls(text).encode("utf-8") is not None
    assert without_controls(without_controls(text)) == without_controls(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("  Read MORE » ", "read more"),
        ("Straße", "STRASSE"),
        ("café", "cafe\u0301"),
        ("ﬁrst", "First!"),
        ("Ｆｕｌｌ　ｗｉｄｔｈ", "full width"),
        ("ΟΔΟΣ", "οδός".replace("ό", "ο")),
    ],
)
def test_copies_of_a_line_fold_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("resume", "résumé"),
        ("5 %", "5"),
        ("€ 5", "$ 5"),
        ("version 1", "version 2"),
        ("read more", "readmore"),
        ("की", "के"),
        ("राम की किताब", "राम का कताब"),
        ("น้ำ", "นำ"),
    ],
)
def test_different_lines_fold_differently(one: str, other: str) -> None:
    assert folded(one) != folded(other)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)
