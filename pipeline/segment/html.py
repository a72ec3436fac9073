"""HTML to blocks: one walk over the events of a page, which also gathers what the page states about itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.model import Block, Kind
from pipeline.segment.markup import END, START, Element, Event

_SKIPPED = frozenset(
    "script style title template svg math head iframe object embed canvas audio video select datalist textarea map".split()
)
_INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark meter nobr "
        "output picture progress q rp rt ruby s samp small source span strike strong sub sup time tt u var wbr link "
        "meta"
    ).split()
)
_KINDS = {
    **{f"h{level}": Kind.HEADING for level in range(1, 7)},
    "li": Kind.ITEM,
    "dt": Kind.ITEM,
    "dd": Kind.ITEM,
    "blockquote": Kind.QUOTE,
    "pre": Kind.CODE,
    "figcaption": Kind.CAPTION,
    "caption": Kind.CAPTION,
    "button": Kind.FORM,
    "legend": Kind.FORM,
    "fieldset": Kind.FORM,
    "option": Kind.FORM,
}
_PICTURES = frozenset(("svg", "g", "symbol"))  # their titles are not the page's
_ITEMS = frozenset(("li", "dt", "dd"))
_HEADING_WORDS = 60
_LISTS = frozenset(("ul", "ol", "dl", "menu"))
# Inline elements that a page shows apart although no space stands between them.
_APART = frozenset(("a", "label", "time", "img", "input"))
_PERMALINKS = frozenset(("¶", "#", "§", "🔗"))  # a link behind a heading to itself
_BREAK = "\x00"  # stands for <br> until spaces are folded; the source has no NUL left
_SPACE = re.compile(r"[ \t\n\r\f]+")
_MARK = re.compile(r"[A-Z]?[a-z]+|[A-Z]{2,}")
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_PATH_CHARS, _MARKS_CHARS, _OWN_MARKS = 300, 600, 16
_ROW_CELL_CHARS, _ROW_CELL_BLOCKS = 600, 4


@dataclass(slots=True)
class Head:
    """What stands in a page's head and its structured data, raw: meta tags, title, canonical link, JSON-LD, `time` tags."""

    title: str = ""
    language: str = ""
    canonical: str = ""
    license: str = ""
    metas: dict[str, str] = field(default_factory=dict)
    json_ld: list[str] = field(default_factory=list)
    times: list[str] = field(default_factory=list)
    bylines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Frame:
    """An open element and what it passes on to the text inside it."""

    tag: str
    path: str = ""
    marks: str = ""
    hidden: bool = False
    kind: Kind = Kind.PARAGRAPH
    level: int = 0
    list_depth: int = 0
    has_item_text: bool = False
    skips: bool = False
    in_link: bool = False
    is_block: bool = True
    row: _Row | None = None
    item: _Frame | None = None


@dataclass(slots=True, eq=False)
class _Row:
    """A table row while its cells are read; it ends as one block, or, in a table used for layout, as its cells' blocks."""

    cells: list[list[_Draft]] = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """A block before it has a place."""

    kind: Kind
    text: str
    level: int
    link_chars: int
    hidden: bool
    path: str
    marks: str


def walk(events: Iterable[Event]) -> tuple[list[Block], Head]:
    """Return the blocks of a page in document order and what its head states. Offsets count one line feed between blocks."""
    walker = _Walker()
    for kind, value, element in events:
        if kind == START:
            assert element is not None
            walker.open(value, element)
        elif kind == END:
            walker.close(value)
        else:
            walker.text(value)
    return _placed(walker.finish()), walker.head


def _placed(drafts: list[_Draft]) -> list[Block]:
    blocks, start = [], 0
    for index, draft in enumerate(drafts):
        blocks.append(
            Block(
                index=index,
                kind=draft.kind,
                start=start,
                text=draft.text,
                level=draft.level,
                link_chars=draft.link_chars,
                hidden=draft.hidden,
                path=draft.path,
                marks=draft.marks,
            )
        )
        start += len(draft.text) + 1
    return blocks


