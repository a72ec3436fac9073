"""The block model: how probable it is that a block of an HTML page is main text, and what kind of page it stands on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import SettingsError
from pipeline.learned.block_features import features_of
from pipeline.learned.class_words import COLUMNS as CLASS_COLUMNS
from pipeline.learned.class_words import ClassWords, from_arrays
from pipeline.learned.trees import Trees
from pipeline.learned.weights import UNFIT, Stamp, arrays_in, bytes_of, stamp_of
from pipeline.model import Block, Document, Facts, Kind, Media

PAGE_KINDS = ("article", "forum", "product", "collection", "listing", "documentation", "service")
_NEVER, _ALWAYS = 0.02, 0.9  # the cut is looked for between these
_LIKELIER = 0.5
_OWN = "html.npz"  # the weights of the package
_BLOCKS = (
    Block(0, Kind.PARAGRAPH, 0, "Home", path="/html/body/p", marks="///"),
    Block(1, Kind.PARAGRAPH, 5, "The ferry left an hour late.", path="/html/body/p", marks="///", shared=2),
)
# What a user's weights must be able to read before they are asked about a page.
_PAGE = Document("", "", 0, "", "", Media.HTML, "", "", "", 0.0, "", Facts(), "\n".join(b.text for b in _BLOCKS), "", _BLOCKS)


@dataclass(frozen=True, slots=True)
class MainText:
    """What the model says of a page: each block's probability, its words, and the cut above which blocks are kept.

    `confidence` is the mean probability of the words kept; `kinds` the probability of each of PAGE_KINDS.
    """

    probability: NDArray[np.float64]
    words: NDArray[np.float64]
    cut: float
    confidence: float
    kinds: Mapping[str, float]

    @property
    def article(self) -> float:
        """Return the probability that the page is an article."""
        return self.kinds.get("article", 0.0)

    @property
    def is_article(self) -> bool:
        """Return whether the page is likelier an article than of all other kinds together."""
        return self.article >= _LIKELIER

    @property
    def kept_words(self) -> float:
        """Return how many words stand in blocks above the cut."""
        return float(self.words[self.probability >= self.cut].sum())


def nothing_said(document: Document) -> MainText:
    """Return what stands in for a model that is switched off: every block is as likely as not to be main text."""
    half = np.full(len(document.blocks), 0.5)
    return MainText(half, np.ones(len(half)), 0.5, 0.5, {})


class BlockModel:
    """Trees over block features, and smaller ones over page features for the kind of the page."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        columns, pages, count = arrays["columns"].tolist(), arrays["page_columns"].tolist(), int(arrays["count"])
        self._words = from_arrays(_part(arrays, "words."))
        # What is not needed is not written out: `_wanted` numbers what is, the class words' columns behind all others.
        needed = sorted({*columns, *(place % count for place in pages)})
        own = count - len(CLASS_COLUMNS)
        self._wanted = [place for place in needed if place < own]
        self._from_words = [place - own for place in needed if place >= own]
        place_of = {place: at for at, place in enumerate(needed)}
        self._columns = [place_of[place] for place in columns]
        self._page_columns = [place_of[place % count] + len(needed) * (place // count) for place in pages]
        self._blocks = Trees(_part(arrays, "blocks."))
        self._kinds = Trees(_part(arrays, "kinds."))

    def read(self, document: Document) -> MainText:
        """Return what the model says of an HTML page."""
        _, features, words = features_of(document, self._wanted)
        found = class_word_columns(document, self._words)[:, self._from_words]
        features = np.concatenate((features.T, found.T)).T
        probability = 1 / (1 + np.exp(-self._blocks.sums(features[:, self._columns])))
        cut = best_cut(probability, words)
        kept = probability >= cut
        weight = float(words[kept].sum())
        confidence = float((probability * words)[kept].sum() / weight) if weight else 0.0
        page = page_features(features, probability, words)[:, self._page_columns]
        sums = self._kinds.values(page)[0].reshape(len(PAGE_KINDS), -1).sum(axis=1)
        shares = np.exp(sums - sums.max())
        kinds = dict(zip(PAGE_KINDS, (shares / shares.sum()).tolist(), strict=True))
        return MainText(probability, words, cut, confidence, kinds)


def class_word_columns(document: Document, lexicon: ClassWords) -> NDArray[np.float32]:
    """Return what the lexicon says of each block: the features behind those of `features_of`."""
    return lexicon.columns([block.marks for block in document.blocks], [block.lead for block in document.blocks])


def best_cut(probability: NDArray[np.float64], words: NDArray[np.float64]) -> float:
    """Return the probability from which on blocks are kept so that the expected word F1 of the page is highest.

    With the best k blocks kept, expected F1 is 2 · (words right) / (words kept + words that should be kept).
    """
    order = np.argsort(-probability, kind="stable")
    right, kept = np.cumsum((probability * words)[order]), np.cumsum(words[order])
    expected = 2 * right / (kept + float((probability * words).sum()) + 1e-9)
    return float(np.clip(probability[order[int(np.argmax(expected))]], _NEVER, _ALWAYS))


def page_features(
    features: NDArray[np.float32], probability: NDArray[np.float64], words: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return one row that describes a page: the means of its blocks' features, and those of its main text."""
    weights = probability * words + 1e-6
    mean = features.mean(axis=0)
    main = (features * weights[:, None]).sum(axis=0) / weights.sum()
    return np.concatenate((mean, main))[None, :].astype(np.float32)


def _part(arrays: Mapping[str, NDArray[Any]], prefix: str) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): value for name, value in arrays.items() if name.startswith(prefix)}


def block_model(weights: str = "") -> BlockModel:
    """Return the model of a weights file, or the one that comes with the package; raises SettingsError."""
    return _block_model(weights, stamp_of(weights))


@lru_cache(maxsize=8)
def _block_model(weights: str, stamp: Stamp) -> BlockModel:  # noqa: ARG001 - a file that was written again is another
    name = weights or _OWN
    try:
        model = BlockModel(arrays_in(bytes_of(weights, _OWN)))
        if weights:
            model.read(_PAGE)
    except UNFIT as error:
        raise SettingsError(f"{name}: no weights of the block model ({error}); make them by `dechrome train html`") from None
    return model
