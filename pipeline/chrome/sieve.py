"""Which patterns may match a line at all: those one of whose literals stands in it.

Hundreds of patterns are tried on every line, and nearly none matches. From each pattern a few literals are derived of which every
match holds at least one; all literals are looked for in one pass (Aho and Corasick, 1975), and only patterns whose literal was
found, and which begin and end as the line does, are tried. RE2 and others filter so as well (Cox, "Regular Expression Matching
with a Trigram Index", 2012).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import accumulate
from types import MappingProxyType
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
_KNOWN_CHARS, _MOST_KNOWN = 250, 256
_RE2_CLASS = re.compile(r"\\[pP](?:\{\^?\w+\}|\w)|\\z")  # what RE2 knows beside what the parser knows
_RE2_CHAR = re.compile(r"\\x\{([0-9A-Fa-f]+)\}")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
_PRIVATE = "\ue000"  # stands for all characters of private use, which icon fonts draw
_EDGE_CHARS, _MOST_EDGES = 4, 400
Literals = frozenset[str]
_Edge = tuple[str, bool]


class Form(NamedTuple):
    """One of the alternatives that a pattern consists of: what a line must be like for it to match.

    A match holds one of `literals`, begins with one of `heads` and ends with one of `tails`, case folded; None for any. Of heads
    and tails the outer `_EDGE_CHARS` characters are given.
    """

    literals: Sequence[str] | None
    heads: Sequence[str] | None
    tails: Sequence[str] | None
    least_chars: int
    most_chars: int


NOTHING_DERIVED: Mapping[str, Sequence[Form]] = MappingProxyType({})


class Look(NamedTuple):
    """What a line is found to hold: it case folded, and the places of the forms that may match in it.

    `held` are those one of whose literals stands in it; `begun` those of them, and of the forms whose literals are not looked
    for, that may match a beginning of it.
    """

    folded: str
    held: frozenset[int]
    begun: frozenset[int]


class Forms:
    """The forms that some patterns consist of, with one automaton that looks for the literals of all of them at once.

    `derived` holds the forms of patterns for which they are known: to derive them anew takes a second for a thousand patterns.
    `tied` numbers the patterns that are always tied to an end of a line.
    """

    def __init__(
        self, patterns: Sequence[str], derived: Mapping[str, Sequence[Form]] = NOTHING_DERIVED, tied: Collection[int] = ()
    ) -> None:
        of_patterns = [derived.get(pattern) or forms_of(pattern) for pattern in patterns]
        every = [form for forms in of_patterns for form in forms]
        self.pattern_of = [number for number, forms in enumerate(of_patterns) for _ in forms]
        self.first_of = [0, *accumulate(map(len, of_patterns))]  # the places of pattern n begin at first_of[n]
        self.least_chars, self.most_chars = [form.least_chars for form in every], [form.most_chars for form in every]
        self.without_literals = frozenset(place for place, form in enumerate(every) if form.literals is None)
        # Words of two letters stand in half of all lines: how a form begins and ends tells more.
        told = (place for place, form in enumerate(every) if self.pattern_of[place] in tied and _is_told_by_edges(form))
        self.free = self.without_literals.union(told)
        self._heads = _Edges([form.heads for form in every], 1, self.free)
        self._tails = _Edges([form.tails for form in every], -1, self.free)
        self._known: dict[str, Look] = {}
        of_literal: dict[str, list[int]] = {}
        for place, form in enumerate(every):
            for literal in () if place in self.free else form.literals or ():
                of_literal.setdefault(literal, []).append(place)
        self._found = _automaton(of_literal)
        self._found_in_ascii = _automaton({literal: places for literal, places in of_literal.items() if literal.isascii()})

    def look(self, line: str, within: str = "") -> Look:
        """Return what a line, which is not empty, holds at most; the last lines' is kept.

        Of a part of a line that holds what that line, `within`, holds: the literals are looked for once.
        """
        known = self._known.get(line)
        if known is None:
            folded = _folded(line)
            held = self.look(within).held if within else self._held(folded)
            known = Look(folded, held, self._heads.fitting(folded, held))
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            if len(line) <= _KNOWN_CHARS:
                self._known[line] = known
        return known

    def ended(self, look: Look) -> frozenset[int]:
        """Return the forms that may match an end of a line, as `Look.begun` says which may match a beginning."""
        return self._tails.fitting(look.folded, look.held)

    def begun_at(self, line: str, places: Iterable[int]) -> frozenset[int]:
        """Return the forms that may match from one of these places in a line on, as far as the characters there tell."""
        return _NONE.union(*[self._heads.forms(_folded(line[at : at + _EDGE_CHARS])) for at in places])

    def _held(self, folded: str) -> frozenset[int]:
        automaton = self._found_in_ascii if folded.isascii() else self._found
        return _NONE.union(*[places for _, places in automaton.iter(folded)]) if automaton is not None else _NONE


_NONE: frozenset[int] = frozenset()
_BY_FREQUENCY = {ord(char): place for place, char in enumerate(" etaoinsrhldcumfpgwybvkxjqz")}


def _automaton(of_literal: Mapping[str, Sequence[int]]) -> Any:
    """Return what finds all literals in one pass, or None if there are none.

    It compares a character with those that may follow one by one, in the order in which they were added.
    """
    if not of_literal:
        return None
    automaton = ahocorasick.Automaton()
    for literal in sorted(of_literal, key=lambda literal: literal.translate(_BY_FREQUENCY)):
        automaton.add_word(literal, tuple(of_literal[literal]))
    automaton.make_automaton()
    return automaton


class _Edges:
    """Which forms may match where a line begins (`step` 1) or ends (-1) with given characters."""

    def __init__(self, edges_of: Sequence[Sequence[str] | None], step: int, free: frozenset[int]) -> None:
        self._step = step
        self._any = frozenset(place for place, edges in enumerate(edges_of) if edges is None)
        self._free = free
        self._free_any = self._any & free
        self._without = _NONE, self._free_any
        self._by_edge: dict[str, list[int]] = {}
        for place, edges in enumerate(edges_of):
            for edge in edges or ():
                self._by_edge.setdefault(edge, []).append(place)
        self._known: dict[str, tuple[frozenset[int], frozenset[int]]] = {}

    def fitting(self, folded: str, held: frozenset[int]) -> frozenset[int]:
        """Return those forms of `held`, and the free ones, that fit the edge of a line."""
        forms, free = self._at(folded)
        return held & forms | held & self._any | free if held else free

    def forms(self, folded: str) -> frozenset[int]:
        """Return the forms that fit the edge of a line, whatever else stands in it."""
        return self._at(folded)[0] | self._any

    def _at(self, folded: str) -> tuple[frozenset[int], frozenset[int]]:
        """Return the forms that have the edge of a line among theirs, and the free ones that fit it."""
        if self._step > 0:
            edges = folded[:4], folded[:3], folded[:2], folded[:1]
        else:
            edges = folded[-4:], folded[-3:], folded[-2:], folded[-1:]
        for edge in edges:
            if edge in self._by_edge:
                return self._known.get(edge) or self._learned(edge)
        return self._without

    def _learned(self, edge: str) -> tuple[frozenset[int], frozenset[int]]:
        """Return what fits an edge that forms have; a line that has it has the shorter ones in it too."""
        forms = _NONE.union(*(self._by_edge.get(_cut(edge, chars, self._step), ()) for chars in range(1, len(edge) + 1)))
        self._known[edge] = found = forms, forms & self._free | self._free_any
        return found


class Sieve:
    """Says which of some patterns may match a line; those of `always` have no literals and may match many.

    Where patterns are tied to a line's start or end, how they begin or end counts too; where to both, their length does.
    """

    def __init__(
        self, forms: Forms, patterns: Collection[int] | None = None, *, is_at_start: bool = False, is_at_end: bool = False
    ) -> None:
        every = frozenset(place for place, number in enumerate(forms.pattern_of) if patterns is None or number in patterns)
        self._forms = forms
        self._every, self._free = every, every & forms.free
        self._mine, self._without = every - forms.without_literals, every & forms.without_literals
        self.always = frozenset(forms.pattern_of[place] for place in self._without)
        self._is_at_start, self._is_at_end = is_at_start, is_at_end

    def candidates(self, line: str, within: str = "") -> list[int]:
        """Return the places of the forms that may match a line (not empty) and have a literal in it.

        Parts of one line may be asked for with that line as `within`: the literals are looked for in it, and once.
        """
        return self._fitting(self._mine, self._forms.look(line, within), len(line))

    def candidates_from(self, line: str, starts: Iterable[int]) -> list[int]:
        """Return the places of the forms that may match from one of `starts`, places in a line (not empty), on."""
        return self._fitting(self._every & self._forms.begun_at(line, starts), self._forms.look(line), len(line))

    def fitting(self, line: str, within: str = "") -> tuple[list[int], bool]:
        """Return what `candidates` returns, without the forms of patterns of `always`, and whether one of these may match."""
        found = self._fitting(self._every, self._forms.look(line, within), len(line))
        pattern_of = self._forms.pattern_of
        others = [place for place in found if pattern_of[place] not in self.always]
        return others, len(others) < len(found)

    def may_begin(self, line: str, within: str = "") -> bool:
        """Return whether a pattern may match a beginning of a line, which is not empty."""
        return not self._every.isdisjoint(self._forms.look(line, within).begun)

    def may_be_in(self, line: str) -> bool:
        """Return whether a pattern may match somewhere in a line, which is not empty."""
        return bool(self._free) or not self._every.isdisjoint(self._forms.look(line).held)

    def may_end(self, line: str) -> bool:
        """Return whether a pattern may match an end of a line, which is not empty."""
        return not self._every.isdisjoint(self._forms.ended(self._forms.look(line)))

    def _fitting(self, mine: frozenset[int], look: Look, length: int) -> list[int]:
        """Return those forms whose ends and length fit a line."""
        if self._is_at_start:
            places = mine & look.begun
        elif self._is_at_end:
            places = mine & self._forms.ended(look)
        else:
            places = mine & look.held | mine & self._free
        if places and self._is_at_start and self._is_at_end:
            places &= self._forms.ended(look)
        if not places:
            return []
        forms, is_whole = self._forms, self._is_at_start and self._is_at_end
        return [
            place
            for place in places
            if forms.least_chars[place] <= length and (not is_whole or length <= forms.most_chars[place])
        ]


def forms_of(pattern: str) -> list[Form]:
    """Return the forms that a pattern consists of; one that the parser cannot read may match anything."""
    parsed = _parsed(pattern)
    if parsed is None:
        return [Form(None, None, None, 0, _ANY_WIDTH)]
    found = []
    for part in _alternatives(parsed):
        least, most = part.getwidth()
        literals = _of_sequence(part)
        of_form = None if literals is None else tuple(sorted(literals))
        found.append(Form(of_form, _edges_of(part, 1), _edges_of(part, -1), int(least), min(int(most), _ANY_WIDTH)))
    return found


def alternatives_of(pattern: str, count: int) -> Sequence[str]:
    """Return the text of each of the `count` forms of a pattern; where it cannot be told, that of the whole pattern for each.

    To compile the one that may match takes a tenth of the time that the pattern takes.
    """
    if _INDIVISIBLE.search(pattern):
        return [pattern] * count
    found: list[str] = []
    at = depth = 0
    for sign in _PARTS.finditer(pattern):
        if sign[0] == "|" and depth == 0:
            found.append(pattern[at : sign.start()])
            at = sign.end()
        depth += (sign[0] == "(") - (sign[0] == ")")
    found.append(pattern[at:])
    return found if len(found) == count else [pattern] * count


# An escaped character, a class, or a sign that parts.
_PARTS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]?|[()|]", re.DOTALL)
_OTHERWISE = re.compile(r"\[:\^?[a-z]+:\]|\\Q")  # what RE2 knows and the parser takes for something else
_INDIVISIBLE = re.compile(r"\(\?[a-zA-Z-]+\)|\[:\^?[a-z]+:\]|\\Q")  # flags for all that follows, classes in classes, quoted text


def _is_told_by_edges(form: Form) -> bool:
    """Return whether how a form begins and ends tells more of a line than that one of its literals stands in it."""
    is_common = form.literals is not None and min(map(_rarity, form.literals)) <= 1
    return is_common and form.heads is not None and form.tails is not None


def _alternatives(parsed: Any) -> list[Any]:
    """Return the alternatives of a pattern; what they begin with in common (the parser sets it apart) is added to each."""
    items = list(parsed)
    if not items or items[-1][0] is not _c.BRANCH or any(operator is not _c.LITERAL for operator, _ in items[:-1]):
        return [parsed]
    return [_parser.SubPattern(parsed.state, [*items[:-1], *branch]) for branch in items[-1][1][1]]


def _edges_of(items: Iterable[tuple[object, object]], step: int) -> tuple[str, ...] | None:
    """Return strings, case folded, by one of which every match begins (`step` 1) or ends (-1); None if it may by any."""
    found = {_cut(text, _EDGE_CHARS, step) for text, _ in _edges(items, step)}
    return None if "" in found else tuple(sorted(found))


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


def _as_python_knows(part: re.Match[str]) -> str:
    return "\\Z" if part[0] == "\\z" else "\\w"


def _as_python_writes(char: re.Match[str]) -> str:
    return f"\\U{int(char[1], 16):08x}"


def _parsed(pattern: str) -> Any:
    if _OTHERWISE.search(pattern):
        return None
    try:
        return _parser.parse(_RE2_CLASS.sub(_as_python_knows, _RE2_CHAR.sub(_as_python_writes, pattern)))
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
