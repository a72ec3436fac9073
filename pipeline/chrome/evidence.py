"""How witnesses state what they saw."""

from __future__ import annotations

from pipeline.model import Block, Evidence


def of_block(block: Block, rule: str, family: str, weight: float) -> Evidence:
    """Return evidence that concerns a whole block; `weight` > 0 speaks for chrome."""
    return Evidence(block.index, rule, family, weight, block.start, block.end)
