"""Ingest: an input as found becomes a page: unpacked within caps, known as HTML or text, named. Decodes no characters."""

from __future__ import annotations

import hashlib

from pipeline.errors import Reject
from pipeline.ingest.media import media_of
from pipeline.ingest.unpack import unpack
from pipeline.model import Page, RawItem
from pipeline.settings import IngestSettings
from pipeline.text.urls import canonical_url, site_of

DISTRIBUTIONS = ("courlan", "pyarrow")


def ingest(item: RawItem, settings: IngestSettings) -> Page:
    """Return the page that an item holds; raises Reject, with the reason, if it holds none."""
    if item.fault:
        raise Reject(item.fault, item.detail)
    body = unpack(item.body, settings.max_bytes, settings.max_ratio)
    if not body.strip():
        raise Reject("empty", "the input has no bytes but white space")
    media = media_of(body, "" if item.record else item.path, item.media_type, item.is_html)
    url = item.url or canonical_url(body)
    return Page(
        id=item.id or page_id(item.path, item.record),
        path=item.path,
        body=body,
        media=media,
        record=item.record,
        url=item.url,
        site=site_of(url, item.path),
        media_type=item.media_type,
        is_unicode=item.is_unicode,
        added=item.added,
    )


def page_id(path: str, record: int = 0) -> str:
    """Return a page's id: a digest of its path below the input root and its record's number."""
    return hashlib.sha256(f"{path}\n{record}".encode("utf-8", "surrogateescape")).hexdigest()[:24]
