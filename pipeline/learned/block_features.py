"""What the learned model sees of the blocks of an HTML page: one row of numbers a block, by array operations over the page.

Nothing here reads words of a language: letters are counted by Unicode class, and class names, tags and addresses are web English.
"""

# ruff: noqa: B023 - a column is worked out when it is added, or never

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from pipeline.model import Block, Document, Kind
from pipeline.text.unicode import folded

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TAGS = "p div li td a span h1 h2 h3 h4 h5 h6 blockquote pre dt dd figcaption button section article main label".split()
ABOVE = (
    "nav header footer aside main article section form ul ol table details summary dl figure button blockquote dialog "
    "address fieldset noscript template"
).split()
FAMILIES: dict[str, str] = {
    "navigation": "nav navbar navigation menu megamenu submenu sidenav navbox pagination pager toc dropdown offcanvas "
    "breadcrumb breadcrumbs",
    "footer": "footer foot colophon copyright contentinfo bottom",
    "header": "header masthead topbar banner top",
    "aside": "sidebar rail aside complementary widget widgets side secondary",
    "consent": "cookie cookies consent gdpr onetrust cmp privacy",
    "comment": "comment comments commentlist respond disqus reply replies",
    "share": "share sharing social addtoany sharedaddy socials follow",
    "related": "related recommended recommendations trending popular teaser teasers promo latest similar recent suggestions "
    "upsell crosssell more",
    "newsletter": "newsletter subscribe subscription signup optin mailchimp",
    "account": "login signin register account modal popup dialog overlay cart basket wishlist",
    "advertisement": "ad ads advert advertisement advertising sponsor sponsored outbrain taboola adsbygoogle",
    "author": "author bio byline authors avatar profile user username",
    "tags": "tags tagcloud taglist topics keywords tag category categories",
    "meta": "meta metadata postmeta date time published timestamp info",
    "form": "form search input field filter filters sort facet facets",
    "main": "article content entry articlebody main body text",
    "text": "articlebody storybody entrycontent prose richtext markdown wysiwyg rte copy editor",
    "cards": "card cards grid carousel slider swiper slide tile tiles item items",
    "description": "description desc details detail product specifications specs overview features feature attributes",
    "post": "post message thread topic answer question msg forum discussion",
    "hidden": "hidden collapse collapsed hide sr offscreen visually screen",
    "tab": "tab tabs accordion panel toggle faq expand expandable",
    "price": "price prices sale amount cost currency",
    "image": "caption captions figure image img photo gallery media video credit",
    "hero": "hero intro lead title headline heading subtitle summary excerpt",
    "review": "review reviews rating ratings stars testimonial testimonials",
    "table": "table row cell column",
    "code": "code highlight pre syntax",
}  # fmt: skip
_FAMILY_OF = {word: place for place, words in enumerate(FAMILIES.values()) for word in words.split()}
_URL_KINDS = {
    "forum": r"forum|thread|topic|discussion|viewtopic|showthread|questions?|community|\bt\b|boards?",
    "product": r"products?|shop|store|item|dp|buy|p\b",
    "listing": r"categor|collections?|tags?|archive|search|list|browse|jobs|events",
    "docs": r"docs?|documentation|reference|api|manual|guide|wiki|tutorial|learn|help|support|kb",
    "blog": r"blog|news|article|story|stories|posts?|20[012]\d|magazine",
    "about": r"about|services?|company|contact|solutions?|features|pricing",
}
_URL_PATTERNS = [re.compile(rf"(?:^|[\W_])(?:{pattern})(?:[\W_]|$)") for pattern in _URL_KINDS.values()]
KINDS_STATED = ("article", "product", "forum", "collection", "recipe", "faq", "website")

