"""Segment: bytes to Unicode, Unicode to blocks, with everything that later stages need to know of the page."""

from __future__ import annotations

from pipeline.errors import Reject
from pipeline.model import Document, Facts, Media, Page
from pipeline.segment.facts import facts_of
from pipeline.segment.html import with_stated
from pipeline.segment.language import identify
from pipeline.segment.plain import blocks_of_text
from pipeline.segment.reading import read
from pipeline.settings import SegmentSettings
from pipeline.text.charsets import Decoded, decode
from pipeline.text.unicode import unix_lines

DISTRIBUTIONS = ("selectolax", "beautifulsoup4", "soupsieve", "numpy", "py3langid", "courlan")

_FEW_BLOCKS = 12  # a page of no more is a shell that scripts would fill: what its head states may be all the text there is


def segment(page: Page, settings: SegmentSettings) -> Document:
    """Return the page as a document of blocks; raises Reject if there is no text in it."""
    decoded = (
        Decoded(page.body.decode("utf-8", "replace"), "unicode", "given", "arrived as Unicode")
        if page.is_unicode
        else decode(page.body, page.media_type)
    )
    text = unix_lines(decoded.text)
    _check(text, page.media, settings)
    if page.media is Media.HTML:
        reading = read(text, settings)
        blocks, html, parser, notes = reading.blocks, reading.html, reading.parser, reading.notes
        facts = facts_of(reading.head, page.url)
        if len(blocks) <= _FEW_BLOCKS:
            blocks = with_stated(blocks, facts)
        text = "\n".join(block.text for block in blocks)
    else:
        blocks, html, parser, notes = blocks_of_text(text), "", "", {}
        facts = Facts(url=page.url)
    if not blocks:
        said = "".join(f"; {name} {value}" for name, value in notes.items())
        raise Reject("no-text", f"the page has no visible text{said}")
    language, score = identify((block.text for block in blocks if not block.hidden), facts.language)
    return Document(
        id=page.id,
        path=page.path,
        record=page.record,
        site=page.site,
        added=page.added,
        media=page.media,
        charset=decoded.charset,
        charset_source=decoded.source,
        language=language,
        language_score=score,
        parser=parser,
        facts=facts,
        text=text,
        html=html,
        blocks=tuple(blocks),
        charset_why=decoded.why,
        charset_confidence=decoded.confidence,
        notes=notes,
    )


def _check(text: str, media: Media, settings: SegmentSettings) -> None:
    """Raise Reject for a page with more tags, or longer lines, than the settings allow."""
    if media is Media.HTML and (tags := text.count("<")) > settings.max_tags:
        raise Reject("too-many-tags", f"{tags}; segment.max_tags is {settings.max_tags}")
    if media is Media.TEXT and len(text) > settings.max_line_chars:
        longest = max(map(len, text.split("\n")))
        if longest > settings.max_line_chars:
            raise Reject("line-too-long", f"{longest} characters; segment.max_line_chars is {settings.max_line_chars}")
