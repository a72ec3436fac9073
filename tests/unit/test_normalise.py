"""Normalise: the one record, its metadata, its measures."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.chain import clean
from pipeline.encoding import repair
from pipeline.model import CleanDocument, Document, Media, Quality
from pipeline.normalise import normalise, with_headline
from pipeline.normalise.found import found_in_text
from pipeline.normalise.quality import quality_of
from pipeline.settings import ChromeSettings, EncodingSettings, NormaliseSettings, Settings

from .builders import BRIDGE, FERRY, PUPILS, html_document, judgement_of, text_document

FAST = Settings(chrome=ChromeSettings(second_opinion=False))


def _record(document: Document, settings: NormaliseSettings | None = None, **how: object) -> CleanDocument:
    judgement = judgement_of(document, **how)  # type: ignore[arg-type]
    return normalise(document, judgement, repair(document, judgement, EncodingSettings()), settings or NormaliseSettings())


def test_record_of_a_text_page() -> None:
    text = f"Old  bridge\nBy Jane Quill\n5 October 2025\n\nRead more\n{BRIDGE} cafÃ©\n\nSource: Harbour Gazette\nhttps://example.org/bridge\n"
    record = _record(
        text_document(text, path="a/b.txt", record=3, added="2025-11-01"), NormaliseSettings(source="scrape"), title=0, strip=(3,)
    )
    assert record.title == "Old bridge"
    assert (
        record.text == f"By Jane Quill\n5 October 2025\n\n{BRIDGE} café\n\nSource: Harbour Gazette\nhttps://example.org/bridge\n"
    )
    assert (record.author, record.date, record.created) == (("Jane Quill",), "2025-10-05", "2025-10-05")
    assert (record.source, record.file_path, record.added, record.site) == ("scrape", "a/b.txt", "2025-11-01", "")
    assert record.metadata == {
        "source_url": "https://example.org/bridge", "stated_source": "Harbour Gazette", "date_source": "text",
        "author_source": "text", "media": "text", "record": "3", "charset_source": "given",
        "charset_why": "arrived as Unicode", "charset_confidence": "1.00",
    }  # fmt: skip
    assert (record.clean.chars_in, record.clean.chars_out, record.clean.removed, record.clean.repaired) == (
        len(text),
        len(record.text),
        1,
        1,
    )
    assert [span.text for span in record.removed] == ["Read more"]


def test_record_of_an_html_page() -> None:
    head = (
        '<title>Old bridge | Gazette</title><meta property="og:site_name" content="Gazette"><meta name="description" content="It is shut.">'
        '<meta name="author" content="Jane Quill"><meta name="date" content="2025-10-05"><meta property="og:type" content="article">'
        '<link rel="license" href="https://example.org/cc"><link rel="canonical" href="https://www.example.org/bridge">'
    )
    record = _record(html_document(f"<h1>Old bridge</h1><p>{BRIDGE}</p>", head, site="example.org"), title=0)
    assert (record.title, record.text, record.url, record.site) == (
        "Old bridge",
        f"{BRIDGE}\n",
        "https://www.example.org/bridge",
        "example.org",
    )
    assert (record.author, record.date, record.license, record.page_type, record.language) == (
        ("Jane Quill",), "2025-10-05", "https://example.org/cc", "article", "en",
    )  # fmt: skip
    assert record.metadata == {
        "site_name": "Gazette", "description": "It is shut.", "page_title": "Old bridge | Gazette", "date_source": "markup",
        "author_source": "markup", "media": "html", "charset_source": "given",
        "charset_why": "arrived as Unicode", "charset_confidence": "1.00", "parser": "lexbor",
    }  # fmt: skip


def test_what_a_page_states_beats_what_its_text_shows() -> None:
    html = "<html><head><meta name=date content=2025-10-05><meta name=author content='Jane Quill'></head><body><p>By Bo Ash</p><p>1 May 2024</p>"
    record = clean(f"{html}<p>{BRIDGE}</p><p>{PUPILS}</p>", settings=FAST)
    assert (record.date, record.author) == ("2025-10-05", ("Jane Quill",))


def test_date_and_byline_that_leave_an_html_page_are_in_its_record() -> None:
    body = f"<html><body><h1>Old bridge closes</h1><p>By Jane Quill</p><p>5 October 2025</p><p>{BRIDGE}</p><p>{PUPILS}</p></body></html>"
    record = clean(body, settings=FAST)
    assert record.date == "2025-10-05" or "5 October 2025" in record.text
    assert record.author == ("Jane Quill",) or "By Jane Quill" in record.text


def test_markdown_is_a_setting() -> None:
    document = html_document(f"<h2>Tides</h2><ul><li>one</li><li>two</li></ul><p>{BRIDGE}</p>")
    assert _record(document, NormaliseSettings(format="markdown")).text == f"## Tides\n\n- one\n- two\n\n{BRIDGE}\n"
    assert _record(document).text == f"Tides\n\n- one\n- two\n\n{BRIDGE}\n"


@pytest.mark.parametrize(
    ("title", "format_name", "printed"),
    [
        ("", "text", f"{BRIDGE}\n"),
        ("Old bridge", "text", f"Old bridge\n\n{BRIDGE}\n"),
        ("Old bridge", "markdown", f"# Old bridge\n\n{BRIDGE}\n"),
    ],
)
def test_headline_is_printed_above_the_body(title: str, format_name: str, printed: str) -> None:
    document = text_document(f"{title}\n{BRIDGE}")
    assert with_headline(_record(document, title=0 if title else -1), format_name) == printed


def test_page_of_a_headline_alone_prints_it() -> None:
    record = _record(text_document("Old bridge"), title=0)
    assert (record.text, with_headline(record)) == ("", "Old bridge\n")


@pytest.mark.parametrize(
    ("text", "quality"),
    [
        ("", Quality()),
        ("It rained. He left\n\nWhy?\n", Quality(5, 2, 3.4, 0.8947, 0.5)),
        ("12:30\n", Quality(2, 1, 2.0, 0.0, 0.0)),
        ("…\n", Quality(0, 1, 0.0, 0.0, 1.0)),
    ],
)
def test_quality(text: str, quality: Quality) -> None:
    assert quality_of(text) == quality


@pytest.mark.parametrize(
    ("lines", "date", "authors", "source", "url"),
    [
        (["Old bridge", "5 October 2025", "By Jane Quill", BRIDGE], "2025-10-05", ("Jane Quill",), "", ""),
        ([f"On 5 October 2025 it fell. {BRIDGE}", "She said so"], "", (), "", ""),
        ([*[FERRY] * 40, "5 October 2025", "By Jane Quill"], "", (), "", ""),
        ([BRIDGE, "Quelle: Hafenblatt"], "", (), "Hafenblatt", ""),
        ([BRIDGE, "Source: https://example.org/a"], "", (), "", "https://example.org/a"),
        ([BRIDGE, "出典：港新聞"], "", (), "港新聞", ""),
        (["Source: one", BRIDGE, "Source: two", "Sources say so: no"], "", (), "two", ""),
    ],
)
def test_what_dumped_text_shows_of_its_origin(
    lines: list[str], date: str, authors: tuple[str, ...], source: str, url: str
) -> None:
    found = found_in_text(text_document("\n".join(lines)).blocks)
    assert (found.date, found.authors, found.source, found.source_url) == (date, authors, source, url)


@pytest.mark.parametrize(
    ("body", "date", "authors"),
    [
        ("<h1>Old bridge</h1><p>By Ann Quill | Updated 6 Oct 2025</p><p>5 October 2025</p>", "2025-10-05", ("Ann Quill",)),
        ("<h1>Old bridge</h1><p>Last updated 6 Oct 2025</p>", "2025-10-06", ()),
        ("<h1>Old bridge</h1><p>5 October 2025 By Ann Quill</p>", "2025-10-05", ("Ann Quill",)),
        ("<h1>Old bridge</h1><p>By Dr. Ann Quill - 5 Oct 2025</p>", "2025-10-05", ("Dr. Ann Quill",)),
        ("<h1>Old bridge</h1><div class='authorname'>Harbour Staff</div>", "", ("Harbour Staff",)),
        ("<p>News · 5 October 2025</p><h1>Old bridge</h1>", "2025-10-05", ()),
        ("<h1>Old bridge</h1><div class='post-author'>Ann Quill and Bo de Wit</div>", "", ("Ann Quill", "Bo de Wit")),
        (
            "<h1>Old bridge</h1><p><span class='byline'>Written by <b>Ann Quill</b>, 5 Oct 2025</span></p>",
            "2025-10-05",
            ("Ann Quill",),
        ),
        (f"<h1>Old bridge</h1>{'<p>x</p>' * 30}<p>Posted on 5 October 2025</p>", "2025-10-05", ()),
        ("<div>5 October 2025</div>", "2025-10-05", ()),  # above the first paragraph of a page without a headline
        ("<h1>Getting to the museum</h1><h2>By Public Transport</h2>", "", ()),
        ("<h1>Old bridge</h1><p>Please apply before 31 December 2030.</p>", "", ()),
        (f"<h1>Old bridge</h1>{'<p>x</p>' * 30}<p class='post-date'>5 October 2025</p>", "2025-10-05", ()),
        (f"<h1>Old bridge</h1>{'<p>x</p>' * 30}<div class='author-name'>Ann Quill</div>", "", ("Ann Quill",)),
    ],
)
def test_what_an_html_page_shows_beside_its_headline_or_once_marked(body: str, date: str, authors: tuple[str, ...]) -> None:
    record = _record(html_document(f"{body}<p>{BRIDGE}</p>", "<title>Old bridge</title>"))
    assert (record.date, record.author) == (date, authors)
    assert (record.metadata.get("date_source", ""), record.metadata.get("author_source", "")) == (
        "text" if date else "",
        "text" if authors else "",
    )


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Old bridge</h1><p>{BRIDGE} It was built on 5 October 1925. By Ann Quill, they say.</p>",
        f"<h1>Old bridge</h1>{'<p>x</p>' * 30}<p>The bridge of 5 October 2025</p><p>By Ann Quill</p>",
        f"<h1>Old bridge</h1>{'<p>x</p>' * 30}<p class='date'>5 October 2025</p><p class='date'>6 October 2025</p>",
        f"<h1>Old bridge</h1>{'<p>x</p>' * 30}<p class='author'>Ann Quill</p><p class='author'>Bo Ash</p>",
        f"<h1>Old bridge</h1>{'<p>x</p>' * 30}<div class='comment'><p class='author'>Ann Quill</p><p class='date'>5 May 2025</p></div>",
        f"<h1>Old bridge</h1>{'<p>x</p>' * 30}<footer class='footer'><p class='date'>© 5 May 2025</p></footer>",
        "<h1>Old bridge</h1><p>By noon</p><p>By the harbour</p><p class='author'>About the author</p><p class='author'>Editor</p>",
    ],
)
def test_dates_and_names_elsewhere_are_no_metadata(body: str) -> None:
    record = _record(html_document(body, "<title>Old bridge</title>"))
    assert (record.date, record.author) == ("", ())


def test_a_thread_is_by_who_wrote_its_first_post() -> None:
    body = (
        "<h1>Old bridge</h1><p>#1</p><div class='username'>quill_77</div><p>A post.</p><div class='username'>Ash</div><p>No.</p>"
    )
    document = html_document(body, "<title>Old bridge</title>")
    judgement = replace(judgement_of(document, title=0), page_type="forum")
    mended = repair(document, judgement, EncodingSettings())
    assert normalise(document, judgement, mended, NormaliseSettings()).author == ("quill_77",)
    assert normalise(document, replace(judgement, page_type="article"), mended, NormaliseSettings()).author == ()


def test_a_shop_page_is_neither_dated_nor_signed_by_what_it_shows() -> None:
    head = '<title>Old bridge</title><meta property="og:type" content="product">'
    record = _record(html_document("<h1>Old bridge</h1><p>5 October 2025</p><p>By Ann Quill</p>", head))
    assert (record.date, record.author, record.page_type) == ("", (), "product")


@pytest.mark.parametrize("media", Media)
def test_cleaning_clean_text_changes_nothing(media: Media) -> None:
    paragraphs = [BRIDGE, PUPILS, FERRY]
    source = "\n\n".join(paragraphs) if media is Media.TEXT else "<html><body>" + "".join(f"<p>{text}</p>" for text in paragraphs)
    once = clean(source, settings=FAST)
    assert once.text == "\n\n".join(paragraphs) + "\n"
    assert clean(once.text, settings=FAST).text == once.text


def test_a_headline_that_stands_in_the_text_is_not_printed_twice() -> None:
    document = replace(_record(text_document("Old bridge\nThe bridge is closed.")), title="Old bridge")
    assert with_headline(document) == document.text
    assert with_headline(replace(document, title="New bridge")).startswith("New bridge\n\n")
