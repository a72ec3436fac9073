"""The source of an HTML page to blocks: one reading by the standard's parser, and what a page or a user asks for beyond it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.model import Block
from pipeline.segment.html import Head, walk
from pipeline.segment.markup import PARSER, serialised
from pipeline.segment.soup import READER, mended, selected
from pipeline.settings import SegmentSettings

_GAINED_TIMES = 1.5


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a page: `html` is the source that was looked at, `notes` what the record says of how it was read."""

    blocks: list[Block]
    head: Head
    html: str
    parser: str = PARSER
    notes: dict[str, str] = field(default_factory=dict)


def read(html: str, settings: SegmentSettings) -> Reading:
    """Return the blocks of a page and what its head states."""
    source, scripts = serialised(html, settings.max_depth)
    reading = Reading(*walk(source, scripts), html)
    chars = _chars(reading.blocks)
    if opened := mended(html, chars):
        again, scripts_again = serialised(opened, settings.max_depth)
        second = Reading(*walk(again, scripts_again), opened, READER)
        if _chars(second.blocks) > chars * _GAINED_TIMES:
            reading, source, scripts = second, again, scripts_again
    if not (settings.drop or settings.keep):
        return reading
    # As the parser serialised them the elements are closed where a browser closes them, and that is what a selector means.
    chosen, notes = selected(source, settings.drop, settings.keep)
    return Reading(*walk(serialised(chosen, settings.max_depth)[0], scripts), chosen, reading.parser, notes)


def _chars(blocks: list[Block]) -> int:
    return sum(len(block.text) for block in blocks)
