"""What a page shows of its own origin: dateline, byline, source.

An HTML page that states no date or author in its markup mostly shows them beside its headline. Looking there costs next to
nothing and is right more often than htmldate and trafilatura's metadata, which read the page once more (`docs/quality.md`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import TypeVar

from pipeline.model import Action, Block, Document, Judgement, Kind, Removed
from pipeline.text.bylines import authors_of_line
from pipeline.text.dates import date_of_line, find_date
from pipeline.text.unicode import clean_line, folded
from pipeline.text.words import ends_sentence

_TOP_LINES = 40
_SOURCE = (
    "source|quelle|fuente|fonte|bron|źródło|zdroj|izvor|vir|forrás|sursa|kaynak|lähde|kilde|kjelde|källa|sumber|nguồn|πηγή|"
    "источник|джерело|източник|извор|المصدر|منبع|מקור|स्रोत|সূত্র|ที่มา|出典|来源|來源|출처"
)
_URL_LINE = re.compile(rf"^(?:(?:{_SOURCE}|via)\s*[:：]\s*)?(?P<url>https?://\S+)$", re.IGNORECASE)
_SOURCE_LINE = re.compile(rf"^(?:{_SOURCE})\s*[:：]\s*(?P<name>\S.{{1,80}})$", re.IGNORECASE)
_BELOW, _ABOVE, _BESIDE_CHARS = 12, 6, 100  # blocks and characters: what counts as standing beside the headline
_LABELLED_CHARS = 80
_DATED_KINDS = ("article", "forum", "recipe", "")  # a date on a shop's page is a review's, an author there a customer
_PUBLISHED = re.compile(
    r"^(?:(?:first |originally )?(?:posted|published?|date|veröffentlicht|publié|publicado|pubblicato|опубликовано|опубліковано|"
    r"opublikowano|publikováno|publicat|gepubliceerd|publicerad|publiceret|publisert|julkaistu|közzétéve|objavljeno|објављено|"
    r"публикувано|diterbitkan|yayınlanma|نشر)\b|公開日|投稿日|发布|發布|發佈|입력|등록|작성일|เผยแพร่)",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"\b(?:updated|modified|aktualisiert|mis à jour|actualizado|atualizado|aggiornato|обновлено|оновлено|aktualizacja|"
    r"aktualizováno|bijgewerkt|uppdaterad|opdateret|oppdatert|päivitetty|frissítve|güncelle\w*|diperbarui)\b|更新|수정|تحديث",
    re.IGNORECASE,
)  # a date of last choice
_YEAR = re.compile(r"(?:19|20)\d\d")
_DATE_MARK = re.compile(r"\b(?:date|published|posted|pubdate|time|dateline|timestamp)\b")
_AUTHOR_MARK = re.compile(r"\b(?:author|byline|writer|contributor|creator)")
_USER_MARK = re.compile(r"\b(?:username|author)")
_USER_NAME = re.compile(r"(?=\S*[^\W\d_])[\w.\-]{2,30}")
_ELSEWHERE = re.compile(
    r"\b(?:related|comments?|reply|replies|footer|sidebar|events?|recent|popular|reviews?|testimonials?|hours?|next|prev)\b"
)
_BYLINE = re.compile(
    r"^(?:[\w .,:|•·/-]{0,40}\d\d\d\d\W{1,3})?"  # the date may stand first
    r"(?:(?:(?:written|posted|published|words|text|story|article|guide|recipe) )?by|authors?|autor|auteur)(?: ?:)? "
    r"(?P<names>.+)$",
    re.IGNORECASE,
)
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
# What follows the names in a byline: a separator, a date, when it was changed.
_BEHIND_NAMES = re.compile(
    rf" ?(?:[|•·–—/(]| - |\bon\b|\d|\b(?:updated|published|posted|last)\b|\b(?:{_MONTH})[a-z]*\.? \d).*$", re.IGNORECASE
)
_AND = re.compile(r" ?(?:,|;|\band\b|\bund\b|\bet\b|&) ?")
_NAME = re.compile(r"[^\W\d_][\w.'’\-]*")
_LOWER_IN_NAMES = frozenset("de da di del della van von der den la le el al bin ibn dos das do y".split())
_NO_NAMES = frozenset(
    "author authors by written admin editor editorial staff team about posted published share follow home blog news".split()
)
_FEWEST_PARTS, _MOST_PARTS = 2, 4


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; empty where the text shows nothing."""

    date: str = ""
    authors: tuple[str, ...] = ()
    source: str = ""
    source_url: str = ""


def found_in_text(blocks: Sequence[Block]) -> Found:
    """Return what the lines of a page show, removed ones too; date and authors are looked for at the top alone."""
    top = [clean_line(block.text) for block in blocks[:_TOP_LINES]]
    telling = [clean_line(block.text) for block in blocks if ":" in block.text or "：" in block.text]
    sources = [found["name"] for line in telling if (found := _SOURCE_LINE.match(line)) and "://" not in line]
    urls = [found["url"] for line in telling if (found := _URL_LINE.match(line))]
    return Found(
        date=next((date for line in top if (date := date_of_line(line))), ""),
        authors=next((names for line in top if (names := authors_of_line(line))), ()),
        source=sources[-1] if sources else "",
        source_url=urls[-1] if urls else "",
    )


