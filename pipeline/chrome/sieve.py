"""Which patterns may match a line at all: those one of whose literals stands in it.

Hundreds of patterns are tried on every line, and nearly none matches. From each pattern a few literals are derived of which every
match holds at least one; all literals are looked for in one pass (Aho and Corasick, 1975), and only patterns whose literal was
found, and which begin and end as the line does, are tried. RE2 and others filter so as well (Cox, "Regular Expression Matching
with a Trigram Index", 2012).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import ahocorasick

# The parser of the standard library is not a documented interface: a pattern that it cannot read is tried on every line.
from re import _constants as _c  # type: ignore[attr-defined]  # isort: skip
from re import _parser  # type: ignore[attr-defined]  # isort: skip

_FEWEST_CHARS = 2
_MOST_LITERALS = 400
_COMMON = frozenset(
    "the to and of for your you all this that with from our are have more can not les des der die und los las del que".split()
)
_ANY_WIDTH = 1 << 30
_KNOWN_CHARS, _MOST_KNOWN = 250, 4_096
_RE2_CLASS = re.compile(r"\\[pP](?:\{\^?\w+\}|\w)|\\z")  # what RE2 knows beside what the parser knows
_RE2_CHAR = re.compile(r"\\x\{([0-9A-Fa-f]+)\}")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_PRIVATE = "\ue000"  # stands for all characters of private use, which icon fonts draw
_EDGE_CHARS, _MOST_EDGES = 4, 400
Literals = frozenset[str]
_Edge = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class _Form:
    """One of the alternatives that a pattern consists of: what a line must be like for it to match.

    A match holds one of `literals`, begins with one of `heads` and ends with one of `tails`, case folded; None for any.
    """

    pattern: int
    literals: Literals | None
    heads: tuple[str, ...] | None
    tails: tuple[str, ...] | None
    least_chars: int
    most_chars: int


class Look(NamedTuple):
    """What a line is found to hold: it case folded, and the places of the forms that may match in it.

    `held` are those one of whose literals stands in it, and those without literals; `begun` those of them that may match a
    beginning of it, `ended` those that may match an end.
    """

    folded: str
    held: frozenset[int]
    begun: frozenset[int]
    ended: frozenset[int]


class Forms:
    """The forms that some patterns consist of, with one automaton that looks for the literals of all of them at once."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self.all = [form for number, pattern in enumerate(patterns) for form in _forms_of(number, pattern)]
        self.free = frozenset(place for place, form in enumerate(self.all) if form.literals is None)
        heads, tails = [form.heads for form in self.all], [form.tails for form in self.all]
        self._any_head = frozenset(place for place, edges in enumerate(heads) if edges is None)
        self._any_tail = frozenset(place for place, edges in enumerate(tails) if edges is None)
        self._edges = [(chars, _by_edge(heads, chars, 1), _by_edge(tails, chars, -1)) for chars in range(1, _EDGE_CHARS + 1)]
        self._known: dict[str, Look] = {}
        of_literal: dict[str, list[int]] = {}
        for place, form in enumerate(self.all):
            for literal in form.literals or ():
                of_literal.setdefault(literal, []).append(place)
        automaton: Any = ahocorasick.Automaton()
        for literal, places in of_literal.items():
            automaton.add_word(literal, tuple(places))
        if of_literal:
            automaton.make_automaton()
        self._found = automaton if of_literal else None

    def look(self, line: str, within: str = "") -> Look:
        """Return what a line, which is not empty, holds at most; the last lines' is kept.

        Of a part of a line that holds what that line, `within`, holds: the literals are looked for once.
        """
        known = self._known.get(line)
        if known is None:
            folded = _folded(line)
            known = self._look(folded, self.look(within).held if within else self._held(folded))
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            if len(line) <= _KNOWN_CHARS:
                self._known[line] = known
        return known

    def _held(self, folded: str) -> frozenset[int]:
        found = set(self.free)
        if self._found is not None:
            for _, places in self._found.iter(folded):
                found.update(places)
        return frozenset(found)

    def _look(self, folded: str, held: frozenset[int]) -> Look:
        begun, ended = held & self._any_head, held & self._any_tail
        for chars, heads, tails in self._edges:
            if (forms := heads.get(folded[:chars])) is not None:
                begun |= held & forms
            if (forms := tails.get(folded[-chars:])) is not None:
                ended |= held & forms
        return Look(folded, held, begun, ended)


