"""Segment: bytes to a document that knows its charset, language and facts, and whose blocks point into its text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cache.schema import to_rows, to_table
from pipeline.errors import Reject
from pipeline.model import Document, Media
from pipeline.segment import segment
from pipeline.settings import SegmentSettings

from .builders import BRIDGE, PUPILS, html_document, page, text_document


def test_text_page_keeps_its_source_and_html_its_joined_blocks() -> None:
    text = text_document(f"  {BRIDGE}\r\n\r\n{PUPILS}\n")
    assert (text.text, text.html, text.parser) == (f"  {BRIDGE}\n\n{PUPILS}\n", "", "")
    html = html_document(f"<p>{BRIDGE}</p>\r\n<p>{PUPILS}</p>")
    assert html.text == f"{BRIDGE}\n{PUPILS}"
    assert html.html.count("<p>") == 2
    assert "\r" not in html.html


def test_what_the_page_was_named_is_handed_on() -> None:
    document = text_document(
        BRIDGE, id="i", path="a/b.txt", record=3, site="example.org", added="2025-10-05", url="https://example.org/a"
    )
    assert (document.id, document.path, document.record, document.site, document.added, document.facts.url) == (
        "i", "a/b.txt", 3, "example.org", "2025-10-05", "https://example.org/a",
    )  # fmt: skip


def test_text_that_arrived_decoded_is_not_decoded_again() -> None:
    text = "La crÃ¨me <meta charset=koi8-r>"
    document = segment(page(text.encode(), media_type="text/html; charset=koi8-r", is_unicode=True), SegmentSettings())
    assert (document.text, document.charset, document.charset_source) == (text, "unicode", "given")


@pytest.mark.parametrize(
    ("body", "media_type", "charset", "source"),
    [
        ("Crème brûlée".encode("cp1252"), "text/plain; charset=iso-8859-1", "cp1252", "header"),
        ("Crème brûlée".encode(), "text/plain; charset=iso-8859-1", "utf-8", "utf-8"),
        ("\ufeffCrème brûlée".encode("utf-16-le"), "", "utf-16-le", "bom"),
    ],
)
def test_charset_and_how_it_was_found_are_kept(body: bytes, media_type: str, charset: str, source: str) -> None:
    document = segment(page(body, media_type=media_type), SegmentSettings())
    assert (document.text, document.charset, document.charset_source) == ("Crème brûlée", charset, source)


@pytest.mark.parametrize(
    ("body", "media"), [(" \n\u00a0", Media.TEXT), ("<p>&nbsp;</p>", Media.HTML), ("<title>x</title>", Media.HTML)]
)
def test_page_without_text_is_rejected(body: str, media: Media) -> None:
    with pytest.raises(Reject) as reject:
        segment(page(body, media), SegmentSettings())
    assert reject.value.reason == "no-text"


def test_hidden_text_says_nothing_of_the_language() -> None:
    german = "Die alte Brücke über den Fluss bleibt bis zum Frühjahr gesperrt, sagte der Bürgermeister am Montag. " * 9
    assert html_document(f"<p>{BRIDGE}</p><div hidden>{german}</div>").language == "en"


@given(
    st.binary(max_size=300), st.sampled_from(Media), st.sampled_from(["", "text/html; charset=koi8-r", "x; charset=undefined"])
)
def test_any_bytes_become_a_document_that_can_be_stored(body: bytes, media: Media, media_type: str) -> None:
    try:
        document = segment(page(body, media, media_type=media_type), SegmentSettings())
    except Reject as reject:
        assert reject.reason in {"no-text", "unreadable-markup"}
        return
    assert all(document.text[block.start : block.end] == block.text for block in document.blocks)
    assert to_rows(to_table([document], Document), Document) == [document]


@pytest.mark.parametrize(
    "body",
    [
        b"<meta charset=raw_unicode_escape><p>caf\xe9 \\ud800 by the old bridge",
        b"<meta charset=undefined><p>caf\xe9 by the old bridge",
        b"<p title='\xed\xa0\x80'>cut \xed\xa0\x80 emoji &#xD83D; by the old bridge</p>",
        b'<script type="application/ld+json">{"@type": "Article", "headline": "\\ud800"}</script><p>by the old bridge</p>',
    ],
)
def test_hostile_page_becomes_a_document_that_can_be_stored(body: bytes) -> None:
    document = segment(page(body, Media.HTML), SegmentSettings())
    assert "by the old bridge" in document.text
    assert to_rows(to_table([document], Document), Document) == [document]