_LETTER, _DIGIT, _UPPER, _SPACE, _END, _COMMA, _MONEY, _BAR, _QUOTE, _COLON, _SINGLE = (1 << bit for bit in range(11))
_SIGNS = {
    _END: ".!?…。！？؟।۔",
    _COMMA: ",;、，،；",
    _BAR: "|›»>•·→/‹«<←",
    _QUOTE: '"“”„«»‘’「」『』',
    _COLON: ":：",
}
_LEVELS = 5
_SHARES = (0.35, 0.6)
_PIECE = 30  # characters of a block that are looked for in what the page states


@cache
def _classes() -> NDArray[np.uint16]:
    """Return the classes of each character of the Basic Multilingual Plane as bits; one beyond it counts as a letter."""
    table = np.zeros(65_536, np.uint16)
    for code in range(65_535):
        category = unicodedata.category(chr(code))
        if category[0] in "LM":
            table[code] = _LETTER | (_UPPER if category == "Lu" else 0)
        elif category[0] == "N":
            table[code] = _DIGIT
        elif category[0] == "Z" or code in (9, 10):
            table[code] = _SPACE
        elif category == "Sc":
            table[code] = _MONEY
    for first, last in ((0x0E00, 0x0E7F), (0x3040, 0x30FF), (0x3400, 0x9FFF)):
        table[first : last + 1] |= _SINGLE
    for bit, signs in _SIGNS.items():
        for sign in signs:
            table[ord(sign)] |= bit
    table[65_535] = _LETTER
    return table


@lru_cache(maxsize=4_096)
def _path_bits(path: str) -> tuple[int, int, int]:
    """Return a path's last tag (its place in TAGS, or their number), a bit for each of ABOVE in it, and its depth."""
    tags = path.split("/")
    bits = 0
    for tag in tags:
        if tag in _ABOVE_PLACE:
            bits |= 1 << _ABOVE_PLACE[tag]
    return _TAG_PLACE.get(tags[-1], len(TAGS)), bits, len(tags) - 1


_ABOVE_PLACE = {tag: place for place, tag in enumerate(ABOVE)}
_TAG_PLACE = {tag: place for place, tag in enumerate(TAGS)}


@lru_cache(maxsize=4_096)
def _family_bits(words: str) -> int:
    bits = 0
    for word in words.split():
        place = _FAMILY_OF.get(word)
        if place is not None:
            bits |= 1 << place
    return bits


@lru_cache(maxsize=4_096)
def _marks_bits(marks: str) -> tuple[int, int]:
    """Return the families of class words anywhere above a block and in the three elements next to it (body and html aside)."""
    levels = marks.split("/")[3:]
    near = 0
    for level in levels[-3:]:
        near |= _family_bits(level)
    return _family_bits_above("/".join(levels[:-3])) | near, near


@lru_cache(maxsize=4_096)
def _family_bits_above(marks: str) -> int:
    above, _, words = marks.rpartition("/")
    return _family_bits(words) | (_family_bits_above(above) if above else 0)


class _Columns:
    """Feature columns by name, in the order in which they are added; those that nobody wants are not worked out."""

    def __init__(self, count: int, wanted: Sequence[int] | None) -> None:
        self.names: list[str] = []
        self.rows: list[NDArray[np.float32]] = []
        self._count = count
        self._wanted = None if wanted is None else frozenset(wanted)

    def add(self, name: str, values: Callable[[], Any]) -> None:
        """Add a column, whose values are asked for at once or never."""
        if self._wanted is None or len(self.names) in self._wanted:
            row = np.empty(self._count, np.float32)
            row[:] = values()
            self.rows.append(row)
        self.names.append(name)

    def add_bits(self, prefix: str, names: Sequence[str], bits: Ints) -> None:
        for place, name in enumerate(names):
            self.add(f"{prefix}{name}", lambda: (bits >> place) & 1)


@dataclass(frozen=True, slots=True)
class _Texts:
    words: Floats
    chars: Floats
    links: Floats
    good: Floats
    sentences: Floats


