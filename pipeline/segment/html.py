"""HTML to blocks: one walk over the texts of a page, which also gathers what the page states about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.model import Block, Facts, Kind
from pipeline.segment.tags import Tags, lowest_between, tags_of

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
# What a tag does to the text round it. Links, labels, times, pictures and fields are shown apart though no space parts them.
_NOTHING, _END, _APART, _APART_END, _LINK, _LINK_END, _PICTURE, _LINE_BREAK = range(8)
_ROLES = {
    "a": (_LINK, _LINK_END),
    "label": (_APART, _APART_END),
    "time": (_APART, _APART_END),
    "img": (_PICTURE, _NOTHING),
    "input": (_PICTURE, _NOTHING),
    "br": (_LINE_BREAK, _NOTHING),
}
_PERMALINKS = frozenset(("¶", "#", "§", "🔗"))  # a link behind a heading to itself
_SHOWN_APART, _ENDS_APART = (_APART, _LINK, _PICTURE), (_APART_END, _LINK_END)
_NO_BYLINE = frozenset(("tr", "td", "th", "title", "meta", "link"))
_BREAK = "\x00"  # stands for <br> until spaces are folded; the source has no NUL left
_SPACE = re.compile(r" [ \t\n\r\f]+|[\t\n\r\f][ \t\n\r\f]*")  # what is no single space already
_SPACES = " \t\n\r\f"
_ATTRIBUTE = re.compile(r'([^\s="]+)(?:="([^"]*)")?')
_NAMING = frozenset(f"{space}{name}=" for name in ("class", "id", "role", "itemprop") for space in ("", " "))
_CLASS = re.compile(r'\sclass="([^"]+)"')
_WITHOUT_FIGURES = bytes.maketrans(b"0123456789", b"----------")  # they number what is alike, and are no words
_MARK = re.compile(r"[A-Z]?[a-z]+|[A-Z]{2,}")
_BYLINE = re.compile(r'\s(?:rel="(?:[^"]*\s)?author(?:\s[^"]*)?"|itemprop="author")')
_HIDDEN = re.compile(
    r'(?:^|\s)(?:hidden(?==|\s|$)|aria-hidden="true"|style="[^"]*(?:display\s*:\s*none|visibility\s*:\s*hidden))', re.IGNORECASE
)
_OWN_MARKS, _LONG = 12, 400
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


class _Place:
    """What an open block element passes on to the text inside it: the same for all elements of one head below one place."""

    __slots__ = ("above", "aside", "below", "depth", "hidden", "is_item", "kind", "level", "list_depth", "marks", "path")

    def __init__(self, tag: str, marks: str, holder: _Place | None, *, is_hidden: bool) -> None:
        self.below: dict[object, _Place] = {}  # by the head of the element, and by what is read of it
        if holder is None:
            self.above, self.depth, self.path, self.marks = (0, "", ""), 0, "", ""
            self.kind, self.level, self.list_depth = Kind.PARAGRAPH, 0, 0
            self.hidden = self.aside = self.is_item = False
            return
        # What is nested too deep takes the place of what holds it.
        self.above = depth, path, above = (holder.depth, holder.path, holder.marks) if holder.depth < _DEEPEST else holder.above
        self.depth, self.path, self.marks = depth + 1, f"{path}/{tag}", f"{above}/{marks}"
        self.kind = _KINDS.get(tag, holder.kind)
        self.list_depth = holder.list_depth + (tag in _LISTS)
        self.level = self.list_depth
        if self.kind is Kind.HEADING:
            self.level = int(tag[1]) if tag in _KINDS else holder.level
        self.hidden, self.aside = holder.hidden or is_hidden, holder.aside or tag in _ASIDE
        self.is_item = tag in _ITEMS


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
    lead: tuple[int, int]  # the tags of the two innermost inline elements round its first words, the outer one first
    place: _Place
    at: int  # the tag behind which its text begins


def walk(source: str, json_ld: list[str]) -> tuple[list[Block], Head]:
    """Return the blocks of a page in document order and what its head states. Offsets count one line feed between blocks.

    `source` is a page as `markup.serialised` gives it.
    """
    tags = tags_of(source)
    walker = _Walker(tags)
    walker.read()
    head = _head_of(tags, json_ld)
    head.bylines += _bylines(source, tags)
    return _placed(_without_asides(walker.out), tags), head


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
    """Goes through the texts of a page and makes a block of each stretch between two block tags."""

    def __init__(self, tags: Tags) -> None:
        self.out: list[_Draft] = []
        self._tags = tags
        self._chunks = tags.chunks
        self._roles = tags.roles(_ROLES, (_NOTHING, _END))
        self._parents = tags.blocks.parents()
        self._places = {-1: _Place("", "", None, is_hidden=False)}  # of elements, by their tags, as soon as a text asks for them
        self._items_with_text: set[int] = set()
        self._rows: list[_Row] = []

    def read(self) -> None:
        """Read all texts of the page, in their order among the tags of tables."""
        tags = self._tags
        first = tags.first
        cells = tags.places("tr", "td", "th", closing=True).tolist()
        cells.append(len(self._chunks))
        holders, leads = tags.blocks.innermost(first).tolist(), (tags.inlines.innermost(first, up).tolist() for up in (1, 0))
        links, code = tags.links[first].tolist(), (tags.code[first] > 0).tolist()
        passed = 0
        for begin, end, holder, is_code, open_links, *lead in zip(
            first.tolist(), tags.last.tolist(), holders, code, links, *leads, strict=True
        ):
            while cells[passed] <= begin:
                self._cell(cells[passed])
                passed += 1
            if begin == end and not is_code:
                self._text(begin, holder, open_links, (lead[0], lead[1]))
            else:
                self._texts(begin, end, holder, open_links, (lead[0], lead[1]), is_code=is_code)
        for at in cells[passed:-1]:
            self._cell(at)

    def _text(self, at: int, holder: int, links: int, lead: tuple[int, int]) -> None:
        """Read the one text between two block tags, which most blocks are."""
        text = _unescaped(self._chunks[at].partition(">")[2])
        link_chars = 0
        if links:
            text = text.strip(_SPACES)
            if text in _PERMALINKS:
                return
            link_chars = len(_spaced(text))
        text = _spaced(text).strip()
        if text:
            self._emit_text(text, link_chars, lead, holder, at)

    def _texts(self, begin: int, end: int, holder: int, links: int, lead: tuple[int, int], *, is_code: bool) -> None:
        """Read all that stands between two block tags, from the first text to the last one."""
        chunks, roles = self._chunks, self._roles
        pieces: list[str] = []
        link_chars, started, is_apart = 0, begin, False
        is_code = is_code and self._place(holder).kind is Kind.CODE
        for at in range(begin, end + 1):
            text = chunks[at].partition(">")[2]
            role = roles[at] if at > begin else _NOTHING
            if role:
                if role == _LINK:
                    links += 1
                elif role == _LINK_END:
                    links -= 1
                if role in _SHOWN_APART:
                    if is_apart:
                        pieces.append(" ")
                        is_apart = False
                elif role != _LINE_BREAK:
                    is_apart = bool(pieces) and role in _ENDS_APART
                elif pieces:
                    is_apart = False
                    last = next((piece for piece in reversed(pieces) if piece.strip(_SPACES)), "")
                    if last.rstrip(_SPACES).endswith(_BREAK):  # two breaks in a row part paragraphs
                        self._flush(pieces, link_chars, lead, holder, started)
                        pieces, link_chars = [], 0
                    else:
                        pieces.append(_BREAK)
            if not text:
                continue
            text = _unescaped(text)
            if not pieces:
                if not is_code and not text.strip():
                    continue
                if at > begin:
                    started, lead = at, self._tags.lead(at)
            is_apart = False
            if links > 0:
                bare = text.strip(_SPACES)
                if bare in _PERMALINKS:
                    text = " "
                else:
                    link_chars += len(_spaced(bare))
            pieces.append(text)
        if pieces:
            self._flush(pieces, link_chars, lead, holder, started)

    def _flush(self, pieces: list[str], link_chars: int, lead: tuple[int, int], holder: int, at: int) -> None:
        raw = "".join(pieces)
        if self._place(holder).kind is Kind.CODE:
            text = raw.replace(_BREAK, "\n").expandtabs(4).strip("\n").rstrip()
        elif _BREAK in raw:
            text = "\n".join(filter(None, (line.strip() for line in _spaced(raw).split(_BREAK))))
        else:
            text = _spaced(raw).strip()
        if text:
            self._emit_text(text, link_chars, lead, holder, at)

    def _emit_text(self, text: str, link_chars: int, lead: tuple[int, int], holder: int, at: int) -> None:
        place = self._place(holder)
        kind = place.kind
        if kind is Kind.HEADING and text.count(" ") > _HEADING_WORDS:
            kind = Kind.PARAGRAPH  # a heading that was never closed
        if kind is Kind.ITEM and (item := self._item(holder)) >= 0:
            if item in self._items_with_text:
                kind = Kind.PARAGRAPH  # the second paragraph of an item is no second item
            self._items_with_text.add(item)
        self._emit(_Draft(kind, text, place.level, link_chars, lead, place, at))

    def _place(self, tag: int) -> _Place:
        """Return the place of the block element that a tag opens."""
        places = self._places
        place = places.get(tag)
        if place is not None:
            return place
        missing = []
        while place is None:
            missing.append(tag)
            tag = self._parents[tag]
            place = places.get(tag)
        for opening in reversed(missing):
            head = self._chunks[opening].partition(">")[0]
            below = place.below.get(head)
            place = places[opening] = below if below is not None else _place_of(head, place)
        return place

    def _item(self, tag: int) -> int:
        """Return the tag of the list item that an element is or stands in, -1 if there is none."""
        while tag >= 0 and not self._place(tag).is_item:
            tag = self._parents[tag]
        return tag

    def _cell(self, at: int) -> None:
        """Note the tag of a table's row or cell."""
        head = self._chunks[at][:3]
        if head == "/tr":
            if self._rows:
                self._end_row(self._rows.pop())
        elif head[:2] == "tr":
            self._rows.append(_Row())
        elif head[0] != "/" and self._rows:
            self._rows[-1].cells.append([])

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
        if is_layout or all(draft.kind is not Kind.PARAGRAPH for draft in drafts):
            for draft in drafts:
                self._emit(draft)
            return
        first = drafts[0]
        text = " | ".join(" ".join(draft.text.replace("\n", " ") for draft in cell) for cell in cells)
        links = sum(draft.link_chars for draft in drafts)
        self._emit(_Draft(Kind.ROW, text, 0, links, first.lead, first.place, first.at))


