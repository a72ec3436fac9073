"""What a stage's work is told to say of itself: which page it is at. The page's limits hang on that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline.engines.slot import mark_of
from pipeline.errors import Reject

# What a page is rejected for that went over a limit, or at which its worker died twice.
OVER_A_LIMIT = frozenset(("too-slow", "too-much-memory", "crashed"))


@dataclass(frozen=True, slots=True)
class PageLimits:
    """What one page may take in one stage: CPU seconds, and bytes of memory above what the process had before; 0: no limit."""

    seconds: float = 0.0
    memory_bytes: int = 0

    @property
    def any(self) -> bool:
        """Return whether there is a limit at all."""
        return bool(self.seconds or self.memory_bytes)


class Watch:
    """Follows work from page to page. This one sets no limits; that of a worker process does.

    `banned` maps the marks (`mark_of`) of pages that went over a limit to (reason, detail).
    """

    def __init__(self, banned: Mapping[bytes, tuple[str, str]] | None = None) -> None:
        self.banned = banned or {}

    def enter(self, name: str) -> None:
        """Begin with the page that has this name; raises Reject if it is banned."""
        if self.banned and (verdict := self.banned.get(mark_of(name))):
            raise Reject(*verdict)

    def leave(self) -> None:
        """End with the page that was entered."""

    def rest(self) -> None:
        """Say that no page is at work: what follows is done for all of them."""

    @contextmanager
    def page(self, name: str) -> Iterator[None]:
        """Hold while a page is worked on; raises Reject at once if it is banned."""
        self.enter(name)
        try:
            yield
        finally:
            self.leave()
