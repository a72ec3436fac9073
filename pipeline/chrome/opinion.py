"""Witness: trafilatura's extraction of the same page, asked where the model is in doubt about an article.

It costs many times what all other witnesses cost together, and is the better judge of comments, captions and boxes among
paragraphs.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence

from pipeline.chrome.evidence import of_block
from pipeline.learned.main_text import MainText
from pipeline.model import Block, Document, Evidence, Kind
from pipeline.text.unicode import folded

_SHINGLE = 4
_SHARE = 0.5
_FEWEST_CHARS = 200
_DEEPEST = 90  # lxml, which trafilatura reads with, loses text on deeply nested pages: its silence would mean nothing
_LONGEST = 1_500_000  # characters: its time grows with the square of what hostile pages are made of
_SURE, _MAYBE_ARTICLE, _LOST = 0.82, 0.3, 0.6
_OUTSIDE = 1.5
_NOT_ITS_FIELD = (Kind.ROW, Kind.CODE)  # it loses tables and listings


def is_doubtful(said: MainText) -> bool:
    """Return whether a page looks like an article whose text the model is not sure of: then it pays to ask.

    Of the 35 pages of WCXB that it is asked about 15 gain and 3 lose; of surer articles as many gain as lose, and of pages of
    other kinds more lose.
    """
    return (said.is_article and said.confidence < _SURE) or (said.article >= _MAYBE_ARTICLE and said.confidence < _LOST)


def second_opinion(document: Document) -> str:
    """Return what trafilatura takes for the main text of the page, "" where it finds none, too little to tell, or fails."""
    if len(document.html) > _LONGEST or any(block.path.count("/") > _DEEPEST for block in document.blocks):
        return ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # urllib3 tells which proxies it cannot use; nothing is fetched here
        import trafilatura

    try:
        extracted = trafilatura.extract(document.html, include_comments=False) or ""
    except (ValueError, TypeError, AttributeError, RecursionError, KeyError, IndexError, AssertionError):
        return ""  # its faults on odd markup must not cost us the page: the other witnesses decide
    return extracted if len(extracted) >= _FEWEST_CHARS else ""


def opinion(blocks: Sequence[Block], extracted: str) -> Iterator[Evidence]:
    """Return evidence against each block that the second opinion does not have.

    What it has it takes for text on pages of other kinds too: on the 28 pages of WCXB on which it is asked, word F1 was .756
    without it, .745 with evidence both ways, .764 with none against tables and code, and .808 with none for anything either.
    """
    for block, is_inside in zip(blocks, _inside(blocks, extracted), strict=True):
        if not is_inside and block.kind not in _NOT_ITS_FIELD:
            yield of_block(block, "opinion.not-main-text", "second-opinion", _OUTSIDE)


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
