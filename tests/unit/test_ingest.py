"""Ingest: an item becomes a page with an id, a site and a kind, or is rejected with the reason."""

from __future__ import annotations

import dataclasses
import gzip

import pytest

from pipeline.errors import Reject
from pipeline.ingest import ingest, page_id
from pipeline.model import Media, RawItem
from pipeline.settings import IngestSettings

BODY = b"The old bridge is closed until the spring, says the mayor."


def _reason(item: RawItem, settings: IngestSettings | None = None) -> str:
    with pytest.raises(Reject) as reject:
        ingest(item, settings or IngestSettings())
    return reject.value.reason


def test_item_becomes_a_page_and_keeps_what_is_known_of_it() -> None:
    item = RawItem("news/a.txt", BODY, 3, "own-id", "https://news.example.org/a", "text/plain", True, None, "2025-10-05")
    page = ingest(item, IngestSettings())
    assert dataclasses.asdict(page) == {
        "id": "own-id", "path": "news/a.txt", "body": BODY, "media": Media.TEXT, "record": 3, "url": "https://news.example.org/a",
        "site": "example.org", "media_type": "text/plain", "is_unicode": True, "added": "2025-10-05",
    }  # fmt: skip


def test_site_comes_from_the_url_then_the_canonical_link_then_the_folder() -> None:
    html = b'<html><head><link rel="canonical" href="https://www.example.net/x"></head><body>x</body></html>'
    assert ingest(RawItem("a/b.html", html, url="https://example.com/y"), IngestSettings()).site == "example.com"
    found = ingest(RawItem("a/b.html", html), IngestSettings())
    assert (found.site, found.url) == ("example.net", "")
    assert ingest(RawItem("a/b.txt", BODY), IngestSettings()).site == "folder:a"


def test_packed_body_is_opened_before_it_is_looked_at() -> None:
    page = ingest(RawItem("a.txt.gz", gzip.compress(b"<html><p>x", mtime=0)), IngestSettings())
    assert (page.body, page.media) == (b"<html><p>x", Media.HTML)


@pytest.mark.parametrize("body", [b"", b" \n\t\r\n", gzip.compress(b"", mtime=0), gzip.compress(b"\n\n", mtime=0)])
def test_nothing_but_white_space_is_empty(body: bytes) -> None:
    assert _reason(RawItem("a.txt", body)) == "empty"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"%PDF-1.4", "not-a-page"),
        (gzip.compress(b"\x89PNG\r\n", mtime=0), "not-a-page"),
        (gzip.compress(BODY, mtime=0)[:-6], "damaged-gzip"),
    ],
)
def test_what_holds_no_page_is_rejected(body: bytes, reason: str) -> None:
    assert _reason(RawItem("a.html", body)) == reason


def test_caps_come_from_the_settings() -> None:
    assert _reason(RawItem("a.txt", BODY), IngestSettings(max_bytes=len(BODY) - 1)) == "too-large"
    assert ingest(RawItem("a.txt", BODY), IngestSettings(max_bytes=len(BODY))).body == BODY


def test_fault_of_the_source_is_handed_on() -> None:
    with pytest.raises(Reject) as reject:
        ingest(RawItem("a.jsonl", BODY, 2, fault="bad-json", detail="line 2"), IngestSettings())
    assert (reject.value.reason, reject.value.detail) == ("bad-json", "line 2")


@pytest.mark.parametrize("name", ["dump.json", "part.00000-of-00128.json.gz", "scrape.log"])
def test_record_is_judged_by_itself_and_not_by_its_containers_name(name: str) -> None:
    assert ingest(RawItem(name, BODY, record=1, is_unicode=True), IngestSettings()).media is Media.TEXT


def test_ids_depend_on_path_and_record_alone() -> None:
    ids = [
        page_id("a.txt"),
        page_id("a.txt", 1),
        page_id("b.txt"),
        page_id("a.txt\n1"),
        page_id("a.txt", 11),
    ]
    assert len(set(ids)) == len(ids)
    assert (
        page_id("a.txt")
        == ingest(RawItem("a.txt", BODY), IngestSettings()).id
        == ingest(RawItem("a.txt", BODY + b"!"), IngestSettings()).id
    )
    assert page_id("caf\udce9.txt") != page_id("caf.txt")