def features_of(document: Document, wanted: Sequence[int] | None = None) -> tuple[list[str], NDArray[np.float32], Floats]:
    """Return the names of all features, a row for each block of all or of the `wanted` ones, and the blocks' numbers of words.

    `wanted` are places in the list of names, rising.
    """
    blocks = document.blocks
    n = len(blocks)
    columns = _Columns(n, wanted)
    texts = _text_features(document, columns)
    places = _Places(blocks)
    _place_features(blocks, places, columns)
    kinds = np.array([_KIND_PLACE[block.kind] for block in blocks])
    tree = _Tree(blocks)
    _tree_features(tree, texts, kinds, columns)
    _group_features(places, texts, columns)
    _neighbour_features(blocks, texts, kinds, columns)
    _heading_features(document, kinds, texts, columns)
    _stated_features(document, columns)
    _page_features(document, texts, kinds, columns)
    return columns.names, np.array(columns.rows, np.float32).reshape(len(columns.rows), len(blocks)).T, texts.words


_KIND_PLACE = {kind: place for place, kind in enumerate(Kind)}


def _text_features(document: Document, columns: _Columns) -> _Texts:
    blocks = document.blocks
    starts = np.array([block.start for block in blocks])
    codes = np.frombuffer(document.text.encode("utf-32-le", "surrogatepass"), "<u4")
    classes = _classes()[np.minimum(codes, 65_535)]
    lengths = np.array([len(block.text) for block in blocks], float)

    def count(found: NDArray[Any]) -> Floats:
        return np.add.reduceat(found, starts, dtype=np.int32).astype(float)

    wordy = (classes & (_LETTER | _DIGIT)) != 0
    single = (classes & _SINGLE) != 0
    first = wordy.copy()
    first[1:] &= ~(wordy[:-1] & ~single[:-1] & ~single[1:])
    upper = (classes & _UPPER) != 0
    singles = count(single)
    words = np.maximum(count(first) - singles / 2, 0)
    letters = count((classes & _LETTER) != 0)
    ends = (classes & _END) != 0
    behind = np.empty_like(classes)
    behind[:-1], behind[-1:] = classes[1:], _SPACE
    stops = ends & (((behind & (_SPACE | _QUOTE)) != 0) | single | (codes > 0x2FFF))
    sentences = count(stops)
    commas = count((classes & _COMMA) != 0)
    lasts = np.minimum(starts + lengths.astype(int) - 1, len(codes) - 1)
    last, opening = classes[lasts], classes[starts]
    closing = ((last & _QUOTE) != 0) & (lasts > starts)
    last = np.where(closing, classes[np.maximum(lasts - 1, 0)], last)
    links = np.minimum(1.0, np.array([block.link_chars for block in blocks]) / np.maximum(lengths, 1))
    ends_sentence = ((last & _END) != 0) & (words >= 4)
    columns.add("words", lambda: words)
    columns.add("word-chars", lambda: letters / np.maximum(words, 1))
    columns.add("links", lambda: links)
    columns.add("sentences", lambda: sentences)
    columns.add("words-a-sentence", lambda: words / np.maximum(sentences, 1))
    columns.add("ends", lambda: (last & _END) != 0)
    columns.add("ends-colon", lambda: (last & _COLON) != 0)
    columns.add("opens-upper", lambda: (opening & _UPPER) != 0)
    columns.add("opens-digit", lambda: (opening & _DIGIT) != 0)
    columns.add("opens-other", lambda: (opening & (_LETTER | _DIGIT)) == 0)
    columns.add("capitals", lambda: count(first & upper) / np.maximum(words, 1))
    columns.add("upper", lambda: count(upper) / np.maximum(letters, 1))
    columns.add("digits", lambda: count((classes & _DIGIT) != 0) / np.maximum(lengths, 1))
    columns.add("commas", lambda: commas / np.maximum(words, 1))
    columns.add("money", lambda: count((classes & _MONEY) != 0))
    columns.add("bars", lambda: count((classes & _BAR) != 0))
    columns.add("lines", lambda: np.array([block.text.count("\n") for block in blocks]))
    columns.add("signs", lambda: 1 - count((classes & (_LETTER | _DIGIT | _SPACE)) != 0) / np.maximum(lengths + 1, 1))
    good = np.where((links < 0.5) & (ends_sentence | (commas + sentences >= 2)) & (words >= 6), words, 0.0)
    copies = Counter(block.text for block in blocks)
    seen: Counter[str] = Counter()
    nth = []
    for block in blocks:
        nth.append(seen[block.text])
        seen[block.text] += 1
    columns.add("copies", lambda: np.array([copies[block.text] for block in blocks]))
    columns.add("nth-copy", lambda: np.array(nth))
    return _Texts(words, lengths, links, good, ends_sentence.astype(float))


