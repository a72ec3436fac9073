"""CSS selectors and modes of the user through the chain: what they take out is on record, and a changed one reruns its stage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.chain import clean
from pipeline.settings import settings_from

ROOT = Path(__file__).resolve().parent.parent.parent
FERRY = ROOT / "seeds" / "html" / "en-news-ferry.html"


def test_what_a_selector_took_is_on_the_record() -> None:
    plain = clean(FERRY.read_bytes())
    settings = settings_from({"segment": {"drop": ["article p:last-of-type"], "keep": ["article", "main"]}}, "test")
    document = clean(FERRY.read_bytes(), settings=settings)
    assert document.metadata["dropped_by_selector"].startswith("article p:last-of-type: ")
    assert document.metadata["kept_by_selector"].startswith("article: 1, main: ")
    assert document.title == plain.title
    assert 0 < len(document.text) < len(plain.text)
    assert "dropped_by_selector" not in plain.metadata


@pytest.mark.parametrize("learned", [True, False])
@pytest.mark.parametrize("file", sorted((ROOT / "seeds").glob("*/en-*")), ids=lambda file: file.name)
def test_modes_remove_more_or_less(file: Path, learned: bool) -> None:
    gone = {}
    for mode in ("precision", "balanced", "recall"):
        settings = settings_from({"chrome": {"mode": mode, "learned": learned}}, "test")
        removed = clean(file.read_bytes(), settings=settings).removed
        gone[mode] = {place for span in removed for place in range(span.start, span.end)}
    assert gone["precision"] >= gone["balanced"] >= gone["recall"]
    assert len(gone["precision"]) <= 2 * len(gone["balanced"])


def test_settings_can_be_stated_as_json() -> None:
    table = {"segment": {"drop": ["p.ad"], "keep": []}, "chrome": {"mode": "recall"}}
    settings = settings_from(json.loads(json.dumps(table)), "test")
    assert (settings.segment.drop, settings.chrome.mode) == (("p.ad",), "recall")
