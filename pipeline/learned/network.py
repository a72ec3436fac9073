"""A small feed-forward network: two hidden layers, rectified; one output, the natural log of the odds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.learned.tokens import Floats

_WIDEST = 6.0  # standard deviations; what lies beyond was not in training


@dataclass(frozen=True, slots=True)
class Network:
    """Weights of the layers, and the mean and deviation by which inputs are scaled after `squashed`."""

    mean: Floats
    deviation: Floats
    layers: tuple[tuple[Floats, Floats], ...]  # (weights (inputs, outputs), biases (outputs,))

    def logits(self, features: Floats) -> Floats:
        """Return the log odds of each row of features."""
        values = scaled(features, self.mean, self.deviation)
        for weights, biases in self.layers[:-1]:
            values = np.maximum(values @ weights + biases, 0)
        weights, biases = self.layers[-1]
        return np.asarray((values @ weights + biases)[:, 0], np.float32)


def squashed(features: Floats) -> Floats:
    """Return features with large values drawn in: sign(x) · log(1 + |x|)."""
    return np.sign(features) * np.log1p(np.abs(features))


def scaled(features: Floats, mean: Floats, deviation: Floats) -> Floats:
    """Return squashed features by standard deviations from their mean, clipped."""
    return np.asarray(np.clip((squashed(features) - mean) / deviation, -_WIDEST, _WIDEST))


def rounded(values: NDArray[np.floating]) -> NDArray[np.float16]:
    """Return weights as they are stored."""
    return values.astype(np.float16)