class _Places:
    """The different places on a page at which blocks stand, as paths and class words, and which one is whose."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        numbers: dict[tuple[str, str], int] = {}
        self.of_block = np.array([numbers.setdefault((block.path, block.marks), len(numbers)) for block in blocks])
        self.all = list(numbers)


def _place_features(blocks: Sequence[Block], places: _Places, columns: _Columns) -> None:
    of_block = places.of_block
    tag, above, depth = np.array([_path_bits(path) for path, _ in places.all]).T
    far, near = np.array([_marks_bits(marks) for _, marks in places.all]).T
    columns.add("kind", lambda: np.array([_KIND_PLACE[block.kind] for block in blocks]))
    columns.add("level", lambda: np.array([block.level for block in blocks]))
    columns.add("hidden", lambda: np.array([block.hidden for block in blocks]))
    columns.add("tag", lambda: tag[of_block])
    columns.add("depth", lambda: depth[of_block])
    columns.add("lead-link", lambda: np.array([block.lead.startswith("a") for block in blocks]))
    columns.add("lead-bold", lambda: np.array([block.lead.startswith(("b", "strong")) for block in blocks]))
    columns.add("lead", lambda: np.array([bool(block.lead) for block in blocks]))
    leads = np.array([_family_bits(block.lead) if block.lead else 0 for block in blocks])
    columns.add_bits("above:", ABOVE, above[of_block])
    columns.add_bits("far:", list(FAMILIES), far[of_block])
    columns.add_bits("near:", list(FAMILIES), near[of_block] | leads)


class _Tree:
    """The elements above the blocks: `low` and `high` are, for each block and depth, the range of blocks below that element."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        n = len(blocks)
        self.depth = np.array([block.path.count("/") for block in blocks])
        shared = np.array([block.shared for block in blocks])
        shared[0] = 0
        self.width = int(self.depth.max()) + 1
        levels = np.arange(self.width)  # level d is the element that is d deep; 0 is the page
        index = np.arange(n)[:, None]
        begins = (levels > shared[:, None]) | (index == 0)
        self.inside = levels <= self.depth[:, None]
        self.low = np.maximum.accumulate(np.where(begins, index, 0), axis=0)
        # An element ends where the next block shares fewer levels with the one before it.
        next_shared = np.append(shared[1:], -1)
        ends = np.where(levels > next_shared[:, None], index + 1, n)
        self.high = np.minimum.accumulate(ends[::-1], axis=0)[::-1]
        # The page itself never ends before the last block.
        self.low[:, 0], self.high[:, 0] = 0, n


def _sums(values: Floats) -> Floats:
    return np.concatenate(([0.0], np.cumsum(values)))


