"""The block model: its features, its cut, its lexicon of class words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.learned.block_features import features_of
from pipeline.learned.class_words import ClassWords, far_words, from_arrays, near_words
from pipeline.learned.main_text import PAGE_KINDS, best_cut, block_model

from .builders import BRIDGE, FERRY, PUPILS, html_document

ARTICLE = (
    f"<nav><ul><li><a href=/>Home</a><li><a href=/n>News</a></ul></nav><main class=post><h1>Old bridge</h1><p>{BRIDGE}</p>"
    f"<p>{PUPILS}</p><p>{FERRY}</p></main><div class=comments><p>I like ferries, said a reader.</p></div><footer>© 2025</footer>"
)


def _expected_f1(kept: np.ndarray, probability: np.ndarray, words: np.ndarray) -> float:
    right, all_right = (probability * words)[kept].sum(), (probability * words).sum()
    return float(2 * right / (words[kept].sum() + all_right)) if words[kept].sum() + all_right else 0.0


@given(st.lists(st.tuples(st.floats(0.03, 0.89), st.integers(1, 50)), min_size=1, max_size=8))
def test_no_other_threshold_expects_a_better_page(blocks: list[tuple[float, int]]) -> None:
    probability, words = np.array([p for p, _ in blocks]), np.array([float(w) for _, w in blocks])
    best = _expected_f1(probability >= best_cut(probability, words), probability, words)
    assert all(best >= _expected_f1(probability >= p, probability, words) - 1e-9 for p in probability)


@pytest.mark.parametrize("probabilities", [[0.0001, 0.0002], [0.9999, 0.99]])
def test_cut_never_keeps_the_hopeless_or_drops_the_sure(probabilities: list[float]) -> None:
    cut = best_cut(np.array(probabilities), np.ones(len(probabilities)))
    assert [p >= cut for p in probabilities] == [p > 0.5 for p in probabilities]


@pytest.mark.parametrize(
    "body",
    [
        ARTICLE,
        "x",
        "<p>x</p>" * 3,
        "<table><tr><td>1<td>2</table>",
        "<p>日本語の文です。</p>",
        "<p>🔗 😀</p>",
        "<div>" * 300 + "x",
    ],
)
def test_every_block_has_a_row_of_numbers(body: str) -> None:
    document = html_document(body, url="https://example.org/news/2025/a-b.html?x=1")
    names, rows, words = features_of(document)
    assert rows.shape == (len(document.blocks), len(names))
    assert len(set(names)) == len(names)
    assert np.isfinite(rows).all()
    assert (words >= 0).all()
    wanted = list(range(0, len(names), 7))
    assert (features_of(document, wanted)[1] == rows[:, wanted]).all()


@pytest.mark.parametrize(
    ("name", "values"),
    [("words", [2, 1, 3]), ("links", [0, 1, 0]), ("since-heading", [0, 1, 2]), ("copies", [1, 1, 1]), ("ends", [0, 0, 1])],
)
def test_features_say_what_their_names_say(name: str, values: list[int]) -> None:
    document = html_document("<h2>Old bridge</h2><p><a href=x>Tides</a></p><p>It is closed.</p>")
    names, rows, _ = features_of(document)
    assert rows[:, names.index(name)].tolist() == values


def test_language_of_the_text_is_not_looked_at() -> None:
    english = html_document(f"<h1>Old bridge</h1><p>{BRIDGE}</p><p>{FERRY}</p>")
    other = html_document("<h1>Xyz abcdef</h1><p>{}</p><p>{}</p>".format(*("".join(
        char if not char.isalpha() else "z" if char.islower() else "Z" for char in text) for text in (BRIDGE, FERRY))))  # fmt: skip
    one, two = features_of(english)[1], features_of(other)[1]
    assert (one == two).mean() > 0.99


def test_article_is_told_from_what_surrounds_it() -> None:
    document = html_document(ARTICLE)
    said = block_model().read(document)
    kept = {block.text for block, p in zip(document.blocks, said.probability, strict=True) if p >= said.cut}
    assert {BRIDGE, PUPILS, FERRY} <= kept
    assert not kept & {"Home", "News", "© 2025"}
    assert set(said.kinds) == set(PAGE_KINDS)
    assert sum(said.kinds.values()) == pytest.approx(1)
    assert max(said.kinds, key=lambda kind: said.kinds[kind]) == "article"


def test_class_words_near_and_far() -> None:
    marks = "///site page/main/post entry/text"
    assert near_words(marks, "a lead") == ["main", "post", "entry", "text", "a", "lead"]
    assert far_words(marks) == ["site", "page"]
    lexicon = ClassWords({"post": 1.0, "main": -0.5}, {"site": 0.25})
    assert lexicon.columns([marks, "///", ""], ["", "post", ""]).tolist() == [
        [-0.5, 1.0, 0.5, 0.0, 0.25, 0.25],
        [1.0, 1.0, 1.0, 0.0, 0.0, 0.0],
        [0.0] * 6,
    ]
    again = from_arrays(lexicon.arrays())
    assert (again.columns([marks], [""]) == lexicon.columns([marks], [""])).all()
