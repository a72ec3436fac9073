"""Links for Markdown: where the links of a page lie in the texts of its kept blocks, and what they lead to.

Few ask for links, so segment does not gather them: the stored source is read once more, its texts are laid beside the blocks, and
no stage above this one runs again when links are switched on. Where a text cannot be found again its link falls away.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice, takewhile
from urllib.parse import quote, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from pipeline.model import Block, Document, Kind, Removed, pieces_left

_NO_TEXT = "title script style svg math iframe object embed canvas audio video select datalist textarea map noembed xml".split()
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_ATTRIBUTE = re.compile(r'([^\s"=<>]+)="([^"]*)"')
# A parser's time grows with the square of a page's depth and of a tag's attributes: of large pages only links are read.
_MANY_TAGS = 20_000
_NO_LINK = re.compile(r"</?(?!(?:a|base|script|style|textarea|title|template|iframe|select)\b)[a-zA-Z][^<>]*+>", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}+")
_PERMALINKS = frozenset("¶#§🔗")  # segment takes them out of the text
_NEAR, _NEAR_IF_SHORT, _SHORT = 5_000, 200, 8  # visible characters
_MOST_PAIRS = 4_000_000  # of words that are compared; a text with more keeps the links in its equal ends
_STRAY = re.compile(r"[\t\n\r]")  # browsers drop these from an address
_NO_HOST = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*+:(?!//[^/])")
_WORD = re.compile(r"\S+")
_SPECIAL = re.compile(r"[\[\]\\`<]")
_UNSAFE = re.compile(r"[\s\x00-\x20\x7f<>()\\|]")
_ENTITY = re.compile(r"&(?=#?\w+;)")


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a text, from `start` to before `end`."""

    start: int
    end: int
    url: str


def links_of(document: Document, wanted: Container[int]) -> dict[int, list[Link]]:
    """Return the links of each of the `wanted` blocks that has some, as offsets in the block's text as segment stored it.

    Links inside the page, addresses of other schemes than http, and those that stay relative are none.
    """
    shown, anchors, base = _read(document.html)
    base = _joined(document.facts.url, base) or document.facts.url
    found: dict[int, list[Link]] = {}
    for block, at, places in _found_again(document.blocks, shown):
        end = at + len(places)
        first = bisect_right(anchors, at, key=lambda anchor: anchor.end) if block in wanted else len(anchors)
        for anchor in takewhile(lambda anchor: anchor.start < end, islice(anchors, first, None)):  # noqa: B023 - used up here
            if url := _address(anchor.url, base):
                start, last = places[max(anchor.start, at) - at], places[min(anchor.end, end) - at - 1]
                found.setdefault(block, []).append(Link(start, last + 1, url))
    return found


def linked(body: str, links: Sequence[Link]) -> str:
    """Return a text with Markdown's marks round its links, which are in order and part from each other.

    Where a mark would mean something else behind the sign before it (an image, an escaped bracket) the link stays text.

    >>> linked("See [1] there.", [Link(4, 7, "https://a.example/x (y)")])
    'See [\\\\[1\\\\]](https://a.example/x%20%28y%29) there.'
    """
    pieces, at = [], 0
    for link in links:
        if body[link.start - 1 : link.start] in ("!", "\\"):
            continue
        text = _SPECIAL.sub(r"\\\g<0>", body[link.start : link.end])
        pieces += [body[at : link.start], "[", text, "](", _destination(link.url), ")"]
        at = link.end
    return "".join((*pieces, body[at:]))


def links_in(body: str, block: Block, removed: Sequence[Removed], links: Sequence[Link]) -> list[Link]:
    """Return the links of a block as offsets in `body`, which is what cuts, repairs and folding of spaces made of its text."""
    pieces = pieces_left(block, removed)
    rest = "".join(block.text[start:end] for start, end in pieces)
    moved = [Link(_behind_cuts(link.start, pieces), _behind_cuts(link.end, pieces), link.url) for link in links]
    return list(_in_changed(body, rest, [link for link in moved if link.start < link.end]))


def _behind_cuts(offset: int, pieces: Sequence[tuple[int, int]]) -> int:
    return sum(max(0, min(offset, end) - start) for start, end in pieces)


def _in_changed(new: str, old: str, links: Sequence[Link]) -> Iterator[Link]:
    """Return the links of the text `old` as offsets in `new`, word by word; those whose words are not found again fall away."""
    olds, news = ([word.span() for word in _WORD.finditer(text)] for text in (old, new))
    twins = _twins([old[slice(*word)] for word in olds], [new[slice(*word)] for word in news])
    done = 0
    for link in links:
        first = bisect_right(olds, link.start, key=lambda word: word[0]) - 1
        last = bisect_left(olds, link.end, key=lambda word: word[1])
        if first not in twins or last not in twins:
            continue
        start = _in_word(link.start, old, olds[first], new, news[twins[first]])
        end = _in_word(link.end, old, olds[last], new, news[twins[last]])
        if start is not None and end is not None and done <= start < end:
            yield Link(start, end, link.url)
            done = end


