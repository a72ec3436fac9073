"""HTML to blocks: kinds, lists, tables, links, what is left out, and that no visible letter is lost."""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Reject
from pipeline.model import Kind

from .builders import BRIDGE, FERRY, PUPILS, html_document, texts_of


def _kinds(body: str) -> list[tuple[str, int, str]]:
    return [(block.kind.value, block.level, block.text) for block in html_document(body).blocks]


@pytest.mark.parametrize(
    ("body", "kind", "level"),
    [
        ("<p>x</p>", Kind.PARAGRAPH, 0),
        ("<div>x</div>", Kind.PARAGRAPH, 0),
        ("x", Kind.PARAGRAPH, 0),
        ("<h1>x</h1>", Kind.HEADING, 1),
        ("<h6><span>x</span></h6>", Kind.HEADING, 6),
        ("<h1><a href='/'>x</a></h1>", Kind.HEADING, 1),
        ("<h1><div>x</div></h1>", Kind.HEADING, 1),
        ("<ul><li>x</li></ul>", Kind.ITEM, 1),
        ("<ol><li><p>x</p></li></ol>", Kind.ITEM, 1),
        ("<dl><dt>x</dt></dl>", Kind.ITEM, 1),
        ("<blockquote><p>x</p></blockquote>", Kind.QUOTE, 0),
        ("<pre>x</pre>", Kind.CODE, 0),
        ("<pre><code>x</code></pre>", Kind.CODE, 0),
        ("<figure><img src=a><figcaption>x</figcaption></figure>", Kind.CAPTION, 0),
        ("<button>x</button>", Kind.FORM, 0),
        ("<form><fieldset><legend>x</legend></fieldset></form>", Kind.FORM, 0),
        ("<ul><li><h3>x</h3></li></ul>", Kind.HEADING, 3),
    ],
)
def test_kind_of_a_block(body: str, kind: Kind, level: int) -> None:
    assert _kinds(body) == [(kind.value, level, "x")]


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        (
            "<ul><li>One<ul><li>Inner</li><li>Other</li></ul></li><li>Two</li></ul>",
            [("item", 1, "One"), ("item", 2, "Inner"), ("item", 2, "Other"), ("item", 1, "Two")],
        ),
        (
            "<ul><li><p>One</p><ol><li><p>Inner</p></li></ol></li></ul>",
            [("item", 1, "One"), ("item", 2, "Inner")],
        ),
        ("<ul><li>One<p>more of one</p></li></ul>", [("item", 1, "One"), ("paragraph", 1, "more of one")]),
        (
            "<ul><li><p>One</p><p>more</p></li><li>Two</li></ul>",
            [("item", 1, "One"), ("paragraph", 1, "more"), ("item", 1, "Two")],
        ),
        ("<dl><dt>Tide<dd>Rise of the sea</dl>", [("item", 1, "Tide"), ("item", 1, "Rise of the sea")]),
        ("<ul><li><li>  <li>x</ul>", [("item", 1, "x")]),
        ("<ul><li><ul><li>deep</li></ul></li></ul>", [("item", 2, "deep")]),
    ],
)
def test_lists(body: str, blocks: list[tuple[str, int, str]]) -> None:
    assert _kinds(body) == blocks


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<tr><th>Town</th><th>Rain</th></tr><tr><td>Oslo</td><td>5</td></tr>", ["Town | Rain", "Oslo | 5"]),
        ("<thead><tr><th>A<th>B<tbody><tr><td>1<td>2", ["A | B", "1 | 2"]),
        ("<tr><td><p>Oslo</p><p>north</p></td><td><a href=x>5</a></td></tr>", ["Oslo north | 5"]),
        ("<tr><td>two<br>lines</td><td>x</td></tr>", ["two lines | x"]),
        ("<tr><td>alone</td></tr>", ["alone"]),
        ("<tr><td></td><td> </td></tr><tr><td>x</td><td>y</td></tr>", ["x | y"]),
    ],
)
def test_table_of_data_is_a_block_a_row(body: str, texts: list[str]) -> None:
    document = html_document(f"<table>{body}</table>")
    assert texts_of(document) == texts
    assert {block.kind for block in document.blocks} == {Kind.ROW}


