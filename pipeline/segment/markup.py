"""HTML source to a stream of events, by lxml, or by BeautifulSoup where lxml would lose text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Protocol

from lxml import etree

from pipeline.errors import Reject

_PAGE_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
START, END, TEXT = "start", "end", "text"


class Element(Protocol):
    """The attributes of an element, whichever parser made it."""

    def get(self, name: str, /) -> Any:
        """Return the value of an attribute, or None."""


Event = tuple[str, str, Element | None]  # (START | END, tag, element) or (TEXT, text, None)


def events(html: str, max_depth: int) -> tuple[Iterator[Event], str]:
    """Return the events of a page in document order and the parser's name.

    libxml2 drops what is nested deeper than 256 levels *and all that follows*; BeautifulSoup over `html.parser` does not,
    but takes twenty times as long, so it reads only the pages that are nested deeper than `max_depth`.
    Raises Reject for markup that neither reads.
    """
    # What stands behind a premature </html> is shown by browsers, and dropped by libxml2.
    source = _PAGE_ENDS.sub("", html.replace("\x00", ""))
    if not source.strip():
        return iter(()), "lxml"
    root = _lxml_root(source)
    if root is not None and not _is_deeper(root, max_depth):
        return _lxml_events(root), "lxml"
    return _soup_events(source), "bs4"


def _lxml_root(source: str) -> Any:
    parser = etree.HTMLParser(encoding="utf-8", remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        return None


def _is_deeper(root: Any, max_depth: int) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > max_depth:
            return True
    return False


def _lxml_events(root: Any) -> Iterator[Event]:
    for event, element in etree.iterwalk(root, events=("start", "end", "comment")):
        if event == "start":
            yield START, element.tag, element
            if element.text:
                yield TEXT, element.text, None
        else:
            if event == "end":
                yield END, element.tag, element
            if element.tail:
                yield TEXT, element.tail, None


def _soup_events(source: str) -> Iterator[Event]:
    from bs4 import BeautifulSoup, NavigableString, Tag
    from bs4.element import PreformattedString
    from bs4.exceptions import ParserRejectedMarkup

    try:
        soup = BeautifulSoup(source, "html.parser", multi_valued_attributes=None)
    except (ParserRejectedMarkup, AssertionError) as error:
        raise Reject("unreadable-markup", str(error)[:200]) from None
    open_tags: list[Tag] = []
    for node in soup.descendants:
        while open_tags and node.parent is not open_tags[-1]:
            closed = open_tags.pop()
            yield END, closed.name, closed
        if isinstance(node, Tag):
            yield START, node.name, node
            open_tags.append(node)
        elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
            yield TEXT, str(node), None
    for closed in reversed(open_tags):
        yield END, closed.name, closed