def _twins(olds: Sequence[str], news: Sequence[str]) -> Mapping[int, int]:
    """Return for each word of a text which word of the other it became, where that is clear."""
    if len(olds) == len(news):
        return {place: place for place in range(len(olds))}
    most = min(len(olds), len(news))
    head = next((k for k in range(most) if olds[k] != news[k]), most)
    tail = next((k for k in range(most - head) if olds[-1 - k] != news[-1 - k]), most - head)
    found = {place: place for place in range(head)}
    found |= {len(olds) - k: len(news) - k for k in range(1, tail + 1)}
    old, new = olds[head : len(olds) - tail], news[head : len(news) - tail]
    if len(old) * len(new) <= _MOST_PAIRS:
        for _, i, i_end, j, j_end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if i_end - i == j_end - j:
                found |= {head + i + k: head + j + k for k in range(i_end - i)}
    return found


def _in_word(offset: int, old: str, old_word: tuple[int, int], new: str, new_word: tuple[int, int]) -> int | None:
    """Return where an offset in a word of `old` lies in the word of `new` that it became; None if that is not clear."""
    (start, end), (new_start, new_end) = old_word, new_word
    before, behind = old[start:offset], old[offset:end]
    if new.startswith(before, new_start, new_end):
        return new_start + len(before)
    if new.endswith(behind, new_start, new_end):
        return new_end - len(behind)
    return None


def _read(html: str) -> tuple[str, list[Link], str]:
    """Return the visible characters of a page, its links in them with their addresses as stated, and its base address."""
    if html.count("<") > _MANY_TAGS:
        html = _NO_LINK.sub(" ", html)
    tree = LexborHTMLParser(_LONG_TAG.sub("<wbr ", html).encode("utf-8", "replace"))
    tree.strip_tags(_NO_TEXT, recursive=True)
    pieces: list[str] = []
    anchors: list[Link] = []
    opened: list[tuple[int, str]] = []
    at, base = 0, ""
    for chunk in _COMMENT.sub("", tree.html or "").split("<"):
        tag, _, text = chunk.partition(">")
        if tag == "a" or tag.startswith("a "):
            opened.append((at, _href(tag)))
        elif tag == "/a" and opened:
            start, href = opened.pop()
            if at - start == 1 and pieces[-1] in _PERMALINKS:
                at -= len(pieces.pop())
            elif start < at and href:
                anchors.append(Link(start, at, href))
        elif tag.startswith("base ") and not base:
            base = _href(tag)
        if visible := "".join(_unescaped(text).split()):
            pieces.append(visible)
            at += len(visible)
    return "".join(pieces), _parted(anchors), base


def _parted(anchors: Sequence[Link]) -> list[Link]:
    """Return links in their order, those that hold another left out."""
    parted: list[Link] = []
    for anchor in sorted(anchors, key=lambda anchor: anchor.end):
        if not parted or parted[-1].end <= anchor.start:
            parted.append(anchor)
    return parted


def _found_again(blocks: Sequence[Block], shown: str) -> Iterator[tuple[int, int, list[int]]]:
    """Return of each text of a block that is found in the page's visible characters where it begins there, and where in the
    block each of its visible characters stands.

    The texts are looked for in their order, each near the one before: a copy elsewhere on the page is not taken for it.
    """
    at = missed = 0
    for block in blocks:
        for start, text in _texts(block):
            places = [place for place, char in enumerate(text, start) if not char.isspace()]
            visible = "".join(text.split())
            if not visible:
                continue
            near = (_NEAR if len(visible) >= _SHORT else _NEAR_IF_SHORT) + 2 * missed + len(visible)
            found = at if shown.startswith(visible, at) else shown.find(visible, at, at + near)
            if found < 0:
                missed += len(visible)
                continue
            yield block.index, found, places
            at, missed = found + len(visible), 0


def _texts(block: Block) -> Iterator[tuple[int, str]]:
    """Return the text of a block, or of its cells, with the offsets at which they begin; code has no links."""
    if block.kind is Kind.CODE:
        return
    start = 0
    for text in block.text.split(" | ") if block.kind is Kind.ROW else (block.text,):
        yield start, text
        start += len(text) + len(" | ")


def _href(tag: str) -> str:
    return next((_unescaped(value) for name, value in _ATTRIBUTE.findall(tag) if name == "href"), "")


def _unescaped(text: str) -> str:
    """Return a serialised text or attribute as it was: serialisation escapes these signs alone."""
    if "&" not in text:
        return text
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u00a0").replace("&quot;", '"')
    return text.replace("&amp;", "&")


def _address(href: str, base: str) -> str:
    """Return the absolute address that a link leads to; "" if it leads nowhere else, or by another scheme than http."""
    href = _STRAY.sub("", href).strip()
    return "" if not href or href.startswith("#") or _NO_HOST.match(href) else _joined(base, href)


def _joined(base: str, href: str) -> str:
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
    except ValueError:  # such as brackets that hold no address of the sixth version
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def _destination(url: str) -> str:
    """Return an address as Markdown takes it between parentheses."""
    return _ENTITY.sub(r"\\&", _UNSAFE.sub(lambda sign: quote(sign[0], safe=""), url))
