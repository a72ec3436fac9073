"""Links in Markdown: the right words, the right addresses, and the same text with and without them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.encoding import repair
from pipeline.model import Block, Document, Evidence, Kind, Removed
from pipeline.normalise import normalise
from pipeline.normalise.links import Link, linked, links_in, links_of
from pipeline.settings import EncodingSettings, NormaliseSettings
from tests.unit.builders import BRIDGE, FERRY, cut_of, html_document, judgement_of

URL = "https://harbour.example/news/today.html"
_MARK = re.compile(r"\[((?:\\.|[^\[\]\\])*)\]\((?:\\&|[^()\s])*\)")


def markdown(body: str, head: str = "", links: bool = True, cuts: tuple[str, ...] = (), **fields: Any) -> str:
    """Return a page as Markdown, all of it kept but the pieces in `cuts`."""
    document = html_document(body, head, **({"url": URL} | fields))
    return markdown_of_document(document, links, tuple(cut_of(_holder(document, piece), piece) for piece in cuts))


def markdown_of_document(document: Document, links: bool = True, cuts: tuple[Evidence, ...] = ()) -> str:
    judgement = judgement_of(document, cuts=cuts)
    mended = repair(document, judgement, EncodingSettings())
    return normalise(document, judgement, mended, NormaliseSettings(format="markdown", links=links)).text.removesuffix("\n")


def _holder(document: Document, piece: str) -> Block:
    return next(block for block in document.blocks if piece in block.text)


def without_marks(text: str) -> str:
    return _MARK.sub(lambda mark: re.sub(r"\\([\[\]\\`<])", r"\1", mark[1]), text)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<p>Ask <a href="https://a.example/b">the harbour</a> now.</p>', "Ask [the harbour](https://a.example/b) now."),
        ('<p>here and <a href="/b">here</a></p>', "here and [here](https://harbour.example/b)"),
        ('<p><a href="/b">A</a><a href="/c">B</a></p>', "[A](https://harbour.example/b) [B](https://harbour.example/c)"),
        ('<p>x<a href="b.html">y</a>z</p>', "x[y](https://harbour.example/news/b.html)z"),
        ('<p><a title=" href=" href="/b">here</a></p>', "[here](https://harbour.example/b)"),
        ('<p><a href="?page=2">more</a></p>', "[more](https://harbour.example/news/today.html?page=2)"),
        ('<p><a href="//cdn.example/x">more</a></p>', "[more](https://cdn.example/x)"),
        ('<p><a href=" /a\nb ">more</a></p>', "[more](https://harbour.example/ab)"),
        ("<p><a href='/a \"b\" (c)'>more</a></p>", '[more](https://harbour.example/a%20"b"%20%28c%29)'),
        ('<p><a href="/a|b\\c">more</a></p>', "[more](https://harbour.example/a%7Cb%5Cc)"),
        ('<p><a href="/?a=1&amp;b=2">more</a></p>', "[more](https://harbour.example/?a=1&b=2)"),
        ('<p><a href="/?a=1&amp;copy;=2">more</a></p>', "[more](https://harbour.example/?a=1\\&copy;=2)"),
        ('<p>as <a href="/n">[1]</a> says</p>', "as [\\[1\\]](https://harbour.example/n) says"),
        ('<p><a href="/n">a\\]`&lt;b</a></p>', "[a\\\\\\]\\`\\<b](https://harbour.example/n)"),
        ('<p><a href="/n"> two  <b>bold\n words</b></a>, then</p>', "[two bold words](https://harbour.example/n), then"),
        ('<p><a href="/n">one<br>two</a> three</p>', "[one  \ntwo](https://harbour.example/n) three"),
        ('<h2><a href="/n">Tides</a></h2>', "## [Tides](https://harbour.example/n)"),
        (
            '<a href="/n"><h2>Tides</h2><p>of May</p></a>',
            "## [Tides](https://harbour.example/n)\n\n[of May](https://harbour.example/n)",
        ),
        ('<ul><li><a href="/n">Tides</a> of May</li></ul>', "- [Tides](https://harbour.example/n) of May"),
        (
            '<table><tr><td>A</td><td><a href="/n">B</a></td></tr></table>',
            "| A | [B](https://harbour.example/n) |\n| --- | --- |",
        ),
        ('<p><a href="/n">été à Łódź</a></p>', "[été à Łódź](https://harbour.example/n)"),
        ('<p><a href="/n">A&nbsp;&amp;&nbsp;B</a>&nbsp;C</p>', "[A & B](https://harbour.example/n) C"),
        ('<p><a href="/n"><!-- x -->A<script>1</script></a> B</p>', "[A](https://harbour.example/n) B"),
        ('<p><a href="/n">A</p><p>B</a> C</p>', "[A](https://harbour.example/n)\n\n[B](https://harbour.example/n) C"),
    ],
)
def test_links_lie_at_their_words(body: str, expected: str) -> None:
    assert markdown(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "<p><a>no address</a></p>",
        '<p><a href="">empty</a></p>',
        '<p><a href="#top">inside the page</a></p>',
        '<p><a href="javascript:void(0)">a script</a></p>',
        '<p><a href="JavaScript:void(0)">a script</a></p>',
        '<p><a href="java\nscript:void(0)">a script</a></p>',
        '<p><a href="mailto:ann@harbour.example">a letter</a></p>',
        '<p><a href="tel:+4712345678">a call</a></p>',
        '<p><a href="data:text/html,x">data</a></p>',
        '<p><a href="http://[broken/">broken</a></p>',
        '<p><a href="https://">no host</a></p>',
        '<p><a name="here" data-href="/n">an anchor</a></p>',
        '<h2>Tides<a href="/n">¶</a></h2>',
        '<p>Now!<a href="/n">an image</a></p>',
        '<p>C:\\\\<a href="/n">an escaped bracket</a></p>',
        '<p><a href="https:/n">no host</a></p>',
        '<pre><a href="/n">code</a> = 1</pre>',
        "<p>[not](a-link) of the page</p>",
    ],
)
def test_what_leads_nowhere_stays_text(body: str) -> None:
    assert markdown(body) == markdown(body, links=False)


def test_a_relative_address_needs_a_base() -> None:
    body = '<p><a href="/n">A</a> and <a href="https://b.example/">B</a></p>'
    assert markdown(body, url="") == "A and [B](https://b.example/)"
    canonical = '<link rel="canonical" href="https://c.example/x/y">'
    assert markdown(body, canonical, url="") == "[A](https://c.example/n) and [B](https://b.example/)"


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("https://d.example/e/", "https://d.example/e/n"),
        ("/e/", "https://harbour.example/e/n"),
        ("", "https://harbour.example/news/n"),
        ("javascript:1", "https://harbour.example/news/n"),
    ],
)
def test_the_base_of_the_page_counts(base: str, expected: str) -> None:
    assert markdown('<p><a href="n">A</a></p>', f'<base href="{base}">') == f"[A]({expected})"


def test_of_equal_words_the_one_that_is_a_link_is_marked() -> None:
    items = "".join(f'<li>Read on <a href="/{n}">Read on</a></li>' for n in range(4))
    lines = markdown(f"<nav><a href='/menu'>Read on</a></nav><ul>{items}</ul>").split("\n")
    assert [line for line in lines if line] == [
        "[Read on](https://harbour.example/menu)",
        *(f"- Read on [Read on](https://harbour.example/{n})" for n in range(4)),
    ]


@pytest.mark.parametrize(
    ("body", "cuts", "expected"),
    [
        ('<p>He left<a href="/s">Sign Up</a></p>', ("Sign Up",), "He left"),
        ('<p>Share <a href="/n">Tides</a> rise</p>', ("Share ",), "[Tides](https://harbour.example/n) rise"),
        ('<p><a href="/s">Sign up</a> and sign up</p>', ("Sign up",), "and sign up"),
        ('<p><a href="/n">Tides riseRead more</a></p>', ("Read more",), "[Tides rise](https://harbour.example/n)"),
        ('<p>A<br><a href="/s">Share</a><br>B <a href="/n">C</a></p>', ("Share",), "A  \nB [C](https://harbour.example/n)"),
    ],
)
def test_links_stay_at_their_words_behind_cuts(body: str, cuts: tuple[str, ...], expected: str) -> None:
    assert markdown(body, cuts=cuts) == expected


def test_links_stay_at_their_words_in_mended_text() -> None:
    before = f'<p>{FERRY} L’été, une <a href="/n">forêt brûlée</a>, à Gâteau et <a href="/m">à côté</a>. {BRIDGE}</p>'
    damaged = before.encode("utf-8").decode("cp1252", "replace")
    assert "forÃªt" in damaged
    mended = markdown(damaged)
    assert "[forêt brûlée](https://harbour.example/n), à" in mended
    assert without_marks(mended) == markdown(damaged, links=False)


@pytest.mark.parametrize(
    ("old", "new", "link", "expected"),
    [
        ("a forÃªt b", "a forêt b", "forÃªt", "forêt"),
        ("(forÃªt)", "(forêt)", "forÃªt", "forêt"),
        ("Ã  la mode", "à la mode", "la", "la"),
        ("one two three", "one three", "two", None),
        ("one two three", "one three", "three", "three"),
        ("one two", "un deux trois", "two", None),
        ("x \u00ad y z", "x y z", "y", "y"),
        ("e\u0301te\u0301 ici", "été ici", "e\u0301te\u0301", "été"),
    ],
)
def test_a_changed_text_keeps_the_links_whose_words_are_found(old: str, new: str, link: str, expected: str | None) -> None:
    start = old.index(link)
    found = links_in(new, Block(0, Kind.PARAGRAPH, 0, old), (), [Link(start, start + len(link), "https://a.example/")])
    assert [new[one.start : one.end] for one in found] == ([expected] if expected else [])


_PIECES = st.lists(
    st.tuples(st.text("ab é]\\[`<&.!\u200b\u00ad\u00a0", max_size=8), st.sampled_from(["", "/n", "/m?a=1&b", "#x", "/ (y)"])),
    max_size=8,
)


@given(pages=st.lists(st.tuples(st.sampled_from(["p", "li", "h2", "blockquote", "td"]), _PIECES), min_size=1, max_size=5))
def test_the_text_is_the_same_with_and_without_links(pages: list[tuple[str, list[tuple[str, str]]]]) -> None:
    def source(text: str, href: str) -> str:
        text = text.replace("&", "&amp;").replace("<", "&lt;")
        return f'<a href="{href.replace("&", "&amp;")}">{text}</a>' if href else text

    body = "".join(
        f"<table><tr><{tag}>{inner}</{tag}></tr></table>" if tag == "td" else f"<{tag}>{inner}</{tag}>"
        for tag, pieces in pages
        for inner in ["".join(source(*piece) for piece in pieces)]
    )
    document = html_document(f"<p>{BRIDGE}</p>{body}", url=URL)
    assert without_marks(markdown_of_document(document)) == markdown_of_document(document, links=False)


@given(
    old=st.text("ab Ãé.\n", max_size=40),
    new=st.text("ab Ãé.\n", max_size=40),
    bounds=st.lists(st.integers(0, 40), max_size=6, unique=True),
    cut=st.tuples(st.integers(0, 40), st.integers(0, 40)),
)
def test_links_in_any_other_text_lie_inside_it_and_apart(old: str, new: str, bounds: list[int], cut: tuple[int, int]) -> None:
    ends = sorted(bound for bound in bounds if bound <= len(old))
    links = [Link(*pair, "https://a.example/") for pair in zip(ends[::2], ends[1::2], strict=False) if old[slice(*pair)].strip()]
    removed = [Removed(*sorted(cut), "r", "f", 1.0, "")]
    found = links_in(new, Block(0, Kind.PARAGRAPH, 0, old), removed, links)
    edges = [edge for link in found for edge in (link.start, link.end)]
    assert edges == sorted(edges)
    assert all(0 <= link.start < link.end <= len(new) for link in found)
    assert without_marks(linked(new, found)) == new


def test_wanted_blocks_alone_are_looked_at() -> None:
    document = html_document('<p><a href="/n">A</a></p><p><a href="/m">B</a></p>', url=URL)
    assert links_of(document, {1}) == {1: [Link(0, 1, "https://harbour.example/m")]}


@pytest.mark.parametrize(
    "body",
    [
        "<p>" + "<b>" * 30_000 + '<a href="/n">deep</a></p>',
        "<p>" + '<a href="/n">x</a> ' * 30_000 + "</p>",
        "<p>" + '<a href="/n">' * 30_000 + "x</p>",
        f'<p><a href="/n" {" ".join(f"a{n}=1" for n in range(20_000))}>x</a></p>',
        "<p>" + "< " * 100_000 + '<a href="/n">x</a></p>',
        '<p><a href="/n">' + "x" * 1_000_000 + "</a></p>",
        '<p><a href="/n">' + "x " * 300_000 + "</a></p>",
    ],
    ids=["deep", "many", "unclosed", "attributes", "signs", "long word", "long text"],
)
def test_hostile_pages_end_with_the_same_text(body: str) -> None:
    assert without_marks(markdown(body)) == markdown(body, links=False)


def test_plain_text_and_text_form_have_no_links() -> None:
    document = html_document('<p><a href="/n">A</a></p>', url=URL)
    judgement = judgement_of(document)
    mended = repair(document, judgement, EncodingSettings())
    settings = NormaliseSettings(links=True)
    assert normalise(document, judgement, mended, settings) == normalise(document, judgement, mended, NormaliseSettings())
    assert normalise(document, judgement, mended, replace(settings, format="markdown")).quality.words == 1