def test_an_empty_cell_keeps_the_columns_in_place() -> None:
    table = "<tr><th>Town</th><th>Rain</th><th>Wind</th></tr><tr><td>Oslo</td><td></td><td>5</td></tr>"
    rows = texts_of(html_document(f"<table>{table}</table>"))
    assert [row.count("|") for row in rows] == [2, 2]
    assert [cell.strip() for cell in rows[1].split("|")] == ["Oslo", "", "5"]


def test_table_used_for_layout_is_its_cells() -> None:
    many = "".join(f"<p>{text}</p>" for text in (BRIDGE, PUPILS, FERRY, BRIDGE, PUPILS))
    document = html_document(f"<table><tr><td><a href=x>Home</a></td><td>{many}</td></tr></table>")
    assert texts_of(document) == ["Home", BRIDGE, PUPILS, FERRY, BRIDGE, PUPILS]
    assert {block.kind for block in document.blocks} == {Kind.PARAGRAPH}


def test_a_row_of_one_cell_with_some_blocks_is_layout() -> None:
    post = "<div class=name>Ann Quill #1</div><div class=text>The ferry is late again.</div>"
    document = html_document(f"<table><tr><td>{post}</td></tr><tr><td></td><td>{post}</td></tr><tr><td>one</td></tr></table>")
    assert texts_of(document) == [*["Ann Quill #1", "The ferry is late again."] * 2, "one"]
    assert [block.kind for block in document.blocks] == [*[Kind.PARAGRAPH] * 4, Kind.ROW]


def test_table_around_a_table_is_layout() -> None:
    inner = "<table><tr><td>Oslo</td><td>5</td></tr></table>"
    document = html_document(f"<table><tr><td>Menu</td><td>{inner}</td></tr></table>")
    assert [(block.kind.value, block.text) for block in document.blocks] == [("paragraph", "Menu"), ("row", "Oslo | 5")]


def test_an_empty_inner_row_does_not_end_the_outer_one() -> None:
    inner = "<table><tr><td></td></tr></table>"
    assert texts_of(html_document(f"<table><tr><td>{inner}Oslo</td><td>5</td></tr></table>")) == ["Oslo | 5"]


