"""Which patterns may match a line at all: those one of whose literals stands in it.

Hundreds of patterns are tried on every line, and nearly none matches. From each pattern a few literals are derived of which every
match holds at least one; all literals are looked for in one pass (Aho and Corasick, 1975), and only patterns whose literal was
found are tried. RE2 and others filter so as well (Cox, "Regular Expression Matching with a Trigram Index", 2012).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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


class Sieve:
    """The literals of some patterns, and which patterns are always to be tried because they have none."""

    def __init__(self, patterns: Sequence[str]) -> None:
        of_literal: dict[str, list[int]] = {}
        always = []
        for number, pattern in enumerate(patterns):
            literals = literals_of(pattern)
            if literals is None:
                always.append(number)
            for literal in literals or ():
                of_literal.setdefault(literal, []).append(number)
        self.always = frozenset(always)
        self._found: Any = None
        if of_literal:
            self._found = ahocorasick.Automaton()
            for literal, numbers in of_literal.items():
                self._found.add_word(literal, tuple(numbers))
            self._found.make_automaton()

    def candidates(self, line: str) -> set[int]:
        """Return the numbers of the patterns one of whose literals stands in a line; those of `always` are not among them."""
        found: set[int] = set()
        if self._found is not None:
            for _, numbers in self._found.iter(line.casefold()):
                found.update(numbers)
        return found


def width_of(pattern: str) -> tuple[int, int]:
    """Return the fewest and the most characters of a match; (0, a large number) for a pattern that cannot be read.

    >>> width_of("(?:leave|post) an? comment")
    (14, 16)
    """
    parsed = _parsed(pattern)
    return parsed.getwidth() if parsed is not None else (0, _ANY_WIDTH)


def _parsed(pattern: str) -> Any:
    try:
        return _parser.parse(_RE2_ONLY.sub(r"\\w", pattern))
    except (re.error, OverflowError, RecursionError):
        return None


def literals_of(pattern: str) -> Literals | None:
    """Return literals, case folded, of which every match of a pattern holds one; None if there are none.

    >>> sorted(literals_of("(?:share|e-?mail) (?:this|it)"))
    ['mail', 'share']
    >>> sorted(literals_of("(?:leave|post) an? comment")), literals_of(r"\\\\d+")
    ([' comment'], None)
    """
    parsed = _parsed(pattern)
    return _of_sequence(parsed) if parsed is not None else None


def _of_sequence(items: Iterable[tuple[object, object]]) -> Literals | None:
    """Return the best literals of the parts of a sequence: the shortest as long as can be, and few."""
    found: list[Literals] = []
    run = ""
    for operator, argument in items:
        if operator is _c.LITERAL:
            run += chr(argument)  # type: ignore[arg-type]
            continue
        part = _of_part(operator, argument)
        if part is not None and run and operator in (_c.BRANCH, _c.SUBPATTERN) and _is_plain(operator, argument):
            found.append(frozenset(run.casefold() + literal for literal in part))
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
    if operator is _c.BRANCH:
        parts = [_of_sequence(branch) for branch in argument[1]]
        return None if any(part is None for part in parts) else frozenset().union(*(part for part in parts if part))
    return None


def _is_plain(operator: object, argument: Any) -> bool:
    """Return whether a part is alternatives of nothing but literals: what stands before it may be joined with each."""
    if operator is _c.SUBPATTERN:
        inner = list(argument[-1])
        return (len(inner) == 1 and _is_plain(*inner[0])) or (bool(inner) and all(item[0] is _c.LITERAL for item in inner))
    return operator is _c.BRANCH and all(branch and all(item[0] is _c.LITERAL for item in branch) for branch in argument[1])


def _rarity(literal: str) -> int:
    """Return how seldom a literal may be expected to stand in a line: its letters, few for a word of every second sentence."""
    word = literal.strip()
    return 1 if word in _COMMON else len(word) * (1 if literal.isascii() else 2)


def _is_telling(literal: str) -> bool:
    return len(literal) >= _FEWEST_CHARS or not literal.isascii()