def found_in_removed(removed: Sequence[Removed]) -> Found:
    """Return the date and authors of the lines that left an HTML page as its dateline and byline."""
    lines = [clean_line(span.text) for span in removed if span.family in ("dateline", "byline")]
    return Found(
        date=next((date for line in lines if (date := find_date(line))), ""),
        authors=next((names for line in lines if (names := authors_of_line(line))), ()),
    )


def found_beside_headline(document: Document, judgement: Judgement) -> Found:
    """Return the date and the authors that an HTML page shows beside its headline, or once and marked as such anywhere else.

    Nothing on a page of a kind that is not dated as a whole.
    """
    if (judgement.page_type or document.facts.kind) not in _DATED_KINDS:
        return Found()
    near = [block for block in _beside_headline(document, judgement) if len(block.text) <= _BESIDE_CHARS]
    lines = [clean_line(block.text) for block in near]
    lines.sort(key=lambda line: _CHANGED.search(line) is not None)
    date = next((date for line in lines if not ends_sentence(line) and (date := find_date(line))), "")
    date = date or _only_date(document.blocks)
    authors = next((names for block in near if block.kind is not Kind.HEADING and (names := _named(block.text))), ())
    authors = authors or next((names for block in near if (names := _marked_authors(block))), ())
    if not authors and judgement.page_type == "forum":
        authors = next((user for block in near if (user := _user(block))), ())
    if not authors:
        # Most blocks are below no such mark, and `in` is quick.
        marked = (block for block in document.blocks if ("author" in block.marks or "byline" in block.marks) and _is_apart(block))
        authors = _only(map(_marked_authors, marked)) or ()
    return Found(date, authors)


def _only_date(blocks: Iterable[Block]) -> str:
    dated = (block for block in blocks if _YEAR.search(block.text, 0, _LABELLED_CHARS) and _is_apart(block) and _is_dated(block))
    return _only(find_date(clean_line(block.text)) for block in dated) or ""


def _is_apart(block: Block) -> bool:
    return len(block.text) <= _LABELLED_CHARS and not _ELSEWHERE.search(block.marks)


def _beside_headline(document: Document, judgement: Judgement) -> Iterator[Block]:
    """Return the blocks below the headline, then those above it, the nearest first; without one, round the first that stays."""
    blocks, fold = document.blocks, folded(judgement.title)
    headline = next((v.block for v in judgement.verdicts if v.action is Action.TITLE), -1)
    if headline < 0 and fold:
        headline = next((block.index for block in blocks if folded(block.text) == fold), -1)
    place = headline + 1 if headline >= 0 else next((v.block for v in judgement.verdicts if v.action is Action.KEEP), 0)
    above = headline if headline >= 0 else place
    yield from blocks[place : place + _BELOW]
    yield from reversed(blocks[max(0, above - _ABOVE) : above])


def _is_dated(block: Block) -> bool:
    return bool(_PUBLISHED.match(block.text) or _DATE_MARK.search(_own_marks(block)))


def _own_marks(block: Block) -> str:
    """Return the class words of a block's innermost two elements and of the inline elements round its first words."""
    return f"{'/'.join(block.marks.split('/')[-2:])} {block.lead}"


def _named(text: str) -> tuple[str, ...]:
    """Return the names in a byline; told by their capital letters, of two to four words each.

    >>> _named("Written by Ann Quill and Bo de Wit | 5 October 2025"), _named("By noon")
    (('Ann Quill', 'Bo de Wit'), ())
    """
    found = _BYLINE.match(clean_line(text.partition("\n")[0]))
    return _names(found["names"]) if found else ()


def _marked_authors(block: Block) -> tuple[str, ...]:
    """Return the names in a block that is marked as the author's."""
    if not _AUTHOR_MARK.search(_own_marks(block)):
        return ()
    line = clean_line(block.text.partition("\n")[0])
    return _named(line) or _names(line)


def _user(block: Block) -> tuple[str, ...]:
    """Return the name under which the first post of a thread was written."""
    is_name = _USER_NAME.fullmatch(block.text) and _USER_MARK.search(_own_marks(block))
    return (block.text,) if is_name else ()


def _names(text: str) -> tuple[str, ...]:
    parts = (part for part in _AND.split(_BEHIND_NAMES.sub("", text)) if part)
    return tuple(takewhile(_is_name, parts))


def _is_name(text: str) -> bool:
    parts = text.split()
    return (
        _FEWEST_PARTS <= len(parts) <= _MOST_PARTS
        and all(_NAME.fullmatch(part) and (not part[0].islower() or part in _LOWER_IN_NAMES) for part in parts)
        and parts[0].lower() not in _NO_NAMES
    )


_T = TypeVar("_T")


def _only(values: Iterable[_T]) -> _T | None:
    """Return the one value that is found, however often; None if there are others."""
    found = {value for value in values if value}
    return found.pop() if len(found) == 1 else None
