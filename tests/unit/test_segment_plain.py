"""Plain text to blocks: one a line, each pointing to its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Kind
from pipeline.segment.plain import blocks_of_text


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        (" \n\t\n\u00a0\n", []),
        ("one", [("one", 0, False)]),
        ("one\ntwo\n", [("one", 0, False), ("two", 4, False)]),
        ("one\n\n\ntwo", [("one", 0, False), ("two", 6, True)]),
        ("\n  one \t\n \t\n\ttwo", [("one", 3, True), ("two", 13, True)]),
        ("one\n\u3000\ntwo", [("one", 0, False), ("two", 6, True)]),
        ("a  b\n a", [("a  b", 0, False), ("a", 6, False)]),
        ("l'Ã\u00a0\nx", [("l'Ã\u00a0", 0, False), ("x", 5, False)]),
    ],
)
def test_lines_and_gaps(text: str, found: list[tuple[str, int, bool]]) -> None:
    assert [(block.text, block.start, block.gap) for block in blocks_of_text(text)] == found


@given(st.text(alphabet=st.sampled_from("ab \t\n\u00a0\u3000é🙂")))
def test_blocks_hold_every_visible_sign_at_its_place(text: str) -> None:
    blocks = blocks_of_text(text)
    assert [block.index for block in blocks] == list(range(len(blocks)))
    assert all(text[block.start : block.end] == block.text and block.kind is Kind.LINE for block in blocks)
    assert "".join("".join(block.text.split()) for block in blocks) == "".join(text.split())
    assert len(blocks) == sum(bool(line.strip()) for line in text.split("\n"))
    assert all(one.end < two.start for one, two in zip(blocks, blocks[1:], strict=False))
