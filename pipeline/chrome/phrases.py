"""Witness: the rule tables. A line that is a known phrase, that holds one, or to which one is glued."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pipeline.chrome.fused import AD, may_be_glued, peel, run_of_chrome
from pipeline.chrome.rulebook import ONE_LETTER, Rule, RuleBook, view
from pipeline.model import Block, Evidence, Kind
from pipeline.text.words import ends_sentence, word_count

# What is quoted is talked about: "We use cookies" in an article about banners.
_QUOTATION = re.compile(
    r"“[^“”]{1,300}”|„[^„“”]{1,300}[“”]|«[^«»]{1,300}»|\"[^\"]{1,300}\"|「[^「」]{1,300}」|『[^『』]{1,300}』"
)
_QUOTES = re.compile('[“„«"「『‘]')
_QUOTED_LINE = re.compile(rf"(?:{_QUOTATION.pattern}|‘[^‘’]{{1,300}}’)$")
# Somebody speaks of the phrase: "All rights reserved, said the plate on the gate". Banners report nobody's words.
_REPORT = re.compile(
    (
        r"\b(?:said|says|wrote|writes|used to say|told (?:him|her|us|me|them)|"
        r"(?:was|were) (?:stamped|painted|printed|written) (?:on|in|at)|"
        r"sagte?|schrieb|schreibt|versprach|stand (?:auf|an|in|dort|darunter)|"
        r"disai(?:t|ent)|écrivait|a dit|decían?|dijo|escribió|diceva(?:no)?|dizia(?:m)?|disse|escreveu|"
        r"zei|schreef|stond er|skrev|sade|stod det|głosił[ao]?|napisał[ao]?|powiedział[ao]?|"
        r"(?:на|с)писал[аи]?|говорил[аи]?|сказал[аи]?|пишет|гласил[аи]?|надпись стояла|yazıyordu|dedi|diyordu|"
        r"(?:пише(?!:)|писа|каза|рекао|рекла|каже|написао|написала|писало је)|(?:napísal|povedal|řekl|napsal|stálo na)[ao]?|"
        r"napisao|napisala|rekao|rekla|kaže|pisalo je|je (?:rekel|rekla|dejal|zapisal)|va (?:dir|escriure)|deia|"
        r"sanoi|kirjoitti|mondta|írta(?!:)|είπε|έγραψε|katanya|ujar|viết rằng)\b"
        r"|,\s(?:explains|explique|explica|spiega|erklärt|zegt|säger|mówi|говорит|пишет|dice|dit|diz)\s"
        r"|(?:كان|كانت) مكتوب|(?:هكذا|كما) (?:قال|كتب)|نوشته (?:بود|شده بود)|(?:گفت|نوشت)[.،]"
        r"|लिखा (?:था|है)|उसने कहा|বললেন|বলেছেন|লিখেছেন|লেখা ছিল|と(?:言|書|話)[いっし]|这(?:句话|[一-九]个字|几个字)"
    ).translate(ONE_LETTER),
    re.IGNORECASE,
)
_FEWEST_REPORT_WORDS = 6
_STEM_CHARS = 5  # of a word, however its pattern writes its end
_MOST_OF_OURS = 6.0  # no rule of the package weighs more: a user who writes one that does has his reasons
_CALL_WORDS = 4
_FEWEST_WORDS_LEFT, _MOST_WORDS_BEHIND = 4, 3
_KNOWN_CHARS, _MOST_KNOWN = 250, 10_000
_LINE_OF_BLOCK_WEIGHT = 3.0  # a line inside a longer block goes by itself only if its rule is this sure


@dataclass(frozen=True, slots=True)
class _Find:
    """A rule that speaks against a text: against all of it (`cut` is False) or against the part from `start` to `end`."""

    rule: Rule
    start: int
    end: int
    cut: bool


def phrases(block: Block, book: RuleBook) -> Iterator[Evidence]:
    """Return what the rules say of a block: of all of it, of the lines inside it, or of what is glued to its ends."""
    if block.kind is Kind.CODE:
        return
    for find in _finds_of(block.text, book):
        rule, start = find.rule, block.start
        yield Evidence(block.index, rule.id, rule.family, rule.weight, start + find.start, start + find.end, find.cut)


def _finds_of(text: str, book: RuleBook) -> tuple[_Find, ...]:
    """Return what `_looked_for` finds in a text; for short texts it is kept, for the pages of a site repeat their lines."""
    known = book.found
    found: tuple[_Find, ...] | None = known.get(text)
    if found is None:
        found = tuple(_looked_for(text, book))
        if len(text) <= _KNOWN_CHARS:
            if len(known) >= _MOST_KNOWN:
                known.clear()
            known[text] = found
    return found


def in_context(blocks: Sequence[Block], found: Iterable[Evidence]) -> list[Evidence]:
    """Return what phrases say of the blocks of a page, without the cuts that what stands around shows to be wrong.

    Where a page is wrapped or broken at its links, a line may end with the first word of a sentence that goes on in the next
    ("…. Facebook" "changed all that"). And the label of an advertisement stands on a page as a line too, or in capitals; a
    sentence may begin with its word.
    """
    found = list(found)
    if not any(seen.cut for seen in found):
        return found
    behind = {one.index: other for one, other in pairwise(blocks)}
    own = {block.index: block for block in blocks}
    is_labelled = any(seen.family == AD and not seen.cut for seen in found)
    return [
        seen
        for seen in found
        if not seen.cut
        or not (_goes_on(seen, own[seen.block], behind.get(seen.block)) or _is_no_label(seen, own[seen.block], is_labelled))
    ]


def _goes_on(cut: Evidence, block: Block, behind: Block | None) -> bool:
    """Return whether a sentence begins with what is cut off a block's end, and the block behind goes on with it."""
    if behind is None or cut.end < block.end or not cut.start > block.start:
        return False
    first, last = behind.text[:1], block.text[-1:]
    is_caseless = last.isalpha() and first.isalpha() and last.lower() == last.upper() and first.lower() == first.upper()
    is_parted = behind.gap or block.text[cut.start - block.start - 1].isspace()
    return first.islower() or (is_caseless and not is_parted)


