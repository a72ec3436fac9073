"""Witness for plain text: what a line looks like, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from pipeline.chrome.evidence import of_block
from pipeline.chrome.headings import is_beside
from pipeline.model import Block, Evidence
from pipeline.text.words import ends_sentence, is_prose, word_count

_SHORT_WORDS = 6
_TEASER_WORDS = 16
_MOST_TEASERS = 6


def looks(block: Block) -> Iterator[Evidence]:
    """Return what a line's wording says for it: prose stays unless much speaks against it."""
    if is_prose(block.text):
        yield of_block(block, "line.prose", "content", -3.0)
    elif word_count(block.text) >= 5 and ends_sentence(block.text):
        yield of_block(block, "line.sentence", "content", -1.0)


def neighbours(
    blocks: Sequence[Block], scores: Mapping[int, float], families: Mapping[int, str], headline: int
) -> Iterator[Evidence]:
    """Return evidence against short lines in the midst of chrome.

    `scores` are the sums of the evidence so far, `families` what kind of chrome a block is. A run of short lines between two
    chrome lines, or between one and the page's edge or the headline, is chrome too; so are the few titles under a line like
    "Related articles", whatever follows them.
    """
    judged = [block for block in blocks if not is_beside(block.text)]  # a date or a byline says nothing of its neighbours
    runs = [list(run) for _, run in groupby(judged, key=lambda block: _side(block, scores, headline))]
    for place, run in enumerate(runs):
        if _side(run[0], scores, headline) != "short":
            continue
        before = runs[place - 1][-1] if place else None
        behind = runs[place + 1][0] if place + 1 < len(runs) else None
        sides = [_side(block, scores, headline) if block else "edge" for block in (before, behind)]
        under_related = before is not None and sides[0] == "chrome" and families.get(before.index) == "related"
        if under_related and len(run) <= _MOST_TEASERS:
            yield from (of_block(block, "line.under-related", "related", 1.5) for block in run)
        elif "chrome" in sides and "content" not in sides:
            weight = 1.2 if sides == ["chrome", "chrome"] else 1.1
            for block in run:
                if word_count(block.text) <= _SHORT_WORDS and len(run) <= _MOST_TEASERS:
                    yield of_block(block, "line.among-chrome", "neighbours", weight)


def _side(block: Block, scores: Mapping[int, float], headline: int) -> str:
    """Return what a block is to its neighbours: chrome, the headline, a short line that may be either, or content."""
    if block.index == headline:
        return "headline"
    if scores.get(block.index, 0.0) > 0:
        return "chrome"
    is_short = word_count(block.text) <= _TEASER_WORDS and not is_prose(block.text)
    return "short" if is_short and not (ends_sentence(block.text) and word_count(block.text) > 2) else "content"
