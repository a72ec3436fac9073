"""Witness: the headline, its copies, the breadcrumb fused with it, and keyword lines repeated between paragraphs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.chrome.evidence import of_block
from pipeline.model import Block, Document, Evidence, Facts, Kind, Media
from pipeline.text.bylines import authors_of_line
from pipeline.text.dates import date_of_line, find_date
from pipeline.text.unicode import folded
from pipeline.text.words import TITLE_SEPARATOR, ends_sentence, is_prose, word_count, words

_LONGEST_WORDS = 40
_TOP_BLOCKS = 60
_FEW_LINES = 4
_MENU_LINES = 3
_BREADCRUMB_WORDS = 8
_SITE_WORDS = 4
_KEYWORD_WORDS = 5
_SEARCH_TERMS_WORDS = 20
_UNDER_HEADLINE = 8  # blocks
_DATELINE_WORDS, _TIMED_WORDS = 14, 30
_CLOCK = re.compile(r"(?<!\d)\d{1,2} ?[:h] ?\d\d(?!\d)")
_SOME_DATE = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)")  # of whichever month
_TRAIL_SIGNS = re.compile(r"[>»›|/]|\s[-–—]\s")
_AGAIN, _ITEM_AGAIN = 5.0, 1.0  # log odds against another copy of a paragraph, and of an item of a list
_ITEM_SIGN = re.compile(r"(?:[-*•·+–]|[0-9]{1,3}[.)])\s")
_REPLY = re.compile(r"^(?:re|aw|antw|sv|odp|vs)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Headline:
    """The headline of a page and the block that holds it (-1: it stands in the page's head alone)."""

    text: str
    block: int


NO_HEADLINE = Headline("", -1)


def find_headline(document: Document, chrome: frozenset[int]) -> Headline:
    """Return the headline; `chrome` are blocks that rules know as chrome and that therefore hold none. May be empty.

    HTML: the heading that agrees with what the page states as its headline or title. Plain text: among the short lines
    above the first paragraph, the one that is repeated, else the first of a few, else that under the menu above it.
    """
    if document.media is Media.HTML:
        return _html_headline(document, chrome)
    return _text_headline(document.blocks, chrome)


def _html_headline(document: Document, chrome: frozenset[int]) -> Headline:
    facts = document.facts
    stated = [folded(text) for text in (facts.headline, facts.title) if text]
    headings = [
        b
        for b in document.blocks
        if b.kind is Kind.HEADING and b.level <= 2 and not b.hidden and b.index not in chrome and not _is_site(b.text, facts)
    ]
    agreeing = [b for b in headings if _agrees(folded(b.text), stated)]
    if agreeing:
        # A piece of the page title is in it too, and shorter; what holds the headline and more is "3 thoughts on …".
        wholes = {folded(text) for title in (facts.headline, facts.title) for text in (title, TITLE_SEPARATOR.split(title)[0])}
        best = max(agreeing, key=lambda b: (folded(b.text) in wholes, len(folded(b.text)), -b.level))
        return Headline(best.text, best.index)
    firsts = [b for b in headings if b.level == 1 and word_count(b.text) <= _LONGEST_WORDS]
    if len(firsts) == 1:
        return Headline(firsts[0].text, firsts[0].index)
    text = facts.headline or _without_site(facts.title, facts.site_name)
    fold = folded(text)
    block = next((b for b in document.blocks if fold and folded(b.text) == fold and not b.hidden), None)
    return Headline(block.text if block else text, block.index if block else -1)


def _is_site(heading: str, facts: Facts) -> bool:
    """Return whether a short heading stands in the last piece of the page title alone, behind a longer one, or names the site."""
    fold, count = folded(heading), word_count(heading)
    *others, last = TITLE_SEPARATOR.split(facts.title)
    if count > _SITE_WORDS or not any(word_count(other) > count for other in others):
        return False
    is_name = fold == folded(facts.site_name)
    return is_name or (fold in folded(last) and not any(fold in folded(text) for text in (*others, facts.headline)))


def _agrees(fold: str, stated: Sequence[str]) -> bool:
    """Return whether a heading is what the page states as its title, or one holds the other."""
    return any(fold == text or (len(fold) >= 12 and (fold in text or text in fold)) for text in stated if fold and text)


def _without_site(title: str, site_name: str) -> str:
    """Return a page title without the site's name at its end: "Bridge closed - Harbour Gazette" → "Bridge closed"."""
    parts = TITLE_SEPARATOR.split(title)
    if len(parts) < 2:
        return title
    last = parts[-1]
    if folded(last) == folded(site_name) or word_count(last) <= max(4, word_count(title) // 3):
        return title[: title.rindex(last)].rstrip(" |-–—·•»:/") or title
    return title


def _text_headline(blocks: Sequence[Block], chrome: frozenset[int]) -> Headline:
    copies = Counter(folded(block.text) for block in blocks)
    candidates: list[Block] = []
    for block in blocks[:_TOP_BLOCKS]:
        if is_prose(block.text):
            break
        if block.index not in chrome and _may_be_headline(block.text):
            candidates.append(block)
    else:
        if len(blocks) > 3 and not any(is_prose(block.text) for block in blocks):
            candidates = candidates[:1]  # a page without a paragraph: a list, a poem
    # A crumb trail holds the headline: that says which line is the headline, and is not it.
    trails = [(b, other) for b in candidates for other in candidates if _is_trail(b.text, other.text)]
    copies.update(folded(other.text) for _, other in trails)
    candidates = [b for b in candidates if not any(b is trail for trail, _ in trails)]
    if not candidates:
        return NO_HEADLINE
    most = max(copies[folded(block.text)] for block in candidates)
    if most > 1:
        best = next(block for block in candidates if copies[folded(block.text)] == most)
    elif len(candidates) <= _FEW_LINES and not _is_under_menu(candidates[0], blocks):
        best = candidates[0]
    else:
        best = _first_of_last_group([block for block in candidates if word_count(block.text) >= 4] or candidates[-1:])
    return Headline(best.text, best.index)


def _may_be_headline(text: str) -> bool:
    """Return whether a line is as long as headlines are, of words rather than of figures, and no date or byline."""
    letters = sum(map(str.isalpha, text))
    return 2 <= word_count(text) <= _LONGEST_WORDS and 2 * letters > len(text.replace(" ", "")) and not is_beside(text)


def _first_of_last_group(candidates: Sequence[Block]) -> Block:
    """Return the line that begins the last run of neighbouring candidates: a subtitle may follow the headline."""
    best = candidates[-1]
    for block in reversed(candidates[:-1]):
        if best.index - block.index > 1:
            break
        best = block
    return best


def _is_under_menu(first: Block, blocks: Sequence[Block]) -> bool:
    """Return whether short lines stand above the first candidate, as those of a menu do."""
    return sum(not is_beside(block.text) for block in blocks[: first.index]) >= _MENU_LINES


def is_beside(text: str) -> bool:
    """Return whether a line is what stands beside headlines: a date, a byline."""
    return bool(date_of_line(text) or authors_of_line(text))


def _is_trail(line: str, headline: str) -> bool:
    """Return whether `line` is a breadcrumb fused with the headline ("Home News Headline", "Home > Headline | Site")."""
    a, b = f" {folded(line)} ", f" {folded(headline)} "
    if len(b) < 10 or a == b or b not in a:
        return False
    rest = a.replace(b, " ", 1)
    return word_count(rest) <= _BREADCRUMB_WORDS and (a.endswith(b) or _TRAIL_SIGNS.search(line) is not None)


def headings(document: Document, headline: Headline) -> Iterator[Evidence]:
    """Return evidence against copies of the headline, trails that end in it, and page titles that reword it."""
    fold = folded(headline.text)
    if not fold:
        return
    for block in document.blocks:
        if block.index == headline.block:
            continue
        holds = fold in folded(block.text)
        if holds and folded(_REPLY.sub("", block.text)) == fold:
            yield of_block(block, "heading.copy-of-headline", "repeated-heading", 6.0)
        elif holds and _is_trail(block.text, headline.text) and (block.index < headline.block or _TRAIL_SIGNS.search(block.text)):
            yield of_block(block, "heading.breadcrumb-with-headline", "breadcrumb", 5.0)
        elif (document.media is Media.TEXT and block.index < headline.block and _rewords(block.text, headline.text)) or (
            document.facts.title and folded(block.text) == folded(document.facts.title)
        ):
            yield of_block(block, "heading.page-title", "repeated-heading", 4.0)


def _rewords(line: str, headline: str) -> bool:
    """Return whether nearly all words of a line above the headline are words of the headline (inflection aside)."""
    own, of_headline = words(line), words(headline)
    if len(own) < 4 or is_prose(line):
        return False
    stems = {word[:4] for word in of_headline}
    return sum(word[:4] in stems for word in own) >= 0.8 * len(own)


def keyword_lines(blocks: Sequence[Block], headline: Headline, chrome: frozenset[int]) -> Iterator[Evidence]:
    """Return evidence against a line of keywords that an SEO plug-in repeats between paragraphs ("Syria and Russia").

    A short one stands alone twice or more beside a paragraph, and in the headline or at the head of paragraphs; a long one (a
    list of search terms) three times or more. Two different lines that repeat so are the speakers of an interview or the sections
    of a review, and stay. `chrome` are blocks that rules know already.
    """
    alone: dict[str, list[Block]] = {}
    prose = [place for place, block in enumerate(blocks) if is_prose(block.text)]
    for place in sorted({near for at in prose for near in range(at - 2, at + 3)}.difference(prose)):
        if not 0 <= place < len(blocks) or blocks[place].index in chrome:
            continue
        text = blocks[place].text
        if 0 < word_count(text) <= _SEARCH_TERMS_WORDS and text[-1:] not in '.!?:;,…»”"':
            alone.setdefault(folded(text), []).append(blocks[place])
    repeated = {fold: found for fold, found in alone.items() if len(found) >= 2 and fold != folded(headline.text)}
    if len(repeated) != 1 or word_count(next(iter(repeated))) < 2:
        return
    [(fold, found)] = repeated.items()
    opens = sum(folded(block.text).startswith(f"{fold} ") for block in blocks)
    if word_count(found[0].text) > _KEYWORD_WORDS:
        is_keywords = len(found) >= 3
    else:
        is_keywords = (f" {fold} " in f" {folded(headline.text)} " and opens + len(found) >= 3) or opens >= 2
    if is_keywords:
        for block in found:
            yield of_block(block, "heading.keyword-line", "keyword", 4.0)


def datelines(document: Document, headline: Headline) -> Iterator[Evidence]:
    """Return evidence against the date and byline under the headline of an HTML page: its metadata hold them."""
    place = headline.block
    if document.media is not Media.HTML or place < 0:
        return
    for block in document.blocks[max(0, place - 2) : place + _UNDER_HEADLINE]:
        if block.index == place or block.kind is Kind.HEADING or is_prose(block.text):
            continue
        if _is_dateline(block.text):
            yield of_block(block, "heading.dateline", "dateline", 3.0)
        elif word_count(block.text) <= _DATELINE_WORDS and authors_of_line(block.text):
            yield of_block(block, "heading.byline", "byline", 2.5)


def _is_dateline(text: str) -> bool:
    """Return whether a line under a headline says when a page was published: a few words with a date, more if with a time."""
    count = word_count(text)
    if count <= _DATELINE_WORDS and find_date(text):
        return True
    is_timed = count <= _TIMED_WORDS and _CLOCK.search(text) is not None and not ends_sentence(text)
    return is_timed and (_SOME_DATE.search(text) is not None or bool(find_date(text)))


def repeated_lines(blocks: Sequence[Block]) -> Iterator[Evidence]:
    """Return evidence against second copies: of a date line or byline, and of a whole paragraph.

    The steps of a plan and the terms of an offer recur: of 551 copies of list items in dumps of WCXB 194 are text, of other
    paragraphs' 2,878 copies 365 are.
    """
    seen: set[str] = set()
    for block in blocks:
        fold = folded(block.text)
        if block.hidden or not fold:
            continue
        if fold in seen:
            if is_beside(block.text):
                yield of_block(block, "repeat.dateline", "repeated-line", 4.0)
            elif is_prose(block.text) and word_count(block.text) >= 15:
                yield of_block(block, "repeat.paragraph", "repeated-line", _ITEM_AGAIN if _is_item(block) else _AGAIN)
        seen.add(fold)


def _is_item(block: Block) -> bool:
    return block.kind is Kind.ITEM or _ITEM_SIGN.match(block.text) is not None
