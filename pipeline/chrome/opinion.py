"""Witness: trafilatura's extraction of the same page, as a second opinion on which blocks are main content.

Its word on a block counts less than its word on the blocks around and on the blocks of the same kind: it often leaves out
the list between two paragraphs it took, or takes three cards of ten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from pipeline.chrome.evidence import WEIGHTS, of_block
from pipeline.model import Block, Document, Evidence
from pipeline.text.unicode import folded

_SHINGLE = 4
_SHARE = 0.5
_FEWEST_CHARS = 200
_REACH = 3  # blocks before and behind that count as around
_FEWEST_KIN = 3


def second_opinion(document: Document) -> str:
    """Return what trafilatura takes for the main text of the page, "" where it finds none or fails."""
    if document.parser != "lxml":
        return ""  # lxml, which trafilatura reads with, loses text of this page: its silence would mean nothing
    import trafilatura

    try:
        return trafilatura.extract(document.html, include_comments=False) or ""
    except (ValueError, TypeError, AttributeError, RecursionError, KeyError, IndexError, AssertionError):
        return ""  # its faults on odd markup must not cost us the page: the other witnesses decide


def opinion(blocks: Sequence[Block], extracted: str) -> Iterator[Evidence]:
    """Return what the second opinion's text says of each block; of a text too short to tell, only that there is none."""
    if len(extracted) < _FEWEST_CHARS:
        yield from (_said(block, "opinion.none") for block in blocks)
        return
    inside = _inside(blocks, extracted)
    before = [0, *accumulate(inside)]
    of_kin, kin_inside = (
        Counter(map(_kin, blocks)),
        Counter(_kin(block) for block, yes in zip(blocks, inside, strict=True) if yes),
    )
    for place, block in enumerate(blocks):
        yield _said(block, "opinion.inside" if inside[place] else "opinion.outside")
        ahead = before[place] - before[max(0, place - _REACH)]
        behind = before[min(len(blocks), place + _REACH + 1)] - before[place + 1]
        if ahead >= 2 and behind >= 2:
            yield _said(block, "opinion.between")
        elif not ahead and not behind:
            yield _said(block, "opinion.far")
        if not before[place]:
            yield _said(block, "opinion.before-all")
        if before[place + 1] == before[-1]:
            yield _said(block, "opinion.after-all")
        kin = _kin(block)
        if of_kin[kin] >= _FEWEST_KIN:
            share = kin_inside[kin] / of_kin[kin]
            yield _said(
                block,
                "opinion.kin-inside" if share >= 0.6 else "opinion.kin-partly" if share >= 0.2 else "opinion.kin-outside",
            )


def _said(block: Block, rule: str) -> Evidence:
    return of_block(block, rule, "second-opinion", WEIGHTS[rule])


def _kin(block: Block) -> str:
    """Return what blocks of the same kind on a page share: the tags above them and the nearest class words."""
    return f"{block.path}|{block.marks[-40:]}"


def _inside(blocks: Sequence[Block], extracted: str) -> list[bool]:
    """Return for each block whether it is a line of `extracted`, or half of its four-word shingles stand there."""
    lines = extracted.split("\n")
    whole = {folded(line.strip("- ")) for line in lines} | {
        folded(cell) for line in lines if "|" in line for cell in line.split("|")
    }
    shingles = set(_shingles(folded(extracted).split()))
    found = []
    for block in blocks:
        fold = folded(block.text)
        own = _shingles(fold.split())
        found.append(bool(fold) and (fold in whole or (bool(own) and sum(map(shingles.__contains__, own)) >= _SHARE * len(own))))
    return found


def _shingles(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + _SHINGLE]) for i in range(len(words) - _SHINGLE + 1)]
