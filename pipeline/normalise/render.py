"""Blocks to text or Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from pipeline.model import KeptBlock, Kind
from pipeline.text.unicode import clean_line

_TICKS = re.compile("`+")
_TOGETHER = (Kind.ITEM, Kind.ROW)  # neighbours of these kinds stand on consecutive lines


def text_of(blocks: Sequence[KeptBlock], is_plain: bool) -> str:
    """Return the text form, with one final line feed; a plain-text page keeps its own line structure. No blocks: ""."""
    return _joined(blocks, is_plain, lambda block, body, _: f"- {body}" if block.kind is Kind.ITEM else body)


def markdown_of(blocks: Sequence[KeptBlock], is_plain: bool, link: Callable[[KeptBlock, str], str] | None = None) -> str:
    """Return the blocks as Markdown: headings, lists, tables, quotes and code as such, all else as paragraphs.

    `link(block, its body)` gives the body with its links marked.
    """
    if link is None:
        return _joined(blocks, is_plain, _markdown)
    return _joined(blocks, is_plain, lambda block, body, before: _markdown(block, link(block, body), before))


def _joined(blocks: Sequence[KeptBlock], is_plain: bool, form: Callable[[KeptBlock, str, KeptBlock | None], str]) -> str:
    """Return the blocks in the form that `form(block, its body, the block before)` gives, parted as their kinds ask for."""
    pieces: list[str] = []
    before: KeptBlock | None = None
    for block in blocks:
        body = _body(block)
        if not body:
            continue
        if before is not None:
            pieces.append(_between(before, block, is_plain))
        pieces.append(form(block, body, before))
        before = block
    return "".join(pieces) + "\n" if pieces else ""


def _between(before: KeptBlock, block: KeptBlock, is_plain: bool) -> str:
    if is_plain:
        return "\n\n" if block.gap else "\n"
    return "\n" if block.kind is before.kind and block.kind in _TOGETHER else "\n\n"


def _body(block: KeptBlock) -> str:
    if block.kind is Kind.CODE:
        lines = unicodedata.normalize("NFC", block.text).split("\n")
        return "\n".join(line.rstrip().replace("\u00a0", " ") for line in lines).strip("\n")
    if "\n" not in block.text:
        return clean_line(block.text)
    return "\n".join(filter(None, map(clean_line, block.text.split("\n"))))


def _markdown(block: KeptBlock, body: str, before: KeptBlock | None) -> str:
    if block.kind is Kind.HEADING:
        return f"{'#' * max(2, block.level)} {body.replace(chr(10), ' ')}"  # the one `#` is the headline's
    if block.kind is Kind.ITEM:
        return f"{'  ' * max(0, block.level - 1)}- {body.replace(chr(10), ' ')}"
    if block.kind is Kind.ROW:
        row = f"| {body} |"
        return f"{row}\n|{' --- |' * (body.count(' | ') + 1)}" if before is None or before.kind is not Kind.ROW else row
    if block.kind is Kind.CODE:
        fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(body)), default=0))
        return f"{fence}\n{body}\n{fence}"
    if block.kind is Kind.QUOTE:
        return "\n".join(f"> {line}" for line in body.split("\n"))
    return body.replace("\n", "  \n")
