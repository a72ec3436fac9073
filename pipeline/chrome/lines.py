"""Witness for plain text: what a line looks like, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise, takewhile

import numpy as np

from pipeline.chrome.evidence import of_block
from pipeline.chrome.headings import is_beside
from pipeline.learned.around import body_columns
from pipeline.model import Block, Evidence
from pipeline.text.words import ends_sentence, is_prose, word_count

CODE_SIGNS = re.compile(r"[={};\[\]]|\(\)|\w_\w|^[$#>] ")
_SHORT_WORDS, _MENU_WORDS = 6, 3
_TEASER_WORDS = 16
_FEWEST_PROSE, _PROSE_SHARE, _LONG_RUN, _NEAR, _LONG_MENU_WORDS = 3, 0.25, 12, 6, 8
_ITEM_NUMBER = re.compile(r"#?([1-9][0-9]?)[.):]?")
_COUNTED = 2.0
_CALL_WORDS = 4  # "Enjoying this story?"
_MOST_TEASERS = 6
_RELATED, _RELATED_WORDS, _MOST_TITLES, _UNDER_RELATED = "related", 6, 4, 2.5
_FEWEST_TITLE_WORDS = 3
# What a paragraph in the body counts at most, and what another line and one of chrome cost there.
_PARAGRAPH_WORDS, _LINE_WORDS, _CHROME_WORDS = 60, 3, 15
_OUTSIDE, _PARAGRAPH_BELOW, _MOSTLY_PROSE, _LONG_PAGE = 1.5, 4.0, 0.4, 60


def looks(blocks: Sequence[Block], known: frozenset[int]) -> Iterator[Evidence]:
    """Return what its wording and the next line say for each line: prose, and what may head it, stays.

    `known` are the blocks that rules know as chrome; what follows them heads nothing.
    """
    for place, block in enumerate(blocks):
        if block.text[:1].islower() and "://" not in block.text:
            # A dump breaks lines at links: "contact us" in the midst of a sentence is a line of its own then.
            yield of_block(block, "line.lower-case", "content", -1.5)
        if is_prose(block.text):
            yield of_block(block, "line.prose", "content", -2.5)
        elif word_count(block.text) >= 5 and ends_sentence(block.text):
            yield of_block(block, "line.sentence", "content", -1.0)
        elif _heads(place, blocks) and (place == 0 or blocks[place - 1].index not in known):
            yield of_block(block, "line.heads-prose", "content", -1.5)


def _heads(place: int, blocks: Sequence[Block]) -> bool:
    """Return whether a line may be the heading of the paragraph behind it: short, and no counter ("2 days ago")."""
    text = blocks[place].text
    is_counter = any(map(str.isdigit, text)) and any(map(str.isalpha, text))
    followed = place + 1 < len(blocks) and is_prose(blocks[place + 1].text)
    return followed and not is_counter and word_count(text) <= _SHORT_WORDS


def counted_items(blocks: Sequence[Block]) -> Iterator[Evidence]:
    """Return evidence for the bare numbers of a list of paragraphs ("5", its title, its paragraph, "4", …), one by one.

    In a list of the most read articles titles follow each other, without paragraphs.
    """
    numbers = [(int(found[1]), block.index) for block in blocks if (found := _ITEM_NUMBER.fullmatch(block.text))]
    numbers = [(number, place) for number, place in numbers if any(is_prose(b.text) for b in blocks[place + 1 : place + 4])]
    for step in (1, -1):
        steps = [after[0] - before[0] == step for before, after in pairwise(numbers)]
        for place, (_, at) in enumerate(numbers):
            around = steps[max(0, place - 2) : place + 2]  # does it belong to three numbers in a row?
            if any(one and other for one, other in pairwise(around)):
                yield of_block(blocks[at], "line.counted-item", "content", -_COUNTED)


def far_from_prose(blocks: Sequence[Block]) -> Iterator[Evidence]:
    """Return evidence against short lines deep inside a long run of short lines, on pages that are mostly paragraphs: menus.

    A list in an article is shorter, or stands near the paragraph that it belongs to. Measured on dumps of the pages of WCXB:
    page F1 .741 → .787 on full dumps, .866 → .880 on light ones, at a precision of .92 of the lines that go.
    """
    counts = [word_count(block.text) for block in blocks]
    prose = [place for place, block in enumerate(blocks) if is_prose(block.text)]
    if len(prose) < _FEWEST_PROSE or sum(counts[place] for place in prose) < _PROSE_SHARE * sum(counts):
        return
    for before, behind in pairwise((-len(blocks), *prose, 2 * len(blocks))):
        if behind - before - 1 < _LONG_RUN:
            continue
        for place in range(max(0, before + _NEAR + 1), min(len(blocks), behind - _NEAR)):
            block = blocks[place]
            # The headline may be in the run above the first paragraph; figures are prices, scores, amounts.
            longest = _MENU_WORDS if before < 0 else _LONG_MENU_WORDS
            is_sentence = ends_sentence(block.text) and counts[place] > _CALL_WORDS
            has_signs = any(map(str.isdigit, block.text)) or CODE_SIGNS.search(block.text)
            if counts[place] <= longest and not is_sentence and not has_signs and not is_beside(block.text):
                yield of_block(block, "line.far-from-prose", "navigation", 1.3)


def outside_body(blocks: Sequence[Block], known: frozenset[int]) -> Iterator[Evidence]:
    """Return evidence against the lines above and below the body of a page that is mostly paragraphs.

    The body is the run of lines in which most words of prose stand at the fewest other lines (Finn, Kushmerick and Smyth, "Fact
    or fiction", 2001, find the body of tagged text so); a line of `known` chrome costs more than another. On long pages
    paragraphs below it are comments and teasers. Measured without the model on dumps of every fourth page of WCXB: page F1
    .764 → .795 on full dumps (articles .854 → .894).
    """
    counts = np.array([word_count(block.text) for block in blocks], np.float32)
    prose = np.array([is_prose(block.text) for block in blocks], bool)
    share = float(counts[prose].sum() / max(1.0, counts.sum()))
    if prose.sum() < _FEWEST_PROSE or share < _PROSE_SHARE:
        return
    chrome = np.array([block.index in known for block in blocks], bool)
    values = np.where(chrome, -_CHROME_WORDS, np.where(prose, np.minimum(counts, _PARAGRAPH_WORDS), -_LINE_WORDS))
    inside = body_columns(values[:, None])[:, 0] > 0
    if 2 * counts[inside & prose].sum() < counts[prose].sum():
        return  # several texts, none of which is the page's body
    last = int(np.flatnonzero(inside)[-1])
    # On a short page what follows on the body, up to the first line of chrome, may be a recipe's ingredients or a poem.
    until = next((place for place in range(last + 1, len(blocks)) if chrome[place]), len(blocks))
    weight = min(1.0, share / _MOSTLY_PROSE)
    longness = 1 - min(1.0, _LONG_PAGE / len(blocks))
    for place in np.flatnonzero(~inside).tolist():
        below = _PARAGRAPH_BELOW * longness if prose[place] and place > last else 0.0
        against = weight * (_OUTSIDE + below) * (longness if last < place < until else 1.0)
        if against > 0:
            yield of_block(blocks[place], "line.outside-body", "neighbours", round(against, 4))


def under_related(blocks: Sequence[Block], by_phrase: Iterable[Evidence]) -> Iterator[Evidence]:
    """Return evidence against the few titles between a line like "You may also like" and the paragraph behind them.

    For pages that the line model reads, which knows of longer lists; `neighbours` looks for them on others.
    """
    for seen in by_phrase:
        block = blocks[seen.block]
        if seen.family != _RELATED or seen.cut or word_count(block.text) > _RELATED_WORDS:
            continue
        titles = list(takewhile(_is_title, blocks[seen.block + 1 : seen.block + 2 + _MOST_TITLES]))
        behind = seen.block + 1 + len(titles)
        if len(titles) <= _MOST_TITLES and behind < len(blocks) and is_prose(blocks[behind].text):
            yield from (of_block(title, "line.related-title", _RELATED, _UNDER_RELATED) for title in titles)


def _is_title(block: Block) -> bool:
    return _FEWEST_TITLE_WORDS <= word_count(block.text) <= _TEASER_WORDS and not ends_sentence(block.text)


def neighbours(
    blocks: Sequence[Block], scores: Mapping[int, float], families: Mapping[int, str], sure: frozenset[int], headline: int
) -> Iterator[Evidence]:
    """Return evidence against short lines in the midst of chrome.

    `scores` are the sums of the evidence so far, `families` what kind of chrome a block is, `sure` the blocks
    that are chrome beyond doubt. A run of short lines between two
    chrome lines, or between one and the page's edge, is chrome too, and so is a word or number between chrome and the headline;
    so are a number beside chrome and, below the first paragraph, the few titles under a line like "Related articles".
    """
    judged = [block for block in blocks if not is_beside(block.text)]  # a date or a byline says nothing of its neighbours
    for one, other in pairwise(judged):
        for block, beside in ((one, other), (other, one)):
            if block.text.strip().isdigit() and scores.get(beside.index, 0.0) > 0 >= scores.get(block.index, 0.0):
                yield of_block(block, "line.number-by-chrome", "neighbours", 0.5)
    beyond = sure | {headline}
    first_prose = next((block.index for block in judged if is_prose(block.text)), len(blocks))
    runs = [list(run) for _, run in groupby(judged, key=lambda block: _side(block, scores, headline))]
    for place, run in enumerate(runs):
        if _side(run[0], scores, headline) != "short" or len(run) > _MOST_TEASERS:
            continue
        before = runs[place - 1][-1] if place else None
        behind = runs[place + 1][0] if place + 1 < len(runs) else None
        sides = [_side(block, scores, headline) if block else "edge" for block in (before, behind)]
        is_related = before is not None and sides[0] == "chrome" and families.get(before.index) == _RELATED
        if is_related and run[0].index > first_prose:
            yield from (of_block(block, "line.under-related", _RELATED, 3.0) for block in run)
        elif "chrome" in sides and "content" not in sides and all(b is None or b.index in beyond for b in (before, behind)):
            # Above the first paragraph one of the short lines may be the headline.
            longest = 2 if "headline" in sides else _SHORT_WORDS if run[0].index > first_prose else _MENU_WORDS
            for block in run:
                if word_count(block.text) <= longest:
                    yield of_block(block, "line.among-chrome", "neighbours", 1.2)


def _side(block: Block, scores: Mapping[int, float], headline: int) -> str:
    """Return what a block is to its neighbours: chrome, the headline, a short line that may be either, or content."""
    if block.index == headline:
        return "headline"
    if scores.get(block.index, 0.0) > 0:
        return "chrome"
    is_short = word_count(block.text) <= _TEASER_WORDS and not is_prose(block.text) and not CODE_SIGNS.search(block.text)
    return "short" if is_short and not (ends_sentence(block.text) and word_count(block.text) > _CALL_WORDS) else "content"
