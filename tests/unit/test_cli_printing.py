"""Nothing of a page, a path or an error is obeyed by a terminal; what is printed as JSON means the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli.printing import as_json, one_line, plain

CONTROLS = [chr(n) for n in (*range(32), *range(127, 160)) if chr(n) not in "\n\t"]


@pytest.mark.parametrize("text", ["À LA CARTE\n\tdeux", "اَلْعَرَبِيَّةُ", "می‌خواهم", "👩‍👩‍👧", "x"])
def test_text_is_left_alone(text: str) -> None:
    assert plain(text) == text


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(CONTROLS))))
def test_no_control_gets_out(text: str) -> None:
    assert not set(plain(text)).intersection(CONTROLS)
    assert len(plain(text)) == len(text)
    assert not set(one_line(text)).intersection([*CONTROLS, "\n", "\t", "\u202e", "\u2066"])


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_json_means_the_same(value: object) -> None:
    text = as_json(value)
    assert json.loads(text) == value
    assert not set(text).intersection([*CONTROLS, "\u202e"])
