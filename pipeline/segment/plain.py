"""Plain text to blocks: one a line that is not blank."""

from __future__ import annotations

from pipeline.model import Block, Kind

_ENDS = " \t"  # not NBSP: in damaged text it may be the second half of an "à"


def blocks_of_text(text: str) -> list[Block]:
    """Return a block for each line of `text` (line feeds only) that is not blank; `gap` says that a blank line stood before."""
    blocks: list[Block] = []
    at, gap = 0, False
    for line in text.split("\n"):
        stripped = line.strip(_ENDS) if line.strip() else ""
        if stripped:
            start = at + line.index(stripped)
            blocks.append(Block(index=len(blocks), kind=Kind.LINE, start=start, text=stripped, gap=gap))
        gap = not stripped
        at += len(line) + 1
    return blocks
