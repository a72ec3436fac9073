"""One page through all stages, in memory: what `dechrome clean` and `from pipeline import clean` do."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from pipeline.chrome import find_chrome
from pipeline.collector import collector_paused
from pipeline.encoding import repair
from pipeline.ingest import ingest
from pipeline.knowledge import rule_book
from pipeline.model import CleanDocument, Document, Judgement, RawItem, RepairedDocument, SiteTemplate
from pipeline.normalise import normalise
from pipeline.segment import segment
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Steps:
    """A page after each stage."""

    document: Document
    judgement: Judgement
    repaired: RepairedDocument
    clean: CleanDocument


def clean_item(item: RawItem, settings: Settings, template: SiteTemplate | None = None) -> Steps:
    """Return an input after each stage; raises Reject if it holds no page or the page no text."""
    with collector_paused():
        return _stages(item, settings, template)


def _stages(item: RawItem, settings: Settings, template: SiteTemplate | None) -> Steps:
    document = segment(ingest(item, settings.ingest), settings.segment)
    book = _rule_book(settings.chrome.rule_files, settings.chrome.off)
    template = template or SiteTemplate(document.site, 1, ())
    judgement = find_chrome(document, template, book, settings.chrome)
    repaired = repair(document, judgement, settings.encoding, template.damages)
    return Steps(document, judgement, repaired, normalise(document, judgement, repaired, settings.normalise))


_rule_book = lru_cache(maxsize=4)(rule_book)  # a process reads its rules once


def clean(
    data: bytes | str,
    *,
    url: str | None = None,
    media_type: str | None = None,
    settings: Settings | None = None,
) -> CleanDocument:
    """Return one page as clean text with metadata.

    `data` is HTML or dumped text; `media_type` is the Content-Type as served, without it the bytes decide.
    Raises pipeline.errors.Reject if there is no page or no text in it.
    """
    is_unicode = isinstance(data, str)
    body = data.encode("utf-8", "replace") if isinstance(data, str) else data
    item = RawItem("", body, url=url or "", media_type=media_type or "", is_unicode=is_unicode)
    return clean_item(item, settings or Settings()).clean
