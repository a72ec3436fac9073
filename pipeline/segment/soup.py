"""BeautifulSoup's part: pages whose text a browser's parser loses are mended, and a user's CSS selectors are applied.

Most pages need neither, so the library is imported where it is used.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

READER = "html.parser"
# A page that shows more text, or more beside its source, is whole; of short sources all are looked at, it costs nothing.
_LITTLE_CHARS, _LITTLE_SHARE, _SHORT_SOURCE = 2_000, 0.05, 20_000
_LOST_CHARS, _LOST_TIMES = 200, 2
_LARGEST, _MOST_TAGS = 4_000_000, 50_000  # BeautifulSoup reads about a megabyte a second
# Elements in which the standard reads no markup: one that is never closed takes in all that follows.
_CODE = ("script", "style")
_VERBATIM = (*_CODE, "title", "textarea", "iframe", "noembed", "noframes", "xmp")
_OPENING = re.compile(rf"<({'|'.join(_VERBATIM)})(?=[\s/>])[^<>]*>", re.IGNORECASE)
_CLOSING = re.compile(rf"</({'|'.join(_VERBATIM)}|body|html)\b", re.IGNORECASE)
_SELF_CLOSED = re.compile(r"""["'\s]/>\Z""")  # as XHTML has it; in `src=http://a.example/>` the slash belongs to the address
_TAG = re.compile(r"<[a-zA-Z/!]")
_UNSEEN = re.compile(
    rf"<!--.*?(?:-->|\Z)|<({'|'.join(_VERBATIM)}|noscript|template)\b[^<>]*>.*?(?:</\1|\Z)|<option\b[^<>]*>[^<]*|<[^<>]*>",
    re.IGNORECASE | re.DOTALL,
)
# Elements whose content is not the page's text: none but a swallowed page holds one of the parts.
_SWALLOWING = frozenset("svg math object canvas audio video select datalist map noembed xml".split())
_PARTS = "p div h1 h2 h3 h4 table article section".split()


def mended(html: str, shown_chars: int) -> str:
    """Return the source with what swallowed its text opened; "" if nothing is lost.

    The parser of the HTML standard does as browsers do: a `<textarea>`, `<iframe>`, `<select>`, `<map>` or comment that is never
    closed takes in the rest of the page. BeautifulSoup does not, and its tree shows what holds the page's paragraphs.
    `shown_chars` is how much text the standard's parser found.
    """
    if shown_chars > _LITTLE_CHARS or (len(html) > _SHORT_SOURCE and shown_chars > len(html) * _LITTLE_SHARE):
        return ""
    if len(html) > _LARGEST or html.count("<") > _MOST_TAGS:
        return ""
    end = html.rfind(">") + 1  # behind it no tag ends, and Python's parser would look from each `<` to the page's end
    loosened = _loosened(html[:end] + html[end:].replace("<", "&lt;"))
    if len("".join(_UNSEEN.sub(" ", loosened).split())) < shown_chars * _LOST_TIMES + _LOST_CHARS:
        return ""
    soup = _soup(loosened)
    if soup is None:
        return ""
    for code in soup(_CODE):
        if "ld+json" not in str(code.get("type", "")):
            code.clear()  # `<!-- <script>` in a script hides its end from the standard's parser
    for element in _swallowing(soup):
        element.name = "div"
    return str(soup)


def selected(html: str, drop: Sequence[str], keep: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return a page without the elements that `drop` selects and, in its body, with none but those that `keep` selects.

    `html` must be well-formed, that each element ends where a browser would end it. The notes say how many elements each selector
    found. Where `keep` finds nothing the page stays whole, and its note says 0: a site that changed its markup is not lost.
    """
    soup = _soup(html)
    if soup is None:
        return html, {}
    notes = {}
    if keep:
        counts = {}
        kept: dict[int, Tag] = {}
        for selector in keep:
            found = soup.select(selector)
            counts[selector] = len(found)
            kept |= {id(element): element for element in found}
        notes["kept_by_selector"] = _told(counts)
        if kept:
            _keep_alone(soup.body or soup, kept)
    if drop:
        counts = {}
        for selector in drop:
            gone = [element for element in soup.select(selector) if element.name not in ("html", "body")]
            counts[selector] = len(gone)
            for element in reversed(gone):  # the inner ones first: an element that is gone cannot be taken out again
                element.extract()
        if any(counts.values()):
            notes["dropped_by_selector"] = _told(counts)
    return str(soup), notes


def _told(counts: dict[str, int]) -> str:
    return ", ".join(f"{selector}: {count}" for selector, count in counts.items())


def _keep_alone(body: Tag, kept: dict[int, Tag]) -> None:
    """Take out of the body all that neither lies in a kept element nor holds one."""
    above: dict[int, Tag] = {}
    for element in kept.values():
        for parent in element.parents:
            if id(parent) in above:
                break
            above[id(parent)] = parent
    if id(body) not in above:
        return
    for holder in [element for element in above.values() if id(element) not in kept]:
        if holder is body or body in holder.parents:
            for child in list(holder.contents):
                if id(child) not in above and id(child) not in kept:
                    child.extract()


def _loosened(html: str) -> str:
    """Return the source without the tags and comment signs that begin what is never closed.

    A script or style goes with its code, and only where the page's end stands behind it: else the page was cut off in its code.
    """
    last = {found[1].lower(): found.start() for found in _CLOSING.finditer(html)}
    page_end = max(last.get("body", -1), last.get("html", -1))
    pieces, at = [], 0
    for tag in _OPENING.finditer(html):
        name = tag[1].lower()
        is_open = tag.start() > last.get(name, -1) and (name not in _CODE or tag.start() < page_end)
        if tag.start() < at or not (is_open or _SELF_CLOSED.search(tag[0])):
            continue
        pieces.append(html[at : tag.start()])
        at = tag.end()
        if name in _CODE and is_open and (behind := _TAG.search(html, at)):
            at = behind.start()
    pieces.append(html[at:])
    loosened = "".join(pieces)
    comment = loosened.rfind("-->")
    return loosened[: comment + 1] + loosened[comment + 1 :].replace("<!--", " ")


def _swallowing(soup: BeautifulSoup) -> Iterator[Tag]:
    """Return the elements without text of their own that hold parts of the page."""
    known: set[int] = set()
    for part in soup(_PARTS):
        for above in part.parents:
            if id(above) in known:
                break
            known.add(id(above))
            if above.name in _SWALLOWING:
                yield above


def _soup(html: str) -> BeautifulSoup | None:
    """Return the tree of a page, or None for one that BeautifulSoup refuses."""
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it guesses that a short page was meant as a file's name, or a page as XML
        try:
            return BeautifulSoup(html, "html.parser")
        except ParserRejectedMarkup:
            return None
