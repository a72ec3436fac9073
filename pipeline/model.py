"""The values that travel between stages. All are frozen: a stage returns new ones and marks nothing.

    Page → Document of Blocks → Judgement (evidence, verdicts) → RepairedDocument → CleanDocument

Offsets named `start` and `end` count characters of `Document.text`, end exclusive.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from typing import Any, TypeVar

Value = TypeVar("Value")


def quickly_made(kind: type[Value]) -> type[Value]:
    """Return a frozen dataclass with slots whose instances are made twice as quickly: there are thousands on a page.

    What a frozen class is given is set field by field past its own `__setattr__`. Here an instance is, while it is made, one of a
    class with the same slots that is not frozen. The fields must not have default factories.
    """
    parts = [(one.name, "" if one.default is MISSING else f"=_defaults[{one.name!r}]") for one in fields(kind)]  # type: ignore[arg-type]
    defaults = {one.name: one.default for one in fields(kind)}  # type: ignore[arg-type]
    open_kind = type(kind.__name__, (), {"__slots__": kind.__slots__})  # type: ignore[attr-defined]
    lines = [
        f"def __init__(self, {', '.join(name + default for name, default in parts)}):",
        "    _become(self, '__class__', _open_kind)",
        *(f"    self.{name} = {name}" for name, _ in parts),
        "    self.__class__ = _kind",
    ]
    made: dict[str, Any] = {"_become": object.__setattr__, "_open_kind": open_kind, "_kind": kind, "_defaults": defaults}
    exec("\n".join(lines), made)  # as dataclasses make theirs
    made["__init__"].__qualname__ = f"{kind.__qualname__}.__init__"
    kind.__init__ = made["__init__"]  # type: ignore[method-assign]
    return kind


class Stage(StrEnum):
    """The stages in the order in which a page passes them."""

    INGEST = "ingest"
    SEGMENT = "segment"
    SURVEY = "survey"
    CHROME = "chrome"
    ENCODING = "encoding"
    NORMALISE = "normalise"
    PUBLISH = "publish"


class Media(StrEnum):
    """What a page is, decided by its bytes."""

    HTML = "html"
    TEXT = "text"


class Kind(StrEnum):
    """What a block is on its page. A plain-text page has only lines."""

    LINE = "line"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    QUOTE = "quote"
    CAPTION = "caption"
    FORM = "form"


class Action(StrEnum):
    """What happens to a block: `title` leaves the body and becomes the record's headline."""

    KEEP = "keep"
    STRIP = "strip"
    TITLE = "title"


@dataclass(frozen=True, slots=True)
class RawItem:
    """One input as a source hands it over: a whole file (`record` 0) or a record of a container, counted from 1.

    `path` is relative to the input's root. `fault` is set where the source could not read the item; there is no body then.
    `digest` is that of its bytes as they lie in the file, which begin at `start` (-1: they cannot be found without reading).
    """

    path: str
    body: bytes
    record: int = 0
    id: str = ""
    url: str = ""
    media_type: str = ""
    is_unicode: bool = False
    is_html: bool | None = None
    added: str = ""
    fault: str = ""
    detail: str = ""
    digest: str = ""
    start: int = -1


@dataclass(frozen=True, slots=True)
class Page:
    """One page as scraped. `path` is relative to its input root; `record` counts from 1 inside a container, else 0.

    `is_unicode` says that `body` is the UTF-8 form of text that arrived decoded, so that no charset has to be found.
    `site` is the registrable domain, or `folder:<folder>` where no URL is known.
    """

    id: str
    path: str
    body: bytes
    media: Media = Media.TEXT
    record: int = 0
    url: str = ""
    site: str = ""
    media_type: str = ""
    is_unicode: bool = False
    added: str = ""