def _tree_features(tree: _Tree, texts: _Texts, kinds: Ints, columns: _Columns) -> None:
    n = len(texts.words)
    words, links, good = _sums(texts.words), _sums(texts.words * texts.links), _sums(texts.good)
    sentences, headings = _sums(texts.sentences), _sums((kinds == _KIND_PLACE[Kind.HEADING]).astype(float))
    items = _sums((kinds == _KIND_PLACE[Kind.ITEM]).astype(float))
    total, all_good = max(words[-1], 1.0), good[-1]
    size = tree.high - tree.low
    grows = np.zeros_like(size, dtype=bool)
    grows[:, :-1] = (size[:, :-1] != size[:, 1:]) & tree.inside[:, 1:]
    rank = np.cumsum(grows[:, ::-1], axis=1)[:, ::-1]
    rank = np.where(tree.inside, rank, -1)
    rows = np.arange(n)

    def describe(prefix: str, low: Ints, high: Ints) -> None:
        count = np.maximum(high - low, 1)
        w = words[high] - words[low]
        columns.add(f"{prefix}-blocks", lambda: high - low)
        columns.add(f"{prefix}-words", lambda: w)
        columns.add(f"{prefix}-words-a-block", lambda: w / count)
        columns.add(f"{prefix}-links", lambda: (links[high] - links[low]) / np.maximum(w, 1))
        columns.add(f"{prefix}-share", lambda: w / total)
        columns.add(f"{prefix}-good", lambda: (good[high] - good[low]) / np.maximum(w, 1))
        columns.add(f"{prefix}-sentences", lambda: (sentences[high] - sentences[low]) / count)
        columns.add(f"{prefix}-headings", lambda: (headings[high] - headings[low]) / count)
        columns.add(f"{prefix}-items", lambda: (items[high] - items[low]) / count)

    for level in range(_LEVELS):
        found = rank == level
        at = np.argmax(found, axis=1)
        low, high = tree.low[rows, at], tree.high[rows, at]
        if level:
            describe(f"up{level}", low, high)
            columns.add(f"up{level}-place", lambda: (rows - low) / np.maximum(high - low, 1))
        else:
            columns.add("own-blocks", lambda: high - low)
    columns.add("branchings", lambda: rank[:, 0])
    held = np.where(tree.inside, good[tree.high] - good[tree.low], -1.0)
    for share in _SHARES:
        holds = held >= share * max(all_good, 1.0)
        holds[:, 0] = True
        deepest = int(np.max(np.nonzero(holds.any(axis=0))[0]))
        home = int(np.argmax(np.where(holds[:, deepest], held[:, deepest], -1.0)))
        low, high = int(tree.low[home, deepest]), int(tree.high[home, deepest])
        name = f"main{round(100 * share)}"
        before, after = np.maximum(low - rows, 0), np.maximum(rows - high + 1, 0)
        columns.add(f"{name}-inside", lambda: (before == 0) & (after == 0))
        columns.add(f"{name}-before", lambda: before)
        columns.add(f"{name}-after", lambda: after)
        columns.add(f"{name}-place", lambda: (rows - low) / max(high - low, 1))
        columns.add(f"{name}-share", lambda: (words[high] - words[low]) / total)
        columns.add(f"{name}-links", lambda: (links[high] - links[low]) / max(words[high] - words[low], 1.0))
        columns.add(f"{name}-words", lambda: words[high] - words[low])
        columns.add(f"{name}-blocks", lambda: high - low)
        common = (tree.low[:, : deepest + 1] == tree.low[home, : deepest + 1]) & tree.inside[:, : deepest + 1]
        common &= tree.high[:, : deepest + 1] == tree.high[home, : deepest + 1]
        parted = np.minimum(np.cumprod(common, axis=1).sum(axis=1), tree.depth)
        columns.add(f"{name}-parted", lambda: deepest + 1 - parted)
        describe(f"{name}-branch", tree.low[rows, parted], tree.high[rows, parted])


