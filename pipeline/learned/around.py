"""What stands around a line: sums over the lines near it, how far the next marked line is, where the body of the page lies."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.learned.tokens import Floats

_NEAR_BODY = 50  # lines
BODY_COLUMNS = 6  # of `body_columns`, for each measure


def window_sums(
    columns: NDArray[np.floating], widths: Sequence[int], lines: NDArray[np.int64] | None = None
) -> tuple[list[Floats], list[Floats]]:
    """Return the sums of each column over so many lines before each line, and over those behind it, a width at a time.

    If `lines` are given, they are returned for these alone.
    """
    count = len(columns)
    sums = np.zeros((count + 1, columns.shape[1]))
    np.cumsum(columns, axis=0, out=sums[1:])
    here = np.arange(count) if lines is None else lines
    before = [sums[here] - sums[np.maximum(here - width, 0)] for width in widths]
    behind = [sums[np.minimum(here + 1 + width, count)] - sums[here + 1] for width in widths]
    return [part.astype(np.float32) for part in before], [part.astype(np.float32) for part in behind]


def body_columns(values: NDArray[np.floating]) -> Floats:
    """Return where each line stands to the body of the page, for each column of values: (lines, BODY_COLUMNS · columns).

    The body is the run of lines whose values, positive for text and negative for chrome, sum up highest (Kadane's maximum
    subarray; Finn, Kushmerick and Smyth, "Fact or fiction", 2001, find the body of tagged text so). Of each line: whether it is
    inside, how many lines behind its first and before its last line, the share of the page's lines that are inside, and the sum
    of the values between it and the body, and the deepest that this sum gets on the way.
    """
    count, width = values.shape
    sums = np.zeros((count + 1, width))
    np.cumsum(values, axis=0, out=sums[1:])
    place, column = np.arange(count + 1)[:, None], np.arange(width)
    lowest = np.minimum.accumulate(sums, axis=0)
    end = (sums - lowest).argmax(axis=0)
    top, bottom = sums[end, column], lowest[end, column]
    start = count - ((sums <= bottom) & (place <= end))[::-1].argmax(axis=0)
    behind = np.where(place >= end, sums - top, 0)[1:]
    before = np.where(place <= start, bottom - sums, 0)[:-1]
    deepest = np.minimum.accumulate(behind, axis=0) + np.minimum.accumulate(before[::-1], axis=0)[::-1]
    here = place[:-1]
    columns = np.stack(
        [
            (here >= start) & (here < end),
            np.clip(here - start, -_NEAR_BODY, _NEAR_BODY),
            np.clip(end - 1 - here, -_NEAR_BODY, _NEAR_BODY),
            np.broadcast_to((end - start) / count, (count, width)),
            before + behind,
            deepest,
        ],
        axis=2,
    )
    columns[:, top <= bottom] = (0, -_NEAR_BODY, -_NEAR_BODY, 0, 0, 0)  # a page that has no line of text
    return columns.reshape(count, -1).astype(np.float32)


def lines_until(mark: NDArray[np.bool_], far: int) -> Floats:
    """Return how many lines behind each line the next marked one stands, `far` at most."""
    count = len(mark)
    here = np.arange(count)
    following = np.minimum.accumulate(np.where(mark, here, count + far)[::-1])[::-1]
    return np.minimum(np.append(following[1:], count + far) - here, far).astype(np.float32)


def lines_since(mark: NDArray[np.bool_], far: int) -> Floats:
    """Return how many lines before each line the last marked one stands, `far` at most."""
    return lines_until(mark[::-1], far)[::-1]
