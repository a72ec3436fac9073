"""How witnesses state what they saw, and what each observation on an HTML page weighs."""

from __future__ import annotations

from pipeline.model import Block, Evidence

# Natural log of the odds that a block of an HTML page is chrome, each given the others: logistic regression over the
# labelled pages of WCXB, words**.8 as weight of a block; `benchmarks/fit_weights.py` prints this table.
WEIGHTS = {
    "look.caption": 3.06,
    "look.code": 0.48,
    "look.few-words": 0.50,
    "look.form": 0.89,
    "look.heading": -0.88,
    "look.hidden": 0.60,
    "look.links": 0.85,
    "look.one-word": 0.62,
    "look.prose": -0.36,
    "look.row": 0.06,
    "look.sentence": -0.63,
    "look.some-links": 0.30,
    "opinion.after-all": 1.05,
    "opinion.before-all": 0.62,
    "opinion.between": -0.53,
    "opinion.far": 0.57,
    "opinion.inside": 0.25,
    "opinion.kin-inside": -1.24,
    "opinion.kin-outside": -0.99,
    "opinion.kin-partly": -1.25,
    "opinion.none": -1.21,
    "opinion.outside": 0.95,
    "place.account": 1.31,
    "place.advertisement": -0.44,
    "place.aside": 0.25,
    "place.author": 0.73,
    "place.body-text": -0.84,
    "place.breadcrumb": 0.82,
    "place.cards": 0.05,
    "place.comment": 1.08,
    "place.consent": 0.39,
    "place.description": 0.43,
    "place.footer": 2.08,
    "place.form": 0.43,
    "place.header": 0.45,
    "place.list": 0.12,
    "place.main": -0.50,
    "place.meta": -0.45,
    "place.navigation": 1.42,
    "place.newsletter": 0.73,
    "place.post": -0.01,
    "place.related": 1.24,
    "place.share": 1.20,
    "place.tags": 0.60,
}
# The intercept, less the cut that gave the best page F1 on held-out pages: a page has far more chrome blocks than others.
HTML_PRIOR = -0.7


def of_block(block: Block, rule: str, family: str, weight: float) -> Evidence:
    """Return evidence that concerns a whole block; `weight` > 0 speaks for chrome."""
    return Evidence(block.index, rule, family, weight, block.start, block.end)
