"""Sink: `pages.jsonl`, a record a line, and `removed.jsonl`, what left each page and why."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pipeline.model import CleanDocument
from pipeline.publish import record_row, removed_row
from pipeline.settings import PublishSettings
from pipeline.sinks.base import Sink


def json_line(row: dict[str, Any]) -> str:
    """Return a row as one line of JSON with its line feed; what is not valid Unicode is escaped."""
    line = json.dumps(row, ensure_ascii=False, separators=(",", ":"))
    return line.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


class JsonlSink(Sink):
    """Records and removed spans as JSON Lines in UTF-8."""

    names = ("pages.jsonl", "removed.jsonl")

    def __init__(self, folder: Path, settings: PublishSettings) -> None:
        super().__init__(folder, settings)
        self._pages = (folder / "pages.jsonl").open("w", encoding="utf-8", newline="\n")
        self._removed = (folder / "removed.jsonl").open("w", encoding="utf-8", newline="\n")

    def write(self, document: CleanDocument) -> None:
        """Write one record and its removed spans."""
        self._pages.write(json_line(record_row(document)))
        self._removed.write(json_line(removed_row(document)))

    def close(self) -> None:
        """Close both files."""
        self._pages.close()
        self._removed.close()
