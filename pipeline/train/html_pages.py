"""Reads a folder of labelled pages and makes of each what the trainer fits to: features and shares of its blocks."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.chrome.headings import find_headline
from pipeline.errors import Reject, UsageError
from pipeline.learned.block_features import features_of
from pipeline.model import Media, Page
from pipeline.segment import segment
from pipeline.settings import SegmentSettings
from pipeline.train.alignment import shares_of
from pipeline.train.gold import fold_of, gold_rows, page_of


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page as the trainer sees it; `headline` is the block that becomes the title, -1 if none."""

    id: str
    fold: int
    kind: str
    features: NDArray[np.float32]
    words: NDArray[np.float64]
    shares: NDArray[np.float64]
    headline: int
    marks: tuple[str, ...]
    leads: tuple[str, ...]


def read_pages(folder: Path, jobs: int) -> list[LabelledPage]:
    """Return the labelled pages of `folder`, as `gold_rows` describes it; raises UsageError if there are none."""
    rows = list(gold_rows(folder))
    if not rows:
        raise UsageError(f"{folder}: no gold.jsonl or gold.jsonl.gz with labelled pages")
    with ProcessPoolExecutor(jobs) as pool:
        pages = pool.map(_page, [(folder, row) for row in rows], chunksize=16)
        return [page for page in pages if page is not None]


def _page(job: tuple[Path, dict[str, Any]]) -> LabelledPage | None:
    folder, row = job
    try:
        document = segment(
            Page(row["id"], row["id"], page_of(folder, row), Media.HTML, url=row.get("url") or ""), SegmentSettings()
        )
    except Reject:
        return None
    _, features, words = features_of(document)
    shares = np.array(shares_of([block.text for block in document.blocks], row["main_content"]))
    headline = find_headline(document, frozenset()).block
    marks, leads = tuple(block.marks for block in document.blocks), tuple(block.lead for block in document.blocks)
    return LabelledPage(row["id"], fold_of(row), row.get("page_type", ""), features, words, shares, headline, marks, leads)