@pytest.mark.parametrize(
    ("body", "texts"),
    [
        ("<p>one<br>two</p>", ["one\ntwo"]),
        ("<p>one<br/> <br>two</p>", ["one", "two"]),
        ("<p><br>one<br></p>", ["one"]),
        ("<li>one<br>two", ["one\ntwo"]),
        ("<p>a <b> b</b>\n c</p>", ["a b c"]),
        ("<p>super<wbr>cali H<sub>2</sub>O <span>so</span>me</p>", ["supercali H2O some"]),
        ("<div>a<p>b</p>c</div>", ["a", "b", "c"]),
        ("<p>a<p>b<div>c", ["a", "b", "c"]),
        ("<p>1 &lt; 2 &amp; 3 &copy; &#8364; &nbsp;x</p>", ["1 < 2 & 3 © € \u00a0x"]),
        ("<p>one<!-- no --> two</p><!-- --><p>three</p>", ["one two", "three"]),
        ("<p>one<?php no ?> two</p>", ["one two"]),
        ("<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>", ["漢(かん)"]),
        ("<a href=x><div>card</div><div>other</div></a>", ["card", "other"]),
    ],
)
def test_lines_and_inline_elements(body: str, texts: list[str]) -> None:
    assert texts_of(html_document(body)) == texts


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<pre>a\n\n  b\n</pre>", "a\n\n  b"),
        ("<pre>\n  a\n  b</pre>", "  a\n  b"),
        ("<pre><span>a</span>\n    <span>b</span></pre>", "a\n    b"),
        ("<pre>a<br>  b</pre>", "a\n  b"),
        ("<pre>\ta\tb</pre>", "    a   b"),
        ("<pre><code>  <b>def</b> f():\n      pass</code></pre>", "  def f():\n      pass"),
        ("<pre>    <span>def</span> f():\n        pass</pre>", "    def f():\n        pass"),
    ],
)
def test_code_keeps_its_lines_and_indents(body: str, text: str) -> None:
    [block] = html_document(f"<p>x</p>{body}").blocks[1:]
    assert (block.kind, block.text) == (Kind.CODE, text)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<a href=a>Home</a><a href=b>News</a>", "Home News"),
        ("<a href=a>Home</a> <a href=b>News</a>", "Home News"),
        ("<a href=a>Home</a><span><a href=b>News</a></span>", "Home News"),
        ("<label>Name</label><input><label>Mail</label>", "Name Mail"),
        ("<time>5 May</time><a href=c>3 comments</a>", "5 May 3 comments"),
        ("<a href=a>names</a>, <a href=b>more</a>.", "names, more."),
        ("(<a href=a>one</a>; <a href=b>two</a>)", "(one; two)"),
        ("<a href=a>ferry</a>man", "ferryman"),
        ("<a href=a>two </a><a href=b>words</a>", "two words"),
        ("un<a href=a>known</a>", "unknown"),
    ],
)
def test_links_are_apart_only_where_a_page_shows_them_so(body: str, text: str) -> None:
    assert texts_of(html_document(f"<p>{body}</p>")) == [text]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<span>1</span><span>DET</span><a href=a>Detroit Pistons</a>", "1 DET Detroit Pistons"),
        ("<span>Drake Maye</span><span>295</span>", "Drake Maye 295"),
        ("<span>By</span><b><i>Ann Quill</i></b>", "By Ann Quill"),
        ("<b>Condition:</b><span>Used</span>", "Condition: Used"),
        ("<b>It rained.</b><i>Then it froze.</i>", "It rained. Then it froze."),
        ("<kbd>PST</kbd><span>View</span>", "PST View"),
        ("<span>A</span><span>s</span><span>h</span>", "Ash"),
        ("<span>N</span><span>A</span><span>S</span><span>A</span>", "NASA"),
        ("<b>A</b><span>pril</span>", "April"),
        ("<b>Mac</b><i>’s</i><b>, too</b>", "Mac’s, too"),
        ("<b>fi</b><span>eld</span>", "field"),
        ("<span>12</span><span>34</span>", "1234"),
        ("<b>water</b><sup>2</sup>", "water2"),
        ("<b>3</b><b>D</b>", "3D"),
        ("e<b>Bay</b> and <b>Tri</b>Met", "eBay and TriMet"),
        ("<b>Java</b><span>Script</span>", "JavaScript"),
        ("<code><span>get</span><span>Name</span></code>", "getName"),
        ("<b>one </b><b>Two</b> <i>Three</i>", "one Two Three"),
    ],
)
def test_inline_elements_that_touch_are_apart_where_a_word_ends(body: str, text: str) -> None:
    assert texts_of(html_document(f"<p>{body}</p>")) == [text]


def test_code_keeps_its_letters() -> None:
    assert texts_of(html_document("<pre><span>get</span><span>Name</span>(<span>x</span><span>1</span>)</pre>")) == [
        "getName(x1)"
    ]


@pytest.mark.parametrize(
    ("body", "text", "chars"),
    [
        ("no link", "no link", 0),
        ("<a href=a>all  of\n it</a>", "all of it", 9),
        ("half <a href=a>link</a>", "half link", 4),
        ("<a href=a><b>a</b>b</a><a href=b>c</a>", "ab c", 3),
    ],
)
def test_letters_inside_links_are_counted(body: str, text: str, chars: int) -> None:
    [block] = html_document(f"<p>{body}</p>").blocks
    assert (block.text, block.link_chars, block.link_share) == (text, chars, chars / len(text))


@pytest.mark.parametrize("sign", ["¶", "#", "§", "🔗", " ¶ "])
def test_permalink_behind_a_heading_is_dropped(sign: str) -> None:
    assert texts_of(html_document(f"<h2>Tides<a class=headerlink href='#t'>{sign}</a></h2>")) == ["Tides"]


@pytest.mark.parametrize("body", ["<p>C# and F#</p>", "<p>§ 5 ¶</p>", "<p><a href=x>Issue #5</a></p>", "<h2># 1</h2>"])
def test_the_same_signs_elsewhere_stay(body: str) -> None:
    assert texts_of(html_document(body))[0] in {"C# and F#", "§ 5 ¶", "Issue #5", "# 1"}


