"""What dumped text shows of its own origin: dateline, byline, source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Block
from pipeline.text.dates import date_of_line
from pipeline.text.unicode import clean_line
from pipeline.text.words import word_count

_TOP_LINES = 40
_BYLINE = re.compile(r"^(?:[Bb][Yy]|Von|Par|Por|Di|Da|Door|Av|Автор|Yazan|Autor|Author|Auteur)\s*:?\s+(?P<names>\S.*)$")
_AND = re.compile(r"\s*(?:,|;|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\boch\b|&)\s*")
_NAME = re.compile(r"[^\W\d_][\w.'’\-]*")
_LOWER_IN_NAMES = frozenset(
    [
        "de",
        "da",
        "di",
        "del",
        "della",
        "van",
        "von",
        "der",
        "den",
        "la",
        "le",
        "el",
        "al",
        "bin",
        "ibn",
        "dos",
        "das",
        "do",
        "y",
    ]
)
_URL_LINE = re.compile(r"^(?:(?:source|quelle|fuente|fonte|bron|источник|via)\s*:\s*)?(?P<url>https?://\S+)$", re.IGNORECASE)
_SOURCE_LINE = re.compile(
    r"^(?:source|quelle|fuente|fonte|bron|источник|出典|来源)\s*[:：]\s*(?P<name>\S.{1,80})$", re.IGNORECASE
)
_LONGEST_BYLINE_WORDS = 12


@dataclass(frozen=True, slots=True)
class Found:
    """What was found; empty where the text shows nothing."""

    date: str = ""
    authors: tuple[str, ...] = ()
    source: str = ""
    source_url: str = ""


def found_in_text(blocks: Sequence[Block]) -> Found:
    """Return what the lines of a page show, removed ones too; date and authors are looked for at the top alone."""
    lines = [clean_line(block.text) for block in blocks]
    top = lines[:_TOP_LINES]
    sources = [found["name"] for line in lines if (found := _SOURCE_LINE.match(line)) and "://" not in line]
    urls = [found["url"] for line in lines if (found := _URL_LINE.match(line))]
    return Found(
        date=next((date for line in top if (date := date_of_line(line))), ""),
        authors=next((names for line in top if (names := authors_of_line(line))), ()),
        source=sources[-1] if sources else "",
        source_url=urls[-1] if urls else "",
    )


def authors_of_line(line: str) -> tuple[str, ...]:
    """Return the names in a line that is nothing but a byline.

    >>> authors_of_line("By Stephen Quill and News Agencies"), authors_of_line("By noon the rain had stopped")
    (('Stephen Quill', 'News Agencies'), ())
    """
    found = _BYLINE.match(line)
    if not found or word_count(line) > _LONGEST_BYLINE_WORDS or line[-1:] in ".!?:":
        return ()
    names = [name for name in _AND.split(found["names"]) if name]
    return tuple(names) if all(map(_is_name, names)) else ()


def _is_name(text: str) -> bool:
    parts = text.split()
    return 0 < len(parts) <= 5 and all(
        _NAME.fullmatch(part) and (part[0].isupper() or not part[0].islower() or part in _LOWER_IN_NAMES) for part in parts
    )
