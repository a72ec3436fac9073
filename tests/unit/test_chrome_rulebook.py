"""Rule tables: how a line looks to a rule, what loads, and what a wrong table is told."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.chrome.examples import failed_examples
from pipeline.chrome.rulebook import ORNAMENTS, RuleBook, check_unique, compile_protect, parse_rules, view
from pipeline.errors import RuleError

ENTRY = {
    "id": "en.consent.cookies", "scope": "line", "pattern": "we use cookies", "weight": 3.0, "because": "A banner.",
    "matches": ["We use cookies!"], "spares": ["We use cookies as bait."],
}  # fmt: skip


def _toml(entry: dict[str, Any]) -> str:
    def value(one: Any) -> str:
        if isinstance(one, bool):
            return str(one).lower()
        return "[" + ", ".join(map(value, one)) + "]" if isinstance(one, list) else repr(one)

    return "[[rule]]\n" + "\n".join(f"{key} = {value(one)}" for key, one in entry.items())


def _rules(**changes: Any) -> RuleBook:
    return RuleBook(tuple(parse_rules(_toml(ENTRY | changes), name="t.toml", language="en", family="consent")))


@pytest.mark.parametrize(
    ("line", "seen"),
    [
        ("Read more", "Read more"),
        ("» Read more…", "Read more"),
        ("  - Read\u00a0\u2009 more -> ", "Read more"),
        ("Don’t “miss” it", 'Don\'t "miss" it'),
        ("\u2003Read more\u3000", "Read more"),
        ("\u200bRead more\ufeff", "Read more"),
        ("Read\nmore", "Read more"),
        ("…", ""),
        (" \u00a0 ", ""),
        ("", ""),
        ("(5)", "(5)"),
    ],
)
def test_line_as_rules_see_it(line: str, seen: str) -> None:
    assert view(line)[0] == seen


@given(st.text(alphabet=st.one_of(st.characters(codec="utf-8"), st.sampled_from(ORNAMENTS + " \u00a0\u2003\u3000\n‘“ab"))))
def test_every_character_of_the_view_points_to_its_own(text: str) -> None:
    seen, offsets = view(text)
    assert len(offsets) == len(seen) + 1
    assert list(offsets) == sorted(set(offsets))
    assert offsets[0] >= 0
    assert offsets[-1] <= len(text)
    for char, at in zip(seen, offsets, strict=False):
        own = text[at]
        assert own == char or (char == " " and own.isspace()) or (char in "'\"" and own in "‘’‚‛“”„‟")
    assert view(seen)[0] == seen


@given(st.text(alphabet=" \u00a0\n\u2003ab»"))
def test_view_leaves_out_nothing_but_spaces_and_ornaments(text: str) -> None:
    seen, offsets = view(text)
    left_out = {char for at, char in enumerate(text) if at not in offsets[: len(seen)]}
    assert left_out <= set(" \u00a0\n\u2003»")
    assert "  " not in seen


@pytest.mark.parametrize(
    ("scope", "line", "hits"),
    [
        ("line", "We use cookies", True), ("line", "» WE USE COOKIES! ", True), ("line", "Yes, we use cookies", False),
        ("line", "We use cookies here", False), ("phrase", "Yes, we use cookies here", True), ("phrase", "We use no cookies", False),
        ("line", "", False),
    ],
)  # fmt: skip
def test_line_rules_are_the_line_and_phrase_rules_stand_in_it(scope: str, line: str, hits: bool) -> None:
    assert bool(_rules(scope=scope).of_line(view(line)[0])) is hits


def test_alternatives_are_anchored_as_one() -> None:
    book = _rules(pattern="sign up|log in", matches=["Log in"], spares=["I sign up for it"])
    assert [bool(book.of_line(line)) for line in ("sign up", "log in", "sign up now", "please log in")] == [
        True,
        True,
        False,
        False,
    ]


def test_of_two_line_rules_the_strongest_names_a_chrome_line() -> None:
    table = _toml(ENTRY) + "\n" + _toml(ENTRY | {"id": "en.consent.strong", "weight": 5.0})
    book = RuleBook(tuple(parse_rules(table, name="t", language="en", family="consent")))
    found = book.is_chrome_line("we use cookies")
    assert found is not None
    assert found.id == "en.consent.strong"
    assert book.is_chrome_line("we bake them") is None


def test_a_book_travels_between_processes() -> None:
    book = pickle.loads(pickle.dumps(_rules()))  # noqa: S301 - our own bytes
    assert book == _rules()
    assert book.of_line("we use cookies")


def test_a_book_without_rules_finds_nothing() -> None:
    assert RuleBook(()).of_line("we use cookies") == []
    assert RuleBook(()).tails("we use cookies", [3]) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id": "cookies"}, "id must look like"),
        ({"id": "en.share.cookies"}, "must begin with 'en.consent.'"),
        ({"scope": "page"}, "scope must be"),
        ({"pattern": ""}, "'pattern' must be a string"),
        ({"pattern": "(unclosed"}, "bad pattern"),
        ({"pattern": "(?=ahead)x"}, "bad pattern"),
        ({"pattern": "x*"}, "matches an empty line"),
        ({"weight": True}, "weight must be"),
        ({"weight": 11}, "weight must be"),
        ({"because": ""}, "'because'"),
        ({"matches": []}, "both kinds of example"),
        ({"spares": []}, "both kinds of example"),
        ({"spares": [3]}, "'spares'"),
        ({"colour": "red"}, "unknown key"),
        ({"cuts": [["one"]]}, "'cuts' must list pairs"),
    ],
)
def test_wrong_rule_does_not_load_and_is_named(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RuleError, match="t.toml") as error:
        _rules(**changes)
    assert words in str(error.value)


@pytest.mark.parametrize("missing", ["id", "pattern", "weight", "because", "matches", "spares"])
def test_rule_without_what_it_needs_does_not_load(missing: str) -> None:
    table = _toml({key: value for key, value in ENTRY.items() if key != missing})
    with pytest.raises(RuleError, match="t.toml"):
        parse_rules(table, name="t.toml", language="en", family="consent")


@pytest.mark.parametrize(
    "table", ["[[rule]\n", "[rules]\n", "rule = 3\n", 'rule = ["x"]\n', '[rule]\nid = "en.consent.x"\n', "x = 1\n"]
)
def test_wrong_table_is_a_rule_error(table: str) -> None:
    with pytest.raises(RuleError, match="t.toml"):
        parse_rules(table, name="t.toml", language="en", family="consent")


def test_ids_are_never_reused() -> None:
    rules = _rules().rules
    check_unique(rules)
    with pytest.raises(RuleError, match="en.consent.cookies"):
        check_unique([*rules, *rules])


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({}, 0),
        ({"matches": ["We bake cookies"]}, 1),
        ({"spares": ["We use cookies", "»  we use cookies"]}, 2),
        ({"fuses": True, "cuts": [["It rained. We use cookies", "It rained."]]}, 0),
        ({"fuses": True, "cuts": [["They say we use cookies", "They say"]]}, 1),
    ],
)
def test_broken_promises_of_a_rule_are_counted(changes: dict[str, Any], wrong: int) -> None:
    [rule] = _rules(**changes).rules
    assert len(failed_examples(rule)) == wrong


@pytest.mark.parametrize(
    ("patterns", "line", "found"),
    [((), "x", None), (("^Advert",), "ADVERTISEMENT", True), (("a|b", "c$"), "xc", True), (("a|b", "c$"), "cx", False)],
)
def test_protect_is_one_matcher_for_all_patterns(patterns: tuple[str, ...], line: str, found: bool | None) -> None:
    matcher = compile_protect(patterns)
    assert (None if matcher is None else matcher.search(line) is not None) is found


def test_wrong_protect_pattern_is_named() -> None:
    with pytest.raises(RuleError, match=r"chrome.protect.*\(unclosed"):
        compile_protect(["fine", "(unclosed"])


@pytest.mark.parametrize("most", [20, 60, 160])
def test_a_pattern_of_any_size_matches(most: int) -> None:
    book = _rules(
        pattern=f"weather: (?:[a-z\u03b1-\u03c9\u0430-\u044f\u4e00-\u9fa0]{{1,{most}}} ){{1,6}}sky",
        matches=["Weather: clear sky"],
    )
    assert book.of_line("Weather: nearly clear sky")
    assert not book.of_line("Weather: clear sea")


@pytest.mark.parametrize(
    ("pattern", "lines", "spared"),
    [
        ("kayıt ol", ["KAYIT OL", "kayıt ol"], ["kayit"]),
        ("[ك-ن]+", ["كل", "کل"], ["ب"]),  # the ends of a range stay
        ("[ء-ي]+", ["عربي", "عربی"], ["١٢٣"]),
        ("[^ي]+", ["ب"], ["ي", "ی"]),
        ("[[:alpha:]ı]+", ["Isık", "ı"], ["1"]),
    ],
)
def test_letters_that_are_one_letter_in_patterns_and_lines(pattern: str, lines: list[str], spared: list[str]) -> None:
    book = _rules(pattern=pattern, matches=lines, spares=spared)
    assert failed_examples(book.rules[0]) == []


def test_what_is_protected_is_told_as_rules_are() -> None:
    protect = compile_protect(["^kayıt ol$"])
    assert protect.search(view("KAYIT OL")[0])


def test_a_pattern_that_is_left_open_is_named() -> None:
    with pytest.raises(RuleError, match="bad pattern"):
        compile_protect([r"\Qab"])
    with pytest.raises(RuleError, match="bad pattern"):
        parse_rules(_toml(ENTRY | {"pattern": "PATTERN"}).replace("PATTERN", r"\Qab"), name="t", language="en", family="consent")


def test_a_bracket_that_is_written_out_begins_no_class() -> None:
    table = _toml(ENTRY | {"pattern": "PATTERN"}).replace("PATTERN", r"\[?قوانين\]?")
    book = RuleBook(tuple(parse_rules(table, name="t", language="en", family="consent")))
    assert [bool(book.of_line(view(line)[0])) for line in ("قوانين", "[قوانین]", "قانون")] == [True, True, False]
