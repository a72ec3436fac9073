"""Lines that a site's pages share: sure in the frame of a page, weighed within it, a mere hint in a folder."""

from __future__ import annotations

import pytest

from pipeline.chrome.templates import template_lines
from pipeline.model import Evidence, SiteTemplate, TemplateLine
from pipeline.text.unicode import folded, masked

from .builders import BRIDGE, FERRY, PUPILS, html_document, text_document

HEADLINE = "Old bridge closes for repairs"
MENU = ["Home", "News", "Harbour Gazette"]
FOOT = ["More stories", "Imprint", "Contact"]
PAGE = [*MENU, HEADLINE, BRIDGE, PUPILS, *FOOT]


def _seen(lines: list[str], shares: dict[str, float], site: str = "example.org", pages: int = 20) -> dict[str, Evidence]:
    template = SiteTemplate(site, pages, tuple(TemplateLine(line, 8, share) for line, share in shares.items()))
    blocks = text_document("\n".join(lines)).blocks
    return {blocks[seen.block].text: seen for seen in template_lines(blocks, template)}


def _shares(*lines: str, share: float = 1.0) -> dict[str, float]:
    return {folded(line): share for line in lines}


def _gone(lines: list[str], shares: dict[str, float], pages: int = 20) -> list[str]:
    return [text for text, seen in _seen(lines, shares, pages=pages).items() if seen.weight > 1]


def test_shared_lines_at_the_edges_are_the_frame_and_others_are_rather_the_pages_own() -> None:
    seen = _seen(["»  HOME", *PAGE[1:]], _shares(*MENU, *FOOT))
    assert [text for text, one in seen.items() if one.weight > 1] == ["»  HOME", *MENU[1:], *FOOT]
    assert all(-1 < seen[text].weight < 0 for text in (HEADLINE, BRIDGE, PUPILS))
    assert _seen(PAGE, {}) == {}


def test_a_shared_paragraph_in_the_frame_weighs_more_for_prose_speaks_against_it() -> None:
    seen = _seen([*MENU[:2], FERRY, *PAGE[2:]], _shares(*MENU, FERRY, *FOOT))
    assert seen[FERRY].weight > seen["Home"].weight > 1


@pytest.mark.parametrize("repeated", ["Letters from the coast", "Photograph by Jane Quill.", FERRY])
def test_what_repeats_within_the_article_stays(repeated: str) -> None:
    lines = [*MENU, HEADLINE, BRIDGE, repeated, PUPILS, *FOOT]
    assert repeated not in _gone(lines, _shares(*MENU, repeated, *FOOT))


@pytest.mark.parametrize(
    ("place", "repeated", "share"),
    [(3, "Letters from the coast", 0.5), (6, FERRY, 1.0), (6, "Photograph by Jane Quill and others.", 1.0), (6, "Salt", 0.0)],
)
def test_what_fewer_pages_share_and_sentences_stay_beside_the_frame(place: int, repeated: str, share: float) -> None:
    lines = [*PAGE[:place], repeated, *PAGE[place:]]
    assert repeated not in _gone(lines, _shares(*MENU, *FOOT) | _shares(repeated, share=share))


def test_a_box_between_two_paragraphs_goes_and_the_head_of_a_table_stays() -> None:
    box = ["Stay with us", "Join"]
    shares = _shares(*MENU, *box, *FOOT)
    assert [line for line in _gone([*PAGE[:5], *box, *PAGE[5:]], shares) if line in box] == box
    rows = ["Ardle", "12", "Brock", "9"]
    assert not [line for line in _gone([*PAGE[:5], *box, *rows, *PAGE[5:]], shares) if line in box]


def test_teasers_that_a_few_pages_share_go_inside_the_frame() -> None:
    teasers = ["Ferry runs again", "Two lambs lost", "School bus late"]
    lines = [*PAGE[:6], FOOT[0], *teasers, *FOOT[1:]]
    shares = _shares(*MENU, *FOOT) | _shares(*teasers[:2], share=0.0)
    assert [line for line in teasers if line in _gone(lines, shares)] == []  # the last stands on this page alone
    assert [line for line in teasers if line in _gone(lines, shares | _shares(teasers[2], share=0.0))] == teasers


def test_counters_are_one_line_whatever_they_count() -> None:
    shares = _shares(*MENU, *FOOT) | {masked(folded("12 views")): 1.0}
    assert "407 views" in _gone([*PAGE[:6], "407 views", *PAGE[6:]], shares)
    assert "407 votes" not in _gone([*PAGE[:6], "407 votes", *PAGE[6:]], shares)


def test_buttons_under_the_headline_go_and_the_headline_stays() -> None:
    buttons = ["Keep", "Pass on"]
    lines = [*MENU, HEADLINE, *buttons, BRIDGE, PUPILS, *FOOT]
    gone = _gone(lines, _shares(*MENU, *buttons, *FOOT))
    assert [line for line in lines if line in gone] == [*MENU, *buttons, *FOOT]


def test_copies_of_one_story_are_no_template() -> None:
    assert _gone(PAGE, _shares(*PAGE), pages=3) == []
    everything_but_the_story = [line for line in PAGE if line not in (HEADLINE, BRIDGE, PUPILS)]
    shares = _shares(*everything_but_the_story) | _shares(HEADLINE, BRIDGE, PUPILS, share=0.0)
    gone = _gone(PAGE, shares, pages=96)
    assert not {BRIDGE, PUPILS}.intersection(gone)


def test_a_poem_that_stands_twice_on_a_site_is_no_template() -> None:
    verses = ["The river went by", "and nobody asked", "where it had been", "or what it had seen"]
    assert _gone([*MENU, *verses, *FOOT], _shares(*MENU, *FOOT) | _shares(*verses, share=0.0)) == [*MENU, *FOOT]


def test_a_line_of_links_that_many_pages_carry_is_suspect_anywhere() -> None:
    rows = "".join(f"<div>{line}</div>" for line in [BRIDGE, PUPILS])
    document = html_document(f"<div>{FERRY}</div><div><a href='/a'>All about ferries</a></div>{rows}")
    template = SiteTemplate("example.org", 20, (TemplateLine("all about ferries", 20, 1.0),))
    [seen] = [one for one in template_lines(document.blocks, template) if one.weight > 0]
    assert document.blocks[seen.block].text == "All about ferries"


@pytest.mark.parametrize("site", ["folder:.", "folder:news/2025"])
def test_a_folder_alone_never_decides(site: str) -> None:
    seen = _seen(PAGE, _shares(*MENU, *FOOT), site)
    assert len(seen) == 6
    assert all(0 < one.weight < 1 for one in seen.values())