def _is_no_label(cut: Evidence, block: Block, is_labelled: bool) -> bool:
    """Return whether a label is cut off a block's beginning that is neither a line of the page too nor in capitals."""
    label = block.text[: cut.end - block.start].strip()
    return cut.family == AD and cut.start == block.start and not is_labelled and not label.isupper()


def _looked_for(text: str, book: RuleBook) -> Iterator[_Find]:
    line, unquoted = view(text)[0], text
    if _QUOTES.search(text):
        if _QUOTED_LINE.match(text.strip()):
            return  # somebody says "Reply." in a story
        unquoted = _QUOTATION.sub(" ", text)
    elif "\n" not in text and not (line and (book.may_hold_chrome(line) or may_be_glued(text, line, book))):
        return
    found = book.of_line(line, line if unquoted == text else view(unquoted)[0]) or run_of_chrome(line, book)
    is_reported = bool(found) and _is_reported(line, found)
    if found and not is_reported:
        yield from _at_the_end(text, found, book) or (_Find(rule, 0, len(text), False) for rule in found)
        return
    peeled = peel(text, book) if may_be_glued(text, line, book) else None
    if peeled and peeled.pieces:
        rest = peeled.rest(text)
        under = book.of_line(view(rest)[0]) if not is_reported else []
        if under or _is_scrap(rest):
            yield from (_Find(rule, 0, len(text), False) for rule in (*(rule for _, _, rule in peeled.pieces), *under))
        else:
            yield from (_Find(rule, start, end, True) for start, end, rule in peeled.pieces)
    if is_reported:
        return
    if "\n" in text:
        yield from _lines_inside(text, book)


def _is_reported(line: str, found: Iterable[Rule]) -> bool:
    """Return whether somebody in a line says what rules found there, unless saying it is part of a rule ("Write a comment")."""
    if word_count(line) < _FEWEST_REPORT_WORDS or any(rule.weight > _MOST_OF_OURS for rule in found):
        return False
    says = _REPORT.search(line)
    if says is None:
        return False
    stem = re.compile(rf"\b{re.escape(says[0].lower()[:_STEM_CHARS])}")
    return not any(stem.search(rule.pattern) for rule in found)


def _at_the_end(whole: str, found: list[Rule], book: RuleBook) -> list[_Find]:
    """Return what is to be cut if all that was found are phrases behind the last sentence of a line; else nothing."""
    text, offsets = view(whole)
    spans = [(rule, span) for rule, span in book.phrase_spans(text) if rule in found]
    if len(spans) < len(found) or not spans:
        return []
    start = min(span[0] for _, span in spans)
    before, after = text[:start], text[max(span[1] for _, span in spans) :]
    if word_count(before) < _FEWEST_WORDS_LEFT or not ends_sentence(before) or word_count(after) > _MOST_WORDS_BEHIND:
        return []
    return [_Find(rule, offsets[start], len(whole), True) for rule, _ in spans]


def _lines_inside(text: str, book: RuleBook) -> Iterator[_Find]:
    start = 0
    for line in text.split("\n"):
        rule = book.is_chrome_line(view(line)[0])
        if rule and rule.weight >= _LINE_OF_BLOCK_WEIGHT:
            yield _Find(rule, start, start + len(line), True)
        start += len(line) + 1


def _is_scrap(rest: str) -> bool:
    """Return whether what is left after cutting chrome off cannot stand alone: a counter, a sign, "Enjoying this story?"."""
    count = word_count(rest)
    is_call = count <= _CALL_WORDS and rest.endswith("?")
    return is_call or (count <= 1 and not any(map(str.isalpha, rest)))
