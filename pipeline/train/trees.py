"""LightGBM's trees as the arrays that `pipeline.learned.trees` reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.learned.trees import MOST_LEAVES

_FITTING = {
    "learning_rate": 0.1,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "max_bin": 127,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}


def fit(
    features: NDArray[np.float32],
    targets: NDArray[np.float64],
    weights: NDArray[np.float64],
    rounds: int,
    *,
    seed: int = 1,
    groups: Sequence[int] | None = None,
    **options: Any,
) -> Any:
    """Return a booster fitted to targets between 0 and 1; one thread, so that the same data give the same trees.

    To rank, `groups` says how many rows in a row belong to each page.
    """
    import lightgbm

    parameters = {**_FITTING, "objective": "cross_entropy", "num_leaves": MOST_LEAVES - 1, "seed": seed, **options}
    data = lightgbm.Dataset(
        features, targets, weight=weights, group=groups, params={"max_bin": _FITTING["max_bin"], "verbose": -1}
    )
    return lightgbm.train(parameters, data, rounds)


def arrays_of(booster: Any, count: int = 0) -> dict[str, NDArray[Any]]:
    """Return the arrays that `Trees` reads: tests from the leftmost leaf on, and a row of leaf values a tree.

    A booster that stopped early is filled up with empty trees to `count`.
    """
    trees = booster.dump_model()["tree_info"]
    tests: list[tuple[int, int, float, int, int]] = []
    leaves = np.zeros((max(count, len(trees)), MOST_LEAVES), np.float32)

    def visit(node: dict[str, Any], tree: int, first: int) -> int:
        if "leaf_value" in node:
            leaves[tree, first] = node["leaf_value"]
            return first + 1
        last = visit(node["left_child"], tree, first)
        tests.append((tree, node["split_feature"], node["threshold"], first, last))
        return visit(node["right_child"], tree, last)

    for number, tree in enumerate(trees):
        visit(tree["tree_structure"], number, 0)
    columns = list(zip(*tests, strict=True)) if tests else [()] * 5
    return {
        "tree": np.array(columns[0], np.uint16),
        "feature": np.array(columns[1], np.uint16),
        "threshold": np.array(columns[2], np.float32),
        "first": np.array(columns[3], np.uint8),
        "last": np.array(columns[4], np.uint8),
        "leaves": leaves,
    }
