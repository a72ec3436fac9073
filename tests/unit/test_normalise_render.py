"""Blocks to text and Markdown."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import KeptBlock, Kind
from pipeline.normalise.render import markdown_of, text_of


def _block(kind: Kind, text: str, level: int = 0, gap: bool = False) -> KeptBlock:
    return KeptBlock(0, kind, text, gap, level)


PAGE = [
    _block(Kind.HEADING, "Tides", 2),
    _block(Kind.PARAGRAPH, "First\u00a0 line\nsecond  line"),
    _block(Kind.ITEM, "one", 1),
    _block(Kind.ITEM, "inner", 2),
    _block(Kind.PARAGRAPH, "between"),
    _block(Kind.ROW, "Town | Rain"),
    _block(Kind.ROW, "Oslo | 5"),
    _block(Kind.CODE, "  x = 1  \n\n\ty"),
    _block(Kind.QUOTE, "said\nso"),
    _block(Kind.CAPTION, "A boat"),
]


def test_text_form() -> None:
    assert text_of(PAGE, is_plain=False) == (
        "Tides\n\nFirst line\nsecond line\n\n- one\n- inner\n\nbetween\n\nTown | Rain\nOslo | 5\n\n  x = 1\n\n\ty\n\nsaid\nso\n\nA boat\n"
    )


def test_markdown_form() -> None:
    assert markdown_of(PAGE, is_plain=False) == (
        "## Tides\n\nFirst line  \nsecond line\n\n- one\n  - inner\n\nbetween\n\n| Town | Rain |\n| --- | --- |\n| Oslo | 5 |\n\n"
        "```\n  x = 1\n\n\ty\n```\n\n> said\n> so\n\nA boat\n"
    )


def test_plain_text_keeps_its_own_lines() -> None:
    blocks = [
        _block(Kind.LINE, "one"),
        _block(Kind.LINE, " two  words "),
        _block(Kind.LINE, "three", gap=True),
        _block(Kind.LINE, "four"),
    ]
    assert text_of(blocks, is_plain=True) == "one\ntwo words\n\nthree\nfour\n"


@pytest.mark.parametrize("render", [text_of, markdown_of])
@pytest.mark.parametrize("blocks", [[], [_block(Kind.LINE, " \u200b")], [_block(Kind.CODE, "\n \n")]])
def test_nothing_to_print_is_nothing(render: object, blocks: list[KeptBlock]) -> None:
    assert render(blocks, is_plain=True) == ""  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("cafe\u0301", "café"),
        ("a\u00a0\u2009b\u3000c", "a b c"),
        ("soft\u00adhyphen\u200b", "softhyphen"),
        ("“it’s” — ½ ﬁ", "“it’s” — ½ ﬁ"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_form_of_a_line(text: str, line: str) -> None:
    assert text_of([_block(Kind.PARAGRAPH, text)], is_plain=False) == f"{line}\n"


@pytest.mark.parametrize(("level", "signs"), [(1, "##"), (2, "##"), (3, "###"), (6, "######")])
def test_the_one_first_level_heading_is_the_headline(level: int, signs: str) -> None:
    assert markdown_of([_block(Kind.HEADING, "two\nlines", level)], is_plain=False) == f"{signs} two lines\n"


@pytest.mark.parametrize("code", ["x", "a ``` b", "```\nx\n```", "````\nx\n````", "~~~"])
def test_fence_of_code_is_longer_than_any_inside(code: str) -> None:
    fence, *inside, last = markdown_of([_block(Kind.CODE, code)], is_plain=False).rstrip("\n").split("\n")
    assert fence == last == "`" * len(fence)
    assert "\n".join(inside) == code
    assert all(len(run) < len(fence) for run in re.findall("`+", code))


def test_each_table_gets_its_own_head() -> None:
    rows = [_block(Kind.ROW, "a | b | c"), _block(Kind.PARAGRAPH, "x"), _block(Kind.ROW, "d | e")]
    assert markdown_of(rows, is_plain=False) == "| a | b | c |\n| --- | --- | --- |\n\nx\n\n| d | e |\n| --- | --- |\n"


_BLOCKS = st.builds(
    _block,
    st.sampled_from([kind for kind in Kind if kind is not Kind.CODE]),
    st.text(max_size=30),
    st.integers(0, 4),
    st.booleans(),
)


@given(st.lists(_BLOCKS, max_size=6), st.booleans())
def test_text_is_nfc_with_single_spaces_and_at_most_one_blank_line(blocks: list[KeptBlock], is_plain: bool) -> None:
    text = text_of(blocks, is_plain)
    assert unicodedata.is_normalized("NFC", text)
    assert "\n\n\n" not in text
    assert "  " not in text
    assert set(text).isdisjoint("\u00a0\u3000\t\ufeff\u200b\u00ad")
    assert text == "" or (text.endswith("\n") and text[0] != "\n" and not text.endswith("\n\n"))
    assert all(line == line.strip() or line == "- " for line in text.split("\n"))


@given(st.text())
def test_code_is_in_nfc_too(text: str) -> None:
    assert unicodedata.is_normalized("NFC", text_of([_block(Kind.CODE, text)], is_plain=False))
