"""Tags as arrays say the same as a stack of open elements."""

from __future__ import annotations

import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.chain import clean, collector_paused
from pipeline.errors import Reject
from pipeline.segment.markup import _may_have_long_tag
from pipeline.segment.tags import lowest_between, tags_of

TEXTS = st.sampled_from(["", " ", "\n ", "word", "é ½", "&nbsp;"])
NAMES = st.sampled_from(["div", "p", "span", "a", "blockquote", "progress-bar", "my-very-long-element-name", "li", "b"])
BLOCKS = frozenset(("div", "p", "blockquote", "progress-bar", "my-very-long-element-name", "li"))
MARKUP = st.recursive(
    TEXTS,
    lambda inner: st.builds(
        lambda name, parts, tail: f'<{name} class="x > y">{"".join(parts)}</{name}>{tail}'.replace("x > y", "x &gt; y"),
        NAMES,
        st.lists(inner, max_size=3),
        TEXTS,
    ),
    max_leaves=12,
)


def open_elements(chunks: list[str]) -> list[list[tuple[int, str]]]:
    """Return the elements that are open behind each tag, the outermost first, as a stack finds them."""
    stack: list[tuple[int, str]] = []
    found = []
    for at, chunk in enumerate(chunks):
        name = chunk.partition(">")[0].partition(" ")[0]
        if name.startswith("/"):
            stack.pop()
        else:
            stack.append((at, name))
        found.append(stack.copy())
    return found


@given(MARKUP)
def test_innermost_elements_are_those_of_a_stack(source: str) -> None:
    tags = tags_of(f"<html>{source}</html>")
    places = np.arange(len(tags.chunks))
    blocks, above = tags.blocks.innermost(places).tolist(), tags.blocks.innermost(places, 1).tolist()
    inlines, parents = tags.inlines.innermost(places).tolist(), tags.blocks.parents()
    for at, stack in enumerate(open_elements(tags.chunks)):
        standing = [-1, -1, *(tag for tag, name in stack if name in BLOCKS or name == "html")]
        assert (blocks[at], above[at]) == (standing[-1], standing[-2])
        assert inlines[at] == [-1, *(tag for tag, name in stack if name not in BLOCKS and name != "html")][-1]
        if standing[-1] >= 0:
            assert parents[standing[-1]] == standing[-2]


@given(MARKUP)
def test_runs_hold_every_text_that_is_more_than_space(source: str) -> None:
    tags = tags_of(f"<html>{source}</html>")
    within = {at for first, last in zip(tags.first.tolist(), tags.last.tolist(), strict=True) for at in range(first, last + 1)}
    assert {at for at, chunk in enumerate(tags.chunks) if chunk.partition(">")[2].strip(" \n")} <= within


@given(st.lists(st.integers(0, 9), min_size=1, max_size=20), st.data())
def test_lowest_between_neighbours(depth: list[int], data: st.DataObject) -> None:
    at = sorted(data.draw(st.sets(st.integers(0, len(depth) - 1))))
    expected = [min(depth[one : other + 1]) for one, other in zip(at, at[1:], strict=False)]
    assert lowest_between(np.array(depth), at) == expected


@pytest.mark.parametrize(
    ("source", "expected"), [("<p>" + "a b<br>" * 9_000, False), ("<p " + "a " * 20_000 + ">x", True), ("x", False)]
)
def test_tags_of_many_attributes_are_suspected(source: str, expected: bool) -> None:
    assert _may_have_long_tag(source.encode()) is expected


def test_the_collector_goes_on_behind_a_page() -> None:
    assert gc.isenabled()
    with pytest.raises(Reject):
        clean(b"")
    assert gc.isenabled()
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()  # whoever switched it off has a reason
    finally:
        gc.enable()
