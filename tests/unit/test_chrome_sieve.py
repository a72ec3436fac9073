"""The sieve lets through every pattern that matches, and holds back those whose ends, length or literals do not fit."""

import pytest

from pipeline.chrome.rulebook import LINE, view
from pipeline.chrome.sieve import Sieve
from pipeline.knowledge import load_rules


@pytest.mark.parametrize(
    ("pattern", "line", "is_candidate"),
    [
        ("share (?:this|it)", "share this", True),
        ("share (?:this|it)", "share that", False),  # no literal
        ("share (?:this|it)", "do share this", False),  # begins otherwise
        ("share (?:this|it)", "share this page", False),  # ends otherwise
        ("sign up|log in to .{2,9}", "log in to a very long name", False),  # too long for each alternative
        ("[iİ]let[iİ]ş[iİ]m", "İletişim", True),
        ("(?:straße|weg) sperren", "STRAßE SPERREN", True),
        ("go(?:to)? page", "GO page", True),
        ("#?tags?:? .+", "Tags: a, b", True),
    ],
)
def test_whole_lines(pattern, line, is_candidate):
    sieve = Sieve([pattern], is_at_start=True, is_at_end=True)
    assert (0 in sieve.candidates(line) or 0 in sieve.always) == is_candidate


def test_patterns_without_literals_are_always_tried():
    assert Sieve([r"\d+", "read more"], is_at_start=True, is_at_end=True).always == {0}


def test_short_words_before_alternatives_make_a_literal():
    sieve = Sieve(["de(?:el|len) op .{2,20}"])
    assert not sieve.always
    assert sieve.may_hold("wij delen op zondag")
    assert not sieve.may_hold("wij lezen")


@pytest.mark.parametrize(
    ("pattern", "held", "others"),
    [
        ("(?:share|e-?mail) (?:this|it)", ["mail", "share"], [" this it"]),
        ("(?:leave|post) an? comment", ["a comment"], ["leave an"]),
    ],
)
def test_the_best_literals_of_a_pattern_are_looked_for(pattern, held, others):
    sieve = Sieve([pattern])
    assert all(map(sieve.may_hold, held))
    assert not any(map(sieve.may_hold, others))


def test_every_rule_lets_its_own_examples_through():
    rules = [rule for rule in load_rules() if rule.scope == LINE]
    sieve = Sieve([rule.pattern for rule in rules], is_at_start=True, is_at_end=True)
    missed = [
        (rule.id, example)
        for number, rule in enumerate(rules)
        for example in rule.matches
        if number not in sieve.always and number not in sieve.candidates(view(example)[0])
    ]
    assert not missed
