"""Witness for plain text: what a line looks like, and what stands around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.chrome.evidence import of_block
from pipeline.model import Block, Evidence
from pipeline.text.words import ends_sentence, is_prose, word_count

_SHORT_WORDS = 6


def looks(block: Block) -> Iterator[Evidence]:
    """Return what a line's wording says for it: prose stays unless much speaks against it."""
    if is_prose(block.text):
        yield of_block(block, "line.prose", "content", -3.0)
    elif word_count(block.text) >= 5 and ends_sentence(block.text):
        yield of_block(block, "line.sentence", "content", -1.0)


def neighbours(blocks: Sequence[Block], scores: Mapping[int, float], headline: int) -> Iterator[Evidence]:
    """Return evidence against short lines in the midst of chrome; `scores` are the sums of the evidence so far.

    A short line counts as in its midst if the next line to judge on each side is chrome, the headline or the page's edge,
    and at least one of them is chrome.
    """
    sides = [_side(scores.get(block.index, 0.0), block.index == headline) for block in blocks]
    for place, block in enumerate(blocks):
        if scores.get(block.index, 0.0) > 0 or block.index == headline or word_count(block.text) > _SHORT_WORDS:
            continue
        if ends_sentence(block.text) and word_count(block.text) > 2:
            continue
        before = sides[place - 1] if place else "edge"
        behind = sides[place + 1] if place + 1 < len(blocks) else "edge"
        if "content" not in (before, behind) and "chrome" in (before, behind):
            yield of_block(block, "line.among-chrome", "neighbours", 1.2 if "chrome" == before == behind else 0.8)


def _side(score: float, is_headline: bool) -> str:
    if is_headline:
        return "headline"
    return "chrome" if score > 0 else "content"
