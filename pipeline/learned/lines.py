"""The line model: how probable it is that a line of dumped text is chrome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import SettingsError
from pipeline.learned.features import line_features
from pipeline.learned.headline import Ranker
from pipeline.learned.network import Network
from pipeline.learned.tokens import COLUMN, Floats, Tokens, tokens_of
from pipeline.learned.trees import Trees
from pipeline.learned.weights import UNFIT, Stamp, arrays_in, bytes_of, stamp_of
from pipeline.learned.words import WordList
from pipeline.text.words import is_prose

KNOWN, FREE = "known", "free"  # the model of languages whose words were learned, and that of all others
# Of the log odds. Trees alone judge articles as well; with a network beside them, lists and light dumps are judged better.
_TREES_SHARE = 2 / 3
_OWN = "lines.npz"  # the weights of the package
_FEWEST_KNOWN = 0.5  # of a page's words in the list: .6 to .95 on most English pages, below .5 in other languages
_SHARPER = 1.7  # held-out log odds are this much too timid for the words of one page
_CUTS = np.arange(0.4, 0.71, 0.05)
_FIRM = 30.0
_MOST_LINES = 20_000
# The model has learned from pages, where a thousand lines are mostly menus. A text of so many lines of prose is read as so many
# pages: of 4,000 paragraphs it took 3,985 for chrome.
_PROSE_SHARE, _PROSE_LINES = 0.5, 150


@dataclass(frozen=True, slots=True)
class LineModel:
    """A network and trees over the features of lines, averaged; once with a word list, once without."""

    words: WordList
    networks: Mapping[str, Network]
    trees: Mapping[str, Trees]
    ranker: Ranker

    def read(self, texts: Sequence[str], gaps: Sequence[bool], rules: Floats) -> tuple[Floats, int, bool]:
        """Return of one page the log odds of each line (see `log_odds`), its headline (-1 for none), and whether that is sure.

        Texts are the lines of the page, none blank; `rules` holds what `pipeline.chrome` found by phrases: (lines, 2).
        """
        if not texts:
            return np.zeros(0, np.float32), -1, False
        # More lines are no page, and their features would not fit into memory: as pages of so many lines.
        most = _PROSE_LINES if is_long_prose(texts) else _MOST_LINES
        count = -(-len(texts) // most)
        parts = [slice(len(texts) * part // count, len(texts) * (part + 1) // count) for part in range(count)]
        tokens = tokens_of(texts[parts[0]])
        odds = [
            self.log_odds(tokens if part is parts[0] else tokens_of(texts[part]), texts[part], gaps[part], rules[part])
            for part in parts
        ]
        return np.concatenate(odds), *self.ranker.best(texts[parts[0]], gaps[parts[0]], tokens, odds[0], rules[parts[0]])

    def log_odds(self, tokens: Tokens, texts: Sequence[str], gaps: Sequence[bool], rules: Floats) -> Floats:
        """Return for each line the log odds of chrome, less those at which the page is best cut: above 0, it goes."""
        name = KNOWN if self.words.share_of_known(tokens) >= _FEWEST_KNOWN else FREE
        found = self.raw(features_of(texts, gaps, rules, tokens, self.words if name == KNOWN else None), name)
        return found - best_cut(found, tokens)

    def raw(self, features: Floats, name: str) -> Floats:
        """Return the log odds of rows of features, for the model `name`."""
        network = self.networks[name]
        near = network.logits(features[:, : len(network.mean)]).astype(np.float64)
        return np.asarray(_TREES_SHARE * self.trees[name].sums(features) + (1 - _TREES_SHARE) * near, np.float32)


def is_long_prose(texts: Sequence[str]) -> bool:
    """Return whether a text has more lines than an article, and paragraphs are at least half of them: a book, a transcript."""
    return len(texts) > _PROSE_LINES and sum(map(is_prose, texts)) >= _PROSE_SHARE * len(texts)


def features_of(texts: Sequence[str], gaps: Sequence[bool], rules: Floats, tokens: Tokens, words: WordList | None) -> Floats:
    """Return the features of one page's lines; without a word list, those of the word-free model."""
    return line_features(texts, gaps, rules, words.scores(tokens) if words else None, tokens)


def best_cut(log_odds: Floats, tokens: Tokens) -> float:
    """Return the log odds above which lines should go so that the expected word F1 of the page is highest.

    Where lines of probability p(keep) stay, expected F1 is 2 · (words rightly kept) / (words kept + words that should be kept).
    """
    words = tokens.sums()[:, COLUMN["words"]] + 0.5
    right = words / (1 + np.exp(np.clip(_SHARPER * log_odds, -_FIRM, _FIRM)))
    cuts = np.log(_CUTS / (1 - _CUTS))
    kept = log_odds[:, None] <= cuts[None, :]
    expected = 2 * (kept * right[:, None]).sum(0) / ((kept * words[:, None]).sum(0) + right.sum() + 1e-9)
    return float(cuts[int(np.argmax(expected))]) if kept.any() else 0.0


def from_bytes(data: bytes, name: str, is_own: bool = False) -> LineModel:
    """Return the model of a weights file; raises SettingsError if it is none. The package's own is not tried out first."""
    try:
        model = from_arrays(arrays_in(data))
        if not is_own:
            _try(model)
    except UNFIT as error:
        raise SettingsError(f"{name}: no weights of the line model ({error}); make them by `dechrome train text`") from None
    return model


def from_arrays(arrays: Mapping[str, NDArray[Any]]) -> LineModel:
    """Return the model that the arrays hold; raises KeyError or ValueError where they do not fit."""
    return LineModel(
        WordList(arrays["words.keys"], arrays["words.weights"], float(arrays["words.intercept"])),
        {kind: _network(arrays, f"{kind}.network.") for kind in (KNOWN, FREE)},
        {kind: Trees(_part(arrays, f"{kind}.trees.")) for kind in (KNOWN, FREE)},
        Ranker(Trees(_part(arrays, "headline."))),
    )


def _network(arrays: Mapping[str, NDArray[Any]], prefix: str) -> Network:
    part = {key: values.astype(np.float32) for key, values in _part(arrays, prefix).items()}
    count = sum(key.startswith("weights") for key in part)
    if not count or part[f"weights{count - 1}"].shape[1:] != (1,):
        raise ValueError("the last layer of a network must have one output")
    return Network(part["mean"], part["deviation"], tuple((part[f"weights{i}"], part[f"biases{i}"]) for i in range(count)))


def _part(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}


def _try(model: LineModel) -> None:
    """Let a model read a page of two lines; raises what its arrays make numpy say if they do not fit together."""
    texts, gaps, rules = ["Home", "The ferry left an hour late."], [False, True], np.zeros((2, 2), np.float32)
    tokens = tokens_of(texts)
    for name in (KNOWN, FREE):
        odds = model.raw(features_of(texts, gaps, rules, tokens, model.words if name == KNOWN else None), name)
    model.ranker.best(texts, gaps, tokens, odds, rules)


def line_model(weights: str = "") -> LineModel:
    """Return the model of a weights file, or the one that comes with the package; raises SettingsError."""
    return _line_model(weights, stamp_of(weights))


@lru_cache(maxsize=8)
def _line_model(weights: str, stamp: Stamp) -> LineModel:  # noqa: ARG001 - a file that was written again is another
    return from_bytes(bytes_of(weights, _OWN), weights or _OWN, is_own=not weights)
