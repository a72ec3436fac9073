"""Normalise: repaired blocks become the one record that dechrome hands on."""

from __future__ import annotations

from typing import Any

from pipeline.model import CleanDocument, CleanStats, Document, Judgement, KeptBlock, Media, RepairedDocument
from pipeline.normalise.found import found_beside_headline, found_in_removed, found_in_text
from pipeline.normalise.links import linked, links_in, links_of
from pipeline.normalise.quality import quality_of
from pipeline.normalise.render import markdown_of, text_of
from pipeline.settings import NormaliseSettings
from pipeline.text.unicode import clean_line
from pipeline.text.urls import is_folder_site

DISTRIBUTIONS = ("courlan", "selectolax")


def normalise(document: Document, judgement: Judgement, repaired: RepairedDocument, settings: NormaliseSettings) -> CleanDocument:
    """Return the clean record of a page: text in NFC, lines ended by LF, runs of spaces as one space, and its metadata."""
    is_plain = document.media is Media.TEXT
    render = markdown_of if settings.format == "markdown" else text_of
    text = plain = render(repaired.blocks, is_plain)
    if settings.links and settings.format == "markdown" and document.html:
        text = _with_links(document, judgement, repaired)
    facts = document.facts
    found = found_in_text(document.blocks) if is_plain else found_in_removed(judgement.removed)
    date, authors = facts.date or found.date, facts.authors or found.authors
    if not is_plain and not (date and authors):
        beside = found_beside_headline(document, judgement)
        date, authors = date or beside.date, authors or beside.authors
    metadata = {
        "site_name": facts.site_name,
        "description": facts.description,
        "page_title": facts.title,
        "source_url": found.source_url,
        "stated_source": found.source,
        "date_source": _source_of(date, facts.date),
        "author_source": _source_of(authors, facts.authors),
        "media": document.media.value,
        "record": str(document.record) if document.record else "",
        "charset_source": document.charset_source,
        "charset_why": document.charset_why,
        "charset_confidence": f"{document.charset_confidence:.2f}",
        "parser": document.parser,
        **document.notes,
    }
    return CleanDocument(
        id=document.id,
        text=text,
        title=clean_line(repaired.title),
        url=facts.url,
        site="" if is_folder_site(document.site) else document.site,
        author=authors,
        date=date,
        language=document.language,
        language_score=document.language_score,
        page_type=judgement.page_type or facts.kind,
        source=settings.source,
        file_path=document.path,
        added=document.added,
        created=date,
        license=facts.license,
        quality=quality_of(plain),
        clean=CleanStats(
            chars_in=len(document.text),
            chars_out=len(text),
            removed=len(judgement.removed),
            repaired=len(repaired.repairs),
            charset=document.charset,
            flags=judgement.flags,
        ),
        metadata={name: value for name, value in metadata.items() if value},
        comments=_comments(document, judgement) if settings.comments else "",
        removed=judgement.removed,
    )


def _source_of(value: Any, stated: Any) -> str:
    """Return whether a page states a value in its markup or address, or shows it in its text; "" without a value."""
    return ("markup" if stated else "text") if value else ""


def _with_links(document: Document, judgement: Judgement, repaired: RepairedDocument) -> str:
    """Return the Markdown of a page with the links in its text."""
    links = links_of(document, {block.block for block in repaired.blocks})

    def link(block: KeptBlock, body: str) -> str:
        stored = links.get(block.block, [])
        return linked(body, links_in(body, document.blocks[block.block], judgement.removed, stored)) if stored else body

    return markdown_of(repaired.blocks, False, link)


def _comments(document: Document, judgement: Judgement) -> str:
    """Return what readers wrote below an article, a blank line between two blocks."""
    found = (document.blocks[place] for place in judgement.comments)
    return text_of([KeptBlock(block.index, block.kind, block.text, level=block.level) for block in found], is_plain=False)


def with_headline(document: CleanDocument, format_name: str = "text") -> str:
    """Return the page as text output prints it: the headline, a blank line, the body, one final line feed.

    A headline of which the page was not sure stands in the body as it did on the page, and is not printed again.
    """
    if not document.title or document.title in document.text.split("\n"):
        return document.text
    headline = f"# {document.title}" if format_name == "markdown" else document.title
    return f"{headline}\n\n{document.text}" if document.text else f"{headline}\n"
