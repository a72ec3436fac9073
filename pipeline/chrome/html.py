"""The HTML path: the learned model reads all blocks of a page, and the other witnesses those that it would keep."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import replace

from pipeline.chrome.damage import in_places_of, mended_view
from pipeline.chrome.evidence import of_block
from pipeline.chrome.headings import Headline, datelines, find_headline, headings, keyword_lines, repeated_lines
from pipeline.chrome.judge import HTML_PRIOR, TEXT_PRIOR, judge
from pipeline.chrome.main_text import code_in_text, is_comment, main_text, under_related
from pipeline.chrome.opinion import is_doubtful, opinion, second_opinion
from pipeline.chrome.phrases import in_context, phrases
from pipeline.chrome.rulebook import RuleBook, compile_protect
from pipeline.chrome.templates import template_lines
from pipeline.learned.main_text import MainText, block_model, nothing_said
from pipeline.model import Action, Block, Document, Evidence, Judgement, Kind, SiteTemplate
from pipeline.settings import ChromeSettings, cut_of

_NONE_CONFIDENCE, _NONE_WORDS = 0.25, 100
_WHYS = (
    ("error page", re.compile(r"\b(?:404|403|500|not found|page (?:is )?unavailable|access denied|forbidden)\b", re.IGNORECASE)),
    ("login wall", re.compile(r"\b(?:log|sign) ?in\b|\bpassword\b|\bpasswort\b|\bmot de passe\b|\bcontraseña\b", re.IGNORECASE)),
    ("needs scripts", re.compile(r"\b(?:enable|turn on|activate|requires?) java ?script\b|\bloading\b", re.IGNORECASE)),
    ("empty listing", re.compile(r"\b(?:no|0) (?:results|items|products|posts|entries)\b", re.IGNORECASE)),
)
_TRAIL_CHARS = 120
_PHRASE_CHARS = 240  # a longer block is a paragraph


def find_html_chrome(document: Document, template: SiteTemplate, book: RuleBook, settings: ChromeSettings) -> Judgement:
    """Return the verdict on every block of an HTML page, with all that was seen."""
    view = mended_view(document)
    said = block_model(settings.html_weights).read(document) if settings.learned else nothing_said(document)
    cut = cut_of(settings)
    lowest = _lowered(said.cut, cut)
    likely = tuple(block for block, p in zip(view.blocks, said.probability.tolist(), strict=True) if p >= lowest)
    headline = find_headline(view, frozenset())
    evidence = [*main_text(view.blocks, said), *code_in_text(view.blocks, said)]
    by_phrase = in_context(view.blocks, (seen for block in likely if _may_hold_phrases(block) for seen in phrases(block, book)))
    by_site = list(template_lines(view.blocks, template))
    if said.is_article:
        # What the frame encloses may be a list of offers that no model knows; of an article it knows more.
        by_site = [seen for seen in by_site if seen.weight > 0]
    known = frozenset(seen.block for seen in (*by_phrase, *by_site) if seen.weight > 0 and not seen.cut)
    teasers = under_related(view.blocks, by_phrase) if said.is_article else ()  # the links of a listing are its text
    evidence += [*by_phrase, *by_site, *teasers, *_of_the_likely(view, likely, headline, known)]
    if view is not document:
        evidence = list(in_places_of(document, view, evidence))
    if settings.second_opinion and is_doubtful(said) and (extracted := second_opinion(document)):
        evidence += opinion(view.blocks, extracted)
    if settings.learned and said.confidence < _NONE_CONFIDENCE and said.kept_words <= _NONE_WORDS:
        evidence += [of_block(block, "page.no-main-text", "no-main-text", 20.0) for block in view.blocks]
    prior = HTML_PRIOR if settings.learned else TEXT_PRIOR  # a block of which nothing is known stays, whatever the mode
    judgement = judge(document, evidence, headline, prior, cut, compile_protect(settings.protect))
    return _with_kind(document, judgement, said)


def _with_kind(document: Document, judgement: Judgement, said: MainText) -> Judgement:
    """Return the judgement with the kind of the page and, unless posts are its text, what readers wrote below."""
    if not any(verdict.action is Action.KEEP for verdict in judgement.verdicts):
        return replace(judgement, page_type="none", flags=(*judgement.flags, f"no-main-text: {_why_none(document)}"))
    kind = max(said.kinds, key=lambda name: said.kinds[name], default="")
    comments: tuple[int, ...] = ()
    if kind != "forum":
        stripped = (v.block for v in judgement.verdicts if v.action is Action.STRIP)
        comments = tuple(place for place in stripped if is_comment(document.blocks[place]))
    return replace(judgement, page_type=kind, comments=comments)


def _why_none(document: Document) -> str:
    """Return what a page without main text is, as far as its words tell."""
    text = f"{document.facts.title}\n{document.text}"
    return next((why for why, pattern in _WHYS if pattern.search(text)), "nothing on the page reads as its text")


def _lowered(probability: float, log_odds: float) -> float:
    """Return the probability at which a block stays when the cut is moved to keep more: what stays must be looked at."""
    if log_odds <= 0:
        return probability
    odds = probability / (1 - probability) * math.exp(-log_odds)
    return odds / (1 + odds)


def _may_hold_phrases(block: Block) -> bool:
    """Return whether a block is short enough to be a phrase, or of lines; a heading of figures is a name or a year."""
    if block.kind is Kind.HEADING and not any(map(str.isalpha, block.text)):
        return False
    return len(block.text) < _PHRASE_CHARS or "\n" in block.text


def _of_the_likely(view: Document, likely: tuple[Block, ...], headline: Headline, known: frozenset[int]) -> Iterator[Evidence]:
    """Return what the witnesses of headings and copies say of the blocks that the model would keep."""
    # A copy of the headline, or a trail that holds it, is not much longer than it.
    longest = len(headline.text) + _TRAIL_CHARS
    yield from headings(replace(view, blocks=tuple(block for block in likely if len(block.text) <= longest)), headline)
    yield from datelines(view, headline)
    if len({block.text for block in likely}) < len(likely):
        yield from keyword_lines(likely, headline, known)
        yield from repeated_lines(likely)