@pytest.mark.parametrize("tag", ["script", "style", "template", "iframe", "object", "canvas", "video", "select", "textarea"])
def test_what_is_no_text_never_comes_out(tag: str) -> None:
    body = f"<p>before</p><{tag}>var no = 'no'; <p>no</p></{tag}><p>after <{tag}>no</{tag}>it</p>"
    assert "no" not in " ".join(texts_of(html_document(body)))
    assert texts_of(html_document(body))[0] == "before"


@pytest.mark.parametrize("drawing", ["<svg><title>no</title><text>no</text></svg>", "<math><mi>no</mi></math>"])
def test_drawings_are_no_text(drawing: str) -> None:
    assert texts_of(html_document(f"<p>before {drawing}</p><p>after</p>")) == ["before", "after"]


def test_script_of_a_shell_page_is_not_taken_for_its_article() -> None:
    with pytest.raises(Reject, match="no-text"):
        html_document(f'<div id="root"></div><script>window.article = "{BRIDGE} {PUPILS}";</script>')


@pytest.mark.parametrize(
    ("body", "hidden"),
    [
        ("<p>x</p>", False),
        ("<p hidden>x</p>", True),
        ("<div hidden=until-found><p>x</p></div>", True),
        ("<div aria-hidden=true><p>x</p></div>", True),
        ("<div aria-hidden=false><p>x</p></div>", False),
        ("<div style='color: red; DISPLAY : none'><p>x</p></div>", True),
        ("<p style='visibility:hidden'>x</p>", True),
        ("<p style='display: block'>x</p>", False),
        ("<p class=hidden>x</p>", False),
    ],
)
def test_hidden_blocks_are_marked_and_kept(body: str, hidden: bool) -> None:
    [block] = html_document(body).blocks
    assert (block.text, block.hidden) == ("x", hidden)


def test_noscript_counts_only_on_a_page_with_little_else() -> None:
    notice = "<noscript><p>Please switch scripts on.</p></noscript>"
    assert texts_of(html_document(f"<p>{BRIDGE}</p>{notice}")) == [BRIDGE]
    assert texts_of(html_document(f"<p>Forum</p><noscript><p>{BRIDGE}</p><p>{PUPILS}</p></noscript>")) == [
        "Forum",
        BRIDGE,
        PUPILS,
    ]
    with pytest.raises(Reject, match="no-text"):
        html_document(notice)


def test_place_of_a_block_is_the_tags_and_class_words_above_it() -> None:
    body = '<main class="siteMain x"><div id="post-12" role="article"><p class="lead Text">Go</p></div></main>'
    [block] = html_document(body).blocks
    assert block.path.endswith("/main/div/p")
    assert block.marks.endswith("/site main/post article/lead text")


_WORDS = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="|¶#§🔗"), min_size=1, max_size=6
)
_LEAF = _WORDS.map(html.escape)
_TAGS = st.sampled_from(
    ["p", "div", "span", "a", "li", "ul", "h2", "td", "tr", "table", "blockquote", "b", "section", "pre", "dd", "button"]
)


def _element(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(lambda tag, inner: f"<{tag}>{' '.join(inner)}</{tag}>", _TAGS, st.lists(children, max_size=4))


_PAGES = st.recursive(st.one_of(_LEAF, _LEAF, st.sampled_from(["<br>", "<img>", "<!-- c -->"])), _element, max_leaves=25)


@given(_PAGES)
def test_no_visible_letter_is_lost_and_every_block_stands_at_its_place(body: str) -> None:
    shown = "".join(html.unescape(text) for text in _texts_between_tags(body))
    visible = "".join(shown.split())
    if not visible:
        return
    document = html_document(body)
    found = "".join(document.text.replace("|", "").split())
    # What stands in a table outside its cells is shown before the table.
    assert sorted(found) == sorted(visible) if "<t" in body else found == visible
    for block in document.blocks:
        assert document.text[block.start : block.end] == block.text
        assert 0 <= block.link_share <= 1
        assert block.link_chars <= len(block.text)
    assert [block.index for block in document.blocks] == list(range(len(document.blocks)))


def _texts_between_tags(source: str) -> list[str]:
    return [piece.partition(">")[2] for piece in ("x>" + source).split("<")]