class _Walker:
    """Holds the open elements and the inline text read since the last block ended."""

    def __init__(self) -> None:
        self.head = Head()
        self._frames = [_Frame(tag="")]
        self._buffer: list[str] = []
        self._link_chars = 0
        self._holder: _Frame | None = None  # the block-level element in which the buffered text began
        self._out: list[_Draft] = []
        self._rows: list[_Row] = []
        self._capture: list[str] | None = None
        self._captured_by = 0  # how many elements were open when the one whose text is captured began
        self._closed_apart = False  # the element read last was one that a page shows apart

    def open(self, tag: str, element: Element) -> None:
        parent = self._frames[-1]
        self._note_head(tag, element, parent)
        frame = self._frame(tag, element, parent)
        if frame.is_block and not parent.skips:
            self._flush()
            if tag == "tr":
                frame.row = _Row()
                self._rows.append(frame.row)
            elif tag in ("td", "th") and self._rows:
                self._rows[-1].cells.append([])
        elif tag == "br":
            self._break()
        elif tag in _APART and self._closed_apart and not parent.skips:
            self._buffer.append(" ")
        self._frames.append(frame)

    def close(self, tag: str) -> None:
        if len(self._frames) == 1:
            return
        frame = self._frames.pop()
        if self._capture is not None and self._captured_by == len(self._frames):
            self._end_capture(frame)
        if frame.is_block and not frame.skips:
            self._flush()
            if frame.row is not None:
                self._end_row(frame.row)
        self._closed_apart = tag in _APART and bool(self._buffer)

    def text(self, value: str) -> None:
        if self._capture is not None:
            self._capture.append(value)
        frame = self._frames[-1]
        if frame.skips:
            return
        self._closed_apart = False
        if self._holder is None:
            if not value.strip() and frame.kind is not Kind.CODE:
                return
            self._holder = next(f for f in reversed(self._frames) if f.is_block)
        self._buffer.append(value)
        if frame.in_link and value.strip() in _PERMALINKS:
            self._buffer[-1] = " "
        elif frame.in_link:
            self._link_chars += len(_SPACE.sub(" ", value).strip())

    def finish(self) -> list[_Draft]:
        while len(self._frames) > 1:
            self.close(self._frames[-1].tag)
        self._flush()
        return _without_noscript(self._out)

    def _frame(self, tag: str, element: Element, parent: _Frame) -> _Frame:
        own = _own_marks(element)
        marks = f"{parent.marks} {own}".strip()[-_MARKS_CHARS:] if own and tag not in ("html", "body") else parent.marks
        is_block = tag not in _INLINE and tag != "br"
        kind = _KINDS.get(tag, parent.kind)
        frame = _Frame(
            tag=tag,
            path=f"{parent.path}/{tag}"[-_PATH_CHARS:] if is_block else parent.path,
            marks=marks,
            hidden=parent.hidden or _is_hidden(element),
            kind=kind,
            level=_level(tag, kind, parent),
            list_depth=parent.list_depth + (tag in _LISTS),
            skips=parent.skips or tag in _SKIPPED,
            in_link=parent.in_link or tag == "a",
            is_block=is_block,
        )
        frame.item = frame if tag in _ITEMS else parent.item
        return frame

    def _flush(self) -> None:
        holder, buffer, link_chars = self._holder, self._buffer, self._link_chars
        self._holder, self._buffer, self._link_chars = None, [], 0
        if holder is None:
            return
        raw = "".join(buffer)
        if holder.kind is Kind.CODE:
            text = raw.replace(_BREAK, "\n").expandtabs(4).strip("\n").rstrip()
        else:
            text = "\n".join(filter(None, (line.strip() for line in _SPACE.sub(" ", raw).split(_BREAK))))
        if not text:
            return
        kind = holder.kind
        if kind is Kind.HEADING and text.count(" ") > _HEADING_WORDS:
            kind = Kind.PARAGRAPH  # a heading that was never closed
        if kind is Kind.ITEM and holder.item is not None:
            if holder.item.has_item_text:
                kind = Kind.PARAGRAPH  # the second paragraph of an item is no second item
            holder.item.has_item_text = True
        draft = _Draft(kind, text, holder.level, link_chars, holder.hidden, holder.path, holder.marks)
        self._emit(draft)

    def _emit(self, draft: _Draft) -> None:
        if self._rows and self._rows[-1].cells:
            self._rows[-1].cells[-1].append(draft)
        else:
            self._out.append(draft)

    def _end_row(self, row: _Row) -> None:
        if row in self._rows:
            del self._rows[self._rows.index(row) :]
        cells = row.cells
        drafts = [draft for cell in cells for draft in cell]
        is_layout = any(
            len(cell) > _ROW_CELL_BLOCKS or sum(len(draft.text) for draft in cell) > _ROW_CELL_CHARS for cell in cells
        ) or any(draft.kind in (Kind.ROW, Kind.CODE) for draft in drafts)
        if not drafts:
            return
        if is_layout or all(draft.kind is not Kind.PARAGRAPH for draft in drafts):
            for draft in drafts:
                self._emit(draft)
            return
        first = drafts[0]
        text = " | ".join(" ".join(draft.text.replace("\n", " ") for draft in cell) for cell in cells)
        links = sum(draft.link_chars for draft in drafts)
        self._emit(_Draft(Kind.ROW, text, 0, links, first.hidden, first.path, first.marks))

    def _break(self) -> None:
        if self._holder is None:
            return
        last = next((piece for piece in reversed(self._buffer) if piece.strip(" \t\n\r\f")), "")
        if last.rstrip(" \t\n\r\f").endswith(_BREAK):
            self._flush()  # two breaks in a row part paragraphs
        else:
            self._buffer.append(_BREAK)

    def _note_head(self, tag: str, element: Element, parent: _Frame) -> None:
        """Gather what the page states about itself, wherever in the page it stands."""
        if tag == "html":
            self.head.language = (element.get("lang") or element.get("xml:lang") or "").strip()
        elif tag == "meta":
            name = (element.get("property") or element.get("name") or element.get("itemprop") or "").strip().lower()
            if name and element.get("content"):
                self.head.metas.setdefault(name, element.get("content").strip())
        elif tag == "link":
            rel = (element.get("rel") or "").lower().split()
            if "canonical" in rel and not self.head.canonical:
                self.head.canonical = (element.get("href") or "").strip()
            elif "license" in rel and not self.head.license:
                self.head.license = (element.get("href") or "").strip()
        elif tag == "time" and element.get("datetime"):
            self.head.times.append(element.get("datetime").strip())
        elif self._capture is None and _is_captured(tag, element, parent, self.head):
            self._capture, self._captured_by = [], len(self._frames)

    def _end_capture(self, frame: _Frame) -> None:
        assert self._capture is not None
        captured = "".join(self._capture).strip()
        if frame.tag == "title":
            self.head.title = self.head.title or " ".join(captured.split())
        elif frame.tag == "script":
            self.head.json_ld.append(captured)
        elif captured:
            self.head.bylines.append(" ".join(captured.split()))
        self._capture = None


