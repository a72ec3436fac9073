"""What a sink is."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path

from pipeline.model import CleanDocument
from pipeline.settings import PublishSettings


class Sink(ABC):
    """Writes the pages of a batch below `folder`, one after the other in their final order; `close` makes them complete."""

    names: tuple[str, ...] = ()  # the files or folders that it makes directly below the output folder

    def __init__(self, folder: Path, settings: PublishSettings) -> None:
        self.folder = folder
        self.settings = settings

    @abstractmethod
    def write(self, document: CleanDocument) -> None:
        """Write one page."""

    @abstractmethod
    def close(self) -> None:
        """Finish what was written."""
