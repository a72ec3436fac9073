"""BeautifulSoup's part: text that the standard's parser gives away is read again, and CSS selectors of the user are applied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Reject, SettingsError
from pipeline.model import Document, Media
from pipeline.segment import segment
from pipeline.segment.soup import mended, selected
from pipeline.settings import SegmentSettings, settings_from

from .builders import BRIDGE, FERRY, PUPILS, page

REST = f"<p>{PUPILS}</p><div><p>{FERRY}</p><p>{PUPILS} {FERRY}</p></div></body></html>"


def _segment(source: str, **settings: tuple[str, ...]) -> Document:
    return segment(page(source, Media.HTML), SegmentSettings(**settings))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "swallower",
    [
        "<textarea name=q>",
        "<iframe src='//a.example/x'>",
        "<iframe src='//a.example/x' />",
        "<script src='x.js' />",
        "<script>var a = 1;",
        "<select><option>Monday<option>Tuesday",
        "<map name=m><area href=x>",
        "<object data=x><param name=y>",
        "<video controls><source src=x>",
        "<datalist id=d>",
        "<noembed>",
        "<xml><o:p>1</o:p>",
        "<!-- a note that nobody ended ",
    ],
)
def test_what_takes_in_the_rest_of_a_page_is_opened(swallower: str) -> None:
    document = _segment(f"<html><head><title>Bridge</title></head><body><p>{BRIDGE}</p>{swallower}{REST}")
    assert document.parser == "html.parser"
    assert document.facts.title == "Bridge"
    for text in (BRIDGE, PUPILS, FERRY):
        assert text in [block.text for block in document.blocks]
    assert "var a" not in document.text


@pytest.mark.parametrize("title", ["<title>Bridge", "<title />", "<title/>"])
def test_title_that_is_never_closed_does_not_cost_the_page(title: str) -> None:
    document = _segment(f"<html><head>{title}</head><body><p>{BRIDGE}</p>{REST}")
    assert document.parser == "html.parser"
    assert BRIDGE in document.text


def test_structured_data_of_a_page_that_is_read_again_are_kept() -> None:
    data = '<script type="application/ld+json">{"@type": "Article", "headline": "Old bridge", "author": "Ann Lee"}</script>'
    document = _segment(f"<html><head>{data}</head><body><map name=m><p>{BRIDGE}</p>{REST}")
    assert document.parser == "html.parser"
    assert (document.facts.headline, document.facts.authors) == ("Old bridge", ("Ann Lee",))


@pytest.mark.parametrize(
    "source",
    [
        f"<p>{BRIDGE}</p>{REST}",
        f"<p>{BRIDGE}</p><!-- {PUPILS * 9} -->",
        f"<p>{BRIDGE}</p><script>var a = '<p>{PUPILS * 9}</p>';</script>",
        f"<p>{BRIDGE}</p><script>var a = '<p>{PUPILS * 9}</p>';",  # cut off in its code
        f"<p>{BRIDGE}</p><style>p {{}}</style><textarea>{PUPILS * 9}</textarea>",
        f"<p>{BRIDGE}</p><select>{'<option>Monday and Tuesday' * 90}</select>",
        f"<p>{BRIDGE}</p><iframe src=x>{PUPILS * 9}</iframe>",
        f"<p>{BRIDGE}</p><script src=http://a.example/>{PUPILS * 9}</script>",
        f"<div title='{PUPILS * 9}'><p>{BRIDGE}</p></div>",
    ],
)
def test_what_no_reader_sees_is_left_alone(source: str) -> None:
    document = _segment(f"<html><head><title>Bridge</title></head><body>{source}")
    assert document.parser == "lexbor"
    assert document.blocks[0].text == BRIDGE


def test_a_page_that_shows_its_text_is_not_looked_at_twice() -> None:
    assert mended(f"<p>{BRIDGE}</p><textarea>{REST * 30}", 3_000) == ""
    assert mended(f"<p>{BRIDGE}</p><textarea>{REST}", len(BRIDGE)) != ""


_PIECES = [
    "<",
    ">",
    "/",
    "!",
    "-",
    '"',
    "=",
    " ",
    "aé",
    "<script ",
    "<textarea>",
    "</p>",
    "<!--",
    "<![x",
    "<?",
    "&#0;",
    "</script>",
]


@given(st.lists(st.sampled_from(_PIECES), max_size=40).map("".join))
def test_any_source_becomes_a_document_or_has_no_text(source: str) -> None:
    try:
        document = _segment(f"{source}<map><p>{BRIDGE * 3}")
    except Reject as reject:
        assert reject.reason == "no-text"
        return
    assert document.parser in ("lexbor", "html.parser")
    assert all(document.text[block.start : block.end] == block.text for block in document.blocks)


PAGE = (
    "<html><head><title>Bridge</title></head><body><div id=cookie-wall><p>We like biscuits.</p></div>"
    f"<main><article class='post first'><h1>Bridge</h1><p>{BRIDGE}<div class=ad><p>Buy paint.</div><p>{PUPILS}</article>"
    f"<aside><p>{FERRY}</p></aside></main><div class='ad wide'>Buy rope.</div></body></html>"
)


def test_dropped_elements_are_seen_by_nobody_and_are_counted() -> None:
    document = _segment(PAGE, drop=("div.ad", "#cookie-wall", "p.none"))
    assert [block.text for block in document.blocks] == ["Bridge", BRIDGE, PUPILS, FERRY]
    assert document.notes == {"dropped_by_selector": "div.ad: 2, #cookie-wall: 1, p.none: 0"}
    assert "Buy" not in document.html
    assert document.facts.title == "Bridge"


def test_kept_elements_alone_are_looked_at_where_they_stand() -> None:
    document = _segment(PAGE, keep=("article.post", "aside p"))
    assert [block.text for block in document.blocks] == ["Bridge", BRIDGE, "Buy paint.", PUPILS, FERRY]
    assert document.notes == {"kept_by_selector": "article.post: 1, aside p: 1"}
    assert [block.path for block in document.blocks] == [
        block.path for block in _segment(PAGE).blocks if "biscuits" not in block.text and "rope" not in block.text
    ]
    assert document.facts.title == "Bridge"


def test_keep_and_drop_work_together() -> None:
    document = _segment(PAGE, keep=("article",), drop=(".ad",))
    assert [block.text for block in document.blocks] == ["Bridge", BRIDGE, PUPILS]


def test_a_kept_element_inside_another_changes_nothing() -> None:
    assert _segment(PAGE, keep=("article", "article p")).text == _segment(PAGE, keep=("article",)).text


def test_a_page_without_what_is_kept_stays_whole_and_says_so() -> None:
    document = _segment(PAGE, keep=("article.story",))
    assert document.text == _segment(PAGE).text
    assert document.notes == {"kept_by_selector": "article.story: 0"}


def test_an_element_ends_where_a_browser_ends_it() -> None:
    document = _segment(f"<ul><li class=ad>Buy rope.<li>{BRIDGE}<li class=ad>Buy paint.<li>{PUPILS}</ul>", drop=("li.ad",))
    assert [block.text for block in document.blocks] == [BRIDGE, PUPILS]


def test_selectors_see_a_page_that_was_read_again() -> None:
    document = _segment(f"<body><p class=ad>Buy rope.</p><textarea><p>{BRIDGE}</p>{REST}", drop=(".ad",))
    assert document.parser == "html.parser"
    assert BRIDGE in document.text
    assert "rope" not in document.text


def test_a_page_of_which_all_is_dropped_is_a_reject_that_says_why() -> None:
    with pytest.raises(Reject, match=r"no visible text; dropped_by_selector p: 1"):
        _segment(f"<p>{BRIDGE}</p>", drop=("p",))


@pytest.mark.parametrize("selector", ["html", "body", ":root"])
def test_the_page_itself_is_not_dropped(selector: str) -> None:
    assert _segment(f"<p>{BRIDGE}</p>", drop=(selector,)).text == BRIDGE


def test_selectors_that_find_nothing_change_nothing() -> None:
    source = f"<html><head></head><body><p>a &lt; b &amp;amp; c</p><pre>x\n  y</pre><p>{BRIDGE}</p></body></html>"
    assert selected(source, ("nav",), ())[1] == {}
    assert _segment(source, drop=("nav",)).blocks == _segment(source).blocks


@pytest.mark.parametrize(("key", "selector"), [("drop", "div["), ("keep", "p:nth(3"), ("drop", ""), ("keep", "div:nonsense")])
def test_a_wrong_selector_is_named(key: str, selector: str) -> None:
    with pytest.raises(SettingsError) as error:
        settings_from({"segment": {key: ["p", selector]}}, "my.toml")
    assert str(error.value).startswith(f"my.toml: 'segment.{key}': {selector!r} is no CSS selector (")


def test_plain_text_knows_no_selectors() -> None:
    document = segment(page(BRIDGE), SegmentSettings(drop=("p",)))
    assert (document.text, document.notes) == (BRIDGE, {})
