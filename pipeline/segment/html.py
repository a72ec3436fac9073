"""HTML to blocks: one walk over the tags of a page, which also gathers what the page states about itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.model import Block, Facts, Kind

_VOID = frozenset("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split())
_INLINE = frozenset(
    (
        "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark meter nobr "
        "output picture progress q rp rt ruby s samp small span strike strong sub sup time tt u var"
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
_ITEMS = frozenset(("li", "dt", "dd"))
_LISTS = frozenset(("ul", "ol", "dl", "menu"))
_ASIDE = ("noscript", "template")  # not shown by a browser that runs scripts
_HEADING_WORDS = 60
# Inline elements that a page shows apart although no space stands between them.
_APART = frozenset(("a", "label", "time", "img", "input"))
_RAISED = ("sup", "sub")
# Elements that part of a word may stand in: "<b>Java</b><span>Script</span>"; and those for code.
_WITHIN_WORDS = frozenset("b strong i em u s mark font big small".split())
_INLINE_CODE = frozenset(("code", "kbd", "samp", "var", "tt"))
_FEWEST_SEAM_LETTERS = 3
_PERMALINKS = frozenset(("¶", "#", "§", "🔗"))  # a link behind a heading to itself
_BREAK = "\x00"  # stands for <br> until spaces are folded; the source has no NUL left
_SPACE = re.compile(r" [ \t\n\r\f]+|[\t\n\r\f][ \t\n\r\f]*")  # what is no single space already
_SPACES = " \t\n\r\f"
_ATTRIBUTE = re.compile(r'([^\s="]+)(?:="([^"]*)")?')
_NAMES = re.compile(r'(?:^|\s)(?:class|id|role|itemprop)="([^"]+)"')
_CLASS = re.compile(r'\sclass="([^"]+)"')
_MARK = re.compile(r"[A-Z]?[a-z]+|[A-Z]{2,}")
_BYLINE = re.compile(r'(?:^|\s)(?:rel="(?:[^"]*\s)?author(?:\s[^"]*)?"|itemprop="author")')
_HIDDEN = re.compile(
    r'(?:^|\s)(?:hidden(?==|\s|$)|aria-hidden="true"|style="[^"]*(?:display\s*:\s*none|visibility\s*:\s*hidden))', re.IGNORECASE
)
_OWN_MARKS = 12
_ROW_CELL_CHARS, _ROW_CELL_BLOCKS = 600, 4
_DEEPEST = 100  # block elements nested deeper count as standing at this depth
_SHORT_ASIDE_CHARS = 200


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


@dataclass(slots=True, eq=False)
class _Place:
    """What an open block element passes on to the text inside it: the same for all elements of one head below one place."""

    depth: int
    path: str
    marks: str
    kind: Kind
    level: int
    list_depth: int
    hidden: bool
    aside: bool
    is_item: bool
    below: dict[str, _Place] = field(default_factory=dict)


class _Frame:
    """An open block element: its place, and the element and the list item that hold it."""

    __slots__ = ("above", "has_item_text", "parent", "place")

    def __init__(self, parent: _Frame | None, place: _Place, above: _Frame | None) -> None:
        self.parent, self.place = parent, place
        self.above = above
        self.has_item_text = False

    @property
    def item(self) -> _Frame | None:
        """Return the list item that the element is in, or is: a reference to itself would be left for the collector."""
        return self if self.place.is_item else self.above


@dataclass(slots=True, eq=False)
class _Row:
    """A table row while its cells are read; it ends as one block, or, in a table used for layout, as its cells' blocks."""

    cells: list[list[_Draft]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class _Draft:
    """A block before it has a place."""

    kind: Kind
    text: str
    level: int
    link_chars: int
    lead: str
    frame: _Frame


def walk(chunks: list[str], json_ld: list[str]) -> tuple[list[Block], Head]:
    """Return the blocks of a page in document order and what its head states. Offsets count one line feed between blocks.

    `chunks` are the tags of the page, each with the text behind it, as `markup.chunks_of` gives them.
    """
    walker = _Walker(json_ld)
    walker.read(chunks)
    return _placed(_without_asides(walker.out)), walker.head


def with_stated(blocks: list[Block], facts: Facts) -> list[Block]:
    """Return the blocks of a page that shows hardly any text, and behind them the text in its structured data, if that is longer.

    A description alone is no text: the page has none then.
    """
    shown = sum(len(block.text) for block in blocks)
    body = facts.body
    if len(body) <= max(shown, _SHORT_ASIDE_CHARS) or any(body[:60] in block.text for block in blocks):
        return blocks
    start = blocks[-1].end + 1 if blocks else 0
    added: list[Block] = []
    for line in body.split("\n"):
        added.append(Block(len(blocks) + len(added), Kind.PARAGRAPH, start, line, path="/html/head/meta", marks="///stated"))
        start += len(line) + 1
    return [*blocks, *added]


class _Walker:
    """Holds the open elements and the inline text read since the last block ended."""

    def __init__(self, json_ld: list[str]) -> None:
        self.head = Head(json_ld=json_ld)
        self.out: list[_Draft] = []
        self._root = _Frame(None, _Place(0, "", "", Kind.PARAGRAPH, 0, 0, False, False, False), None)
        self._open: list[str] = []  # tag and attributes of each open block element
        self._frames: list[_Frame] = []  # of the outermost of them: a frame is made when a text asks for it
        self._inline: list[str] = []
        self._links = self._code = 0  # how many links and `pre` elements are open
        self._rows: list[_Row] = []
        self._buffer: list[str] = []
        self._holder: _Frame | None = None  # the block element in which the buffered text began
        self._link_chars = 0
        self._lead = ""
        self._closed_apart = False  # the element read last was one that a page shows apart
        self._closed = self._closed_name = ""  # the text with which the inline element closed last ended, and its name
        self._capture: list[str] | None = None
        self._captured_title = False
        self._captured_by = 0  # how many elements were open when the one whose text is captured began

    def read(self, chunks: list[str]) -> None:
        """Read all tags of a page, each with the text behind it."""
        inline, buffer = self._inline, self._buffer
        for chunk in chunks:
            tag, _, text = chunk.partition(">")
            if tag[:1] == "/":
                name = tag[1:]
                if name not in _INLINE:
                    self._close_block(name)
                elif inline:
                    inline.pop()
                    if name == "a":
                        self._links -= 1
                    self._closed_apart = bool(buffer) and name in _APART
                    self._closed, self._closed_name = buffer[-1] if buffer else "", name
                if self._capture is not None and len(self._open) + len(inline) < self._captured_by:
                    self._end_capture()
            elif tag:
                name, _, attributes = tag.partition(" ")
                if name in _INLINE:
                    inline.append(tag)
                    self._open_inline(name, attributes)
                    if text and buffer and buffer[-1] is self._closed and self._is_seam(text, name):
                        buffer.append(" ")
                elif name in _VOID:
                    self._void(name, attributes)
                elif name[:1] not in "!?":
                    self._open_block(name, tag, attributes)
            if not text:
                continue
            if self._holder is not None and not self._links and self._capture is None:
                buffer.append(_unescaped(text) if "&" in text else text)
                self._closed_apart = False
            elif self._holder is not None or self._code or self._capture is not None or not text.isspace():
                # What is left out here are most of the texts: the spaces between two tags.
                self._text(_unescaped(text) if "&" in text else text)
        self._flush()

    def _is_seam(self, text: str, name: str) -> bool:
        """Return whether the text in an inline element that opens stands apart from the one that closed before it."""
        is_emphasis = name in _WITHIN_WORDS or self._closed_name in _WITHIN_WORDS
        if self._code or name in _RAISED or not _is_seam(self._closed, text, is_emphasis):
            return False
        return not any(tag.partition(" ")[0] in _INLINE_CODE for tag in self._inline)

    def _open_inline(self, tag: str, attributes: str) -> None:
        if tag in _APART and self._closed_apart:
            self._buffer.append(" ")
            self._closed_apart = False
        if tag == "a":
            self._links += 1
        elif tag == "time":
            self._note_time(attributes)
        if "author" in attributes and _BYLINE.search(attributes):
            self._start_capture()

    def _open_block(self, tag: str, head: str, attributes: str) -> None:
        if self._buffer:
            self._flush()
        self._open.append(head)
        if tag == "pre":
            self._code += 1
        if tag == "tr":
            self._rows.append(_Row())
        elif tag in ("td", "th"):
            if self._rows:
                self._rows[-1].cells.append([])
        elif tag == "title":
            self._start_capture(is_title=True)
        elif "author" in attributes and _BYLINE.search(attributes):
            self._start_capture()
        elif tag == "html":
            stated = _attributes(attributes)
            self.head.language = (stated.get("lang") or stated.get("xml:lang") or "").strip()

    def _close_block(self, tag: str) -> None:
        if not self._open:
            return
        if self._buffer:
            self._flush()
        self._open.pop()
        if tag == "pre":
            self._code -= 1
        if len(self._frames) > len(self._open):
            self._frames.pop()
        if tag == "tr" and self._rows:
            self._end_row(self._rows.pop())

    def _void(self, tag: str, attributes: str) -> None:
        if tag == "br":
            self._break()
        elif tag in _APART and self._closed_apart:
            self._buffer.append(" ")
            self._closed_apart = False
        elif tag == "hr":
            self._flush()
        elif tag == "meta":
            self._note_meta(attributes)
        elif tag == "link":
            self._note_link(attributes)

    def _text(self, text: str) -> None:
        if self._capture is not None:
            self._capture.append(text)
            if self._captured_title:
                return
        if self._holder is None:
            if not text.strip() and not self._in_code():
                return
            self._holder = self._frame()
            self._lead = "<".join(self._inline[-2:]) if self._inline else ""
        self._closed_apart = False
        if self._links:
            bare = text.strip(_SPACES)
            if bare in _PERMALINKS:
                text = " "
            else:
                self._link_chars += len(_spaced(bare))
        self._buffer.append(text)

    def _in_code(self) -> bool:
        return self._code > 0 and self._frame().place.kind is Kind.CODE

    def _frame(self) -> _Frame:
        """Return the frame of the innermost open block element; frames are made from the outermost in."""
        frames = self._frames
        frame = frames[-1] if frames else self._root
        for head in self._open[len(frames) :]:
            above, item = frame.place, frame.item
            if above.depth >= _DEEPEST and frame.parent is not None:
                frame = frame.parent  # the element takes the place of the one that holds it
            place = above.below.get(head)
            if place is None:
                place = above.below[head] = _place(head, above, frame.place)
            frame = _Frame(frame, place, item)
            frames.append(frame)
        return frame

    def _flush(self) -> None:
        holder = self._holder
        if holder is None:
            if self._buffer:
                self._buffer.clear()
            return
        raw, link_chars = "".join(self._buffer), self._link_chars
        self._buffer.clear()
        self._holder, self._link_chars, self._closed_apart = None, 0, False
        if holder.place.kind is Kind.CODE:
            text = raw.replace(_BREAK, "\n").expandtabs(4).strip("\n").rstrip()
        elif _BREAK in raw:
            text = "\n".join(filter(None, (line.strip() for line in _spaced(raw).split(_BREAK))))
        else:
            text = _spaced(raw).strip()
        if not text:
            return
        kind = holder.place.kind
        if kind is Kind.HEADING and text.count(" ") > _HEADING_WORDS:
            kind = Kind.PARAGRAPH  # a heading that was never closed
        if kind is Kind.ITEM and holder.item is not None:
            if holder.item.has_item_text:
                kind = Kind.PARAGRAPH  # the second paragraph of an item is no second item
            holder.item.has_item_text = True
        self._emit(_Draft(kind, text, holder.place.level, link_chars, self._lead, holder))

    def _emit(self, draft: _Draft) -> None:
        if self._rows and self._rows[-1].cells:
            self._rows[-1].cells[-1].append(draft)
        else:
            self.out.append(draft)

    def _end_row(self, row: _Row) -> None:
        cells = row.cells
        drafts = [draft for cell in cells for draft in cell]
        if not drafts:
            return
        is_layout = any(
            len(cell) > _ROW_CELL_BLOCKS or sum(len(draft.text) for draft in cell) > _ROW_CELL_CHARS for cell in cells
        ) or any(draft.kind in (Kind.ROW, Kind.CODE) for draft in drafts)
        is_layout = is_layout or (len(drafts) > 1 and sum(map(bool, cells)) == 1)  # one cell is no row: a forum's post
        if is_layout or all(draft.kind is not Kind.PARAGRAPH for draft in drafts):
            for draft in drafts:
                self._emit(draft)
            return
        first = drafts[0]
        text = " | ".join(" ".join(draft.text.replace("\n", " ") for draft in cell) for cell in cells)
        links = sum(draft.link_chars for draft in drafts)
        self._emit(_Draft(Kind.ROW, text, 0, links, first.lead, first.frame))

    def _break(self) -> None:
        self._closed_apart = False
        if self._holder is None:
            return
        last = next((piece for piece in reversed(self._buffer) if piece.strip(_SPACES)), "")
        if last.rstrip(_SPACES).endswith(_BREAK):
            self._flush()  # two breaks in a row part paragraphs
        else:
            self._buffer.append(_BREAK)

    def _note_meta(self, attributes: str) -> None:
        stated = _attributes(attributes)
        name = (stated.get("property") or stated.get("name") or stated.get("itemprop") or "").strip().lower()
        if name and stated.get("content"):
            self.head.metas.setdefault(name, stated["content"].strip())

    def _note_link(self, attributes: str) -> None:
        if "canonical" not in attributes and "license" not in attributes:
            return
        stated = _attributes(attributes)
        rel = stated.get("rel", "").lower().split()
        if "canonical" in rel and not self.head.canonical:
            self.head.canonical = stated.get("href", "").strip()
        elif "license" in rel and not self.head.license:
            self.head.license = stated.get("href", "").strip()

    def _note_time(self, attributes: str) -> None:
        time = _attributes(attributes).get("datetime", "").strip()
        if time:
            self.head.times.append(time)

    def _start_capture(self, is_title: bool = False) -> None:
        if self._capture is None:
            self._capture, self._captured_title = [], is_title
            self._captured_by = len(self._open) + len(self._inline)

    def _end_capture(self) -> None:
        assert self._capture is not None
        captured = " ".join("".join(self._capture).split())
        if self._captured_title:
            self.head.title = self.head.title or captured
        elif captured:
            self.head.bylines.append(captured)
        self._capture = None


def _place(head: str, above: _Place, holder: _Place) -> _Place:
    """Return the place of an element of this head, which inherits from `above` and stands one deeper than `holder`."""
    tag, _, attributes = head.partition(" ")
    kind = _KINDS.get(tag, above.kind)
    list_depth = above.list_depth + (tag in _LISTS)
    if kind is not Kind.HEADING:
        level = list_depth
    else:
        level = int(tag[1]) if tag in _KINDS else above.level
    marks, is_hidden = _known_names(attributes) if len(attributes) < _LONG else _names(attributes)
    return _Place(
        holder.depth + 1,
        f"{holder.path}/{tag}",
        f"{holder.marks}/{marks}",
        kind,
        level,
        list_depth,
        above.hidden or is_hidden,
        above.aside or tag in _ASIDE,
        tag in _ITEMS,
    )


def _without_asides(drafts: list[_Draft]) -> list[_Draft]:
    """Return the drafts that a reader sees: `<noscript>` and `<template>` count only where there is little else (Discourse)."""
    aside = [draft for draft in drafts if draft.frame.place.aside]
    if not aside:
        return drafts
    shown = [draft for draft in drafts if not draft.frame.place.aside]
    chars = sum(len(draft.text) for draft in aside)
    return drafts if chars > _SHORT_ASIDE_CHARS and chars > sum(len(draft.text) for draft in shown) else shown


def _placed(drafts: list[_Draft]) -> list[Block]:
    blocks, start = [], 0
    before: _Frame | None = None
    for index, draft in enumerate(drafts):
        frame, place = draft.frame, draft.frame.place
        blocks.append(
            Block(
                index,
                draft.kind,
                start,
                draft.text,
                level=draft.level,
                link_chars=draft.link_chars,
                hidden=place.hidden,
                path=place.path,
                marks=place.marks,
                lead=_lead(draft.lead) if draft.lead else "",
                shared=_shared(before, frame),
            )
        )
        before = frame
        start += len(draft.text) + 1
    return blocks


def _shared(one: _Frame | None, other: _Frame | None) -> int:
    """Return how many elements from the root on stand above both frames, themselves included."""
    while one is not other:
        if one is None or other is None:
            return 0
        level, deeper = one.place.depth, other.place.depth
        if level >= deeper:
            one = one.parent
        if deeper >= level:
            other = other.parent
    return one.place.depth if one is not None else 0


def _lead(heads: str) -> str:
    """Return the tags and class words of the inline elements round a block's first words."""
    pieces = []
    for head in heads.split("<"):
        named = _CLASS.search(head) if 'class="' in head else None
        tag = head.partition(" ")[0]
        pieces.append(f"{tag} {_mark_words((named[1],))}".rstrip() if named else tag)
    return " ".join(pieces)


def _is_seam(before: str, behind: str, is_emphasis: bool) -> bool:
    """Return whether a page shows two inline elements apart that touch in its source: a text ends and another begins.

    "<span>4</span><span>Cleveland</span>", but neither letters that stand in elements of their own, nor one word of which a part
    is emphasised. Of some 80 such places in WCXB with a gold none was within a word.
    """
    if not (behind[1:2] and (before[1:2] or before.isdigit())):
        return False
    last, first = before[-1], behind[0]
    if first.isupper():
        if last.islower():
            is_word = is_emphasis or not len(before) >= _FEWEST_SEAM_LETTERS <= len(behind)
            return " " in behind.strip() or not is_word
        return last.isdigit() or last in ".!?:" or (last.isupper() and behind[1].islower())
    return first.isdigit() and last.islower()


def _spaced(text: str) -> str:
    """Return a text with each run of white space as one space; the only printable white space is U+0020."""
    return text if "  " not in text and text.isprintable() else _SPACE.sub(" ", text)


def _unescaped(text: str) -> str:
    """Return a serialised text or attribute as it was: serialisation escapes these signs alone."""
    if "&" not in text:
        return text
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\u00a0").replace("&quot;", '"')
    return text.replace("&amp;", "&")


def _attributes(source: str) -> dict[str, str]:
    """Return the attributes of a serialised tag; of two of the same name, which a parser lets through once, the one."""
    return {name: _unescaped(value) for name, value in _ATTRIBUTE.findall(source)}


def _names(attributes: str) -> tuple[str, bool]:
    """Return the words of an element's class, id, role and itemprop, in lower case, and whether it is hidden."""
    words = _mark_words(tuple(_NAMES.findall(attributes))) if '="' in attributes else ""
    return words, ("hidden" in attributes or "style=" in attributes) and _HIDDEN.search(attributes) is not None


_known_names = lru_cache(maxsize=8192)(_names)
_LONG = 400  # characters: longer attributes hold data and are seldom met twice


@lru_cache(maxsize=8192)
def _mark_words(names: tuple[str, ...]) -> str:
    found = " ".join(_MARK.findall(" ".join([name[:400] for name in names]))).lower().split(" ")
    return " ".join(list(dict.fromkeys([word for word in found if len(word) > 1]))[:_OWN_MARKS])
