"""The word list: which n-grams speak for chrome and which for text, in the languages that it was learned from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.learned.tokens import Floats, Keys, Tokens, gram_keys


@dataclass(frozen=True, slots=True)
class WordList:
    """Keys of n-grams in ascending order, each with its weight: natural log of the odds that a line with it is chrome.

    Keys are whole 64-bit hashes: a word that is not listed has no weight, whatever its language.
    """

    keys: Keys
    weights: NDArray[np.float16]
    intercept: float

    def scores(self, tokens: Tokens) -> Floats:
        """Return the sum of the weights of the listed n-grams of each line."""
        keys, line = gram_keys(tokens)
        place = np.minimum(np.searchsorted(self.keys, keys), len(self.keys) - 1)
        weights = np.where(self.keys[place] == keys, self.weights[place].astype(np.float64), 0.0)
        return (np.bincount(line, weights, minlength=len(tokens.starts) - 1) + self.intercept).astype(np.float32)

    def share_of_known(self, tokens: Tokens) -> float:
        """Return the share of the words of some lines that are listed, 0 to 1: whether the list knows their language."""
        words = tokens.hashes[tokens.hashes != 0]
        if not len(words):
            return 0.0
        place = np.minimum(np.searchsorted(self.keys, words), len(self.keys) - 1)
        return float((self.keys[place] == words).mean())
