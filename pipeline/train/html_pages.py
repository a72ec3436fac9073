"""Reads a folder of labelled pages and makes of each what the trainer fits to: features and shares of its blocks."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator
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
from pipeline.train.html_labels import shares_of

FOLDS = 5


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
    """Return the pages of `folder`: rows of `gold.jsonl` (or `.gz`), each beside its page `html/ID.html` (or `.gz`).

    A row has `id`, `url`, `main_content`, and may have `page_type`, `domain`, by which folds are grouped, or `fold` itself.
    """
    rows = list(gold_rows(folder))
    if not rows:
        raise UsageError(f"{folder}: no gold.jsonl or gold.jsonl.gz with labelled pages")
    with ProcessPoolExecutor(jobs) as pool:
        pages = pool.map(_page, [(folder, row) for row in rows], chunksize=16)
        return [page for page in pages if page is not None]


def fold_of(row: dict[str, Any]) -> int:
    """Return the fold of a page: as stated, else by its domain, so that one site never stands in two."""
    if "fold" in row:
        return int(row["fold"]) % FOLDS
    return int(hashlib.sha256(str(row.get("domain") or row["id"]).encode()).hexdigest(), 16) % FOLDS


def gold_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Return the rows of `gold.jsonl` or `gold.jsonl.gz` in `folder`, none if there is no such file."""
    for path in (folder / "gold.jsonl.gz", folder / "gold.jsonl"):
        if path.is_file():
            text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            yield from (json.loads(line) for line in text.splitlines() if line.strip())
            return


def _page(job: tuple[Path, dict[str, Any]]) -> LabelledPage | None:
    folder, row = job
    zipped = folder / "html" / f"{row['id']}.html.gz"
    body = gzip.decompress(zipped.read_bytes()) if zipped.is_file() else (folder / "html" / f"{row['id']}.html").read_bytes()
    try:
        document = segment(Page(row["id"], row["id"], body, Media.HTML, url=row.get("url") or ""), SegmentSettings())
    except Reject:
        return None
    _, features, words = features_of(document)
    shares = np.array(shares_of([block.text for block in document.blocks], row["main_content"]))
    headline = find_headline(document, frozenset()).block
    marks, leads = tuple(block.marks for block in document.blocks), tuple(block.lead for block in document.blocks)
    return LabelledPage(row["id"], fold_of(row), row.get("page_type", ""), features, words, shares, headline, marks, leads)