@quickly_made
@dataclass(frozen=True, slots=True)
class Block:
    """One visual block of a page. `text` is as scraped; `path` and `marks` hold the tags and the class words above it.

    `gap` says that a blank line stood before a plain-text line. `level` is a heading's level or an item's depth. In `path` and
    `marks` a slash stands before each element; `shared` of these elements stand above the block before too, which gives back the
    page's tree. `lead` holds tags and class words of the inline elements round its first words.
    """

    index: int
    kind: Kind
    start: int
    text: str
    gap: bool = False
    level: int = 0
    link_chars: int = 0
    hidden: bool = False
    path: str = ""
    marks: str = ""
    lead: str = ""
    shared: int = 0

    @property
    def end(self) -> int:
        """Return the offset after the block's last character."""
        return self.start + len(self.text)

    @property
    def link_share(self) -> float:
        """Return the share of the block's characters inside links, 0 to 1 (link density, jusText `doc/algorithm.rst`)."""
        return min(1.0, self.link_chars / len(self.text)) if self.text else 0.0


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page states about itself in its markup or URL; empty where it says nothing. Dates are ISO 8601.

    `body` is the text that its structured data hold: an article's body, a product's description.
    """

    url: str = ""
    title: str = ""
    headline: str = ""
    site_name: str = ""
    authors: tuple[str, ...] = ()
    date: str = ""
    language: str = ""
    license: str = ""
    description: str = ""
    kind: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """One page decoded and cut into blocks; `text` holds them in order, and `html` the decoded source (empty for text).

    `charset_why` says in words why the charset was taken, and `charset_confidence` how sure that is, 0 to 1.
    `parser` read the HTML source, and `notes` say what was done to it beyond that, for the record's metadata.
    """

    id: str
    path: str
    record: int
    site: str
    added: str
    media: Media
    charset: str
    charset_source: str
    language: str
    language_score: float
    parser: str
    facts: Facts
    text: str
    html: str
    blocks: tuple[Block, ...]
    charset_why: str = ""
    charset_confidence: float = 1.0
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LineCount:
    """On how many pages of a site a line stands. `line` is the folded line; each page counts once.

    `level` is that of the pages (`survey.level_of`): large sites are judged by the pages of higher levels alone.
    """

    line: str
    pages: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class DamageCount:
    """On how many pages of a site UTF-8 was surely read in `charset` before the pages reached us."""

    charset: str
    pages: int


@dataclass(frozen=True, slots=True)
class SiteCounts:
    """What one shard knows of a site: its pages and the lines on them. Counts of two shards add up.

    `levels` counts the pages of each level, from 0 on.
    """

    site: str
    pages: int
    lines: tuple[LineCount, ...]
    levels: tuple[int, ...] = ()
    damages: tuple[DamageCount, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateLine:
    """A line that a site repeats; `band` is the number of its pages, rounded down (`survey.band`).

    `share` is the share of the site's pages that carry it, a lower bound in eighths; 0 if only a few do.
    """

    line: str
    band: int
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class SiteTemplate:
    """The lines that pages of one site share. `pages_band` is the number of pages, rounded down.

    `damages` are the charsets through which some of its pages were surely damaged, the one of most pages first.
    """

    site: str
    pages_band: int
    lines: tuple[TemplateLine, ...]
    damages: tuple[str, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True)
class Evidence:
    """What one witness saw in one block: `weight` > 0 speaks for chrome, < 0 for content (natural log of the odds).

    A witness that speaks only for a part of the block names it by `start` and `end` and sets `cut`.
    """

    block: int
    rule: str
    family: str
    weight: float
    start: int
    end: int
    cut: bool = False


@quickly_made
@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided for one block; `score` is the sum of its evidence, above 0 means chrome."""

    block: int
    action: Action
    score: float


@quickly_made
@dataclass(frozen=True, slots=True)
class Removed:
    """A span that left the page, with the strongest rule against it."""

    start: int
    end: int
    rule: str
    family: str
    score: float
    text: str


def without_cuts(block: Block, removed: Sequence[Removed]) -> str:
    """Return what is left of a block when the spans inside it are cut out; lines that are empty then go too.

    `removed` is in the order of the page.

    >>> without_cuts(Block(0, Kind.LINE, 5, "He left.Read more"), [Removed(13, 22, "r", "f", 1.0, "Read more")])
    'He left.'
    """
    pieces = pieces_left(block, removed)
    if len(pieces) == 1:
        return block.text
    lines = "".join(block.text[start:end] for start, end in pieces).split("\n")
    return "\n".join(line.rstrip() for line in lines if line.strip()).strip()


def pieces_left(block: Block, removed: Sequence[Removed]) -> list[tuple[int, int]]:
    """Return where in a block's text the pieces begin and end that the spans inside it leave: one if there is none."""
    pieces, at = [], 0
    for place in range(bisect_left(removed, block.start, key=_start), len(removed)):
        span = removed[place]
        if span.start >= block.end:
            break
        if span.end <= block.end:
            pieces.append((at, span.start - block.start))
            at = span.end - block.start
    return [*pieces, (at, len(block.text))]


def _start(span: Removed) -> int:
    return span.start


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on every block of a page, all that was seen, and what was removed, in the order of the page.

    `page_type` is the kind of page that an HTML page looks like, `none` if it has no main text; `comments` are the stripped
    blocks that hold what readers wrote.
    """

    id: str
    title: str
    verdicts: tuple[Verdict, ...]
    evidence: tuple[Evidence, ...]
    removed: tuple[Removed, ...]
    flags: tuple[str, ...] = ()
    page_type: str = ""
    comments: tuple[int, ...] = ()


@quickly_made
@dataclass(frozen=True, slots=True)
class KeptBlock:
    """A block, or what is left of it after cuts, that stays in the text."""

    block: int
    kind: Kind
    text: str
    gap: bool = False
    level: int = 0


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair of damaged text: the block (-1 for the title), the plan that mends it, and both texts."""

    block: int
    plan: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RepairedDocument:
    """The kept blocks and the title with damaged text mended."""

    id: str
    title: str
    blocks: tuple[KeptBlock, ...]
    repairs: tuple[Repair, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """Cheap measures of the clean text, for filters downstream. Shares run from 0 to 1."""

    words: int = 0
    lines: int = 0
    mean_word_chars: float = 0.0
    letter_share: float = 0.0
    sentence_share: float = 0.0


@dataclass(frozen=True, slots=True)
class CleanStats:
    """What cleaning did: characters in and out, spans removed, blocks repaired, and what a reader should know."""

    chars_in: int = 0
    chars_out: int = 0
    removed: int = 0
    repaired: int = 0
    charset: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CleanDocument:
    """The one record that dechrome hands on. `text` is the body without its headline, which is `title`.

    `comments` holds what readers wrote below an article, if `normalise.comments` asks for it.
    """

    id: str
    text: str
    title: str
    url: str
    site: str
    author: tuple[str, ...]
    date: str
    language: str
    language_score: float
    page_type: str
    source: str
    file_path: str
    added: str
    created: str
    license: str
    quality: Quality
    clean: CleanStats
    metadata: dict[str, str] = field(default_factory=dict)
    comments: str = ""
    removed: tuple[Removed, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One input that could not be cleaned: where it ended and why. `page` says whether it was meant to be a page at all."""

    id: str
    path: str
    record: int
    stage: Stage
    reason: str
    detail: str
    is_page: bool = True
