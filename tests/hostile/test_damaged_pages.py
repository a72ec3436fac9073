"""Real pages, damaged by chance: each is cleaned or rejected, and keeps what a clean page promises."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hostile.damaging import DAMAGES, Case, case, outcome

SEEDS = Path(__file__).resolve().parent.parent.parent / "seeds"
MOST_BYTES = 12_000
PAGES = [
    body[:MOST_BYTES]
    for path in sorted(SEEDS.rglob("*"))
    if path.suffix in (".html", ".txt") and len(body := path.read_bytes()) > 500
]
COUNT, PARTS = 240, 8
BODIES = st.binary(max_size=300) | st.text(max_size=300)
MARKUP = st.lists(st.sampled_from(
    ["<", ">", "</", "<p", "<p>", "</p>", "<b<i>", "<t< a>", "<template>", "</template>", "<script>", "</script>", "<pre>", "<table>",
     "<tr>", "<td>", "<title>", "<!--", "-->", "<![CDATA[", "&", "&#0;", "&lt;", '"', "'", "=", " ", "\n", "a word", "Read more", "\x00", "é",
     "Ã©", "日本", "\u2000", "\ud800", "\x85", "<select>", "<noscript>", "<frameset>", "<plaintext>", "<svg>", "<a href=x>", "<h1>", "<br>",
     "<meta charset=utf-16>", "<base href=//x>", "<link rel=canonical href=http://[>", "<html lang='\x00'>"]), max_size=40).map("".join)  # fmt: skip


@pytest.mark.parametrize("part", range(PARTS))
def test_seeded_damage_finds_nothing(part: int) -> None:
    for number in range(part, COUNT, PARTS):
        one = case(PAGES, 6, number, MOST_BYTES)
        kind, what = outcome(one)
        assert kind != "finding", f"page {number} ({', '.join(one.damages)}): {what}"


def test_each_damage_had_its_turn() -> None:
    names = {name for number in range(COUNT) for name in case(PAGES, 6, number, MOST_BYTES).damages}
    assert names == {damage.__name__ for damage in DAMAGES}


@settings(max_examples=150, deadline=None)
@given(BODIES, st.none() | st.text(max_size=40), st.none() | st.text(max_size=40))
def test_any_bytes_from_anywhere(body: bytes | str, url: str | None, media_type: str | None) -> None:
    assert outcome(Case(body, (), url, media_type))[0] != "finding"


@settings(max_examples=150, deadline=None)
@given(MARKUP)
def test_any_markup(body: str) -> None:
    kind, what = outcome(Case(f"<html><body>{body}<p>The ferry left an hour late on Thursday.</p>", (), None, None))
    assert kind != "finding", what