def _head_of(tags: Tags, json_ld: list[str]) -> Head:
    """Return what a page states about itself in its tags."""
    head, chunks = Head(json_ld=json_ld), tags.chunks
    for at in tags.places("html").tolist():
        stated = _attributes(_attributes_at(chunks[at]))
        head.language = (stated.get("lang") or stated.get("xml:lang") or "").strip()
    for at in tags.places("title").tolist():
        head.title = head.title or " ".join(_unescaped(chunks[at].partition(">")[2]).split())
    for at in tags.places("meta").tolist():
        stated = _attributes(_attributes_at(chunks[at]))
        name = (stated.get("property") or stated.get("name") or stated.get("itemprop") or "").strip().lower()
        if name and stated.get("content"):
            head.metas.setdefault(name, stated["content"].strip())
    for at in tags.places("link").tolist():
        _note_link(_attributes_at(chunks[at]), head)
    for at in tags.places("time").tolist():
        if time := _attributes(_attributes_at(chunks[at])).get("datetime", "").strip():
            head.times.append(time)
    return head


def _note_link(attributes: str, head: Head) -> None:
    if "canonical" not in attributes and "license" not in attributes:
        return
    stated = _attributes(attributes)
    rel = stated.get("rel", "").lower().split()
    if "canonical" in rel and not head.canonical:
        head.canonical = stated.get("href", "").strip()
    elif "license" in rel and not head.license:
        head.license = stated.get("href", "").strip()


