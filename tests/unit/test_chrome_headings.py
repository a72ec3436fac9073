"""The headline, its copies and trails, keyword lines, and the lines beside it."""

from __future__ import annotations

import pytest

from pipeline.chrome.headings import Headline, datelines, find_headline, headings, is_beside, keyword_lines, repeated_lines
from pipeline.model import Document

from .builders import BRIDGE, FERRY, PUPILS, html_document, text_document

HEADLINE = "Old bridge closes for repairs"
NONE: frozenset[int] = frozenset()


def _headline(document: Document, chrome: frozenset[int] = NONE) -> str:
    found = find_headline(document, chrome)
    assert found.block == -1 or document.blocks[found.block].text == found.text
    return found.text


@pytest.mark.parametrize(
    "above",
    [
        HEADLINE,
        f"Home\nNews\nLocal politics\nWeather and travel\nFood and drink\nLetters to us\n{HEADLINE}",
        f"5 October 2025\nBy Jane Quill\n{HEADLINE}",
        f"{HEADLINE}\nBy Jane Quill\n5 October 2025",
        f"Harbour Gazette of Tuesday\n{HEADLINE}\nLocal news and letters\n{HEADLINE}",
        f"Home > News > {HEADLINE}\n{HEADLINE}",
        f"{HEADLINE} | Harbour Gazette\n{HEADLINE}",
        f"Home News {HEADLINE}\nMenu of the day\n{HEADLINE}",
    ],
)
def test_headline_of_dumped_text(above: str) -> None:
    assert _headline(text_document(f"{above}\n\n{BRIDGE}\n\n{PUPILS}\n")) == HEADLINE


def test_known_chrome_is_no_headline() -> None:
    document = text_document(f"Accept all cookies\n{HEADLINE}\n\n{BRIDGE}")
    assert _headline(document, frozenset({0})) == HEADLINE


@pytest.mark.parametrize("text", [BRIDGE, f"{BRIDGE}\n\n{HEADLINE}\n\n{PUPILS}", f"5 October 2025\n{BRIDGE}", f"Home\n{BRIDGE}"])
def test_text_that_begins_with_its_first_paragraph_has_no_headline(text: str) -> None:
    assert find_headline(text_document(text), NONE) == Headline("", -1)


def test_poem_has_its_first_line_as_headline() -> None:
    assert (
        _headline(text_document("To the ferry\n\nO ferry on the water\nslow as a cow\nthe ice will have you\nbut not now"))
        == "To the ferry"
    )


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ("", f"<h1>{HEADLINE}</h1>"),
        (f"<title>{HEADLINE} - Harbour Gazette</title>", f"<h1>Harbour Gazette</h1><h1>{HEADLINE}</h1>"),
        (f"<title>{HEADLINE} | Harbour Gazette</title>", f"<h1>Harbour Gazette</h1><h2>{HEADLINE}</h2><h2>More</h2>"),
        (f'<meta property="og:title" content="{HEADLINE}"><title>News</title>', f"<h1>News</h1><h1>{HEADLINE}</h1>"),
        (f"<title>{HEADLINE}</title>", f"<h1 hidden>{HEADLINE}</h1><p>{HEADLINE}</p>"),
        (f"<title>{HEADLINE.upper()}</title>", f"<h1>Menu</h1><h1>{HEADLINE}</h1>"),
        ("", f"<h1><div>{HEADLINE}</div></h1>"),
        (f"<title>{HEADLINE} - Harbour Gazette</title>", f"<h1>{HEADLINE}</h1><h2>3 thoughts on “{HEADLINE}”</h2>"),
        (f"<title>{HEADLINE} / The Harbour Gazette Forums</title>", "<h1>Harbour Gazette</h1>"),
        (
            f"<title>{HEADLINE} — Manual of the harbour crane 2.0</title>",
            f"<h1>Manual of the harbour crane 2.0</h1><h1>{HEADLINE}</h1>",
        ),
    ],
)
def test_headline_of_html(head: str, body: str) -> None:
    document = html_document(f"{body}<p>{BRIDGE}</p><p>{PUPILS}</p>", head)
    found = find_headline(document, NONE)
    assert found.text == HEADLINE
    assert not document.blocks[found.block].hidden


@pytest.mark.parametrize(
    "head",
    [
        f"<title>{HEADLINE} - Harbour Gazette</title>",
        f'<title>{HEADLINE} : The Harbour Gazette of the Islands</title><meta property="og:site_name" content="The Harbour Gazette of the Islands">',
        f'<title>Gazette</title><meta property="og:title" content="{HEADLINE}">',
        f"<title>{HEADLINE}</title>",
    ],
)
def test_headline_that_stands_in_the_head_alone(head: str) -> None:
    assert find_headline(html_document(f"<p>{BRIDGE}</p>", head), NONE) == Headline(HEADLINE, -1)


