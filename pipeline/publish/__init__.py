"""Publish: records become the rows and names of the outputs. Sinks write them."""

from __future__ import annotations

import dataclasses
import hashlib
from pathlib import PurePosixPath
from typing import Any

from pipeline.model import CleanDocument, Fault

DISTRIBUTIONS = ()

_LONGEST_NAME_BYTES = 200


def record_row(document: CleanDocument) -> dict[str, Any]:
    """Return the record as it stands in `pages.jsonl`; removed spans go into an output of their own."""
    row = dataclasses.asdict(document)
    del row["removed"]
    return row


def removed_row(document: CleanDocument) -> dict[str, Any]:
    """Return what left a page, as it stands in `removed.jsonl`; offsets count in the document's text as segment stored it."""
    return {"id": document.id, "spans": [dataclasses.asdict(span) for span in document.removed]}


def reject_row(fault: Fault) -> dict[str, Any]:
    """Return an input that could not be cleaned, as it stands in `rejects.jsonl`."""
    return dataclasses.asdict(fault)


def text_name(path: str, record: int) -> str:
    """Return the name of a page's text file below `text/`: its input's path, and in a container its record's number.

    Parts that are too long or climb out of the folder are replaced by safe ones.

    >>> text_name("news/a.html.gz", 0), text_name("dump.jsonl", 12), text_name("../x", 0)
    ('news/a.html.gz.txt', 'dump.jsonl/12.txt', '__/x.txt')
    """
    parts = [_safe(part) for part in PurePosixPath(path).parts if part not in ("/", ".")]
    parts = [*parts, str(record)] if record else parts
    return "/".join(parts or ["page"]) + ".txt"


def _safe(part: str) -> str:
    part = "__" if part == ".." else "".join("_" if ord(char) < 32 or char in "\x7f/\\" else char for char in part)
    if len(part.encode("utf-8", "replace")) <= _LONGEST_NAME_BYTES:
        return part
    digest = hashlib.sha256(part.encode("utf-8", "replace")).hexdigest()[:12]
    return part.encode("utf-8", "replace")[: _LONGEST_NAME_BYTES - 13].decode("utf-8", "ignore") + "~" + digest
