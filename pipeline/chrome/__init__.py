"""Chrome: blocks → evidence → verdicts. Witnesses say what they see; `judge` alone decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.chrome.damage import in_places_of, mended_view
from pipeline.chrome.evidence import HTML_PRIOR
from pipeline.chrome.headings import Headline, datelines, find_headline, headings, keyword_lines, repeated_lines
from pipeline.chrome.judge import judge
from pipeline.chrome.opinion import opinion, second_opinion
from pipeline.chrome.phrases import phrases
from pipeline.chrome.rulebook import RuleBook, compile_protect
from pipeline.chrome.structure import structure
from pipeline.chrome.templates import template_lines
from pipeline.chrome.text import find_text_chrome
from pipeline.model import Document, Evidence, Judgement, Media, SiteTemplate, without_cuts
from pipeline.settings import ChromeSettings

DISTRIBUTIONS = ("google-re2", "trafilatura", "lxml_html_clean", "ftfy", "numpy")

_SURE = 1.5  # a phrase of this weight says that a block is not the headline


def find_chrome(document: Document, template: SiteTemplate, book: RuleBook, settings: ChromeSettings) -> Judgement:
    """Return the verdict on every block of a page, with all that was seen."""
    if document.media is Media.TEXT:
        return find_text_chrome(document, template, book, settings)
    view = mended_view(document)
    by_phrase = [seen for block in view.blocks for seen in phrases(block, book)]
    by_site = list(template_lines(view.blocks, template))
    known = frozenset(seen.block for seen in (*by_phrase, *by_site) if seen.weight >= _SURE and not seen.cut)
    headline = find_headline(view, known)
    evidence = [*by_phrase, *by_site, *_gather(view, headline, known, settings)]
    if view is not document:
        evidence = list(in_places_of(document, view, evidence))
    judgement = judge(document, evidence, headline, HTML_PRIOR, settings.threshold, compile_protect(settings.protect))
    if headline.block < 0 or not judgement.title:
        return judgement
    return replace(judgement, title=without_cuts(document.blocks[headline.block], judgement.removed))


def _gather(document: Document, headline: Headline, known: frozenset[int], settings: ChromeSettings) -> Iterator[Evidence]:
    """Return what the other witnesses say; `known` are the blocks that rule tables and site template are sure of."""
    yield from headings(document, headline)
    yield from datelines(document, headline)
    yield from keyword_lines(document.blocks, headline, known)
    yield from repeated_lines(document.blocks)
    for block in document.blocks:
        yield from structure(block)
    yield from opinion(document.blocks, second_opinion(document) if settings.second_opinion else "")
