"""HTML pages judged: places, comments, pages without main text, kinds, second opinion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.chrome import find_chrome
from pipeline.chrome import html as html_path
from pipeline.chrome.main_text import code_in_text, is_comment, place_of, under_related
from pipeline.chrome.opinion import is_doubtful, opinion
from pipeline.knowledge import rule_book
from pipeline.learned.main_text import MainText
from pipeline.model import Action, Document, Evidence, Judgement, SiteTemplate
from pipeline.settings import ChromeSettings

from .builders import BRIDGE, FERRY, PUPILS, html_document

TEXT = f"<main class=post><h1>Old bridge</h1><p>{BRIDGE}</p><p>{PUPILS}</p><p>{FERRY}</p></main>"


def _judged(document: Document, **settings: object) -> Judgement:
    chosen = replace(ChromeSettings(second_opinion=False), **settings)  # type: ignore[arg-type]
    return find_chrome(document, SiteTemplate(document.site, 1, ()), rule_book(), chosen)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("<nav><p>x</p></nav>", "navigation"),
        ("<footer><ul><li>x</ul></footer>", "footer"),
        ("<footer><div class='elementor-widget'><p>x</p></div></footer>", "footer"),  # page builders call each element a widget
        ("<div class=related-posts><p>x</p></div>", "related"),
        ("<div class=size-modal><p>x</p></div>", "dialog"),  # it may hold what a shop says of its wares
        ("<footer><div class=comments><p>x</p></div></footer>", "comment"),
        ("<div class=comments><footer><p>x</p></footer></div>", "footer"),
        ("<div class='kommentare'><p>x</p></div>", "comment"),
        ("<main><p>x</p></main>", ""),
        ("<nav><article><p>x</p></article></nav>", ""),
        ("<figure><figcaption>x</figcaption></figure>", "caption"),
        ("<button>Copy</button>", "button"),
        ("<button>What is the old bridge made of?</button>", ""),
        ("<div class=commentary><p>x</p></div>", ""),  # no word by itself
    ],
)
def test_place_is_named_by_the_innermost_element_that_tells(body: str, place: str) -> None:
    assert place_of(html_document(body).blocks[0]) == place


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<div class=comments><p>I like ferries, said a reader.</p></div>", True),
        ("<div class=comments><p>Reply</p></div>", False),
        ("<div class=comments><h3>What our readers say of it</h3></div>", False),
        ("<div class=post><p>I like ferries, said a reader.</p></div>", False),
    ],
)
def test_comments_are_what_readers_wrote(body: str, expected: bool) -> None:
    assert is_comment(html_document(body).blocks[0]) == expected


def test_comments_leave_an_article_and_are_listed() -> None:
    document = html_document(f"{TEXT}<div id=comments class=comments><p>I like ferries more than bridges, said Ann.</p></div>")
    judgement = _judged(document)
    assert [document.blocks[place].text for place in judgement.comments] == ["I like ferries more than bridges, said Ann."]
    assert judgement.page_type == "article"


def test_every_block_has_the_model_s_evidence_and_a_reason_to_go() -> None:
    document = html_document(f"<nav><a href=/>Home</a></nav>{TEXT}<footer>© 2025 Harbour Gazette</footer>")
    judgement = _judged(document)
    assert {seen.block for seen in judgement.evidence} == set(range(len(document.blocks)))
    assert {span.text: span.rule for span in judgement.removed}["Home"] == "place.navigation"


def test_site_template_outweighs_a_model_that_is_sure() -> None:
    from pipeline.model import TemplateLine
    from pipeline.text.unicode import folded

    document = html_document(TEXT.replace(f"<p>{FERRY}</p>", f"<h2>All about our ferry</h2><p>{FERRY}</p><p>Ferry office</p>"))
    shared = ["All about our ferry", FERRY, "Ferry office"]
    template = SiteTemplate("example.org", 8, tuple(TemplateLine(folded(line), 8) for line in shared))
    assert FERRY not in [span.text for span in _judged(document).removed]
    judgement = find_chrome(document, template, rule_book(), ChromeSettings(second_opinion=False))
    assert [span.text for span in judgement.removed] == shared


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("<h1>404</h1><p>Page not found</p>", "error page"),
        ("<form><label>User</label><input><label>Password</label><input><button>Log in</button></form>", "login wall"),
        ("<ul><li><a href=/>Home</a><li><a href=/a>About</a></ul>", "nothing on the page reads as its text"),
    ],
)
def test_page_without_main_text_is_said_to_be_one(body: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_path, "_NONE_CONFIDENCE", 1.1)
    judgement = _judged(html_document(body))
    assert judgement.page_type == "none"
    assert judgement.flags[-1] == f"no-main-text: {why}"
    assert not any(verdict.action is Action.KEEP for verdict in judgement.verdicts)


def test_an_article_is_never_without_main_text() -> None:
    assert _judged(html_document(TEXT)).page_type == "article"


def test_second_opinion_is_asked_only_where_the_model_is_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(html_path, "second_opinion", lambda document: asked.append(document.id) or "")
    _judged(html_document(TEXT), second_opinion=True)
    assert not asked
    monkeypatch.setattr(html_path, "is_doubtful", lambda _: True)
    _judged(html_document(TEXT), second_opinion=True)
    assert asked


def test_without_the_model_rules_still_speak() -> None:
    document = html_document(f"<p>Share this article</p>{TEXT}")
    judgement = _judged(document, learned=False)
    assert "Share this article" in [span.text for span in judgement.removed]


def test_a_heading_of_figures_is_no_counter() -> None:
    body = f"<main class=post><h1>Where to eat</h1><h2>8282</h2><p>{BRIDGE}</p><h2>Falkner's</h2><p>{PUPILS}</p><p>{FERRY}</p></main>"
    judgement = _judged(html_document(body))
    assert not any(seen.rule == "en.counter.number" for seen in judgement.evidence)
    assert "8282" not in [removed.text for removed in judgement.removed]


@pytest.mark.parametrize(
    ("codes", "probabilities", "kept"),
    [
        (("git init",), (0.9, 0.1, 0.9), {1}),
        (("git init", "git status"), (0.9, 0.1, 0.1, 0.9), {1, 2}),
        (("git init", "git init"), (0.9, 0.1, 0.1, 0.9), set()),  # a copy for the clipboard
        (("git init",), (0.9, 0.1, 0.1), set()),  # where the text ends, a form may begin
        (("git init",), (0.9, 0.8, 0.9), set()),  # it stays anyway
    ],
)
def test_code_between_blocks_of_the_text_is_text(
    codes: tuple[str, ...], probabilities: tuple[float, ...], kept: set[int]
) -> None:
    document = html_document(f"<p>{BRIDGE}</p>{''.join(f'<pre>{code}</pre>' for code in codes)}<p>{PUPILS}</p>")
    said = MainText(np.array(probabilities), np.ones(len(probabilities)), 0.5, 0.9, {})
    assert {seen.block for seen in code_in_text(document.blocks, said)} == kept


@pytest.mark.parametrize(
    ("article", "confidence", "is_asked"),
    [(0.9, 0.95, False), (0.9, 0.8, True), (0.4, 0.8, False), (0.4, 0.5, True), (0.1, 0.3, False)],
)
def test_the_second_opinion_is_asked_about_doubtful_articles(article: float, confidence: float, is_asked: bool) -> None:
    assert is_doubtful(MainText(np.ones(1), np.ones(1), 0.5, confidence, {"article": article})) is is_asked


def test_the_second_opinion_speaks_against_what_it_leaves_out_but_tables_and_code() -> None:
    document = html_document(
        f"<p>{BRIDGE}</p><p>{PUPILS}</p><pre>cross(bridge)</pre><table><tr><td>Toll</td><td>5</td></tr></table>"
    )
    assert [(seen.block, seen.weight > 0) for seen in opinion(document.blocks, BRIDGE)] == [(1, True)]


def test_buttons_around_code_do_not_part_it_from_the_text() -> None:
    body = f"<p>{BRIDGE}</p><button>Copy</button><pre>git init</pre><p><a href=/raw>View source</a></p><p>{PUPILS}</p>"
    document = html_document(body)
    said = MainText(np.array([0.9, 0.1, 0.1, 0.1, 0.9]), np.ones(5), 0.5, 0.9, {})
    assert [document.blocks[seen.block].text for seen in code_in_text(document.blocks, said)] == ["git init"]


@pytest.mark.parametrize(("family", "teasers"), [("related", ["Ferry late", "Pupils sing"]), ("navigation", [])])
def test_links_below_a_line_that_announces_them_are_teasers(family: str, teasers: list[str]) -> None:
    links = "<p><a href=/a>Ferry late</a></p><p><a href=/b>Pupils sing</a></p>"
    document = html_document(f"<p>{BRIDGE}</p><p>Read also</p>{links}<p>{PUPILS}</p><p><a href=/c>The plan</a></p>")
    seen = Evidence(1, f"en.{family}.own", family, 4.0, 0, 9)
    assert [document.blocks[found.block].text for found in under_related(document.blocks, [seen])] == teasers
