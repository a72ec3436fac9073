"""Encoding: cuts applied, damage mended, code untouched, and a log that replays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encoding import kept_blocks, repair, replay
from pipeline.model import Document, RepairedDocument
from pipeline.settings import EncodingSettings
from pipeline.text.plans import MISREAD_AS

from .builders import BRIDGE, PUPILS, cut_of, html_document, judgement_of, text_document

OFF = EncodingSettings(mojibake=False, entities=False, controls=False)


def _damaged(text: str, charset: str = "cp1252") -> str:
    return text.encode("utf-8").decode(charset)


def _repaired(text: str, settings: EncodingSettings | None = None) -> str:
    document = text_document(text)
    return "\n".join(block.text for block in repair(document, judgement_of(document), settings or EncodingSettings()).blocks)


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (_damaged("La crème brûlée, c’est l’été"), "La crème brûlée, c’est l’été"),
        ("Fish &amp; chips", "Fish & chips"),
        ("caf&eacute; &#8364;5 &#x2014; x", "café €5 — x"),
        ("Fish &amp;amp; chips, 3 &lt; 4", "Fish & chips, 3 < 4"),
        ("&Eacute;t&Atilde;&copy; 2003", "Été 2003"),
        ("a\x00b\x1fc\x7f", "abc"),
        ("It cost 5\x80\x85", "It cost 5€…"),
        (_damaged("thé &amp; café"), "thé & café"),
    ],
)
def test_repair_mends(text: str, mended: str) -> None:
    assert _repaired(text) == mended


@pytest.mark.parametrize(
    "text",
    [
        "Now 3,50 € a kilo", "À LA CARTE", "naïve café", "“Quoted” — it’s…", "Привет, мир", "می\u200cخواهم", "AT&T; R&D", "a\tb", "x & y; z",
        "Write <b>&amp;</b> here", "Use `&amp;` here", "Type &lt;br&gt; to break", "Write &amp;lt;b&amp;gt; here", 'Put "&amp;" there', "?page=2&region;north", "&notanentity;", "&; &#; &#x;", "cafe\u0301", "½ ﬁ ①", "a\u00a0b",
    ],
)  # fmt: skip
def test_repair_leaves_alone(text: str) -> None:
    document = text_document(text)
    found = repair(document, judgement_of(document), EncodingSettings())
    assert ([block.text for block in found.blocks], found.repairs) == ([text], ())


@pytest.mark.parametrize("about", ["How entities work in HTML", "The markup of a page", "An XML feed"])
def test_page_about_markup_keeps_its_entities(about: str) -> None:
    assert _repaired(f"{about}\nWrite &amp; for an ampersand") == f"{about}\nWrite &amp; for an ampersand"


@pytest.mark.parametrize("charset", ["cp1250", "cp1251"])
def test_one_line_that_proves_the_damage_mends_the_weak_ones(charset: str) -> None:
    lines = [
        "Größe der Brücke über den Fluß: „sehr groß“, schrieb das Blatt – und darüber müßte man nachdenken…",
        "Straße nach Köln",
        "naïve",
    ]
    assert _repaired("\n".join(_damaged(line, charset) for line in lines)).split("\n") == lines


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("koi8-r", "“No”, she said"),
        ("cp850", "Voices rose é fell"),
        ("cp1251", "Voices rose é fell"),
        ("iso8859-2", "Ça va"),
        ("cp866", "a – b"),
    ],
)
def test_other_pages_of_the_site_prove_what_a_page_cannot(charset: str, text: str) -> None:
    damaged = "".join(bytes([code]).decode(charset, "replace").replace("\ufffd", chr(code)) for code in text.encode())
    document = text_document(damaged)
    found = repair(document, judgement_of(document), EncodingSettings(), (charset,))
    assert [block.text for block in found.blocks] == [text]
    assert [replay(one) for one in found.repairs] == [one.after for one in found.repairs]
    assert "other pages of the site" in found.repairs[0].plan


@pytest.mark.parametrize(
    "text",
    ["Größe der Brücke", "Ці дії, Ні, Сі", "À LA CARTE – Â votre santé", "The till printed “caf├®”.", "UTF-8 read as cp850: caf├®", "┌──┬──┐ Größe", "Τι ΚΑΤ».", "日本語のページ", "naïve café"],
)  # fmt: skip
def test_text_that_is_well_stays_on_a_damaged_site(text: str) -> None:
    document = text_document(text)
    found = repair(document, judgement_of(document), EncodingSettings(), MISREAD_AS)
    assert ([block.text for block in found.blocks], found.repairs) == ([text], ())


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        (OFF, "cafÃ© &amp; “t”\x01"),
        (EncodingSettings(mojibake=False), "cafÃ© & “t”"),
        (EncodingSettings(entities=False), "café &amp; “t”"),
        (EncodingSettings(controls=False), "café & “t”\x01"),
        (EncodingSettings(straighten_quotes=True), 'café & "t"'),
    ],
)
def test_each_repair_can_be_switched_off(settings: EncodingSettings, text: str) -> None:
    assert _repaired("cafÃ© &amp; “t”\x01", settings) == text


@pytest.mark.parametrize(
    "page",
    [
        "ขึ้นต้น\nValid entities are: &amp; &quot; &lt; &gt; &apos;\nতথ্য - &amp; রূপে",
        "শূন্য এনটিটি '&;' দেখা গেছে\nতথ্য - &amp; রূপে",
        "l'intité « &map; » n'est nén",
        "muss das kaufmännische Und (&) als &amp; umgeschrieben werden",
        "reescrito como &amp;. Advierta que no todas",
        "স্বত্বার নাম সমাপ্ত হয়নি - &amp; রূপে এম্পারসেন্ড",
        "Izendatu & karakterea &amp; gisa",
    ],
)
def test_page_that_lists_entities_keeps_them_in_any_language(page: str) -> None:
    assert _repaired(page) == page


def test_marks_of_direction_stay_on_a_page_that_runs_right_to_left() -> None:
    page = "ساعت \u200fو تاریخ امروز\n\u2066%OH:%OM\u2069"
    assert _repaired(page) == page
    assert _repaired("Today\n\u2066%OH:%OM\u2069") == "Today\n%OH:%OM"


def test_code_loses_controls_alone() -> None:
    document = html_document("<p>Fish &amp;amp; cafÃ©</p><pre>a &amp;amp; \x01cafÃ© “x”</pre>")
    settings = EncodingSettings(straighten_quotes=True)
    assert [block.text for block in repair(document, judgement_of(document), settings).blocks] == [
        "Fish & café",
        "a &amp; cafÃ© “x”",
    ]


def test_title_is_mended_too_and_logged_as_no_block() -> None:
    document = text_document(f"{_damaged('Crème &amp; thé')}\n{BRIDGE}")
    found = repair(document, judgement_of(document, title=0), EncodingSettings())
    assert found.title == "Crème & thé"
    assert [(one.block, one.plan.partition(":")[0]) for one in found.repairs] == [(-1, "mojibake"), (-1, "entities")]
    assert [block.text for block in found.blocks] == [BRIDGE]


def _kept(document: Document, **how: object) -> list[tuple[int, str, bool]]:
    return [(block.block, block.text, block.gap) for block in kept_blocks(document, judgement_of(document, **how))]  # type: ignore[arg-type]


def test_stripped_blocks_are_gone_and_the_gap_behind_them_stays() -> None:
    document = text_document("one\n\ntwo\nthree\nfour")
    assert _kept(document) == [(0, "one", False), (1, "two", True), (2, "three", False), (3, "four", False)]
    assert _kept(document, strip=(1,)) == [(0, "one", False), (2, "three", True), (3, "four", False)]
    assert _kept(document, strip=(0, 1)) == [(2, "three", True), (3, "four", False)]
    assert _kept(document, title=1) == [(0, "one", False), (2, "three", True), (3, "four", False)]


@pytest.mark.parametrize(
    ("line", "cuts", "left"),
    [
        ("It rained. Read more", ["Read more"], "It rained."),
        ("Menu It rained. Read more", ["Menu", "Read more"], "It rained."),
        ("It rained.Share thisRead more", ["Share this", "Read more"], "It rained."),
        ("Read more", ["Read more"], None),
    ],
)
def test_cuts_are_taken_out_of_their_block(line: str, cuts: list[str], left: str | None) -> None:
    document = text_document(f"{line}\n\n{PUPILS}")
    pieces = tuple(cut_of(document.blocks[0], cut) for cut in cuts)
    expected = [(0, left, False)] if left else []
    assert _kept(document, cuts=pieces) == [*expected, (1, PUPILS, True)]


def test_cut_line_of_a_block_leaves_no_empty_line() -> None:
    document = html_document(f"<p>{BRIDGE}<br>Read more<br>{PUPILS}</p>")
    assert _kept(document, cuts=(cut_of(document.blocks[0], "Read more"),)) == [(0, f"{BRIDGE}\n{PUPILS}", False)]


def test_block_of_which_only_controls_are_left_is_dropped() -> None:
    document = text_document("one\n\x01\x02\ntwo")
    assert [block.text for block in repair(document, judgement_of(document), EncodingSettings()).blocks] == ["one", "two"]


def _replayed(found: RepairedDocument, document: Document, title: str) -> tuple[str, list[str]]:
    texts = {block.index: block.text for block in document.blocks} | {-1: title}
    for one in found.repairs:
        assert texts[one.block] == one.before
        assert one.before != one.after
        assert one.plan
        texts[one.block] = one.after
    return texts.pop(-1), [text for text in texts.values() if text.strip()]


_PIECES = st.sampled_from(
    ["crème ", "Ã©", "â€™", "&amp;", "&lt;b&gt;", "\x01", "\x85", "Привет ", "<b>", "`", "& ", "é", "“ok”", " ", "\u00a0", "x"]
)


@given(st.lists(st.lists(_PIECES, min_size=1, max_size=8).map("".join), min_size=1, max_size=5), st.booleans())
def test_the_log_replays_to_the_same_text(lines: list[str], straighten: bool) -> None:
    document = text_document("\n".join(["Title", *lines]))
    judgement = judgement_of(document, title=0)
    found = repair(document, judgement, EncodingSettings(straighten_quotes=straighten))
    title, texts = _replayed(found, document, judgement.title)
    assert (found.title, [block.text for block in found.blocks]) == (
        title,
        [text for text in texts if text != "Title" or "Title" in lines],
    )
