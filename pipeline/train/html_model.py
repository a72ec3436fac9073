"""Fits the block model for HTML pages and writes its weights."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.learned.class_words import ClassWords, far_words, near_words
from pipeline.learned.main_text import PAGE_KINDS, page_features
from pipeline.train.html_pages import LabelledPage
from pipeline.train.trees import arrays_of, fit

_ROUNDS, _FEATURES = 100, 110
_KIND_ROUNDS, _KIND_FEATURES = 30, 60
_UNSURE_WEIGHT = 0.3  # of a block that is partly in the gold
_IN, _OUT = 0.6, 0.34
_FEWEST_PAGES, _SMOOTHING, _SAYS_SOMETHING = 3, 0.5, 0.1


def fit_model(pages: Sequence[LabelledPage], seed: int = 1) -> dict[str, NDArray[Any]]:
    """Return the arrays of a model fitted to `pages`: trees over the strongest features, and trees for the page's kind.

    The values of class words are fitted too: what the trees see of a page comes from the pages of other folds.
    """
    held_out = {fold: _lexicon([page for page in pages if page.fold != fold]) for fold in sorted({page.fold for page in pages})}
    pages = [
        replace(page, features=np.hstack((page.features, held_out[page.fold].columns(page.marks, page.leads)))) for page in pages
    ]
    features = np.concatenate([page.features for page in pages])
    targets, weights = map(np.concatenate, zip(*map(_targets, pages), strict=True))
    used = weights > 0
    features, targets, weights = features[used], targets[used], weights[used]
    scout = fit(features, targets, weights, _ROUNDS // 2, seed=seed)
    gains = scout.feature_importance("gain")
    columns = np.sort(np.argsort(-gains, kind="stable")[:_FEATURES])
    booster = fit(np.ascontiguousarray(features[:, columns]), targets, weights, _ROUNDS, seed=seed)
    arrays = {"columns": columns.astype(np.uint16), "count": np.array(features.shape[1])} | {
        f"blocks.{k}": v for k, v in arrays_of(booster).items()
    }
    return arrays | {f"words.{k}": v for k, v in _lexicon(pages).arrays().items()} | _kind_arrays(pages, seed)


def _targets(page: LabelledPage) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the targets and weights of a page's blocks: long blocks count more, long pages less than their length."""
    sure = (page.shares >= _IN) | (page.shares <= _OUT)
    targets = np.where(page.shares >= _IN, 1.0, np.where(page.shares <= _OUT, 0.0, page.shares))
    weights = (page.words**0.8 + 0.3) / max(page.words.sum(), 50.0) ** 0.4 * np.where(sure, 1.0, _UNSURE_WEIGHT)
    if page.headline >= 0:
        weights[page.headline] = 0.0
    return targets, weights


def _lexicon(pages: Sequence[LabelledPage]) -> ClassWords:
    """Return the values of class words: the log of the odds of main text below them against that on all pages."""
    sums: tuple[_Sums, _Sums] = (defaultdict(lambda: [0.0, 0.0, 0.0]), defaultdict(lambda: [0.0, 0.0, 0.0]))
    right = everything = 0.0
    for page in pages:
        targets, weights = _targets(page)
        own: tuple[_Sums, _Sums] = (defaultdict(lambda: [0.0, 0.0, 0.0]), defaultdict(lambda: [0.0, 0.0, 0.0]))
        for mark, lead, target, weight in zip(page.marks, page.leads, targets.tolist(), weights.tolist(), strict=True):
            right, everything = right + weight * target, everything + weight
            for words, found in ((near_words(mark, lead), own[0]), (far_words(mark), own[1])):
                for word in words:
                    entry = found[word]
                    entry[0] += weight * target
                    entry[1] += weight
        for found, total in zip(own, sums, strict=True):
            for word, (kept, all_of, _) in found.items():
                entry = total[word]
                entry[0] += kept
                entry[1] += all_of
                entry[2] += 1
    share = right / everything
    return ClassWords(*(_values(found, share) for found in sums))


_Sums = defaultdict[str, list[float]]


def _values(sums: _Sums, share: float) -> dict[str, float]:
    common = {word: (kept, all_of) for word, (kept, all_of, on_pages) in sums.items() if on_pages >= _FEWEST_PAGES}
    values = {
        word: math.log((kept + _SMOOTHING * share) / (all_of - kept + _SMOOTHING * (1 - share))) - math.log(share / (1 - share))
        for word, (kept, all_of) in common.items()
    }
    return {word: float(np.float16(value)) for word, value in values.items() if abs(value) >= _SAYS_SOMETHING}


def _kind_arrays(pages: Sequence[LabelledPage], seed: int) -> dict[str, NDArray[Any]]:
    known = [page for page in pages if page.kind in PAGE_KINDS]
    rows = np.concatenate([page_features(page.features, _targets(page)[0], page.words) for page in known])
    options: dict[str, Any] = {"seed": seed, "num_leaves": 7, "min_data_in_leaf": 5, "lambda_l2": 1.0}
    weights = np.ones(len(rows))
    targets = [np.array([float(page.kind == kind) for page in known]) for kind in PAGE_KINDS]
    gains = sum(fit(rows, target, weights, _KIND_ROUNDS, **options).feature_importance("gain") for target in targets)
    columns = np.sort(np.argsort(-gains, kind="stable")[:_KIND_FEATURES])
    rows = np.ascontiguousarray(rows[:, columns])
    parts = [arrays_of(fit(rows, target, weights, _KIND_ROUNDS, **options), _KIND_ROUNDS) for target in targets]
    for number, part in enumerate(parts):
        part["tree"] = part["tree"] + np.uint16(number * _KIND_ROUNDS)
    joined = {f"kinds.{name}": np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return joined | {"page_columns": columns.astype(np.uint16)}
