"""Sink: `text/<input's path>.txt`, the headline first."""

from __future__ import annotations

from pathlib import Path

from pipeline.model import CleanDocument
from pipeline.normalise import with_headline
from pipeline.publish import text_name
from pipeline.settings import PublishSettings
from pipeline.sinks.base import Sink


class TextSink(Sink):
    """One text file a page, in folders as the inputs lay."""

    names = ("text",)

    def __init__(self, folder: Path, settings: PublishSettings) -> None:
        super().__init__(folder, settings)
        self._root = folder / "text"
        self._root.mkdir()
        self._files: set[str] = set()
        self._folders: set[str] = set()

    def write(self, document: CleanDocument) -> None:
        """Write one page's text."""
        name = self._free(text_name(document.file_path, int(document.metadata.get("record", "0"))))
        file = self._root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        text = with_headline(document) if self.settings.title else document.text
        file.write_text(text, encoding="utf-8", newline="\n", errors="backslashreplace")

    def close(self) -> None:
        """Do nothing: each file is complete when it is written."""

    def _free(self, name: str) -> str:
        """Return the name, or one beside it if a file or folder has it: `x.txt` may be a page and a folder of pages."""
        parents = name.split("/")[:-1]
        for i in range(len(parents)):
            while "/".join(parents[: i + 1]) in self._files:
                parents[i] += "~"
        path = "/".join([*parents, name.rpartition("/")[2]])
        while path in self._files or path in self._folders:
            path = path.removesuffix(".txt") + "~.txt"
        self._files.add(path)
        self._folders.update("/".join(parents[: i + 1]) for i in range(len(parents)))
        return path