def _bylines(source: str, tags: Tags) -> Iterator[str]:
    """Return what stands in the elements that are marked as the author's name; of two in one another in the inner one."""
    chunks, marked = tags.chunks, []
    at, passed, found = -1, 0, source.find("author")
    while found >= 0:
        at += source.count("<", passed, found)
        passed = source.find("<", found) if at >= 0 else found + 1
        if at >= 0 and _is_byline(chunks[at].partition(">")[0]):
            marked.append(at)
        found = source.find("author", passed) if passed > 0 else -1
    for at, following in zip(marked, [*marked[1:], len(chunks)], strict=False):
        end = tags.end_of(at)
        if end <= following and (words := "".join(_unescaped(chunk.partition(">")[2]) for chunk in chunks[at:end]).split()):
            yield " ".join(words)


def _is_byline(tag: str) -> bool:
    return tag.partition(" ")[0] not in _NO_BYLINE and _BYLINE.search(tag) is not None


def _attributes_at(chunk: str) -> str:
    return chunk.partition(">")[0].partition(" ")[2]


def _place_of(head: str, holder: _Place) -> _Place:
    """Return the place of an element of this head below another one."""
    tag, _, attributes = head.partition(" ")
    read = (tag, *_known_names(attributes.encode().translate(_WITHOUT_FIGURES))) if attributes else (tag, "", False)
    place = holder.below.get(read)
    if place is None:
        place = holder.below[read] = _Place(tag, read[1], holder, is_hidden=read[2])
    holder.below[head] = place
    return place


