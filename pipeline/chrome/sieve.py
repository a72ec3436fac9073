"""Which patterns may match a line at all: those one of whose literals stands in it.

Hundreds of patterns are tried on every line, and nearly none matches. From each pattern a few literals are derived of which every
match holds at least one; all literals are looked for in one pass (Aho and Corasick, 1975), and only patterns whose literal was
found are tried. RE2 and others filter so as well (Cox, "Regular Expression Matching with a Trigram Index", 2012).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ahocorasick

# The parser of the standard library is not a documented interface: a pattern that it cannot read is tried on every line.
from re import _constants as _c  # type: ignore[attr-defined]  # isort: skip
from re import _parser  # type: ignore[attr-defined]  # isort: skip

_FEWEST_CHARS = 3
_MOST_LITERALS = 400
_COMMON = frozenset(
    "the to and of for your you all this that with from our are have more can not les des der die und los las del que".split()
)
_ANY_WIDTH = 1 << 30
_RE2_ONLY = re.compile(r"\\[pP](?:\{\^?\w+\}|\w)|\\x\{[0-9A-Fa-f]+\}|\\z")  # classes and characters as RE2 writes them
Literals = frozenset[str]


@dataclass(frozen=True, slots=True)
class _Form:
    """One of the alternatives that a pattern consists of: what a line must be like for it to match."""

    pattern: int
    literals: Literals | None
    firsts: frozenset[str] | None
    lasts: frozenset[str] | None
    least_chars: int
    most_chars: int


class Sieve:
    """Says which of some patterns may match a line; those of `always` have no literals and may match any.

    Where patterns are tied to a line's start or end, its first and last character count too; where to both, its length does.
    """

    def __init__(self, patterns: Sequence[str], is_at_start: bool = False, is_at_end: bool = False) -> None:
        self._forms = [
            form for number, pattern in enumerate(patterns) for form in _forms_of(number, pattern, is_at_start, is_at_end)
        ]
        self._always = frozenset(place for place, form in enumerate(self._forms) if form.literals is None)
        self._beginning = _by_char([form.firsts for form in self._forms])
        self._ending = _by_char([form.lasts for form in self._forms])
        self.always = frozenset(self._forms[place].pattern for place in self._always)
        of_literal: dict[str, list[int]] = {}
        for place, form in enumerate(self._forms):
            for literal in form.literals or ():
                of_literal.setdefault(literal, []).append(place)
        automaton: Any = ahocorasick.Automaton()
        for literal, places in of_literal.items():
            automaton.add_word(literal, tuple(places))
        if of_literal:
            automaton.make_automaton()
        self._found = automaton if of_literal else None

    def candidates(self, line: str) -> set[int]:
        """Return the numbers of the patterns that may match a line (not empty) and one of whose literals stands in it."""
        length, forms = len(line), self._forms
        found = self._holding(line)
        if found:
            found &= self._beginning.get(line[0].casefold()[0], self._beginning[""])
        if found:
            found &= self._ending.get(line[-1].casefold()[-1], self._ending[""])
        return {forms[place].pattern for place in found if forms[place].least_chars <= length <= forms[place].most_chars}

    def may_hold(self, line: str) -> bool:
        """Return whether a pattern may match anything in a line."""
        return bool(self._always) or bool(self._holding(line))

    def may_begin(self, line: str) -> bool:
        """Return whether a pattern may match a beginning of a line, which is not empty."""
        beginning = self._beginning.get(line[0].casefold()[0], self._beginning[""])
        return not beginning.isdisjoint(self._always) or not beginning.isdisjoint(self._holding(line))

    def _holding(self, line: str) -> set[int]:
        """Return the forms one of whose literals stands in a line."""
        found: set[int] = set()
        if self._found is not None:
            for _, places in self._found.iter(line.casefold()):
                found.update(places)
        return found


def _by_char(chars_of_forms: Sequence[frozenset[str] | None]) -> dict[str, frozenset[int]]:
    """Return for each character the places of the forms that allow it, and at "" those that allow any."""
    free = frozenset(place for place, chars in enumerate(chars_of_forms) if chars is None)
    found: dict[str, set[int]] = {}
    for place, chars in enumerate(chars_of_forms):
        for char in chars or ():
            found.setdefault(char, set()).add(place)
    return {"": free, **{char: free | places for char, places in found.items()}}


def _forms_of(number: int, pattern: str, is_at_start: bool, is_at_end: bool) -> Iterator[_Form]:
    parsed = _parsed(pattern)
    if parsed is None:
        yield _Form(number, None, None, None, 0, _ANY_WIDTH)
        return
    for form in _alternatives(parsed):
        least, most = form.getwidth()
        yield _Form(
            number,
            _of_sequence(form),
            _ends_of(form, 1) if is_at_start else None,
            _ends_of(form, -1) if is_at_end else None,
            least,
            most if is_at_start and is_at_end else _ANY_WIDTH,
        )


def _alternatives(parsed: Any) -> list[Any]:
    """Return the alternatives of a pattern; what they begin with in common (the parser sets it apart) is added to each."""
    items = list(parsed)
    if not items or items[-1][0] is not _c.BRANCH or any(operator is not _c.LITERAL for operator, _ in items[:-1]):
        return [parsed]
    return [_parser.SubPattern(parsed.state, [*items[:-1], *branch]) for branch in items[-1][1][1]]


def _ends_of(items: Iterable[tuple[object, object]], step: int) -> frozenset[str] | None:
    """Return the characters, case folded, by one of which every match begins (`step` 1) or ends (-1); None for any."""
    found: set[str] = set()
    for operator, argument in list(items)[::step]:
        if operator is _c.AT:
            continue
        part, may_be_empty = _end_of_part(operator, argument, step)
        if part is None:
            return None
        found |= part
        if not may_be_empty:
            return frozenset(found)
    return None  # it may be empty: what stands beside it begins then


def _end_of_part(operator: object, argument: Any, step: int) -> tuple[frozenset[str] | None, bool]:
    """Return the characters by which a part begins or ends, and whether it may be empty."""
    if operator is _c.LITERAL:
        return frozenset(chr(argument).casefold()[::step][0]), False
    if operator is _c.IN:
        return _chars_of(argument), False
    if operator is _c.SUBPATTERN:
        return _ends_of(argument[-1], step), False
    if operator in (_c.MAX_REPEAT, _c.MIN_REPEAT):
        return _ends_of(argument[2], step), argument[0] == 0
    if operator is _c.BRANCH:
        parts = [_ends_of(branch, step) for branch in argument[1]]
        return None if any(part is None for part in parts) else frozenset().union(*(part for part in parts if part)), False
    return None, False


def _chars_of(members: Iterable[tuple[object, Any]]) -> frozenset[str] | None:
    """Return the characters of a class, case folded; None for a negated one, a large one, and one of letters."""
    found: set[str] = set()
    for operator, argument in members:
        if operator is _c.LITERAL:
            folded = chr(argument).casefold()
            found.update((folded[0], folded[-1]))
        elif operator is _c.RANGE and argument[1] - argument[0] < _MOST_LITERALS:
            found.update(chr(code).casefold()[0] for code in range(argument[0], argument[1] + 1))
        elif operator is _c.CATEGORY and argument is _c.CATEGORY_DIGIT:
            found.update("0123456789")
        else:
            return None
    return frozenset(found)


def _parsed(pattern: str) -> Any:
    try:
        return _parser.parse(_RE2_ONLY.sub(r"\\w", pattern))
    except (re.error, OverflowError, RecursionError):
        return None


def _of_sequence(items: Iterable[tuple[object, object]]) -> Literals | None:
    """Return the best literals of the parts of a sequence: the shortest as long as can be, and few."""
    found: list[Literals] = []
    run = ""
    for operator, argument in items:
        if operator is _c.LITERAL:
            run += chr(argument)  # type: ignore[arg-type]
            continue
        part = _of_part(operator, argument)
        if run and operator in (_c.BRANCH, _c.SUBPATTERN) and _is_plain(operator, argument):
            found.append(frozenset((run + literal).casefold() for literal in _plain_of(operator, argument)))
        if run:
            found.append(frozenset((run.casefold(),)))
            run = ""
        if part is not None:
            found.append(part)
    if run:
        found.append(frozenset((run.casefold(),)))
    usable = [literals for literals in found if len(literals) <= _MOST_LITERALS and all(map(_is_telling, literals))]
    return max(usable, key=lambda literals: (min(map(_rarity, literals)), -len(literals)), default=None)


def _of_part(operator: object, argument: Any) -> Literals | None:
    if operator is _c.SUBPATTERN:
        return _of_sequence(argument[-1])
    if operator in (_c.MAX_REPEAT, _c.MIN_REPEAT):
        least, _, inner = argument
        return _of_sequence(inner) if least >= 1 else None
    if operator is _c.IN:
        chars = _chars_of(argument)
        return None if chars is None or not all(map(_is_telling, chars)) else chars
    if operator is _c.BRANCH:
        parts = [_of_sequence(branch) for branch in argument[1]]
        return None if any(part is None for part in parts) else frozenset().union(*(part for part in parts if part))
    return None


def _is_plain(operator: object, argument: object) -> bool:
    """Return whether a part is alternatives of nothing but literals: what stands before it may be joined with each."""
    if operator is _c.SUBPATTERN:
        inner = list(argument[-1])  # type: ignore[index]
        return (len(inner) == 1 and _is_plain(*inner[0])) or (bool(inner) and all(item[0] is _c.LITERAL for item in inner))
    return operator is _c.BRANCH and all(branch and all(item[0] is _c.LITERAL for item in branch) for branch in argument[1])  # type: ignore[index]


def _plain_of(operator: object, argument: Any) -> Literals:
    """Return the alternatives of a plain part."""
    if operator is _c.BRANCH:
        return frozenset("".join(chr(code) for _, code in branch) for branch in argument[1])
    inner = list(argument[-1])
    if inner[0][0] is _c.LITERAL:
        return frozenset(("".join(chr(code) for _, code in inner),))
    return _plain_of(*inner[0])


def _rarity(literal: str) -> int:
    """Return how seldom a literal may be expected to stand in a line: its letters, few for a word of every second sentence."""
    word = literal.strip()
    return 1 if word in _COMMON else len(word) * (1 if literal.isascii() else 2)


def _is_telling(literal: str) -> bool:
    return len(literal) >= _FEWEST_CHARS or not literal.isascii() or literal == "#"
