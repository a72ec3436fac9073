"""Caps on what segment reads: over them a page is rejected with the setting's name, at them it is read."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.errors import Reject
from pipeline.model import Media, Page
from pipeline.segment import segment
from pipeline.settings import SegmentSettings

PAGE = Page("i", "p", b"")


@pytest.mark.parametrize(
    ("body", "media", "settings", "reason"),
    [
        ("<p>a</p>" * 5, Media.HTML, SegmentSettings(max_tags=9), "too-many-tags"),
        ("short\n" + "x" * 11, Media.TEXT, SegmentSettings(max_line_chars=10), "line-too-long"),
    ],
)
def test_over_a_cap(body: str, media: Media, settings: SegmentSettings, reason: str) -> None:
    with pytest.raises(Reject) as reject:
        segment(replace(PAGE, body=body.encode(), media=media), settings)
    assert reject.value.reason == reason
    assert "segment.max_" in reject.value.detail


@pytest.mark.parametrize(
    ("body", "media", "settings"),
    [
        ("<p>a</p>" * 5, Media.HTML, SegmentSettings(max_tags=10)),
        ("short words\n" + "x" * 10 + "\nmore", Media.TEXT, SegmentSettings(max_line_chars=11)),
        ("<p>" + "x" * 50, Media.HTML, SegmentSettings(max_line_chars=11)),
    ],
)
def test_at_a_cap(body: str, media: Media, settings: SegmentSettings) -> None:
    assert segment(replace(PAGE, body=body.encode(), media=media), settings).blocks
