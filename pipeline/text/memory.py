"""What was found out about a line is asked for many times while its page is judged; it is worked out once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

_LINES = 8_192  # some pages' worth
_LONGEST = 2_000  # chars; longer lines are few, and would be kept alive


class Remembered(dict[str, Found]):
    """What a function of one text returned for the lines that it was last asked about."""

    def __init__(self, function: Callable[[str], Found]) -> None:
        super().__init__()
        self.function = function

    def __missing__(self, text: str) -> Found:
        found = self.function(text)
        if len(text) <= _LONGEST:
            if len(self) >= _LINES:
                self.clear()
            self[text] = found
        return found


def remembered(function: Callable[[str], Found]) -> Callable[[str], Found]:
    """Return a function of one text that keeps its results for the lines it was last asked about.

    It is asked for a dozen times a line: the look-up itself is the function, and nothing stands before it.
    """
    return Remembered(function).__getitem__
