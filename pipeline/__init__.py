"""dechrome: scraped pages in, clean text with metadata out.

from pipeline import clean
page = clean(html_or_text, url="https://…")
page.title, page.text, page.metadata, page.removed
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.chain import clean
    from pipeline.model import CleanDocument

__all__ = ["CleanDocument", "clean"]


def __getattr__(name: str) -> Any:
    """Import what is asked for only then, so that a stage can be imported without all the others."""
    if name == "clean":
        from pipeline.chain import clean

        return clean
    if name == "CleanDocument":
        from pipeline.model import CleanDocument

        return CleanDocument
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
