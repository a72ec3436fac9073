"""How the source of a page is read: no text may be lost, whatever the markup."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Reject
from pipeline.model import Document, Media
from pipeline.segment import segment
from pipeline.settings import SegmentSettings

from .builders import BRIDGE, PUPILS, page


def _segment(source: str) -> Document:
    return segment(page(source, Media.HTML), SegmentSettings())


@pytest.mark.parametrize("depth", [1, 90, 150, 260, 3_000, 30_000])
def test_text_survives_any_nesting_and_what_follows_it(depth: int) -> None:
    document = _segment("<div>" * depth + f"<p>{BRIDGE}</p>" + "</div>" * depth + f"<p>{PUPILS}</p>")
    assert document.text.split("\n") == [BRIDGE, PUPILS]


def test_title_without_a_head_is_a_title() -> None:
    source = f"<title>Old bridge</title><p>{BRIDGE}</p>"
    for document in (_segment(source), _segment("<title>Old bridge</title>" + "<div>" * 300 + BRIDGE)):
        assert document.facts.title == "Old bridge"
        assert document.text == BRIDGE


@pytest.mark.parametrize("odd", ["<t< code>", "<p <b>", "<b<i>", "<t):< p=q>", "<a <=1>", "<p <p <p>"])
def test_a_tag_with_a_less_than_sign_in_its_name_is_one_tag(odd: str) -> None:
    document = _segment(f"<div>{odd}{BRIDGE}</div><div><p>{PUPILS}</p></div>")
    assert document.text.split("\n") == [BRIDGE, PUPILS]
    assert document.blocks[1].path == "/html/body/div/p"


@pytest.mark.parametrize("name", ["script", "style"])
def test_a_script_in_a_template_is_no_text(name: str) -> None:
    long = " ".join([PUPILS] * 20)
    template = f"<template><{name}>if (a < b && c < 1) {{}}</{name}><p>{long}</p></template>"
    assert _segment(f"<body><p>{BRIDGE}</p>{template}").text == f"{BRIDGE}\n{long}"


_MANY = 30_000


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<div>x" * _MANY, "x"),
        ("<b>x<p>" * 2_000, "x"),
        ("<p>x" * _MANY, "x"),
        ("<table><tr><td>x" * 2_000, "x"),
        ("<a href=y>x" * 3_000, "x"),
        ("<ul><li>x" * 3_000, "x"),
        ("</div>" * _MANY + "x", "x"),
        ("x<br>" * _MANY, "x"),
        (f"<p {' '.join(f'a{i}=b' for i in range(100_000))}>x", "x"),
        ("<svg><g>" * 5_000 + "</g></svg><p>x", ""),
        ("x" * 1_000_000, "x"),
        ("<p>x</p>" + "<a" * 100_000, "x"),
        ("<p>x</p>" + "<frame " * 50_000, "x"),
        ("<!--" * _MANY + "--><p>x", "x"),
    ],
    ids=range(14),
)
def test_hostile_markup_ends_and_keeps_its_text(source: str, text: str) -> None:
    try:
        document = _segment(source)
    except Reject:
        assert not text
        return
    assert text in document.text
    assert max(block.path.count("/") for block in document.blocks) <= 100


@pytest.mark.parametrize(
    "source",
    [
        f"<frameset><frame src=a></frameset><noframes><p>{BRIDGE}</p></noframes>",
        f"<frameset cols=1><frame src=a><noframes><body><p>{BRIDGE}</p></body></noframes></frameset>",
        f"<head></head><plaintext><p>{BRIDGE}</p>",
        f"<xmp>{BRIDGE}</xmp>",
        f"<listing>{BRIDGE}</listing>",
    ],
)
def test_elements_that_hide_their_markup_are_read(source: str) -> None:
    assert _segment(source).text == BRIDGE


def test_a_shell_page_is_read_by_what_it_states() -> None:
    body = json.dumps({"@type": "Article", "articleBody": f"<p>{BRIDGE}</p><p>{PUPILS}</p>"})
    shell = f'<script type="application/ld+json">{body}</script><div id=app>Loading</div>'
    assert _segment(shell).text.split("\n") == ["Loading", BRIDGE, PUPILS]
    described = f'<meta property="og:description" content="{BRIDGE} {PUPILS}"><div id=app>Loading</div>'
    assert _segment(described).text == "Loading"
    whole = f"<p>{BRIDGE}</p><p>{PUPILS}</p><p>{BRIDGE}</p>{shell}"
    assert _segment(whole).text.split("\n") == [BRIDGE, PUPILS, BRIDGE, "Loading"]


def test_the_tree_can_be_read_back_from_the_blocks() -> None:
    blocks = _segment("<div><p>a</p><p>b</p></div><div><p>c</p></div><ul><li>d<li>e</ul>").blocks
    assert [(block.path, block.shared) for block in blocks] == [
        ("/html/body/div/p", 0),
        ("/html/body/div/p", 3),
        ("/html/body/div/p", 2),
        ("/html/body/ul/li", 2),
        ("/html/body/ul/li", 3),
    ]


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


@given(st.text(alphabet=st.sampled_from("<>/!-?='\"&;#x ap divtrscriptbr\n\x00é"), max_size=120))
def test_no_markup_raises_but_a_reject(source: str) -> None:
    try:
        document = _segment(source)
    except Reject as reject:
        assert reject.reason == "no-text"
        return
    assert all(document.text[block.start : block.end] == block.text for block in document.blocks)
    assert document.text.encode("utf-8")
