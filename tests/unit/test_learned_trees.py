"""Trees by bit masks give what walking each tree gives."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.learned.trees import MOST_LEAVES, Trees

FEATURES = 4
Node = float | tuple[int, float, Any, Any]  # a leaf's value, or feature, threshold, left, right

_VALUES = st.integers(-3, 3).map(float)
_NODES: st.SearchStrategy[Node] = st.recursive(
    _VALUES, lambda inner: st.tuples(st.integers(0, FEATURES - 1), _VALUES, inner, inner), max_leaves=MOST_LEAVES
)


def arrays_of(trees: list[Node]) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays that `Trees` reads, tests in the order of the leaves."""
    tests: list[tuple[int, int, float, int, int]] = []
    leaves = np.zeros((len(trees), MOST_LEAVES), np.float32)

    def visit(node: Node, tree: int, first: int) -> int:
        if not isinstance(node, tuple):
            leaves[tree, first] = node
            return first + 1
        last = visit(node[2], tree, first)
        tests.append((tree, node[0], node[1], first, last))
        return visit(node[3], tree, last)

    for number, tree in enumerate(trees):
        visit(tree, number, 0)
    columns = np.array(tests, float).reshape(-1, 5).T
    names = ("tree", "feature", "threshold", "first", "last")
    return dict(zip(names, columns, strict=True)) | {"leaves": leaves}


def walked(node: Node, row: list[float]) -> float:
    while isinstance(node, tuple):
        node = node[2] if row[node[0]] <= node[1] else node[3]
    return node


@given(
    st.lists(_NODES, min_size=1, max_size=5),
    st.lists(st.lists(st.floats(-4, 4, width=32), min_size=FEATURES, max_size=FEATURES), min_size=1, max_size=8),
)
def test_sums_are_those_of_walking_the_trees(trees: list[Node], rows: list[list[float]]) -> None:
    found = Trees(arrays_of(trees))
    matrix = np.array(rows, np.float32)
    assert found.values(matrix).tolist() == [[walked(tree, row) for tree in trees] for row in rows]
    assert found.sums(matrix).tolist() == [sum(walked(tree, row) for tree in trees) for row in rows]


def test_many_rows_are_as_one_by_one() -> None:
    trees = Trees(arrays_of([(0, 0.0, -1.0, (1, 1.0, 2.0, 4.0)), (2, -1.0, 8.0, 16.0)]))
    rows = np.random.default_rng(1).normal(size=(1_000, FEATURES)).astype(np.float32)
    assert trees.sums(rows).tolist() == [trees.sums(rows[i : i + 1])[0] for i in range(len(rows))]


def test_a_booster_is_read_as_lightgbm_reads_it() -> None:
    pytest.importorskip("lightgbm")
    from pipeline.train.trees import arrays_of as arrays_of_booster
    from pipeline.train.trees import fit

    rng = np.random.default_rng(7)
    rows = rng.normal(size=(2_000, 6)).round(2).astype(np.float32)
    targets = (rows[:, 0] * rows[:, 1] + rows[:, 2] > 0).astype(float)
    booster = fit(rows, targets, np.ones(len(rows)), 12)
    found = Trees(arrays_of_booster(booster)).sums(rows)
    assert np.abs(found - booster.predict(rows, raw_score=True)).max() < 1e-5
