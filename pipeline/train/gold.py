"""A folder of labelled pages: rows of `gold.jsonl`, each with its page as HTML, in folds of domains."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

FOLDS = 5


def gold_rows(folder: Path) -> Iterator[dict[str, Any]]:
    """Return the rows of `gold.jsonl` or `gold.jsonl.gz` in `folder`, none if there is no such file.

    A row has `id`, `url`, `main_content`, and may have `title`, `page_type`, and `domain`, by which folds are grouped, or `fold`.
    """
    for path in (folder / "gold.jsonl.gz", folder / "gold.jsonl"):
        if path.is_file():
            text = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
            yield from (json.loads(line) for line in text.splitlines() if line.strip())
            return


def page_of(folder: Path, row: Mapping[str, Any]) -> bytes:
    """Return the page of a row: `html/ID.html`, or `.html.gz` unpacked."""
    zipped = folder / "html" / f"{row['id']}.html.gz"
    return gzip.decompress(zipped.read_bytes()) if zipped.is_file() else zipped.with_suffix("").read_bytes()


def fold_of(row: Mapping[str, Any]) -> int:
    """Return the fold of a page: as stated, else by its domain, so that one site never stands in two."""
    return int(row["fold"]) % FOLDS if "fold" in row else fold_by_name(str(row.get("domain") or row["id"]))


def fold_by_name(name: str) -> int:
    """Return the fold of all that share a name."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % FOLDS
