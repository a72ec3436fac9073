"""White space, controls and folding: what changes, what stays."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.unicode import (
    clean_line,
    folded,
    may_harm,
    signs_of,
    straight_dashes,
    unix_lines,
    without_harmful,
    without_ligatures,
)


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
    [("a\x00b", "ab"), ("a\x1fb\x7fc", "abc"), ("a\x80b\x9fc", "abc"), ("a\ud800b", "ab"), ("\x1b[1mbold\x1b[0m", "bold")],
)
def test_without_harmful_changes(text: str, left: str) -> None:
    assert without_harmful(text) == left


@pytest.mark.parametrize("text", ["a\tb\nc\r\n", "می\u200cخواهم", "e\u0301", "🙂\u200d🔧", "\u00a0"])
def test_without_harmful_leaves_alone(text: str) -> None:
    assert without_harmful(text) == text


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
def test_text_without_harmful_can_be_written(text: str) -> None:
    assert without_harmful(text).encode("utf-8") is not None
    assert without_harmful(without_harmful(text)) == without_harmful(text)


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


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("co\u200cop", "coop"), ("a\u202eb\u202c", "ab"), ("a\u200bb", "ab"), ("\ufeffHTTP", "HTTP"), ("no\u200f mark", "no mark"), ("a\U000e0041b", "ab"),
        ("a\u2066b\u2069", "ab"), ("x\u2060y", "xy"), ("af \u200b\u200bdenne", "af denne"), ("x\u2060\u2060 y", "x y"),
        ("\x1b]0;title\x07text", "text"), ("\x1b]0;title\x1b\\text", "text"), ("\x1b[38;5;1mred\x1b[m", "red"), ("\x1b", ""), ("N\x08NA\x08AME", "NAME"),
        ("_\x08a_\x08b", "ab"), ("caf\x08é", "café"), ("\x08", ""),
    ],
)  # fmt: skip
def test_without_harmful_drops_strays(text: str, left: str) -> None:
    assert without_harmful(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "نعم\u200f!",
        "क्\u200dष",
        "👩\u200d👧",
        "ไทย\u200bไทย",
        "\u202bשלום\u202c",
        "🏴\U000e0067\U000e0062\U000e007f",
        "❤\ufe0f",
        "a\u00adb",
        "-\u2060131072",
        "’-\u2060’",
        "مي\u200cخ",
    ],
)
def test_without_harmful_keeps_what_means_something(text: str) -> None:
    assert without_harmful(text) == text


def test_marks_of_direction_stay_where_a_page_needs_them() -> None:
    assert without_harmful("\u2066%H:%M\u2069", keeps_direction=True) == "\u2066%H:%M\u2069"
    assert without_harmful("a\u202eb", keeps_direction=True) == "ab"


@given(st.text(alphabet=st.sampled_from("ab_-ก\x08\x1b[]0m\x07\\\u200b\u200c\u200e\u2060\u202e\U000e0041שא🏴")))
def test_controls_that_stay_stay_next_time_too(text: str) -> None:
    once = without_harmful(text)
    assert without_harmful(once) == once
    assert may_harm(signs_of(text)) or once == text


@given(st.text())
def test_quick_check_says_when_nothing_can_change(text: str) -> None:
    assert may_harm(signs_of(text)) or without_harmful(text) == text
    assert signs_of(text * 2_000) == set(text * 2_000)


def test_typography_can_be_straightened() -> None:
    assert straight_dashes("a–b—c−d") == "a-b-c-d"
    assert without_ligatures("ﬁn œuvre") == "fin œuvre"
