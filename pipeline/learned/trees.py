"""Gradient-boosted trees, evaluated for all rows at once by bit masks.

QuickScorer (Lucchese et al., SIGIR 2015): each test that fails rules out the leaves below its left branch; a row's leaf in a tree
is the first that nothing has ruled out. The masks of a feature are prepared for each interval between its thresholds, so that a
row needs one look-up a feature, whatever the trees.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_LEAVES = 32
_ROWS = 512  # rows at a time: what they need stays in the processor's cache
_FRACTION_BITS, _EXPONENT_OF_ONE = 23, 127  # of a float32


@dataclass(frozen=True, slots=True)
class _Feature:
    """One feature's thresholds, and the leaves that each interval of its values leaves each tree."""

    column: int
    thresholds: NDArray[np.float32]
    masks: NDArray[np.uint32]


class Trees:
    """A sum of regression trees of up to 32 leaves; a row goes left where its value is at most the threshold.

    The arrays hold one entry a test, tree by tree: `tree`, `feature`, `threshold`, and `first` and `last`, the leaves (counted
    from the left) below the test's left branch, `last` excluded. `leaves` holds a row of leaf values a tree.
    """

    def __init__(self, arrays: Mapping[str, NDArray[Any]], columns: Sequence[int] | None = None) -> None:
        tree, feature = arrays["tree"].astype(np.int64), arrays["feature"].astype(np.int64)
        threshold = arrays["threshold"].astype(np.float32)
        self._leaves = arrays["leaves"].astype(np.float32)
        self._count = len(self._leaves)
        self._flat = self._leaves.ravel()
        self._offsets = (np.arange(self._count) * self._leaves.shape[1] - _EXPONENT_OF_ONE)[None, :]
        _check(tree, feature, arrays["first"], arrays["last"], self._leaves)
        out = ((np.uint64(1) << arrays["last"].astype(np.uint64)) - np.uint64(1)) ^ (
            (np.uint64(1) << arrays["first"].astype(np.uint64)) - np.uint64(1)
        )
        kept = (~out).astype(np.uint32)
        self._features = [
            _feature(int(number if columns is None else columns[number]), tree[mine], threshold[mine], kept[mine], self._count)
            for number in np.unique(feature)
            for mine in [feature == number]
        ]

    def sums(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the sum of the trees for each row of features."""
        out = np.empty(len(rows))
        for at in range(0, len(rows), _ROWS):
            out[at : at + _ROWS] = self.values(rows[at : at + _ROWS]).sum(axis=1, dtype=np.float64)
        return out

    def values(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return what each tree says of each row: (rows, trees)."""
        alive = np.full((len(rows), self._count), 0xFFFFFFFF, np.uint32)
        masks = np.empty_like(alive)
        values = np.ascontiguousarray(rows.T)
        for feature in self._features:
            interval = feature.thresholds.searchsorted(values[feature.column])
            feature.masks.take(interval, 0, masks, "clip")
            np.bitwise_and(alive, masks, alive)
        lowest = alive & np.negative(alive)
        exponent = lowest.astype(np.float32).view(np.int32) >> _FRACTION_BITS  # the place of the bit
        found: NDArray[np.float32] = self._flat.take(exponent + self._offsets)
        return found


def _check(tree: NDArray[Any], feature: NDArray[Any], first: NDArray[Any], last: NDArray[Any], leaves: NDArray[Any]) -> None:
    """Raise ValueError if a test names a tree, feature or leaf that cannot be."""
    if leaves.ndim != 2 or not 1 <= leaves.shape[1] <= MOST_LEAVES:
        raise ValueError(f"trees of 1 to {MOST_LEAVES} leaves were expected")
    if len({array.shape for array in (tree, feature, first, last)}) > 1 or tree.ndim != 1:
        raise ValueError("the tests of trees are not of one length")
    if len(tree) and not (0 <= tree.min() <= tree.max() < len(leaves) and feature.min() >= 0):
        raise ValueError("a test names a tree or a feature that cannot be")
    if not ((first >= 0) & (first < last) & (last <= leaves.shape[1])).all():
        raise ValueError("a test names leaves that cannot be")


def _feature(
    column: int, tree: NDArray[np.int64], threshold: NDArray[np.float32], kept: NDArray[np.uint32], count: int
) -> _Feature:
    """Return a feature's table: row i holds what the tests that values above i of its thresholds fail leave of each tree."""
    thresholds = np.unique(threshold)
    masks = np.full((len(thresholds) + 1, count), 0xFFFFFFFF, np.uint32)
    np.bitwise_and.at(masks, (np.searchsorted(thresholds, threshold) + 1, tree), kept)
    return _Feature(column, thresholds, np.bitwise_and.accumulate(masks, axis=0))
