"""A lexicon of the words in class names, ids and roles: how often what stands below them is main text.

Web authors write class names in English whatever language their pages are in, so this is no knowledge of a language.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

COLUMNS = ("near-lowest", "near-highest", "near-sum", "far-lowest", "far-highest", "far-sum")
_OUTERMOST, _NEAR = 3, 3  # html and body are left out; the three innermost elements are near


def near_words(marks: str, lead: str = "") -> list[str]:
    """Return the distinct class words of the three elements next to a block and of what its first words stand in."""
    return list(dict.fromkeys(" ".join((*_levels(marks)[-_NEAR:], lead)).split()))


def far_words(marks: str) -> list[str]:
    """Return the distinct class words of the elements further up."""
    return list(dict.fromkeys(" ".join(_levels(marks)[:-_NEAR]).split()))


def _levels(marks: str) -> list[str]:
    """Return the class words of each element around a block, the outermost first."""
    return marks.split("/")[_OUTERMOST:]


class ClassWords:
    """The log of the odds of main text for each word, by itself near a block and further up; unknown words say nothing."""

    def __init__(self, near: Mapping[str, float], far: Mapping[str, float]) -> None:
        self._near, self._far = near, far
        # Elements of a site have the same class names; what their words tell is kept for each element by itself.
        self._of_near = lru_cache(maxsize=8_192)(partial(_told, self._near))
        self._of_far = lru_cache(maxsize=8_192)(partial(_told, self._far))
        self._above = lru_cache(maxsize=4_096)(self._told_above)
        self._of_above = lru_cache(maxsize=4_096)(self._describe_far)

    def columns(self, marks: Sequence[str], leads: Sequence[str]) -> NDArray[np.float32]:
        """Return for each block the lowest and highest value and the sum of its words, near and far (see COLUMNS)."""
        numbers: dict[tuple[str, str], int] = {}
        of_block = [numbers.setdefault(key, len(numbers)) for key in zip(marks, leads, strict=True)]
        found = np.array([self._describe(*key) for key in numbers], np.float32).reshape(-1, len(COLUMNS))
        return found[of_block] if of_block else found

    def _describe(self, marks: str, lead: str) -> tuple[float, ...]:
        levels = _levels(marks)
        told: dict[str, float] = {}
        for words in (*levels[-_NEAR:], lead):
            if words:
                told |= self._of_near(words)
        near = told.values() if told else (0.0,)
        return min(near), max(near), sum(near), *self._of_above("/".join(levels[:-_NEAR]))

    def _describe_far(self, marks: str) -> tuple[float, ...]:
        far = self._above(marks).values() or (0.0,)
        return min(far), max(far), sum(far)

    def _told_above(self, marks: str) -> dict[str, float]:
        """Return the values of the words of some elements; the outer ones are those of many blocks."""
        above, _, words = marks.rpartition("/")
        if not above:
            return self._of_far(words)
        return self._above(above) | self._of_far(words) if words else self._above(above)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what `from_arrays` reads."""
        return {
            "near.words": _packed(self._near),
            "near.values": np.array([self._near[word] for word in sorted(self._near)], np.float16),
            "far.words": _packed(self._far),
            "far.values": np.array([self._far[word] for word in sorted(self._far)], np.float16),
        }


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> ClassWords:
    """Return the lexicon of a weights file."""
    near, far = (
        dict(zip(arrays[f"{side}.words"].tobytes().decode("ascii").split(), arrays[f"{side}.values"].tolist(), strict=True))
        for side in ("near", "far")
    )
    return ClassWords(near, far)


def _told(values: Mapping[str, float], words: str) -> dict[str, float]:
    """Return the values of distinct words; those without one have 0 together."""
    found = {word: values.get(word, 0.0) for word in words.split()}
    known = {word: value for word, value in found.items() if value}
    return known if len(known) == len(found) else {**known, "": 0.0}


def _packed(values: Mapping[str, float]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(sorted(values)).encode("ascii"), np.uint8)