def test_headline_holds_its_own_dash() -> None:
    title = "Seven-year wait – and still no bridge to the islands"
    assert find_headline(html_document(f"<p>{BRIDGE}</p>", f"<title>{title}</title>"), NONE).text == title


def _marked(document: Document, chrome: frozenset[int] = NONE) -> dict[str, str]:
    found = headings(document, find_headline(document, chrome))
    return {document.blocks[seen.block].text: seen.rule.removeprefix("heading.") for seen in found}


def test_copies_and_trails_of_the_headline_are_marked_and_it_is_not() -> None:
    lines = [
        "Harbour Gazette of Tuesday",
        f"Home > News > {HEADLINE}",
        HEADLINE,
        f"{HEADLINE.upper()}!",
        f"Re: {HEADLINE}",
        BRIDGE,
        f"{HEADLINE} » Gazette",
        PUPILS,
    ]
    assert _marked(text_document("\n".join(lines))) == {
        f"Home > News > {HEADLINE}": "breadcrumb-with-headline",
        f"{HEADLINE.upper()}!": "copy-of-headline",
        f"Re: {HEADLINE}": "copy-of-headline",
        f"{HEADLINE} » Gazette": "breadcrumb-with-headline",
    }


def test_lines_that_merely_hold_the_headlines_words_stay() -> None:
    lines = [
        HEADLINE,
        BRIDGE,
        f"{HEADLINE} as the river rises",
        f"The council wrote “{HEADLINE}” on every door of the village that night.",
        PUPILS,
    ]
    document = text_document("\n".join(lines))
    assert _headline(document) == HEADLINE
    assert _marked(document) == {}


def test_page_title_that_rewords_the_headline_is_marked_above_it_alone() -> None:
    reworded = "Old bridges closing for a repair"
    lines = [reworded, "Harbour Gazette of Tuesday", HEADLINE, HEADLINE, BRIDGE, reworded, PUPILS]
    document = text_document("\n".join(lines))
    found = [seen for seen in headings(document, Headline(HEADLINE, 2)) if seen.rule == "heading.page-title"]
    assert [seen.block for seen in found] == [0]


def test_page_title_printed_in_the_page_is_marked() -> None:
    title = f"{HEADLINE} in the harbour of the islands"
    document = html_document(f"<p>{title}</p><h1>{HEADLINE}</h1><p>{BRIDGE}</p>", f"<title>{title}</title>")
    assert list(_marked(document)) == [title]


def test_without_a_headline_nothing_is_marked() -> None:
    assert list(headings(text_document(f"{BRIDGE}\n{BRIDGE}"), Headline("", -1))) == []


def _keywords(lines: list[str], headline: str = "", chrome: frozenset[int] = NONE) -> set[str]:
    document = text_document("\n".join(lines))
    return {document.blocks[seen.block].text for seen in keyword_lines(document.blocks, Headline(headline, -1), chrome)}


@pytest.mark.parametrize(
    ("lines", "headline"),
    [
        (["bridge repairs", BRIDGE, "bridge repairs", PUPILS, "bridge repairs", FERRY], "What bridge repairs cost a village"),
        (["Harbour ferry", f"Harbour ferry sails late. {BRIDGE}", "Harbour ferry", f"Harbour ferry again. {PUPILS}"], "No news"),
        (
            [BRIDGE, "cheap ferry tickets harbour island boat", PUPILS, *["cheap ferry tickets harbour island boat", FERRY] * 2],
            "",
        ),
    ],
)
def test_keyword_line_set_between_paragraphs_is_marked(lines: list[str], headline: str) -> None:
    assert len(_keywords(lines, headline)) == 1


@pytest.mark.parametrize(
    ("lines", "headline"),
    [
        (["Jane Quill", BRIDGE, "Bo Ash", PUPILS, "Jane Quill", FERRY, "Bo Ash", BRIDGE], "Jane Quill and Bo Ash on the bridge"),
        (["bridge repairs", BRIDGE, PUPILS, FERRY], "What bridge repairs cost a village"),
        (["Chapter the next", BRIDGE, "Chapter the next", PUPILS], "A novel"),
        (["He said:", BRIDGE, "He said:", PUPILS, "He said:", FERRY], "He said"),
        (["and so they went.", BRIDGE, "and so they went.", PUPILS, "and so they went.", FERRY], "and so they went"),
        ([HEADLINE, BRIDGE, HEADLINE, PUPILS, HEADLINE, FERRY], HEADLINE),
        (["bridge repairs", "x", "y", "bridge repairs", "z", "w", "bridge repairs"], "bridge repairs"),
    ],
)
def test_speakers_sections_and_refrains_are_no_keywords(lines: list[str], headline: str) -> None:
    assert _keywords(lines, headline) == set()


