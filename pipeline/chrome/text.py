"""Chrome on pages of dumped text: rules, headings, templates, and the line model or, without it, looks and neighbours."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np

from pipeline.chrome.damage import in_places_of, mended_view
from pipeline.chrome.evidence import of_block
from pipeline.chrome.fused import AD
from pipeline.chrome.headings import NO_HEADLINE, Headline, find_headline, headings, is_beside, keyword_lines, repeated_lines
from pipeline.chrome.judge import MODEL_FAMILY, TEXT_PRIOR, judge, score_blocks
from pipeline.chrome.lines import CODE_SIGNS, counted_items, far_from_prose, looks, neighbours, outside_body, under_related
from pipeline.chrome.phrases import in_context, phrases
from pipeline.chrome.rulebook import RuleBook, compile_protect
from pipeline.chrome.templates import template_lines
from pipeline.learned.lines import LineModel, is_long_prose, line_model
from pipeline.learned.tokens import Floats
from pipeline.model import Block, Document, Evidence, Judgement, SiteTemplate
from pipeline.settings import ChromeSettings, cut_of
from pipeline.text.unicode import folded
from pipeline.text.words import ends_sentence, is_prose, word_count

_BEYOND_DOUBT = 3.0
_SURE = 1.5  # a phrase of this weight says that a line is not the headline
_SEEN_BY_MODEL = 0.5  # what the rules say is an input of the model too: it is not counted in full again
_CODE = 1.5
# Log odds. The cut by expected F1 comes too late on long pages: with so much taken off, chrome F1 on dumps of labelled pages
# rises by .008 (articles .011), keep F1 by .000 (.013), page F1 by .001 (.003). On short pages a lost line hurts more than a kept
# one: with .5 added, but for lines that a rule of such a weight knows, 60 of 812 lines of multilingual_check are lost, with .3
# added 74, for 6 more of its 1,435 lines of chrome that stay.
_LATE, _EARLY, _PHRASE = 0.4, 0.5, 2.0
_VERY_FEW_LINES = 30
_FEW_LINES, _PROSE, _SENTENCE, _SENTENCE_WORDS = 60, 2.5, 1.0, 5
_BESIDE_ABOVE, _BESIDE_BELOW, _BESIDE = 3, 8, 4.0  # lines, lines, log odds
_MOST_ENCLOSED, _ENCLOSED, _ALONE, _MENU_WORD = 2, 2.0, 1.2, 2.5
# What is a label or a button wherever it stands, and heads nothing; a section on signing up may be headed so.
_LABELS = frozenset((AD, "counter", "related", "share"))
_NAMES, _NAME_WORDS = 2.5, 3  # log odds, words
_STEM_CHARS, _COMMON_CHARS = 5, 3  # words are alike that begin alike; shorter ones are "the", "und", "les"
_FIRM = 6.0  # log odds; the model alone is never surer than this


def find_text_chrome(document: Document, template: SiteTemplate, book: RuleBook, settings: ChromeSettings) -> Judgement:
    """Return the verdict on every line of a page of dumped text."""
    view = mended_view(document)
    by_phrase = in_context(view.blocks, (seen for block in view.blocks for seen in phrases(block, book)))
    by_site = list(template_lines(view.blocks, template))
    known = frozenset(seen.block for seen in (*by_phrase, *by_site) if seen.weight >= _SURE and not seen.cut)
    if settings.learned:
        prior = 0.0
        is_book = is_long_prose([block.text for block in view.blocks])
        said, headline, is_sure = model_says(view.blocks, by_phrase, line_model(settings.text_weights), is_book)
        guess, headline = headline, headline if is_sure else NO_HEADLINE
        evidence = [seen if seen.cut else replace(seen, weight=seen.weight * _SEEN_BY_MODEL) for seen in by_phrase]
        evidence += [*said, *by_site, *_gather(view, headline, known)]
        evidence += [*beside_headline(view.blocks, headline), *sentences(view.blocks, is_book)]
        evidence += under_related(view.blocks, by_phrase)
        scores = score_blocks(document, evidence, prior)
        inside = list(enclosed(view.blocks, scores, evidence, is_book, headline.block))
        for seen in inside:
            scores[seen.block] += seen.weight
        evidence += [*inside, *clean_page(view.blocks, scores, evidence)]
    else:
        prior = TEXT_PRIOR
        headline = guess = find_headline(view, known)
        evidence = [*by_phrase, *by_site, *_gather(view, headline, known), *looks(view.blocks, known)]
        families = {seen.block: seen.family for seen in by_phrase if not seen.cut}
        sure = frozenset(seen.block for seen in evidence if seen.weight >= _BEYOND_DOUBT and not seen.cut)
        evidence += neighbours(view.blocks, score_blocks(document, evidence, TEXT_PRIOR), families, sure, headline.block)
        # After the neighbours: what stands beside a mere guess is not chrome yet.
        evidence += [*far_from_prose(view.blocks), *outside_body(view.blocks, known)]
    if view is not document:
        evidence = list(in_places_of(document, view, evidence))
    judgement = judge(document, evidence, headline, prior, cut_of(settings), compile_protect(settings.protect))
    # A line that only may be the headline names the page, and is judged as any other line.
    return judgement if judgement.title or guess.block < 0 else replace(judgement, title=document.blocks[guess.block].text)


def _gather(document: Document, headline: Headline, known: frozenset[int]) -> Iterator[Evidence]:
    """Return what headings and repetition say; `known` are the blocks that rule tables and site template are sure of."""
    yield from headings(document, headline)
    yield from keyword_lines(document.blocks, headline, known)
    yield from repeated_lines(document.blocks)
    yield from counted_items(document.blocks)


def model_says(
    blocks: Sequence[Block], by_phrase: Sequence[Evidence], model: LineModel, is_book: bool
) -> tuple[list[Evidence], Headline, bool]:
    """Return the line model's evidence, log odds counted from the page's best cut, the headline, and whether that is sure."""
    texts, gaps, rules = [block.text for block in blocks], [block.gap for block in blocks], rule_columns(len(blocks), by_phrase)
    for place, rest in _rests(blocks, by_phrase).items():
        texts[place], rules[place, 1] = rest, 0.0
    odds, best, is_sure = model.read(texts, gaps, rules)
    shortness = _shortness(blocks, is_book)
    early = np.where(rules[:, 0] < _PHRASE, np.float32(_EARLY * shortness), np.float32(0))
    odds = odds + np.float32(_LATE * (1 - shortness)) - early
    said = [
        of_block(block, "model.chrome-line" if weight > 0 else "model.text-line", MODEL_FAMILY, round(weight, 4))
        for block, weight in zip(blocks, np.clip(odds, -_FIRM, _FIRM).tolist(), strict=True)
    ]
    return said, Headline(texts[best], best) if best >= 0 else NO_HEADLINE, is_sure


def _rests(blocks: Sequence[Block], by_phrase: Iterable[Evidence]) -> Mapping[int, str]:
    """Return what is left of the blocks from which chrome is cut: a sentence is judged without the button glued to it."""
    rests: dict[int, str] = {}
    for seen in by_phrase:
        if seen.cut:
            start = blocks[seen.block].start
            text = rests.get(seen.block, blocks[seen.block].text)
            rests[seen.block] = text[: seen.start - start] + "\0" * (seen.end - seen.start) + text[seen.end - start :]
    found = {place: text.replace("\0", "").strip() for place, text in rests.items()}
    return {place: text for place, text in found.items() if text}


def beside_headline(blocks: Sequence[Block], headline: Headline) -> Iterator[Evidence]:
    """Return evidence for the date and the byline at the headline: no label says whether these are text, so they stay."""
    if headline.block >= 0:
        for block in blocks[max(0, headline.block - _BESIDE_ABOVE) : headline.block + _BESIDE_BELOW]:
            if is_beside(block.text):
                yield of_block(block, "line.byline-or-date", "content", -_BESIDE)


def sentences(blocks: Sequence[Block], is_book: bool) -> Iterator[Evidence]:
    """Return evidence for prose, other sentences and code: strong on short pages, of which the model knows little.

    On a full dump teasers and banners are prose too, menus have brackets, and what stands around tells them from the text.
    """
    share = _shortness(blocks, is_book, _VERY_FEW_LINES)
    for block in blocks:
        if CODE_SIGNS.search(block.text):
            yield of_block(block, "line.code", "content", -_CODE * share)
        if is_prose(block.text):
            yield of_block(block, "line.prose", "content", -_PROSE * share)
        elif ends_sentence(block.text) and word_count(block.text) >= _SENTENCE_WORDS:
            yield of_block(block, "line.sentence", "content", -_SENTENCE * share)


def _shortness(blocks: Sequence[Block], is_book: bool, few: int = _FEW_LINES) -> float:
    """Return 1 for a page of few lines, of which the model knows little, and for a book; the less the longer a page is else."""
    return 1.0 if is_book else min(1.0, few / max(1, len(blocks)))


def enclosed(
    blocks: Sequence[Block], scores: Mapping[int, float], evidence: Iterable[Evidence], is_book: bool, headline: int
) -> Iterator[Evidence]:
    """Return evidence for the few lines between lines that stay which nothing but the model would take out.

    It keeps headings, scores and answers in the midst of a short text. On long pages the model knows more: with the full weight
    there too, chrome F1 on dumps of labelled pages was .002 lower, and page F1 the same. Chrome seldom comes alone: where there
    is none but such lines, what a rule says of them ("Contact", "Comments") counts for less too; and a single word of a menu
    between two paragraphs is a heading, as is a rule's word that the paragraph below takes up ("Cookies": "The bridge returns a
    cookie"; of 111 such lines of the dumps of WCXB 84 are headings).
    """
    shortness = _shortness(blocks, is_book)
    families = _families_against(evidence)
    runs = [
        (is_chrome, list(run))
        for is_chrome, run in groupby(blocks, key=lambda block: scores[block.index] > 0 and block.index != headline)
    ]
    between = [run for is_chrome, run in runs[1:-1] if is_chrome and len(run) <= _MOST_ENCLOSED]
    are_all = len(between) == sum(is_chrome for is_chrome, _ in runs)
    for block in (block for run in between for block in run):
        if block.index not in families:
            yield of_block(block, "line.between-text", "content", -_ENCLOSED * shortness)
        elif _names_its_paragraph(block.index, blocks) and families[block.index].isdisjoint(_LABELS):
            yield of_block(block, "line.names-its-paragraph", "content", -_NAMES)
        elif families[block.index] == {"navigation"} and _is_between_prose(block.index, blocks):
            yield of_block(block, "line.menu-word-between-text", "content", -_MENU_WORD * shortness)
        elif are_all and families[block.index].isdisjoint(_LABELS | {"account"}):
            yield of_block(block, "line.alone-between-text", "content", -_ALONE * shortness)


def _names_its_paragraph(place: int, blocks: Sequence[Block]) -> bool:
    """Return whether a line is one to three words that the paragraph right below it uses too, inflection aside."""
    below = blocks[place + 1].text
    own = [word for word in folded(blocks[place].text).split() if len(word) > _COMMON_CHARS or not word.isascii()]
    if not own or word_count(blocks[place].text) > _NAME_WORDS or not is_prose(below):
        return False
    stems = {word[:_STEM_CHARS] for word in folded(below).split()}
    return all(word[:_STEM_CHARS] in stems for word in own)


def clean_page(blocks: Sequence[Block], scores: Mapping[int, float], evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    """Return evidence for all lines of a page of which none is surely chrome: there the model alone takes nothing out.

    Chrome is seldom met without a line of which there is no doubt. Of clean texts (the gold of WCXB) 1.1 % of the words were lost
    so, and 1.6 % else (articles .2 and .6 %); word F1 on full dumps was .0001 lower, on light ones .0005 higher.
    """
    if any(score > _BEYOND_DOUBT for score in scores.values()):
        return
    against = _families_against(evidence)
    for block in blocks:
        if scores[block.index] > 0 and block.index not in against:
            yield of_block(block, "line.of-clean-page", "content", -_BEYOND_DOUBT)


def _families_against(evidence: Iterable[Evidence]) -> Mapping[int, set[str]]:
    """Return the families of what speaks against each block, the model aside."""
    families: dict[int, set[str]] = defaultdict(set)
    for seen in evidence:
        if seen.weight > 0 and not seen.cut and seen.family != MODEL_FAMILY:
            families[seen.block].add(seen.family)
    return families


def _is_between_prose(place: int, blocks: Sequence[Block]) -> bool:
    return is_prose(blocks[place - 1].text) and is_prose(blocks[place + 1].text)


def rule_columns(count: int, by_phrase: Sequence[Evidence]) -> Floats:
    """Return the weight of the strongest rule that each of `count` lines is, and of the strongest that is glued to it."""
    columns = np.zeros((count, 2), np.float32)
    for seen in by_phrase:
        columns[seen.block, int(seen.cut)] = max(columns[seen.block, int(seen.cut)], seen.weight)
    return columns
