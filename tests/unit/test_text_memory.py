"""What is remembered of lines is what the functions return; their examples hold."""

import doctest

import pytest

from pipeline.chrome.rulebook import view
from pipeline.text.bylines import authors_of_line
from pipeline.text.dates import date_of_line, find_date
from pipeline.text.memory import Remembered, remembered
from pipeline.text.unicode import folded
from pipeline.text.words import ends_sentence, is_prose, word_count

REMEMBERED = (authors_of_line, date_of_line, ends_sentence, find_date, folded, is_prose, view, word_count)


@pytest.mark.parametrize("known", REMEMBERED)
def test_examples_of_a_remembered_function_hold(known):
    function = known.__self__.function
    [tests] = doctest.DocTestFinder(recurse=False).find(function, globs=function.__globals__)
    assert tests.examples
    assert doctest.DocTestRunner().run(tests).failed == 0


def test_a_function_is_asked_once_for_each_of_some_short_lines():
    asked = []
    known = remembered(lambda text: asked.append(text) or len(text))
    lines = ["a", "bb", "a", "c" * 3_000, "c" * 3_000]
    assert [known(line) for line in lines] == list(map(len, lines))
    assert asked == ["a", "bb", "c" * 3_000, "c" * 3_000]


def test_no_more_lines_are_kept_than_some_pages_have():
    kept = Remembered(len)
    for number in range(20_000):
        assert kept[str(number)] == len(str(number))
    assert len(kept) < 10_000