def _level(tag: str, kind: Kind, parent: _Frame) -> int:
    """Return a heading's level, or the depth of the list."""
    if kind is not Kind.HEADING:
        return parent.list_depth
    return int(tag[1]) if tag in _KINDS else parent.level


def _without_noscript(drafts: list[_Draft]) -> list[_Draft]:
    """Return the drafts that a reader sees: `<noscript>` counts only on pages (Discourse's) that have little else."""
    aside = [draft for draft in drafts if "/noscript" in draft.path]
    shown = [draft for draft in drafts if "/noscript" not in draft.path]
    chars = sum(len(draft.text) for draft in aside)
    return drafts if chars > 200 and chars > sum(len(draft.text) for draft in shown) else shown


def _is_captured(tag: str, element: Element, parent: _Frame, head: Head) -> bool:
    """Return whether the text of an element is kept apart: the page's title, structured data, a name marked as the author's."""
    if tag == "title":
        return parent.tag not in _PICTURES and not head.title
    if tag == "script":
        return "ld+json" in (element.get("type") or "")
    return _is_byline(element)


def _is_byline(element: Element) -> bool:
    return "author" in (element.get("rel") or "").split() or element.get("itemprop") == "author"


def _is_hidden(element: Element) -> bool:
    if element.get("hidden") is not None or element.get("aria-hidden") == "true":
        return True
    style = element.get("style")
    return bool(style and _HIDDEN_STYLE.search(style))


def _own_marks(element: Element) -> str:
    """Return the words of an element's class, id, role and itemprop, in lower case."""
    names = (element.get("class"), element.get("id"), element.get("role"), element.get("itemprop"))
    return _mark_words(names) if any(names) else ""


@lru_cache(maxsize=8192)
def _mark_words(names: tuple[str | None, ...]) -> str:
    found = dict.fromkeys(word.lower() for name in names if name for word in _MARK.findall(name[:400]) if len(word) > 1)
    return " ".join(list(found)[:_OWN_MARKS])
