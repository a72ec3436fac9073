"""What a page shows of its own origin: dateline, byline, source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Block, Removed
from pipeline.text.bylines import authors_of_line
from pipeline.text.dates import date_of_line, find_date
from pipeline.text.unicode import clean_line

_TOP_LINES = 40
_URL_LINE = re.compile(r"^(?:(?:source|quelle|fuente|fonte|bron|источник|via)\s*:\s*)?(?P<url>https?://\S+)$", re.IGNORECASE)
_SOURCE_LINE = re.compile(
    r"^(?:source|quelle|fuente|fonte|bron|источник|出典|来源)\s*[:：]\s*(?P<name>\S.{1,80})$", re.IGNORECASE
)


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
