"""Chrome: blocks → evidence → verdicts. Witnesses say what they see; `judge` alone decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.chrome.damage import in_places_of, mended_view
from pipeline.chrome.headings import Headline, datelines, find_headline, headings, keyword_lines, repeated_lines
from pipeline.chrome.html import find_html_chrome
from pipeline.chrome.judge import judge, score_blocks
from pipeline.chrome.lines import far_from_prose, looks, neighbours
from pipeline.chrome.phrases import phrases
from pipeline.chrome.rulebook import RuleBook, compile_protect
from pipeline.chrome.templates import template_lines
from pipeline.model import Document, Evidence, Judgement, Media, SiteTemplate, without_cuts
from pipeline.settings import ChromeSettings

DISTRIBUTIONS = ("google-re2", "trafilatura", "lxml_html_clean", "ftfy", "numpy")

_BEYOND_DOUBT = 3.0
_SURE = 1.5  # a phrase of this weight says that a line is not the headline


def find_chrome(document: Document, template: SiteTemplate, book: RuleBook, settings: ChromeSettings) -> Judgement:
    """Return the verdict on every block of a page, with all that was seen."""
    if document.media is Media.HTML:
        return find_html_chrome(document, template, book, settings)
    view = mended_view(document)
    by_phrase = [seen for block in view.blocks for seen in phrases(block, book)]
    known = frozenset(seen.block for seen in by_phrase if seen.weight >= _SURE and not seen.cut)
    headline = find_headline(view, known)
    evidence = [*by_phrase, *_gather(view, template, headline, known)]
    families = {seen.block: seen.family for seen in by_phrase if not seen.cut}
    sure = frozenset(seen.block for seen in evidence if seen.weight >= _BEYOND_DOUBT and not seen.cut)
    evidence += neighbours(view.blocks, score_blocks(document, evidence), families, sure, headline.block)
    evidence += far_from_prose(view.blocks)  # after the neighbours: what stands beside a mere guess is not chrome yet
    if view is not document:
        evidence = list(in_places_of(document, view, evidence))
    judgement = judge(document, evidence, headline, settings.threshold, compile_protect(settings.protect))
    if headline.block < 0 or not judgement.title:
        return judgement
    return replace(judgement, title=without_cuts(document.blocks[headline.block], judgement.removed))


def _gather(document: Document, template: SiteTemplate, headline: Headline, known: frozenset[int]) -> Iterator[Evidence]:
    """Return what all witnesses but the rule tables say; `known` are the blocks that these are sure of."""
    yield from headings(document, headline)
    yield from datelines(document, headline)
    yield from keyword_lines(document.blocks, headline, known)
    yield from repeated_lines(document.blocks)
    yield from template_lines(document.blocks, template)
    yield from looks(document.blocks, known)
