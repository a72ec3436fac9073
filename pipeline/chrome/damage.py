"""Damaged text as witnesses see it: mended, so that "LireÂ la suite" is read as what it was.

The text itself is mended in the encoding stage; here it is only looked at, by a plan that no setting changes.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.model import Document, Evidence
from pipeline.text.mojibake import is_well, mend_texts


def mended_view(document: Document) -> Document:
    """Return the document with the mojibake of its blocks mended, offsets as before; the same object if there is none.

    A block that would be blank (a damaged space: "Â ") stays as it is: witnesses count on words.
    """
    if is_well(document.text):
        return document
    found = mend_texts([block.text for block in document.blocks])
    mended = {
        block.index: one.text
        for block, one in zip(document.blocks, found, strict=True)
        if one.text != block.text and one.text.strip()
    }
    if not mended:
        return document
    return replace(document, blocks=tuple(replace(b, text=mended[b.index]) if b.index in mended else b for b in document.blocks))


def in_places_of(document: Document, view: Document, evidence: Iterable[Evidence]) -> Iterator[Evidence]:
    """Return evidence that was found on the mended view with the offsets of the document as it is."""
    for seen in evidence:
        block, looked_at = document.blocks[seen.block], view.blocks[seen.block]
        if looked_at is block or looked_at.text == block.text:
            yield seen
        elif not seen.cut:
            yield replace(seen, start=block.start, end=block.end)
        else:
            start = _offset(block.text, looked_at.text, seen.start - block.start)
            end = _offset(block.text, looked_at.text, seen.end - block.start)
            yield replace(seen, start=block.start + start, end=block.start + end)


def _offset(damaged: str, mended: str, offset: int) -> int:
    """Return the place in `damaged` that corresponds to a place in `mended`."""
    for _, a, b, c, d in difflib.SequenceMatcher(None, damaged, mended, autojunk=False).get_opcodes():
        if c <= offset < d:
            return a + (offset - c) if b - a == d - c else a
    return len(damaged)