def _group_features(places: _Places, texts: _Texts, columns: _Columns) -> None:
    n = len(places.of_block)
    total = max(float(texts.words.sum()), 1.0)
    for name, keys in (
        ("path", [path for path, _ in places.all]),
        ("class", [(path, *marks.rsplit("/", 2)[1:]) for path, marks in places.all]),
    ):
        numbers: dict[Any, int] = {}
        group = np.array([numbers.setdefault(key, len(numbers)) for key in keys])[places.of_block]
        size = np.bincount(group).astype(float)
        words = np.bincount(group, texts.words)
        columns.add(f"{name}-count", lambda: size[group])
        columns.add(f"{name}-share", lambda: (words / total)[group])
        columns.add(f"{name}-words", lambda: (words / size)[group])
        columns.add(f"{name}-good", lambda: (np.bincount(group, texts.good) / np.maximum(words, 1))[group])
        columns.add(f"{name}-sentences", lambda: (np.bincount(group, texts.sentences) / size)[group])
        columns.add(f"{name}-links", lambda: (np.bincount(group, texts.words * texts.links) / np.maximum(words, 1))[group])
        first = np.full(len(size), n)
        np.minimum.at(first, group, np.arange(n))
        columns.add(f"{name}-first", lambda: (first / n)[group])


def _neighbour_features(blocks: Sequence[Block], texts: _Texts, kinds: Ints, columns: _Columns) -> None:
    n = len(blocks)
    rows = np.arange(n)
    for shift in (-2, -1, 1, 2):
        at = rows + shift
        there = (at >= 0) & (at < n)
        at = np.clip(at, 0, n - 1)
        columns.add(f"beside{shift}-words", lambda: np.where(there, texts.words[at], -1))
        columns.add(f"beside{shift}-links", lambda: np.where(there, texts.links[at], -1))
        columns.add(f"beside{shift}-kind", lambda: np.where(there, kinds[at], -1))
        columns.add(f"beside{shift}-sentence", lambda: np.where(there, texts.sentences[at], -1))
    shared = np.array([block.shared for block in blocks])
    depth = np.array([block.path.count("/") for block in blocks])
    columns.add("fork-before", lambda: depth - shared)
    columns.add("fork-behind", lambda: depth - np.append(shared[1:], 0))
    words, good, links = _sums(texts.words), _sums(texts.good), _sums(texts.words * texts.links)
    for reach in (3, 8, 20):
        low, high = np.maximum(rows - reach, 0), np.minimum(rows + reach + 1, n)
        columns.add(f"around{reach}-words", lambda: (words[high] - words[low]) / (high - low))
        columns.add(f"around{reach}-good", lambda: (good[high] - good[low]) / np.maximum(words[high] - words[low], 1))
        columns.add(f"around{reach}-links", lambda: (links[high] - links[low]) / np.maximum(words[high] - words[low], 1))
        columns.add(f"ahead{reach}-good", lambda: good[rows] - good[low])
        columns.add(f"behind{reach}-good", lambda: good[high] - good[rows + 1])
    columns.add("good-before", lambda: good[:-1] / max(good[-1], 1))
    columns.add("words-before", lambda: words[:-1] / max(words[-1], 1))
    columns.add("words-behind", lambda: words[-1] - words[1:])
    columns.add("good-behind", lambda: good[-1] - good[1:])


def _since(marked: NDArray[np.bool_]) -> Ints:
    """Return for each row how many rows ago the last marked one was, itself included; -1 where there was none."""
    rows = np.arange(len(marked))
    last = np.maximum.accumulate(np.where(marked, rows, -1))
    return np.where(last >= 0, rows - last, -1)


