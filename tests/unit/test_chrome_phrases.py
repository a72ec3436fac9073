"""What the rules say of a block: kept for the texts of a site, and said again at the block's own place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.chrome.phrases import in_context, phrases
from pipeline.chrome.rulebook import Rule, RuleBook, parse_rules, view
from pipeline.knowledge import rule_book
from pipeline.model import Block, Kind

from .builders import BRIDGE, FERRY, PUPILS, text_document

BOOK = rule_book()
FUSED = "The ferry left at noon on Monday. Read more"
LINES = st.lists(
    st.sampled_from(["Share this", "Read more", "The ferry left at noon.", "Reply", "“Reply”", FUSED, "12 Shares", "\n"])
)


def _at(text: str, start: int) -> list[tuple[str, int, int, bool]]:
    return [(seen.rule, seen.start, seen.end, seen.cut) for seen in phrases(Block(0, Kind.LINE, start, text), BOOK)]


def test_a_text_met_again_is_judged_at_its_own_place() -> None:
    first, again = _at(FUSED, 10), _at(FUSED, 310)
    assert first
    assert [(rule, start + 300, end + 300, cut) for rule, start, end, cut in first] == again
    assert first[0][3]
    assert FUSED[first[0][1] - 10 : first[0][2] - 10].strip() == "Read more"


def test_code_is_not_looked_at_though_its_text_is_known() -> None:
    assert _at("Share this", 0)
    assert not list(phrases(Block(0, Kind.CODE, 0, "Share this"), BOOK))


def test_books_do_not_share_what_they_found() -> None:
    assert _at("Share this", 0)
    assert not list(phrases(Block(0, Kind.LINE, 0, "Share this"), RuleBook(())))


@given(LINES)
def test_what_was_met_before_changes_nothing(lines: list[str]) -> None:
    text = " ".join(lines)
    if text.strip():
        BOOK.found.clear()
        assert _at(text, 0) == _at(text, 0)


def _cuts(*lines: str) -> list[str]:
    blocks = text_document("\n".join(lines)).blocks
    found = in_context(blocks, [seen for block in blocks for seen in phrases(block, BOOK)])
    start_of = {block.index: block.start for block in blocks}
    return [
        lines[seen.block][seen.start - start_of[seen.block] : seen.end - start_of[seen.block]].strip()
        for seen in found
        if seen.cut
    ]


@pytest.mark.parametrize(
    ("lines", "cuts"),
    [
        ((f"{FERRY} Facebook", BRIDGE), ["Facebook"]),
        ((f"{FERRY} Facebook", "changed how the ferrymen tell their guests."), []),
        ((FUSED, "about it in the yearbook."), []),
        ((FUSED,), ["Read more"]),
        (("渡船下周一恢复航行，票价不变。分享", "是村里人最看重的事。"), []),
        (("渡船下周一恢复航行，票价不变。 广告", "是村里人最看重的事。"), ["广告"]),
        ((f"Advertisement {BRIDGE}", PUPILS), []),
        ((f"Advertisement {BRIDGE}", PUPILS, "Advertisement"), ["Advertisement"]),
        ((f"ADVERTISEMENT {BRIDGE}", PUPILS), ["ADVERTISEMENT"]),
    ],
)
def test_what_stands_around_tells_whether_an_end_is_cut(lines: tuple[str, ...], cuts: list[str]) -> None:
    assert _cuts(*lines) == cuts


REPORTED = "Nothing to see here, said the plate on the gate"


@pytest.mark.parametrize(("weight", "is_found"), [(6.0, False), (6.5, True)])
def test_only_a_rule_heavier_than_all_of_ours_holds_in_reported_speech(weight: float, is_found: bool) -> None:
    rule = Rule("en.own.plate", "own", "en", "phrase", "nothing to see", weight, "Ours.", ("Nothing to see",), ("See nothing",))
    assert bool(list(phrases(Block(0, Kind.LINE, 0, REPORTED), RuleBook((rule,))))) is is_found


@pytest.mark.parametrize("line", ["kayıt ol", "Kayıt Ol", "KAYIT OL", "ilgi çekenler", "İlgi çekenler", "İLGİ ÇEKENLER"])
def test_the_letters_i_of_turkish_are_one(line: str) -> None:
    table = """
[[rule]]
id = "tr.own.i"
pattern = "kayıt ol|ilgi çekenler"
weight = 4
because = "Ours."
matches = ["Kayıt ol"]
spares = ["Kayıt olmadan"]
"""
    book = RuleBook(tuple(parse_rules(table, name="own.toml", language="tr", family="own")))
    assert book.of_line(view(line)[0])


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("Sei der Erste, der einen Kommentar schreibt", True),
        ("Alle Rechte vorbehalten, schreibt der Verein jedes Jahr an die Tür", False),
    ],
)
def test_a_call_to_write_is_nobodys_report(line: str, is_found: bool) -> None:
    assert bool(list(phrases(Block(0, Kind.LINE, 0, line), BOOK))) is is_found
