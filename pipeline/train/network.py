"""Trains `pipeline.learned.network.Network` by Adam (Kingma and Ba, 2015) with a cosine schedule."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.learned.network import Network, scaled, squashed
from pipeline.learned.tokens import Floats

_HIDDEN = (64, 16)
_EPOCHS, _BATCH, _RATE = 3, 2048, 3e-3
_MOMENTUM, _SPREAD, _DECAY = 0.9, 0.999, 1e-5
_SAMPLE = 7  # every so many rows give mean and deviation


def fit_network(features: Floats, labels: NDArray[np.int8], weights: Floats, seed: int) -> Network:
    """Return a network fitted to rows of features with labels 0 or 1; the same rows and seed give the same bytes."""
    some = squashed(features[::_SAMPLE])
    mean, deviation = some.mean(0), some.std(0) + np.float32(1e-3)
    values = scaled(features, mean, deviation).astype(np.float32)
    random = np.random.default_rng(seed)
    widths = (values.shape[1], *_HIDDEN, 1)
    parameters: list[Floats] = []
    for inputs, outputs in pairwise(widths):
        spread = 0.1 if outputs == 1 else (2 / inputs) ** 0.5
        parameters += [random.normal(0, spread, (inputs, outputs)).astype(np.float32), np.zeros(outputs, np.float32)]
    means = [np.zeros_like(p) for p in parameters]
    squares = [np.zeros_like(p) for p in parameters]
    weights = (weights / weights.mean()).astype(np.float32)
    steps, step = _EPOCHS * (len(labels) // _BATCH), 0
    for _ in range(_EPOCHS):
        order = random.permutation(len(labels))
        for start in range(0, len(labels) - _BATCH + 1, _BATCH):
            rows = order[start : start + _BATCH]
            step += 1
            rate = _RATE * 0.5 * (1 + np.cos(np.pi * step / steps)) + 1e-5
            for i, slope in enumerate(_gradients(parameters, values[rows], labels[rows], weights[rows])):
                gradient: Floats = slope + np.float32(_DECAY) * parameters[i]
                means[i] = _MOMENTUM * means[i] + (1 - _MOMENTUM) * gradient
                squares[i] = _SPREAD * squares[i] + (1 - _SPREAD) * gradient * gradient
                move = (means[i] / (1 - _MOMENTUM**step)) / (np.sqrt(squares[i] / (1 - _SPREAD**step)) + 1e-8)
                parameters[i] = (parameters[i] - rate * move).astype(np.float32)
    layers = tuple((parameters[i], parameters[i + 1]) for i in range(0, len(parameters), 2))
    return Network(mean, deviation, layers)


def _gradients(parameters: list[Floats], values: Floats, labels: NDArray[np.int8], weights: Floats) -> list[Floats]:
    """Return the gradient of the weighted log loss by each parameter."""
    inputs = [values]
    for i in range(0, len(parameters) - 2, 2):
        inputs.append(np.maximum(inputs[-1] @ parameters[i] + parameters[i + 1], 0))
    logits = (inputs[-1] @ parameters[-2] + parameters[-1])[:, 0]
    chance = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    error = ((chance - labels) * weights / len(labels)).astype(np.float32)[:, None]
    found: list[Floats] = []
    for i in range(len(parameters) - 2, -1, -2):
        layer = inputs[i // 2]
        found = [layer.T @ error, error.sum(0), *found]
        if i:
            error = (error @ parameters[i].T) * (layer > 0)
    return found