def _heading_features(document: Document, kinds: Ints, texts: _Texts, columns: _Columns) -> None:
    blocks = document.blocks
    n = len(blocks)
    rows = np.arange(n)
    is_heading = kinds == _KIND_PLACE[Kind.HEADING]
    level = np.where(is_heading, np.array([block.level for block in blocks]), 0)
    since = _since(is_heading)
    columns.add("since-heading", lambda: since)
    at = np.where(since >= 0, rows - since, 0)
    columns.add("heading-level", lambda: np.where(since >= 0, level[at], 0))
    columns.add("heading-links", lambda: np.where(since >= 0, texts.links[at], -1))
    words = _sums(texts.words)
    columns.add("words-since-heading", lambda: np.where(since >= 0, words[rows] - words[at], -1))
    tops = np.nonzero((level == 1) & (texts.words > 0))[0]
    stated = {folded(text) for text in (document.facts.headline, document.facts.title) if text}
    titles = [place for place in np.nonzero(is_heading)[0] if folded(blocks[place].text) in stated] if stated else []
    title = int(titles[0]) if titles else int(tops[0]) if len(tops) else -1
    columns.add("since-title", lambda: rows - title if title >= 0 else -1000)
    columns.add("words-since-title", lambda: words[rows] - words[title] if title >= 0 else -100_000)
    columns.add("until-heading", lambda: _since(is_heading[::-1])[::-1])


def _stated_features(document: Document, columns: _Columns) -> None:
    """Add whether a block's beginning and end stand in the text or description that the page states, and how long that is."""
    facts, blocks = document.facts, document.blocks
    for name, text in (("body", facts.body), ("description", facts.description)):
        stated = " ".join(text.split())
        if len(stated) >= _PIECE:
            columns.add(f"in-{name}", lambda: np.array([_stands_in(block.text, stated) for block in blocks]))
            opening = stated[:_PIECE]
            columns.add(f"holds-{name}", lambda: np.array([opening in block.text for block in blocks]))
        else:
            columns.add(f"in-{name}", lambda: -1)
            columns.add(f"holds-{name}", lambda: -1)
        columns.add(f"page-{name}", lambda: len(stated))


def _stands_in(text: str, stated: str) -> int:
    return (text[:_PIECE] in stated) + (text[-_PIECE:] in stated) if len(text) >= _PIECE else 0


def _page_features(document: Document, texts: _Texts, kinds: Ints, columns: _Columns) -> None:
    n = len(texts.words)
    total = max(float(texts.words.sum()), 1.0)

    def add(name: str, value: float) -> None:
        columns.add(f"page-{name}", lambda: value)

    add("blocks", n)
    add("words", total)
    add("links", float((texts.words * texts.links).sum()) / total)
    add("good", float(texts.good.sum()) / total)
    add("good-words", float(texts.good.sum()))
    add("sentences", float(texts.sentences.mean()))
    for kind in (Kind.PARAGRAPH, Kind.ITEM, Kind.ROW, Kind.HEADING, Kind.FORM, Kind.CODE):
        add(f"{kind.value}s", float((kinds == _KIND_PLACE[kind]).mean()))
    facts = document.facts
    add("dated", bool(facts.date))
    add("authored", bool(facts.authors))
    add("stated", KINDS_STATED.index(facts.kind) if facts.kind in KINDS_STATED else -1)
    for name, value in zip((*_URL_KINDS, "depth", "slug", "digits", "query"), _url_features(facts.url), strict=True):
        add(f"url-{name}", value)


@lru_cache(maxsize=64)
def _url_features(url: str) -> tuple[float, ...]:
    """Return what an address tells of its page: words in it, the depth of its path, hyphens, digits, a query."""
    try:
        parts = urlsplit(url.lower())
    except ValueError:
        parts = urlsplit("")
    path = f"{parts.hostname or ''}{parts.path}" if parts.netloc else parts.path
    slug = parts.path.rstrip("/").rpartition("/")[2]
    found = [float(pattern.search(path) is not None) for pattern in _URL_PATTERNS]
    within = parts.path.strip("/")
    depth, hyphens, digits = within.count("/") + bool(within), slug.count("-") + slug.count("_"), sum(map(str.isdigit, slug))
    return (*found, float(depth), float(hyphens), float(digits), float(bool(parts.query)))
