"""What stands around a line: sums over the lines near it, and how far the next marked line is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.learned.tokens import Floats


def window_sums(columns: NDArray[np.floating], widths: Sequence[int]) -> tuple[list[Floats], list[Floats]]:
    """Return the sums of each column over so many lines before each line, and over those behind it, a width at a time."""
    count = len(columns)
    sums = np.zeros((count + 1, columns.shape[1]))
    np.cumsum(columns, axis=0, out=sums[1:])
    here = np.arange(count)
    before = [sums[here] - sums[np.maximum(here - width, 0)] for width in widths]
    behind = [sums[np.minimum(here + 1 + width, count)] - sums[here + 1] for width in widths]
    return [part.astype(np.float32) for part in before], [part.astype(np.float32) for part in behind]


def lines_until(mark: NDArray[np.bool_], far: int) -> Floats:
    """Return how many lines behind each line the next marked one stands, `far` at most."""
    count = len(mark)
    here = np.arange(count)
    following = np.minimum.accumulate(np.where(mark, here, count + far)[::-1])[::-1]
    return np.minimum(np.append(following[1:], count + far) - here, far).astype(np.float32)


def lines_since(mark: NDArray[np.bool_], far: int) -> Floats:
    """Return how many lines before each line the last marked one stands, `far` at most."""
    return lines_until(mark[::-1], far)[::-1]