class Sieve:
    """Says which of some patterns may match a line; those of `always` have no literals and may match many.

    Where patterns are tied to a line's start or end, how they begin or end counts too; where to both, their length does.
    """

    def __init__(
        self, forms: Forms, patterns: Collection[int] | None = None, *, is_at_start: bool = False, is_at_end: bool = False
    ) -> None:
        every = frozenset(place for place, form in enumerate(forms.all) if patterns is None or form.pattern in patterns)
        self._forms = forms
        self._every = every
        self._mine, self._free = every - forms.free, every & forms.free
        self.always = frozenset(forms.all[place].pattern for place in self._free)
        self._is_at_start, self._is_at_end = is_at_start, is_at_end

    def candidates(self, line: str, within: str = "") -> list[int]:
        """Return the numbers, some perhaps twice, of the patterns that may match a line (not empty) and have a literal in it.

        Parts of one line may be asked for with that line as `within`: the literals are looked for in it, and once.
        """
        return self._fitting(self._mine, self._forms.look(line, within), len(line))

    def may_match_always(self, line: str, within: str = "") -> bool:
        """Return whether a pattern of `always` may match a line (not empty), as far as its ends and its length tell."""
        return bool(self._fitting(self._free, self._forms.look(line, within), len(line)))

    def may_begin(self, line: str, within: str = "") -> bool:
        """Return whether a pattern may match a beginning of a line, which is not empty."""
        return not self._every.isdisjoint(self._forms.look(line, within).begun)

    def may_be_in(self, line: str) -> bool:
        """Return whether a pattern may match somewhere in a line, which is not empty."""
        return not self._every.isdisjoint(self._forms.look(line).held)

    def may_end(self, line: str) -> bool:
        """Return whether a pattern may match an end of a line, which is not empty."""
        return not self._every.isdisjoint(self._forms.look(line).ended)

    def _fitting(self, mine: frozenset[int], look: Look, length: int) -> list[int]:
        """Return the patterns of those forms whose ends and length fit a line."""
        places = mine & (look.begun if self._is_at_start else look.ended if self._is_at_end else look.held)
        if places and self._is_at_start and self._is_at_end:
            places &= look.ended
        if not places:
            return []
        forms, is_whole = self._forms.all, self._is_at_start and self._is_at_end
        return [
            forms[place].pattern
            for place in places
            if forms[place].least_chars <= length and (not is_whole or length <= forms[place].most_chars)
        ]


def _by_edge(edges_of_forms: Sequence[tuple[str, ...] | None], chars: int, step: int) -> dict[str, frozenset[int]]:
    """Return the forms by their heads (`step` 1) or tails (-1) of so many characters; of longer ones `_EDGE_CHARS` count."""
    found: dict[str, set[int]] = {}
    for place, edges in enumerate(edges_of_forms):
        for edge in {_cut(edge, _EDGE_CHARS, step) for edge in edges or ()}:
            if len(edge) == chars:
                found.setdefault(edge, set()).add(place)
    return {edge: frozenset(places) for edge, places in found.items()}


def _forms_of(number: int, pattern: str) -> Iterator[_Form]:
    parsed = _parsed(pattern)
    if parsed is None:
        yield _Form(number, None, None, None, 0, _ANY_WIDTH)
        return
    for form in _alternatives(parsed):
        least, most = form.getwidth()
        yield _Form(number, _of_sequence(form), _edges_of(form, 1), _edges_of(form, -1), least, min(most, _ANY_WIDTH))


def _alternatives(parsed: Any) -> list[Any]:
    """Return the alternatives of a pattern; what they begin with in common (the parser sets it apart) is added to each."""
    items = list(parsed)
    if not items or items[-1][0] is not _c.BRANCH or any(operator is not _c.LITERAL for operator, _ in items[:-1]):
        return [parsed]
    return [_parser.SubPattern(parsed.state, [*items[:-1], *branch]) for branch in items[-1][1][1]]


def _edges_of(items: Iterable[tuple[object, object]], step: int) -> tuple[str, ...] | None:
    """Return strings, case folded, by one of which every match begins (`step` 1) or ends (-1); None if it may by any."""
    found = frozenset(text for text, _ in _edges(items, step))
    return None if "" in found else tuple(found)


