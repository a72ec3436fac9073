"""The sieve lets through every pattern that matches, and holds back those whose ends, length or literals do not fit."""

import pytest

from pipeline.chrome.rulebook import LINE, view
from pipeline.chrome.sieve import Forms, Sieve, alternatives_of, forms_of
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
        ("(?:home|about|us)(?: (?:home|about|us))+", "About home", True),
        ("(?:home|about|us)(?: (?:home|about|us))+", "Abbots go home", False),  # begins as no alternative does
        ("(?:home|about|us)(?: (?:home|about|us))+", "About the some", False),  # nor ends
        ("(?:open|close) ?[»›]?", "Close ›", True),
        ("(?:an? )?open door", "A open door", True),
        (r"[\x{E000}-\x{F8FF}\x{F0000}-\x{FFFFD}] ?share", "\uf09a share", True),
    ],
)
def test_whole_lines(pattern, line, is_candidate):
    sieve = Sieve(Forms([pattern]), is_at_start=True, is_at_end=True)
    assert bool(sieve.candidates(line) or sieve.always) == is_candidate


def test_patterns_without_literals_are_always_tried():
    assert Sieve(Forms([r"\d+", "read more"]), is_at_start=True, is_at_end=True).always == {0}


def test_short_words_before_alternatives_make_a_literal():
    sieve = Sieve(Forms(["de(?:el|len) op .{2,20}"]))
    assert not sieve.always
    assert sieve.candidates("wij delen op zondag") == [0]
    assert not sieve.candidates("wij lezen")


@pytest.mark.parametrize(
    ("pattern", "held", "others"),
    [
        ("(?:share|e-?mail) (?:this|it)", ["mail", "share"], [" this it"]),
        ("(?:leave|post) an? comment", ["a comment"], ["leave an"]),
    ],
)
def test_the_best_literals_of_a_pattern_are_looked_for(pattern, held, others):
    forms = Forms([pattern])
    assert all(forms.look(text)[1] for text in held)
    assert not any(forms.look(text)[1] for text in others)


@pytest.mark.parametrize(
    ("line", "begins", "ends"), [("Share this now", True, False), ("Now share this", False, True), ("Now share", False, False)]
)
def test_ends_of_lines_are_looked_at_alone(line, begins, ends):
    sieve = Sieve(Forms(["share (?:this|it)"]), is_at_start=True, is_at_end=True)
    assert (sieve.may_begin(line), sieve.may_end(line)) == (begins, ends)


def test_a_part_of_a_line_is_held_against_its_own_ends():
    sieve = Sieve(Forms(["share this", "print"]), is_at_start=True, is_at_end=True)
    assert sieve.candidates("Share this", within="Print Share this") == [0]
    assert sieve.candidates("Print", within="Print Share this") == [1]


def test_icons_are_told_from_words():
    sieve = Sieve(Forms([r"[\x{E000}-\x{F8FF}\x{F0000}-\x{FFFFD}]+"]), is_at_start=True, is_at_end=True)
    assert sieve.candidates("\uf09a\U000f0001") == [0]
    assert not sieve.candidates("Share")
    assert not sieve.always


def test_every_rule_lets_its_own_examples_through():
    rules = [rule for rule in load_rules() if rule.scope == LINE]
    forms = Forms([rule.pattern for rule in rules])
    sieve = Sieve(forms, is_at_start=True, is_at_end=True)
    missed = [
        (rule.id, example)
        for number, rule in enumerate(rules)
        for example in rule.matches
        if number not in sieve.always and number not in {forms.pattern_of[place] for place in sieve.candidates(view(example)[0])}
    ]
    assert not missed


@pytest.mark.parametrize(
    ("pattern", "alternatives"),
    [
        ("read more", ["read more"]),
        ("read (?:more|on)|next", ["read (?:more|on)", "next"]),
        (r"a\|b|[|)] ?x|[]|]|[^]|]y", [r"a\|b", "[|)] ?x", "[]|]", "[^]|]y"]),
        ("share|shared|", ["share", "shared", ""]),
        (r"\(?edit\)?|hide", [r"\(?edit\)?", "hide"]),
    ],
)
def test_a_pattern_is_parted_where_its_alternatives_begin(pattern: str, alternatives: list[str]) -> None:
    assert alternatives_of(pattern, len(alternatives)) == alternatives


@pytest.mark.parametrize("pattern", ["(?s)a.b|c.d", "[[:alpha:]|]+|x", r"\Qa|b\E|c", "a|b"])
def test_a_pattern_that_cannot_be_parted_is_tried_as_a_whole(pattern: str) -> None:
    assert alternatives_of(pattern, 3) == [pattern] * 3


def test_each_rule_is_parted_into_as_many_alternatives_as_it_has_forms() -> None:
    whole = [
        rule.id
        for rule in load_rules()
        for forms in [forms_of(rule.pattern)]
        if len(forms) > 1 and alternatives_of(rule.pattern, len(forms))[0] == rule.pattern
    ]
    # The parser makes a class of alternatives of one letter, and sets a common beginning apart.
    assert 50 * len(whole) < len(load_rules()), whole


def test_the_end_of_a_line_is_no_letter() -> None:
    assert forms_of(r"z\z") == forms_of("z")
