"""Pages, documents and texts that several tests need; every sentence is invented."""

from __future__ import annotations

from typing import Any

from pipeline.model import Action, Block, Document, Evidence, Judgement, Media, Page, Removed, Verdict
from pipeline.segment import segment
from pipeline.settings import SegmentSettings

BRIDGE = (
    "The old bridge over the river will stay closed until the spring, the village council said on Monday after a long meeting."
)
PUPILS = (
    "Pupils now take a bus by another road and get up an hour earlier, which their teachers say has made them tired and late."
)
FERRY = "A small ferry carries milk, letters and the doctor across the water twice a day, as long as the ice on it stays thin."


def page(body: str | bytes, media: Media = Media.TEXT, **fields: Any) -> Page:
    """Return a page; a body given as `str` counts as text that arrived decoded."""
    is_unicode = isinstance(body, str)
    raw = body.encode("utf-8") if isinstance(body, str) else body
    return Page(
        **{"id": "p1", "path": "page", "site": "folder:.", "is_unicode": is_unicode, "body": raw, "media": media} | fields
    )


def text_document(text: str, **fields: Any) -> Document:
    """Return plain text as segment hands it on."""
    return segment(page(text, **fields), SegmentSettings())


def html_document(body: str, head: str = "", **fields: Any) -> Document:
    """Return an HTML page as segment hands it on."""
    source = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return segment(page(source, Media.HTML, **fields), SegmentSettings())


def texts_of(document: Document) -> list[str]:
    """Return the texts of a document's blocks."""
    return [block.text for block in document.blocks]


def against(block: Block, weight: float, family: str = "test", rule: str = "test.rule") -> Evidence:
    """Return evidence on all of a block."""
    return Evidence(block.index, rule, family, weight, block.start, block.end)


def cut_of(block: Block, piece: str, weight: float = 3.0) -> Evidence:
    """Return evidence against a part of a block alone."""
    start = block.start + block.text.index(piece)
    return Evidence(block.index, "test.cut", "test", weight, start, start + len(piece), cut=True)


def judgement_of(document: Document, strip: tuple[int, ...] = (), cuts: tuple[Evidence, ...] = (), title: int = -1) -> Judgement:
    """Return a judgement that strips the named blocks, cuts what `cuts` name and keeps the rest."""
    verdicts, removed = [], []
    for block in document.blocks:
        action = Action.TITLE if block.index == title else Action.STRIP if block.index in strip else Action.KEEP
        verdicts.append(Verdict(block.index, action, 1.0 if action is Action.STRIP else -1.0))
        if action is Action.STRIP:
            removed.append(Removed(block.start, block.end, "test.rule", "test", 1.0, block.text))
        removed += [
            Removed(c.start, c.end, c.rule, c.family, c.weight, document.text[c.start : c.end])
            for c in cuts
            if c.block == block.index
        ]
    headline = document.blocks[title].text if title >= 0 else ""
    return Judgement(document.id, headline, tuple(verdicts), (), tuple(removed))
