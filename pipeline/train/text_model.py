"""Trains the line model: word list, networks and trees, by folds of domains so that no score is learned from its own pages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.learned.features import far_columns, line_features
from pipeline.learned.headline import candidate_lines, headline_features
from pipeline.learned.lines import FREE, KNOWN, best_cut
from pipeline.learned.network import Network, rounded
from pipeline.learned.tokens import Floats, tokens_of
from pipeline.learned.words import WordList
from pipeline.text.unicode import folded
from pipeline.train.network import fit_network
from pipeline.train.text_data import CLEAN, LABELLED, NOT_JUDGED, PART_OF_PAGE, TRIMMED, LabelledDump, without_page_title
from pipeline.train.text_words import fit_words, gram_lines
from pipeline.train.trees import arrays_of, fit

_LANGUAGE = "en"  # that of the pages from which words are learned
_ROUNDS, _RANKER_ROUNDS = 200, 100
# Small leaves of few sites were learned by heart: of 31 leaves and 200 lines each, at twice the rate, more trees only harmed.
_TREES: dict[str, Any] = {
    "num_leaves": 15,
    "learning_rate": 0.06,
    "feature_fraction": 0.25,
    "min_data_in_leaf": 500,
    "lambda_l2": 0.0,
    "max_bin": 63,
    "objective": "binary",
}
# Ranking the lines of each page against each other finds .81 of the headlines; telling headlines from other lines found .78.
_RANKER: dict[str, Any] = {
    "objective": "lambdarank",
    "lambdarank_truncation_level": 5,
    "num_leaves": 15,
    "min_data_in_leaf": 30,
    "feature_fraction": 0.4,
    "bagging_freq": 0,
    "lambda_l2": 0.0,
}
# Of the headlines of texts labelled by hand, their language held out, the ranker finds .61 without them and .87 with them eight
# times, when they were a hundred; of four hundred eight times each are too many: of WCXB's it finds .72 instead of .74.
_LABELLED_HEADLINES = 3
# Texts labelled by hand are few beside the dumps, and all that is not English. Where the trees that know words see four hundred
# such texts six times, at twice the weight, English dumps are judged worse (chrome F1 .902 on articles instead of .916).
_TIMES = {KNOWN: 1, FREE: 24}
_PARTS = 8  # of the features at a time, to spare memory
_UNCASED_SHARE = 0.35  # of the pages that the word-free model sees without capitals, as if in a script that has none


class TextTrainer:
    """Labelled dumps with all that folds share; `train` may then leave folds out."""

    def __init__(self, dumps: Sequence[LabelledDump], seed: int = 0) -> None:
        self._dumps = dumps
        self._seed = seed
        self._grams = gram_lines(dumps)
        self._labels = np.concatenate([dump.labels for dump in dumps])
        self._folds = _spread([dump.fold for dump in dumps], dumps).astype(np.int8)
        self._for_words = _spread([dump.dumper not in (CLEAN, TRIMMED, LABELLED) for dump in dumps], dumps).astype(bool)
        words = np.concatenate([tokens_of(dump.lines).sums()[:, 0] for dump in dumps])
        # Long lines count more, long pages less than their length.
        self._weights = (np.sqrt(words + 1) / np.sqrt(_spread([len(dump.lines) for dump in dumps], dumps))).astype(np.float32)
        self._weights *= np.repeat([dump.weight for dump in dumps], [len(dump.lines) for dump in dumps]).astype(np.float32)
        self._is_known = _spread([dump.language == _LANGUAGE for dump in dumps], dumps).astype(bool)
        self._is_labelled = _spread([dump.dumper == LABELLED for dump in dumps], dumps).astype(bool)
        self._lists: dict[frozenset[int], WordList] = {}

    def train(self, left_out: Collection[int] = ()) -> dict[str, NDArray[Any]]:
        """Return the arrays of a model fitted to all dumps but those of the folds `left_out`.

        The word score of a training line comes from a list that was learned without its fold, as that of a new page will.
        """
        used = np.flatnonzero((self._labels != NOT_JUDGED) & ~np.isin(self._folds, list(left_out)))
        words = self._words(frozenset(left_out))
        arrays: dict[str, NDArray[Any]] = {
            "words.keys": words.keys,
            "words.weights": words.weights,
            "words.intercept": np.array(words.intercept, np.float32),
        }
        for kind in (KNOWN, FREE):
            rows = used[self._is_known[used]] if kind == KNOWN else used
            every = self._features(kind, left_out)
            if kind == KNOWN:
                odds = self._held_out_odds(every, rows)
            features = every[rows]
            del every
            near = np.ascontiguousarray(features[:, : features.shape[1] - far_columns(has_words=kind == KNOWN)])
            network = fit_network(near, self._labels[rows], self._weights[rows], self._seed)
            del near
            arrays |= _network_arrays(network, f"{kind}.network.")
            chosen = self._for_trees(rows, _TIMES[kind])
            booster = self._trees(features[chosen], rows[chosen])
            arrays |= {f"{kind}.trees.{name}": values for name, values in arrays_of(booster).items()}
        return arrays | self._ranker(odds, left_out)

    def _for_trees(self, rows: NDArray[np.int64], times: int) -> NDArray[np.int64]:
        """Return which of some rows trees are fitted to: every second one, and those labelled by hand so many times."""
        return np.concatenate([np.arange(0, len(rows), 2), np.repeat(np.flatnonzero(self._is_labelled[rows]), times)])

    def _trees(self, features: Floats, rows: NDArray[np.int64]) -> Any:
        labels, weights = self._labels[rows].astype(np.float64), self._weights[rows].astype(np.float64)
        return fit(features, labels, weights, _ROUNDS, **{**_TREES, "seed": self._seed + 1})

    def _held_out_odds(self, features: Floats, rows: NDArray[np.int64]) -> Floats:
        """Return the log odds of all lines by trees that saw none of their fold: as sure, or unsure, as on a new page."""
        odds = np.zeros(len(features), np.float32)
        for half in (0, 1):
            seen = rows[self._folds[rows] % 2 != half][::2]
            booster = self._trees(features[seen], seen)
            for held in np.array_split(np.flatnonzero(self._folds % 2 == half), _PARTS):
                odds[held] = booster.predict(features[held], raw_score=True)
        return odds

    def _ranker(self, odds: Floats, left_out: Collection[int]) -> dict[str, NDArray[Any]]:
        """Return the arrays of the headline ranker, fitted to the dumps that hold their page's headline as a line."""
        pages: list[tuple[Floats, NDArray[np.float64]]] = []
        for dump, uncut in self._with_headline(odds, left_out):
            tokens = tokens_of(dump.lines)
            own = uncut - np.float32(best_cut(uncut, tokens))
            candidates = candidate_lines(tokens, dump.lines, own)
            if not len(candidates):
                continue
            features = headline_features(dump.lines, dump.gaps, tokens, own, dump.rules, candidates)
            wanted = folded(dump.title)
            is_headline = np.array([folded(dump.lines[line]) == wanted for line in candidates.tolist()], np.float64)
            pages += [(features, is_headline)] * (_LABELLED_HEADLINES if dump.dumper == LABELLED else 1)
        features, labels = (np.concatenate(parts) for parts in zip(*pages, strict=True))
        groups = [len(found) for _, found in pages]
        booster = fit(features, labels, np.ones(len(labels)), _RANKER_ROUNDS, seed=self._seed + 1, groups=groups, **_RANKER)
        return {f"headline.{name}": values for name, values in arrays_of(booster).items()}

    def _with_headline(self, odds: Floats, left_out: Collection[int]) -> Iterator[tuple[LabelledDump, Floats]]:
        """Return the dumps that hold their page's headline as a line, as they are and without page title, each with its odds."""
        ends = np.cumsum([len(dump.lines) for dump in self._dumps])
        for dump, end in zip(self._dumps, ends.tolist(), strict=True):
            wanted = folded(dump.title)
            if dump.fold in left_out or dump.dumper in (CLEAN, TRIMMED) or not wanted or wanted not in map(folded, dump.lines):
                continue
            own = odds[end - len(dump.lines) : end]
            yield dump, own
            if dump.dumper not in PART_OF_PAGE and dump.dumper != LABELLED:
                for other in without_page_title(dump):
                    yield other, own[len(dump.lines) - len(other.lines) :]

    def _words(self, without: frozenset[int]) -> WordList:
        if without not in self._lists:
            rows = np.flatnonzero((self._labels != NOT_JUDGED) & self._for_words & ~np.isin(self._folds, list(without)))
            self._lists[without] = fit_words(self._grams, rows, self._labels, self._weights, self._seed)
        return self._lists[without]

    def _features(self, kind: str, left_out: Collection[int]) -> Floats:
        random = np.random.default_rng(self._seed)
        found = []
        for dump in self._dumps:
            tokens = tokens_of(dump.lines)
            scores = self._words(frozenset({*left_out, dump.fold})).scores(tokens) if kind == KNOWN else None
            case = kind == KNOWN or random.random() >= _UNCASED_SHARE
            found.append(line_features(dump.lines, dump.gaps, dump.rules, scores, tokens, case=case))
        return np.concatenate(found)


def _spread(values: Sequence[int | bool], dumps: Sequence[LabelledDump]) -> NDArray[np.int64]:
    """Return one value a dump as one value a line."""
    return np.repeat(np.array(values, np.int64), [len(dump.lines) for dump in dumps])


def _network_arrays(network: Network, prefix: str) -> Mapping[str, NDArray[Any]]:
    arrays: dict[str, NDArray[Any]] = {"mean": network.mean, "deviation": network.deviation}
    for number, (weights, biases) in enumerate(network.layers):
        arrays |= {f"weights{number}": rounded(weights), f"biases{number}": rounded(biases)}
    return {prefix + name: values for name, values in arrays.items()}
