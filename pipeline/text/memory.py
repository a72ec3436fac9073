"""What was found out about a line is asked for many times while its page is judged; it is worked out once."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

_LINES = 8_192  # some pages' worth
_LONGEST = 2_000  # chars; longer lines are few, and would be kept alive


def remembered(function: Callable[[str], Found]) -> Callable[[str], Found]:
    """Return a function of one text that keeps its results for the lines it was last asked about."""
    known = functools.lru_cache(_LINES)(function)

    @functools.wraps(function)
    def ask(text: str) -> Found:
        return known(text) if len(text) <= _LONGEST else function(text)

    return ask
