"""How witnesses state what they saw, and what each observation on an HTML page weighs."""

from __future__ import annotations

from pipeline.model import Block, Evidence

# Natural log of the odds that a block of an HTML page is chrome, each given the others: logistic regression over the
# labelled pages of WCXB, words**.8 as weight of a block; `benchmarks/fit_weights.py` prints this table.
WEIGHTS = {
    "look.caption": 3.03,
    "look.code": 0.48,
    "look.few-words": 0.48,
    "look.form": 0.91,
    "look.heading": -0.89,
    "look.hidden": 0.60,
    "look.links": 0.87,
    "look.one-word": 0.62,
    "look.prose": -0.35,
    "look.row": 0.06,
    "look.sentence": -0.63,
    "look.some-links": 0.25,
    "opinion.after-all": 1.07,
    "opinion.before-all": 0.63,
    "opinion.between": -0.54,
    "opinion.far": 0.56,
    "opinion.inside": 0.24,
    "opinion.kin-inside": -1.25,
    "opinion.kin-outside": -0.99,
    "opinion.kin-partly": -1.24,
    "opinion.none": -1.21,
    "opinion.outside": 0.94,
    "place.account": 1.31,
    "place.advertisement": -0.44,
    "place.aside": 0.24,
    "place.author": 0.74,
    "place.body-text": -0.84,
    "place.breadcrumb": 0.81,
    "place.cards": 0.05,
    "place.comment": 1.08,
    "place.consent": 0.37,
    "place.description": 0.44,
    "place.footer": 2.08,
    "place.form": 0.39,
    "place.header": 0.46,
    "place.list": 0.13,
    "place.main": -0.47,
    "place.navigation": 1.42,
    "place.newsletter": 0.72,
    "place.post": -0.01,
    "place.related": 1.28,
    "place.share": 1.18,
    "place.tags": -0.43,
}
# The intercept, less the cut that gave the best page F1 on held-out pages: a page has far more chrome blocks than others.
HTML_PRIOR = -0.7


def of_block(block: Block, rule: str, family: str, weight: float) -> Evidence:
    """Return evidence that concerns a whole block; `weight` > 0 speaks for chrome."""
    return Evidence(block.index, rule, family, weight, block.start, block.end)
