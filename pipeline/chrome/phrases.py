"""Witness: the rule tables. A line that is a known phrase, that holds one, or to which one is glued."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.chrome.fused import peel
from pipeline.chrome.rulebook import Rule, RuleBook, view
from pipeline.model import Block, Evidence, Kind
from pipeline.text.words import word_count

_LINE_OF_BLOCK_WEIGHT = 3.0  # a line inside a longer block goes by itself only if its rule is this sure


def phrases(block: Block, book: RuleBook) -> Iterator[Evidence]:
    """Return what the rules say of a block: of all of it, of the lines inside it, or of what is glued to its ends."""
    if block.kind is Kind.CODE:
        return
    found = book.of_line(view(block.text)[0])
    if found:
        yield from (_of_all(block, rule) for rule in found)
        return
    peeled = peel(block.text, book)
    if peeled.pieces:
        rest = view(peeled.rest(block.text))[0]
        under = book.of_line(rest)
        if under or not rest or _is_scrap(rest):
            yield from (_of_all(block, rule) for _, _, rule in peeled.pieces)
            yield from (_of_all(block, rule) for rule in under)
        else:
            yield from (_of_part(block, start, end, rule) for start, end, rule in peeled.pieces)
    if "\n" in block.text:
        yield from _lines_inside(block, book)


def _lines_inside(block: Block, book: RuleBook) -> Iterator[Evidence]:
    start = 0
    for line in block.text.split("\n"):
        rule = book.is_chrome_line(view(line)[0])
        if rule and rule.weight >= _LINE_OF_BLOCK_WEIGHT:
            yield _of_part(block, start, start + len(line), rule)
        start += len(line) + 1


def _is_scrap(rest: str) -> bool:
    """Return whether what is left after cutting chrome off is too little to stand alone: a counter, a single sign."""
    return word_count(rest) <= 1 and not any(char.isalpha() for char in rest)


def _of_all(block: Block, rule: Rule) -> Evidence:
    return Evidence(block.index, rule.id, rule.family, rule.weight, block.start, block.end)


def _of_part(block: Block, start: int, end: int, rule: Rule) -> Evidence:
    return Evidence(block.index, rule.id, rule.family, rule.weight, block.start + start, block.start + end, cut=True)
