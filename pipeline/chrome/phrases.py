"""Witness: the rule tables. A line that is a known phrase, that holds one, or to which one is glued."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.chrome.fused import peel, run_of_chrome
from pipeline.chrome.rulebook import Rule, RuleBook, view
from pipeline.model import Block, Evidence, Kind
from pipeline.text.words import ends_sentence, word_count

# What is quoted is talked about: "We use cookies" in an article about banners.
_QUOTATION = re.compile(
    r"“[^“”]{1,300}”|„[^„“”]{1,300}[“”]|«[^«»]{1,300}»|\"[^\"]{1,300}\"|「[^「」]{1,300}」|『[^『』]{1,300}』"
)
_QUOTED_LINE = re.compile(rf"(?:{_QUOTATION.pattern}|‘[^‘’]{{1,300}}’)$")
# Somebody speaks of the phrase: "All rights reserved, said the plate on the gate". Banners report nobody's words.
_REPORT = re.compile(
    r"\b(?:said|says|wrote|writes|used to say|told (?:him|her|us|me|them)|"
    r"(?:was|were) (?:stamped|painted|printed|written) (?:on|in|at)|"
    r"sagte?|schrieb|schreibt|versprach|stand (?:auf|an|in|dort|darunter)|"
    r"disai(?:t|ent)|écrivait|a dit|decían?|dijo|escribió|diceva(?:no)?|dizia(?:m)?|disse|escreveu|"
    r"zei|schreef|stond er|skrev|sade|stod det|głosił[ao]?|napisał[ao]?|powiedział[ao]?|"
    r"(?:на|с)писал[аи]?|говорил[аи]?|сказал[аи]?|пишет|гласил[аи]?|надпись стояла|yazıyordu|dedi|diyordu)\b"
    r"|,\s(?:explains|explique|explica|spiega|erklärt|zegt|säger|mówi|говорит|пишет|dice|dit|diz)\s"
    r"|(?:كان|كانت) مكتوب|(?:هكذا|كما) (?:قال|كتب)|نوشته (?:بود|شده بود)|(?:گفت|نوشت)[.،]"
    r"|लिखा (?:था|है)|उसने कहा|と(?:言|書|話)[いっし]|这(?:句话|[一-九]个字|几个字)",
    re.IGNORECASE,
)
_FEWEST_REPORT_WORDS = 6
_CALL_WORDS = 4
_FEWEST_WORDS_LEFT, _MOST_WORDS_BEHIND = 4, 3
_LINE_OF_BLOCK_WEIGHT = 3.0  # a line inside a longer block goes by itself only if its rule is this sure


def phrases(block: Block, book: RuleBook) -> Iterator[Evidence]:
    """Return what the rules say of a block: of all of it, of the lines inside it, or of what is glued to its ends."""
    if block.kind is Kind.CODE:
        return
    line = view(block.text)[0]
    if _QUOTED_LINE.match(block.text.strip()):
        return  # somebody says "Reply." in a story
    unquoted = _QUOTATION.sub(" ", block.text)
    found = book.of_line(line, line if unquoted == block.text else view(unquoted)[0]) or run_of_chrome(line, book)
    if found and word_count(line) >= _FEWEST_REPORT_WORDS and _REPORT.search(line):
        return
    if found:
        yield from _at_the_end(block, found, book) or (_of_all(block, rule) for rule in found)
        return
    peeled = peel(block.text, book) if book.may_be_glued(line) else None
    if peeled and peeled.pieces:
        rest = view(peeled.rest(block.text))[0]
        under = book.of_line(rest)
        if under or _is_scrap(peeled.rest(block.text)):
            yield from (_of_all(block, rule) for _, _, rule in peeled.pieces)
            yield from (_of_all(block, rule) for rule in under)
        else:
            yield from (_of_part(block, start, end, rule) for start, end, rule in peeled.pieces)
    if "\n" in block.text:
        yield from _lines_inside(block, book)


def _at_the_end(block: Block, found: list[Rule], book: RuleBook) -> list[Evidence]:
    """Return what is to be cut if all that was found are phrases behind the last sentence of a line; else nothing."""
    text, offsets = view(block.text)
    spans = [(rule, span) for rule, span in book.phrase_spans(text) if rule in found]
    if len(spans) < len(found) or not spans:
        return []
    start = min(span[0] for _, span in spans)
    before, after = text[:start], text[max(span[1] for _, span in spans) :]
    if word_count(before) < _FEWEST_WORDS_LEFT or not ends_sentence(before) or word_count(after) > _MOST_WORDS_BEHIND:
        return []
    return [_of_part(block, offsets[start], len(block.text), rule) for rule, _ in spans]


def _lines_inside(block: Block, book: RuleBook) -> Iterator[Evidence]:
    start = 0
    for line in block.text.split("\n"):
        rule = book.is_chrome_line(view(line)[0])
        if rule and rule.weight >= _LINE_OF_BLOCK_WEIGHT:
            yield _of_part(block, start, start + len(line), rule)
        start += len(line) + 1


def _is_scrap(rest: str) -> bool:
    """Return whether what is left after cutting chrome off cannot stand alone: a counter, a sign, "Enjoying this story?"."""
    count = word_count(rest)
    is_call = count <= _CALL_WORDS and rest.endswith("?")
    return is_call or (count <= 1 and not any(map(str.isalpha, rest)))


def _of_all(block: Block, rule: Rule) -> Evidence:
    return Evidence(block.index, rule.id, rule.family, rule.weight, block.start, block.end)


def _of_part(block: Block, start: int, end: int, rule: Rule) -> Evidence:
    return Evidence(block.index, rule.id, rule.family, rule.weight, block.start + start, block.start + end, cut=True)
