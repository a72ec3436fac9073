"""The word list: n-grams with the logistic weights by which a line that holds them is chrome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.learned.tokens import Floats, Keys, gram_keys, tokens_of
from pipeline.learned.words import WordList
from pipeline.train.text_data import LabelledDump

_LIST_SIZE = 16_000
_FEWEST_PAGES = 6
_ALPHA, _EPOCHS = 1.6e-4, 6


@dataclass(frozen=True, slots=True)
class GramLines:
    """The n-grams of all lines, a sparse matrix by rows: line i has `columns[starts[i]:starts[i + 1]]`, numbers of `keys`."""

    keys: Keys
    columns: NDArray[np.int32]
    starts: NDArray[np.int64]


def gram_lines(dumps: Sequence[LabelledDump]) -> GramLines:
    """Return the n-grams of all lines of the dumps that stand on several pages."""
    found, counts = [], []
    for dump in dumps:
        keys, line = gram_keys(tokens_of(dump.lines))
        order = np.argsort(line, kind="stable")
        found.append(keys[order])
        counts.append(np.bincount(line, minlength=len(dump.lines)))
    pages: dict[str, list[Keys]] = {}
    for dump, keys in zip(dumps, found, strict=True):
        pages.setdefault(dump.page, []).append(np.unique(keys))
    listed, frequency = np.unique(
        np.concatenate([np.unique(np.concatenate(keys)) for keys in pages.values()]), return_counts=True
    )
    listed = listed[frequency >= _FEWEST_PAGES]
    every = np.concatenate(found)
    place = np.minimum(np.searchsorted(listed, every), len(listed) - 1)
    known = listed[place] == every
    line_of = np.repeat(np.arange(sum(map(len, counts))), np.concatenate(counts))
    kept = np.bincount(line_of[known], minlength=sum(map(len, counts)))
    return GramLines(listed, place[known].astype(np.int32), np.concatenate([[0], np.cumsum(kept)]))


def fit_words(grams: GramLines, rows: NDArray[np.int64], labels: NDArray[np.int8], weights: Floats, seed: int) -> WordList:
    """Return the strongest n-grams of the given lines, with their weights; `labels` and `weights` have a place for every line."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import SGDClassifier

    matrix = csr_matrix(
        (np.ones(len(grams.columns), np.float32), grams.columns, grams.starts), shape=(len(grams.starts) - 1, len(grams.keys))
    )[rows]
    model = SGDClassifier(loss="log_loss", alpha=_ALPHA, max_iter=_EPOCHS, tol=None, random_state=seed, average=False)
    model.fit(matrix, labels[rows], sample_weight=weights[rows] / weights[rows].mean())
    count = np.asarray((matrix > 0).sum(axis=0)).ravel()
    strength = np.abs(model.coef_[0]) * np.sqrt(count)
    best = np.sort(np.argsort(-strength, kind="stable")[:_LIST_SIZE])
    return WordList(grams.keys[best], model.coef_[0][best].astype(np.float16), float(model.intercept_[0]))