def _edges(items: Iterable[tuple[object, object]], step: int) -> set[_Edge]:
    """Return the beginnings (ends) of what a sequence matches, each with whether it is all of the match and more may join it."""
    found: set[_Edge] = {("", True)}
    for operator, argument in list(items)[::step]:
        if operator is _c.AT:
            continue
        part = _edges_of_part(operator, argument, step)
        longer = {
            (text, False) if not is_all or len(text) >= _EDGE_CHARS else (text + more if step > 0 else more + text, goes_on)
            for text, is_all in found
            for more, goes_on in part
        }
        while len(longer) > _MOST_EDGES and any(len(text) > 1 for text, _ in longer):  # shorter edges are fewer
            longest = max(len(text) for text, _ in longer)
            longer = {(_cut(text, longest - 1, step), is_all and len(text) < longest) for text, is_all in longer}
        if len(longer) > _MOST_EDGES:
            break
        found = longer
        if not any(is_all for _, is_all in found):
            break
    return found


def _cut(edge: str, chars: int, step: int) -> str:
    return edge[:chars] if step > 0 else edge[-chars:]


def _edges_of_part(operator: object, argument: Any, step: int) -> set[_Edge]:
    if operator is _c.LITERAL:
        return {(_folded(chr(argument)), True)}
    if operator is _c.IN and (chars := _chars_of(argument)) is not None:
        return {(char, True) for char in chars}
    if operator is _c.SUBPATTERN:
        return _edges(argument[-1], step)
    if operator is _c.BRANCH:
        return {edge for branch in argument[1] for edge in _edges(branch, step)}
    if operator in (_c.MAX_REPEAT, _c.MIN_REPEAT):
        least, most, inner = argument
        once = _edges(inner, step)
        if most != 1:  # another one may follow
            once = {(text, False) for text, _ in once}
        return once if least else {("", True), *once}
    return {("", False)}


def _folded(text: str) -> str:
    """Return a text as patterns and lines are compared."""
    text = text.casefold()
    return text if text.isprintable() else _PRIVATE_USE.sub(_PRIVATE, text)


def _chars_of(members: Iterable[tuple[object, Any]]) -> frozenset[str] | None:
    """Return the characters of a class, case folded; None for a negated one, a large one, and one of letters."""
    found: set[str] = set()
    for operator, argument in members:
        if operator is _c.LITERAL:
            found.add(_folded(chr(argument)))
        elif operator is _c.RANGE and argument[1] - argument[0] < _MOST_LITERALS:
            found.update(_folded(chr(code)) for code in range(argument[0], argument[1] + 1))
        elif operator is _c.RANGE and _folded(chr(argument[0]) + chr(argument[1])) == _PRIVATE * 2:
            found.add(_PRIVATE)
        elif operator is _c.CATEGORY and argument is _c.CATEGORY_DIGIT:
            found.update("0123456789")
        else:
            return None
    return frozenset(found)


def _as_python_writes(char: re.Match[str]) -> str:
    return f"\\U{int(char[1], 16):08x}"


def _parsed(pattern: str) -> Any:
    try:
        return _parser.parse(_RE2_CLASS.sub(r"\\w", _RE2_CHAR.sub(_as_python_writes, pattern)))
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
    usable = [literals for literals in found if len(literals) <= _MOST_LITERALS and all(map(_is_usable, literals))]
    return max(usable, key=lambda literals: (min(map(_rarity, literals)), -len(literals)), default=None)


def _of_part(operator: object, argument: Any) -> Literals | None:
    if operator is _c.SUBPATTERN:
        return _of_sequence(argument[-1])
    if operator in (_c.MAX_REPEAT, _c.MIN_REPEAT):
        least, _, inner = argument
        return _of_sequence(inner) if least >= 1 else None
    if operator is _c.IN:
        chars = _chars_of(argument)
        return None if chars is None or not all(map(_is_usable, chars)) else chars
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
    return 1 if word in _COMMON or len(literal) == _FEWEST_CHARS else len(word) * (1 if literal.isascii() else 2)


def _is_usable(literal: str) -> bool:
    """Return whether a literal tells anything: single letters of a to z stand in every line."""
    return len(literal) >= _FEWEST_CHARS or not literal.isascii() or literal == "#"
