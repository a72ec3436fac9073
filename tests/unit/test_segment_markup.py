"""Which parser reads a page: neither may lose text, and both must tell the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Reject
from pipeline.model import Document, Media
from pipeline.segment import segment
from pipeline.settings import SegmentSettings

from .builders import BRIDGE, PUPILS, page

ARTICLE = f"""<!DOCTYPE html><html lang="en"><head><title>Old bridge</title><meta name="author" content="Jane Quill">
<script type="application/ld+json">{{"@type": "Article", "headline": "Old bridge"}}</script><style>p {{}}</style></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/n">News</a></li></ul></nav><!-- c -->
<main class="post"><h1>Old bridge</h1><p>{BRIDGE}</p><p>{PUPILS}<br>And <b>more</b> &amp; more&hellip;</p>
<table><tr><td>a</td><td>b</td></tr></table><pre>x
  y</pre></main><script>no()</script><footer hidden>©&nbsp;2025</footer></body></html>"""


def _segment(source: str, max_depth: int = 240) -> Document:
    return segment(page(source, Media.HTML), SegmentSettings(max_depth=max_depth))


@pytest.mark.parametrize(("depth", "parser"), [(1, "lxml"), (200, "lxml"), (260, "bs4"), (3_000, "bs4")])
def test_text_survives_any_nesting_and_what_follows_it(depth: int, parser: str) -> None:
    document = _segment("<div>" * depth + f"<p>{BRIDGE}</p>" + "</div>" * depth + f"<p>{PUPILS}</p>")
    assert document.text.split("\n") == [BRIDGE, PUPILS]
    assert document.parser == parser


def test_both_parsers_tell_the_same() -> None:
    one, other = _segment(ARTICLE), _segment(ARTICLE, max_depth=1)
    assert (one.parser, other.parser) == ("lxml", "bs4")
    assert one.blocks == other.blocks
    assert one.facts == other.facts


def test_title_without_a_head_is_a_title_to_both_parsers() -> None:
    source = f"<title>Old bridge</title><p>{BRIDGE}</p>"
    for document in (
        _segment(source),
        _segment(source, max_depth=1),
        _segment("<title>Old bridge</title>" + "<div>" * 300 + BRIDGE),
    ):
        assert document.facts.title == "Old bridge"
        assert document.text == BRIDGE


@pytest.mark.parametrize(
    "odd",
    ["\x00", "\x01", "\x1b", "\uffff", "\ufffe", "&#0;", "&#x1F;", "&#xD800;", "&#xFFFFFF;", "&bogus;", "</p></div></p>", "<", "<!", "<![if x]>",
     "<?xml version='1.0'?>", "<p <p>", "<a href='x>", "<![CDATA[ c ]]>", "]]>", "<o:p></o:p>", "<svg:x>", "<1>", "<p/>", "--!>", "<!--->"],
)  # fmt: skip
def test_odd_markup_costs_no_text_behind_it(odd: str) -> None:
    document = _segment(f"<div><p>{BRIDGE}</p>{odd} <p title='x'>{PUPILS}</p></div>")
    assert BRIDGE in document.text
    assert PUPILS.split()[-1] in document.text


@pytest.mark.parametrize(
    "behind", [f"<p>{PUPILS}</p>", PUPILS, f"<html><body><p>{PUPILS}</p></body></html>", f"<!-- c --><div><p>{PUPILS}"]
)
@pytest.mark.parametrize("end", ["</body>", "</html>", "</body></html>\n"])
def test_text_behind_the_end_of_the_page_is_text(end: str, behind: str) -> None:
    assert _segment(f"<html><body><p>{BRIDGE}</p>{end}{behind}").text.split("\n") == [BRIDGE, PUPILS]


def test_many_attributes_and_long_lines_are_read() -> None:
    attributes = " ".join(f"a{number}=x" for number in range(2_000))
    assert _segment(f"<p {attributes}>{BRIDGE}</p><p>{'word ' * 20_000}</p>").text == f"{BRIDGE}\n{'word ' * 19_999}word"


@pytest.mark.parametrize("source", ["<p> </p>", "<html></html>", "<!-- c -->", "<script>x</script>", "<"])
def test_page_without_text_is_rejected(source: str) -> None:
    if source == "<":
        assert _segment("<").text == "<"
        return
    with pytest.raises(Reject, match="no-text"):
        _segment(source)


@given(st.text(alphabet=st.sampled_from("<>/!-?='\"&;#x ap divtrscriptbr\n\x00é"), max_size=120), st.sampled_from([1, 240]))
def test_no_markup_raises_but_a_reject(source: str, max_depth: int) -> None:
    try:
        document = _segment(source, max_depth)
    except Reject as reject:
        assert reject.reason in {"no-text", "unreadable-markup"}
        return
    assert all(document.text[block.start : block.end] == block.text for block in document.blocks)
    assert document.text.encode("utf-8")
