"""Chrome: all witnesses together on whole pages."""

from __future__ import annotations

import pytest

from pipeline.chrome import find_chrome
from pipeline.knowledge import rule_book
from pipeline.model import Action, Document, Judgement, SiteTemplate, TemplateLine
from pipeline.settings import ChromeSettings
from pipeline.text.unicode import folded

from .builders import BRIDGE, FERRY, PUPILS, html_document, text_document

HEADLINE = "Old bridge closes for repairs"


def _find(document: Document, shared: tuple[str, ...] = (), **settings: object) -> Judgement:
    template = SiteTemplate(document.site, 8, tuple(TemplateLine(folded(line), 8) for line in shared))
    return find_chrome(document, template, rule_book(), ChromeSettings(second_opinion=False, **settings))  # type: ignore[arg-type]


def _kept(document: Document, judgement: Judgement) -> list[str]:
    return [block.text for block, v in zip(document.blocks, judgement.verdicts, strict=True) if v.action is Action.KEEP]


def test_menu_banner_and_footer_of_a_dump_go_and_the_article_stays() -> None:
    text = f"Skip to content\nHome\nWe use cookies\nAccept all\n{HEADLINE}\n\n{BRIDGE}\n\n{PUPILS}\n\nShare on Facebook\nRead more\n© 2025 Harbour Gazette\n"
    document = text_document(text)
    judgement = _find(document)
    assert judgement.title == HEADLINE
    assert _kept(document, judgement) == [BRIDGE, PUPILS]


def test_clean_text_is_left_alone() -> None:
    document = text_document(f"{BRIDGE}\n\n{PUPILS}\n\n{FERRY}\n")
    judgement = _find(document)
    assert (_kept(document, judgement), judgement.removed) == ([BRIDGE, PUPILS, FERRY], ())


def test_damaged_phrase_is_recognised_and_removed_as_it_stands() -> None:
    document = text_document(f"{HEADLINE}\n\n{BRIDGE}\n\nReadÂ\u00a0more\n\n{PUPILS} The cafÃ© is shut. Read more\n")
    judgement = _find(document)
    assert [span.text for span in judgement.removed] == ["ReadÂ\u00a0more", "Read more"]
    assert all(document.text[span.start : span.end] == span.text for span in judgement.removed)


def test_chrome_glued_to_the_headline_is_not_in_the_title() -> None:
    document = text_document(f"{HEADLINE}Share this\n\n{BRIDGE}\n\n{PUPILS}\n")
    judgement = _find(document)
    assert judgement.title == HEADLINE
    assert [span.text for span in judgement.removed] == ["Share this"]


def test_what_is_protected_stays() -> None:
    document = text_document(f"{HEADLINE}\n\n{BRIDGE}\n\nRead more\n\n{PUPILS} Read more\n")
    judgement = _find(document, protect=("read more",))
    assert (_kept(document, judgement), judgement.removed) == ([BRIDGE, "Read more", f"{PUPILS} Read more"], ())


@pytest.mark.parametrize(("site", "goes"), [("example.org", True), ("folder:news", False)])
def test_template_of_a_site_strips_and_that_of_a_folder_does_not(site: str, goes: bool) -> None:
    document = text_document(f"{HEADLINE}\n\n{BRIDGE}\n\n{PUPILS}\n\nUnsere Zeitung am Hafen", site=site)
    judgement = _find(document, shared=("Unsere Zeitung am Hafen",))
    assert ("Unsere Zeitung am Hafen" not in _kept(document, judgement)) is goes


def test_higher_threshold_keeps_more() -> None:
    document = text_document(f"{HEADLINE}\n\n{BRIDGE}\n\nRead more\nClick here\nHome\n\n{PUPILS}")
    kept = [set(_kept(document, _find(document, threshold=threshold))) for threshold in (-0.5, 0.0, 2.0, 50.0)]
    assert kept[0] <= kept[1] <= kept[2] <= kept[3] == {BRIDGE, PUPILS, "Read more", "Click here", "Home"}


def test_navigation_and_footer_of_an_html_page_go() -> None:
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("Politics", "Harbour", "Letters"))
    body = (
        f'<nav class="main-menu"><ul>{menu}</ul></nav><main><article class="post"><h1>{HEADLINE}</h1><p>{BRIDGE}</p><p>{PUPILS}</p>'
        f'</article></main><footer class="site-footer"><a href="/imprint">Imprint</a></footer>'
    )
    document = html_document(body, f"<title>{HEADLINE}</title>")
    judgement = _find(document)
    assert judgement.title == HEADLINE
    assert _kept(document, judgement) == [BRIDGE, PUPILS]


def test_widget_inside_a_word_of_a_class_is_no_sidebar() -> None:
    body = f'<div class="widgetry-museum"><h1>{HEADLINE}</h1><p>{BRIDGE}</p><p>{PUPILS}</p></div>'
    document = html_document(body)
    assert not any(seen.rule == "place.aside" for seen in _find(document).evidence)


def test_code_is_no_place_for_phrases() -> None:
    document = html_document(f"<h1>{HEADLINE}</h1><p>{BRIDGE}</p><pre>Read more</pre><p>{PUPILS}</p>")
    assert not any(seen.rule.startswith("en.") for seen in _find(document).evidence)


def test_line_of_chrome_inside_a_paragraph_is_cut_out_alone() -> None:
    document = html_document(f"<h1>{HEADLINE}</h1><p>{BRIDGE}<br>Continue reading<br>{PUPILS}</p><p>{FERRY}</p>")
    judgement = _find(document)
    assert [span.text for span in judgement.removed] == ["Continue reading"]
    assert document.text[judgement.removed[0].start : judgement.removed[0].end] == "Continue reading"


@pytest.mark.parametrize("banner", [
    "This website uses cookies to ensure you get the best experience on our website.",
    "Copyright © 2023 Harbour Gazette Ltd. All rights reserved worldwide.",
])  # fmt: skip
def test_banner_as_long_as_a_sentence_goes_from_between_paragraphs(banner: str) -> None:
    document = html_document(f"<article><h1>{HEADLINE}</h1><p>{BRIDGE}</p><p>{banner}</p><p>{PUPILS}</p><p>{FERRY}</p></article>")
    assert banner in [span.text for span in _find(document).removed]