def _without_asides(drafts: list[_Draft]) -> list[_Draft]:
    """Return the drafts that a reader sees: `<noscript>` and `<template>` count only where there is little else (Discourse)."""
    aside = [draft for draft in drafts if draft.place.aside]
    if not aside:
        return drafts
    shown = [draft for draft in drafts if not draft.place.aside]
    chars = sum(len(draft.text) for draft in aside)
    return drafts if chars > _SHORT_ASIDE_CHARS and chars > sum(len(draft.text) for draft in shown) else shown


def _placed(drafts: list[_Draft], tags: Tags) -> list[Block]:
    blocks, start = [], 0
    lead_of: dict[int, str] = {-1: ""}
    shared = [0, *lowest_between(tags.blocks.depth, [draft.at for draft in drafts])]
    for index, (draft, common) in enumerate(zip(drafts, shared, strict=False)):
        place = draft.place
        outer, inner = draft.lead
        lead = ""
        if inner >= 0:
            for at in (outer, inner):
                if at not in lead_of:
                    lead_of[at] = _lead(tags.chunks[at])
            lead = f"{lead_of[outer]} {lead_of[inner]}" if outer >= 0 else lead_of[inner]
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
                lead=lead,
                shared=min(common, place.depth),
            )
        )
        start += len(draft.text) + 1
    return blocks


def _lead(chunk: str) -> str:
    """Return the tag and the class words of an inline element round a block's first words."""
    head = chunk.partition(">")[0]
    tag, _, attributes = head.partition(" ")
    if 'class="' not in attributes or not (named := _CLASS.search(head)):
        return tag
    return " ".join((tag, *list(dict.fromkeys(_words_of(named[1])))[:_OWN_MARKS]))


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
    words: tuple[str, ...] = ()
    if '="' in attributes:
        pieces = attributes.split('"')
        for name, value in zip(pieces[0::2], pieces[1::2], strict=False):
            if name in _NAMING:
                words = (*words, *_words_of(value)) if words else _words_of(value)
    hidden = ("hidden" in attributes or "style=" in attributes) and _HIDDEN.search(attributes) is not None
    return " ".join(list(dict.fromkeys(words))[:_OWN_MARKS]), hidden


@lru_cache(maxsize=8192)
def _known_names(attributes: bytes) -> tuple[str, bool]:
    return _names(attributes.decode())


@lru_cache(maxsize=8192)
def _words_of(names: str) -> tuple[str, ...]:
    """Return the words that class names consist of."""
    return tuple([word.lower() for word in _MARK.findall(names[:_LONG]) if len(word) > 1])
