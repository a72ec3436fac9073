"""Witness: the learned block model. What it thinks of a block is one number; the name says where on the page the block stands."""

from __future__ import annotations

import math
from bisect import bisect
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile

from pipeline.chrome.evidence import of_block
from pipeline.learned.main_text import MainText
from pipeline.model import Block, Evidence, Kind
from pipeline.text.words import word_count

MAIN, UNLIKELY = "model.main-text", "model.unlikely-main-text"
_BOUND = 1e-4
_COMMENT_WORDS, _BUTTON_WORDS = 4, 2
_SUREST = -2.5
_CODE, _LABEL_WORDS = 2.5, 3
_PLACE_WEIGHT = 1.5
_RELATED, _RELATED_WORDS, _TEASER_WORDS, _MOST_TEASERS, _LINKED, _UNDER_RELATED = "related", 6, 24, 12, 0.7, 2.0
_HEADS = (Kind.HEADING, Kind.PARAGRAPH, Kind.ITEM)
_NEVER_TEXT = frozenset(("comment", "share", "newsletter", "related", "author", "tags", "source"))  # ads are often of text

# Tags and class words that name a part of a page, nearest first: what a reader is told about why a block went.
_TAGS = {"nav": "navigation", "footer": "footer", "aside": "sidebar", "form": "form", "header": "header", "dialog": "dialog"}
_MARKS = {
    family: frozenset(words.split())
    for family, words in {
        "comment": "comment comments commentlist respond disqus kommentar kommentare kommentarer "
        "commentaires comentarios commenti",
        "consent": "cookie cookies consent gdpr onetrust cmp",
        "share": "share sharing social socials addtoany sharedaddy sharethis teilen partager compartir condividi dela udostepnij",
        "newsletter": "newsletter subscribe subscription signup optin mailchimp",
        "breadcrumb": "breadcrumb breadcrumbs crumb crumbs",
        "related": "related relatedposts recommended recommendations trending popular teaser teasers promo latest similar "
        "similaires relacionados relacionadas verwandt aehnlich correlati gerelateerd also aussi anche tambien leia leggi",
        "advertisement": "ad ads advert advertisement advertising sponsor sponsored outbrain taboola",
        "account": "login signin register account cart",
        "dialog": "modal popup dialog overlay",
        "navigation": "nav navbar navigation menu megamenu submenu sidenav navbox pagination toc",
        "author": "author bio byline authors",
        "tags": "tags tagcloud taglist topics keywords",
        "footer": "footer colophon copyright contentinfo",
        "sidebar": "sidebar rail aside complementary",  # not "widget": page builders call each element so
        "header": "masthead topbar banner",
        "source": "source sources quelle",
    }.items()
}
PLACES = tuple(sorted({*_TAGS.values(), *_MARKS, "caption", "button"}))


def main_text(blocks: Sequence[Block], said: MainText) -> Iterator[Evidence]:
    """Return what the model says of each block: the log of its odds against those at which the page's cut lies.

    In an article, a place that never holds its text speaks against a block by itself: precision counts there as much as recall.
    """
    cut, limit = said.cut, _logit(said.cut)
    for block, probability in zip(blocks, said.probability.tolist(), strict=True):
        weight = round(limit - _logit(probability) - (0.001 if probability >= cut else 0.0), 3)
        if weight <= 0:
            # Rules and site templates know what they say: they must be able to outweigh a model that is sure.
            yield of_block(block, MAIN, "content", max(weight, _SUREST))
            where = place_of(block)
            if (said.is_article and where in _NEVER_TEXT) or where == "button":
                yield of_block(block, f"place.{where}", where, _PLACE_WEIGHT)
        else:
            where = place_of(block)
            yield of_block(block, f"place.{where}" if where else UNLIKELY, where or "unlikely", weight)


def code_in_text(blocks: Sequence[Block], said: MainText) -> Iterator[Evidence]:
    """Return evidence for code that the model would take out between blocks that it keeps, second copies aside.

    Labels differ on whether an article's code belongs to its text: of 15 pages of WCXB on which it matters 12 gain by this.
    """
    codes = [block for block in blocks if block.kind is Kind.CODE]
    if not codes:
        return
    kept = (said.probability >= said.cut).tolist()
    # "Copy" above it and "View source" below it say nothing.
    others = [block.index for block in blocks if block.kind is not Kind.CODE and word_count(block.text) > _LABEL_WORDS]
    copies = Counter(block.text for block in codes)
    for block in codes:
        at = bisect(others, block.index)
        is_between = 0 < at < len(others) and kept[others[at - 1]] and kept[others[at]]
        if is_between and not kept[block.index] and not block.hidden and copies[block.text] == 1:
            yield of_block(block, "model.code-in-text", "content", -_CODE)


def under_related(blocks: Sequence[Block], by_phrase: Iterable[Evidence]) -> Iterator[Evidence]:
    """Return evidence against the links below a line like "You may also like", up to the next block that is none.

    Boxes of teasers mostly have names that the model knows; these are of no name, or of a language whose names it does not.
    """
    for seen in by_phrase:
        head = blocks[seen.block]
        if seen.family != _RELATED or seen.cut or head.kind not in _HEADS or word_count(head.text) > _RELATED_WORDS:
            continue
        behind = takewhile(_is_teaser, blocks[seen.block + 1 : seen.block + 1 + _MOST_TEASERS])
        yield from (of_block(block, "place.under-related", _RELATED, _UNDER_RELATED) for block in behind)


def _is_teaser(block: Block) -> bool:
    return block.kind is Kind.CAPTION or (block.link_share >= _LINKED and word_count(block.text) <= _TEASER_WORDS)


def place_of(block: Block) -> str:
    """Return the part of the page that a block stands in, by the innermost element whose tag or class words name one; else ""."""
    if block.kind is Kind.CAPTION:
        return "caption"
    if block.kind is Kind.FORM and block.text.count(" ") < _BUTTON_WORDS:
        return "button"
    return _place(block.path, block.marks)


def is_comment(block: Block) -> bool:
    """Return whether a block stands among what readers wrote, and is more than a button there."""
    return (
        ("comment" in block.marks or "respond" in block.marks or "disqus" in block.marks)
        and block.kind in (Kind.PARAGRAPH, Kind.QUOTE, Kind.ITEM)
        and not _MARKS["comment"].isdisjoint(block.marks.replace("/", " ").split())
        and word_count(block.text) >= _COMMENT_WORDS
    )


@lru_cache(maxsize=4_096)
def _place(path: str, marks: str) -> str:
    above, _, tag = path.rpartition("/")
    marks_above, _, words = marks.rpartition("/")
    if not tag or tag in _NO_PART:
        return ""
    return _part_of(tag, words) or _place(above, marks_above)


_NO_PART = frozenset(("body", "html", "main", "article"))


@lru_cache(maxsize=4_096)
def _part_of(tag: str, words: str) -> str:
    """Return the part of a page that an element is by its class words or its tag, else ""."""
    own = set(words.split())
    return next((family for family, names in _MARKS.items() if not names.isdisjoint(own)), _TAGS.get(tag, ""))


def _logit(probability: float) -> float:
    bounded = min(max(probability, _BOUND), 1 - _BOUND)
    return math.log(bounded / (1 - bounded))