def test_known_chrome_is_not_counted_as_a_keyword() -> None:
    lines = ["Read more", BRIDGE, "Read more", PUPILS, "Read more", FERRY]
    assert _keywords(lines, "Read more of the bridge")
    assert _keywords(lines, "Read more of the bridge", frozenset({0, 2, 4})) == set()


@pytest.mark.parametrize(
    ("under", "rules"),
    [
        ("<p>By Jane Quill</p><p>5 October 2025</p>", ["heading.byline", "heading.dateline"]),
        ("<p>Published 5 October 2025 in Politics</p>", ["heading.dateline"]),
        ("<p>Jane Quill</p>", []),
        ("<h2>5 October 2025: the day it fell</h2>", []),
        (f"<p>On 5 October 2025 she left. {BRIDGE}</p>", []),
        (f"{'<p>x</p>' * 9}<p>By Jane Quill</p>", []),
    ],
)
def test_date_and_byline_under_an_html_headline(under: str, rules: list[str]) -> None:
    document = html_document(f"<h1>{HEADLINE}</h1>{under}<p>{BRIDGE}</p>")
    assert [seen.rule for seen in datelines(document, Headline(HEADLINE, 0))] == rules


@pytest.mark.parametrize(
    ("line", "is_marked"),
    [
        ("Par Zoé Lebrun - Publié le 21 mars 2024 à 18h05, mis à jour le 22 mars 2024 à 19h40 - Temps de lecture : 2 min", True),
        ("12/03/2024 06h01 Atualizado há 2 dias", True),
        ("The ferry left at 18:05 on the 21st of March 2024 and was back before the rain, to the relief of all on board.", False),
        ("Doors open at 18:05, the play begins at 19:30", False),
    ],
)
def test_a_long_line_with_date_and_time_is_a_dateline_too(line: str, is_marked: bool) -> None:
    document = html_document(f"<h1>{HEADLINE}</h1><p>{line}</p><p>{BRIDGE}</p>")
    assert [seen.rule for seen in datelines(document, Headline(HEADLINE, 0))] == ["heading.dateline"] * is_marked


def test_date_and_byline_of_dumped_text_stay() -> None:
    document = text_document(f"{HEADLINE}\nBy Jane Quill\n5 October 2025\n\n{BRIDGE}")
    assert list(datelines(document, Headline(HEADLINE, 0))) == []
    assert list(datelines(html_document("<p>By Jane Quill</p>"), Headline("", -1))) == []


@pytest.mark.parametrize(
    ("lines", "second_copies"),
    [
        (["By Jane Quill", BRIDGE, "BY JANE QUILL", PUPILS], [2]),
        (["5 October 2025", "5 October 2025", BRIDGE], [1]),
        ([BRIDGE, PUPILS, BRIDGE, BRIDGE], [2, 3]),
        (["O ferry", BRIDGE, "O ferry", PUPILS], []),
        (["Yes, he said.", "No.", "Yes, he said."], []),
        ([BRIDGE, PUPILS, FERRY], []),
    ],
)
def test_second_copies_of_datelines_and_paragraphs(lines: list[str], second_copies: list[int]) -> None:
    document = text_document("\n".join(lines))
    assert [seen.block for seen in repeated_lines(document.blocks)] == second_copies


def test_a_step_that_comes_again_is_doubted_less_than_a_paragraph() -> None:
    step = f"• {BRIDGE}"
    (paragraph,) = repeated_lines(text_document(f"{BRIDGE}\n{PUPILS}\n{BRIDGE}").blocks)
    (item,) = repeated_lines(text_document(f"{step}\n{PUPILS}\n{step}").blocks)
    assert 0 < item.weight < paragraph.weight / 2


def test_a_hidden_copy_does_not_make_the_shown_one_a_second() -> None:
    document = html_document(f"<div hidden><p>{BRIDGE}</p></div><p>{BRIDGE}</p>")
    assert list(repeated_lines(document.blocks)) == []


@pytest.mark.parametrize(
    ("line", "beside"), [("5 October 2025", True), ("By Jane Quill", True), (HEADLINE, False), ("By noon it rained", False)]
)
def test_what_stands_beside_a_headline(line: str, beside: bool) -> None:
    assert is_beside(line) is beside
