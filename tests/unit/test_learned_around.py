"""Where a line stands to the body of the page."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.learned.around import BODY_COLUMNS, body_columns
from pipeline.learned.features import far_columns, line_features
from pipeline.learned.tokens import tokens_of

INSIDE, BEHIND_FIRST, BEFORE_LAST, SHARE, BETWEEN, DEEPEST = range(BODY_COLUMNS)


def body(values: list[float]) -> np.ndarray:
    """The columns of one measure."""
    return body_columns(np.array(values)[:, None])


@pytest.mark.parametrize(("values", "inside"), [
    ([-1, 2, 3, -1], [0, 1, 1, 0]),
    ([-1, 3, -1, 3, -5, 2], [0, 1, 1, 1, 0, 0]),  # what costs less than it joins is inside
    ([2, -5, 1], [1, 0, 0]),
    ([4], [1]),
    ([-4, -1], [0, 0]),  # a page without text has no body
])  # fmt: skip
def test_the_body_is_the_run_that_is_worth_most(values: list[float], inside: list[int]) -> None:
    assert body(values)[:, INSIDE].tolist() == inside


def test_what_lies_between_a_line_and_the_body() -> None:
    columns = body([1, -2, 5, 5, -3, 2, -1])
    assert columns[:, BEHIND_FIRST].tolist() == [-2, -1, 0, 1, 2, 3, 4]
    assert columns[:, BEFORE_LAST].tolist() == [3, 2, 1, 0, -1, -2, -3]
    assert columns[:, SHARE].tolist() == pytest.approx([2 / 7] * 7)
    assert columns[:, BETWEEN].tolist() == [-1, -2, 0, 0, -3, -1, -2]
    assert columns[:, DEEPEST].tolist() == [-2, -2, 0, 0, -3, -3, -3]


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=st.integers(-9, 9)))
def test_no_other_run_is_worth_more(values: np.ndarray) -> None:
    columns = body_columns(values).reshape(len(values), -1, BODY_COLUMNS)
    for number, measure in enumerate(values.T):
        runs = itertools.combinations(range(len(measure) + 1), 2)
        best = max(0, *(measure[start:end].sum() for start, end in runs))
        assert measure[columns[:, number, INSIDE] > 0].sum() == best


@given(arrays(np.float64, st.tuples(st.integers(1, 30), st.integers(2, 4)), elements=st.integers(-9, 9)))
def test_measures_do_not_disturb_each_other(values: np.ndarray) -> None:
    alone = [body_columns(values[:, [number]]) for number in range(values.shape[1])]
    assert (body_columns(values) == np.concatenate(alone, axis=1)).all()


@pytest.mark.parametrize("has_words", [True, False])
def test_far_columns_stand_behind_all_others(has_words: bool) -> None:
    """The first of them are sums over a hundred lines before a line: of the words of paragraphs, of sentences, of short lines."""
    page = ["Home"] * 50 + ["The ferry left an hour late, and nobody on the quay could say why."] + ["News"] * 70
    scores = np.zeros(len(page), np.float32) if has_words else None
    rows = line_features(page, [False] * len(page), np.zeros((len(page), 2), np.float32), scores, tokens_of(page))
    first = rows.shape[1] - far_columns(has_words=has_words)
    assert rows[110, first : first + 3].tolist() == [14, 1, 99]
    assert rows[40, first : first + 3].tolist() == [0, 0, 40]
