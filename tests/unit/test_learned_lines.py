"""The line model: its inputs, its weights file, and that a page's verdict hangs on nothing but the page."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import SettingsError
from pipeline.learned.features import line_features
from pipeline.learned.lines import best_cut, from_bytes, line_model
from pipeline.learned.tokens import COLUMN, gram_keys, tokens_of, word_hash

PAGE = [
    "Home",
    "News",
    "Sport",
    "Contact us",
    "Old bridge closes for two years",
    "The bridge at Low Fell will be closed from Monday, the council said, because the northern pier has moved again.",
    "Drivers are asked to take the road over the dam, which is twenty minutes longer but has no lights at all.",
    "Related articles",
    "Share on Facebook",
    "Privacy policy",
]
LINES = st.lists(st.text(min_size=1).map(str.strip).filter(str.strip), min_size=1, max_size=30)


def odds(lines: list[str]) -> list[float]:
    return line_model().read(lines, [False] * len(lines), np.zeros((len(lines), 2), np.float32))[0].tolist()


def test_paragraphs_are_likelier_text_than_menus() -> None:
    found = odds(PAGE)
    assert max(found[5:7]) < 0
    assert max(found[5:7]) < min(found[:4] + found[7:])


def test_a_page_without_lines_has_no_odds() -> None:
    assert odds([]) == []


def test_a_text_of_very_many_lines_is_read_in_parts() -> None:
    many = PAGE * 2_500
    found = odds(many)
    assert len(found) == len(many)
    half = len(many) // 2
    assert found == odds(many[:half]) + odds(many[half:])


@given(LINES)
def test_what_was_read_before_changes_nothing(lines: list[str]) -> None:
    before = odds(PAGE)
    odds(lines)
    assert odds(PAGE) == before


@given(LINES)
def test_any_lines_have_finite_odds(lines: list[str]) -> None:
    found = odds(lines)
    assert len(found) == len(lines)
    assert np.isfinite(found).all()


@pytest.mark.parametrize(("line", "column", "total"), [
    ("Read more »", "ornament", 1),
    ("Read more »", "words", 2),
    ("It is 12 o’clock.", "digits", 2),
    ("It is shut.", "ends_sentence", 1),
    ("銭湯の湯", "words", 2),
    ("see https://example.org", "address", 1),
    ("commentsSign Up", "joined", 1),
])  # fmt: skip
def test_columns_of_tokens(line: str, column: str, total: float) -> None:
    assert tokens_of([line]).sums()[0, COLUMN[column]] == total


def test_words_are_hashed_without_case_digits_and_quotes() -> None:
    assert word_hash("«Bridge»,") == word_hash("bridge") != word_hash("bridges")
    assert word_hash("2024") == word_hash("1999")
    assert word_hash("don’t") == word_hash("don't")
    assert word_hash("»") == 0


def test_each_line_has_keys_of_its_own_words_alone() -> None:
    together, line = gram_keys(tokens_of(["Read more", "Old bridge shut", "»"]))
    for number, text in enumerate(["Read more", "Old bridge shut", "»"]):
        alone, _ = gram_keys(tokens_of([text]))
        assert sorted(together[line == number].tolist()) == sorted(alone.tolist())


def test_features_without_case_do_not_see_capitals() -> None:
    def rows(lines: list[str]) -> list[list[float]]:
        blank = np.zeros((len(lines), 2), np.float32)
        return line_features(lines, [False] * len(lines), blank, None, tokens_of(lines), case=False).tolist()  # type: ignore[no-any-return]

    assert rows(["HOME NEWS", "Read More"]) == rows(["home news", "read more"])


def test_the_cut_keeps_more_where_most_lines_are_text() -> None:
    tokens = tokens_of(["one two three four five six"] * 5)
    sure, unsure = np.array([-4, -4, -4, -4, 0.3], np.float32), np.array([4, 4, 4, -4, 0.3], np.float32)
    assert best_cut(sure, tokens) >= best_cut(unsure, tokens)


@pytest.mark.parametrize("data", [b"", b"no weights", b"PK\x03\x04 but no archive"])
def test_a_file_that_holds_no_weights_is_named(data: bytes) -> None:
    with pytest.raises(SettingsError, match="mine.npz: no weights"):
        from_bytes(data, "mine.npz")


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        line_model(str(tmp_path / "none.npz"))


def test_what_a_rule_knows_as_chrome_is_no_headline() -> None:
    lines = [
        "The old bridge stays closed until the spring, the council said on Monday.",
        "Read more",
        "Pupils take a bus by another road.",
    ]
    rules = np.zeros((3, 2), np.float32)
    best = line_model().read(lines, [True] * 3, rules)[1]
    assert best >= 0
    rules[best, 0] = 1.8
    assert line_model().read(lines, [True] * 3, rules)[1] != best
