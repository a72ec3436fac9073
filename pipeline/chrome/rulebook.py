"""Rule tables: phrases that give chrome away, as data with their own examples.

A table is a TOML file of `[[rule]]` entries; its folder is the language, its name the family:

    [[rule]]
    id = "en.consent.uses-cookies"   # never reused, appears in every explanation
    scope = "line"                   # line: the pattern is the whole line; phrase: it stands somewhere in the line
    pattern = '(?:we|this site) uses? cookies'
    weight = 3.0
    because = "Banner laid over the page; never part of what its author wrote."
    matches = ["We use cookies"]
    spares = ["My aunt uses cookies as bookmarks."]
    fuses = true                     # optional: also found where it is glued to either end of a line
    cuts = [["We won. Read more", "We won."]]

Patterns are RE2 (linear time), blind to case and to what `ONE_LETTER` lists, and meet the line as `view` gives it: trimmed,
ornaments at the ends gone, spaces folded, quotes straight.
"""

from __future__ import annotations

import re
import tomllib
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import InitVar, dataclass, field
from typing import Any

import re2

from pipeline.chrome.sieve import NOTHING_DERIVED, Form, Forms, Sieve, alternatives_of
from pipeline.errors import RuleError
from pipeline.text.memory import remembered

LINE, PHRASE = "line", "phrase"

ORNAMENTS = " \t»«›‹><•·|*–—-−:;,…→←↑↓▼▲►▶◀+#✓✔✕×✖!.?~_=؟،。！？：，、"
_SPACES = "".join(
    map(chr, (*range(9, 14), *range(28, 32), 0x85, 0xA0, 0x1680, *range(0x2000, 0x2010), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000))
)
_INVISIBLE = "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_ENDS = ORNAMENTS + _SPACES + _INVISIBLE
# Letters that are one letter here: the Turkish capitals of i and ı are İ and I, which no matching that is blind to case knows,
# and Persian pages are written with the Arabic yeh and kaf too.
ONE_LETTER = str.maketrans("İıيىك", "Iiییک")
_PLAIN = str.maketrans("‘’‚‛׳“”„‟״", "'''''\"\"\"\"\"") | ONE_LETTER
_CLASS = re.compile(
    r"(\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\]?)", re.DOTALL
)  # one that is left open ends where the pattern does
_NAMED_CLASS = re.compile(r"\[:\^?\w+:\]")
# Longer lines are no menu and no button; longer paragraphs are no banner, whatever phrase is in them.
_LINE_CHARS, _PHRASE_CHARS, GLUED_CHARS = 250, 700, 160
_KNOWN_CHARS, _MOST_KNOWN = 60, 10_000
_SET_BYTES = 96 << 20  # for all patterns of a set together; RE2 allots 8 MiB, too few for some hundred rules
_PATTERN_BYTES = (
    1 << 20
)  # for one pattern and what RE2 learns of it from line to line: there are hundreds, and each would fill 8 MiB
_SPACE_RUN = re.compile(r"\s+")
_KEYS = {"id", "scope", "pattern", "weight", "because", "matches", "spares", "fuses", "cuts"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern with its weight (natural log of the odds that a line it matches is chrome) and its examples."""

    id: str
    family: str
    language: str
    scope: str
    pattern: str
    weight: float
    because: str
    matches: tuple[str, ...]
    spares: tuple[str, ...]
    fuses: bool = False
    cuts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class RuleBook:
    """Rules compiled for matching: each line is held against all of them in one pass a scope.

    `derived` spares deriving the forms of patterns that it holds.
    """

    rules: tuple[Rule, ...]
    derived: InitVar[Mapping[str, Sequence[Form]]] = NOTHING_DERIVED
    # What `pipeline.chrome.phrases` found in the texts that it met last.
    found: dict[str, Any] = field(init=False, repr=False, compare=False, default_factory=dict)
    _lines: _PatternSet = field(init=False, repr=False, compare=False)
    _phrases: _PatternSet = field(init=False, repr=False, compare=False)
    _tails: _PatternSet = field(init=False, repr=False, compare=False)
    _heads: _PatternSet = field(init=False, repr=False, compare=False)

    def __post_init__(self, derived: Mapping[str, Sequence[Form]]) -> None:
        lines = [number for number, rule in enumerate(self.rules) if rule.scope == LINE]
        forms = Forms([rule.pattern for rule in self.rules], derived, frozenset(lines))
        fusing = [number for number in lines if self.rules[number].fuses]
        phrases = [number for number, rule in enumerate(self.rules) if rule.scope == PHRASE]
        for name, patterns in (
            ("_lines", _PatternSet(self.rules, lines, forms, "^(?:", ")$", _LINE_CHARS)),
            ("_phrases", _PatternSet(self.rules, phrases, forms, "(?:", ")", _PHRASE_CHARS)),
            ("_tails", _PatternSet(self.rules, fusing, forms, "(?:", ")$", _LINE_CHARS)),
            ("_heads", _PatternSet(self.rules, fusing, forms, "^(?:", ")", _LINE_CHARS)),
        ):
            object.__setattr__(self, name, patterns)

    def __reduce__(self) -> tuple[type[RuleBook], tuple[tuple[Rule, ...]]]:
        """Compiled patterns do not travel between processes; the rules do."""
        return RuleBook, (self.rules,)

    def of_line(self, line: str, unquoted: str | None = None) -> list[Rule]:
        """Return the line rules that a line (as `view` gives it) is, and the phrase rules that stand in it.

        Phrases are looked for in `unquoted`, the line without what it quotes, if that is given.
        """
        return [*self._lines.matching(line), *self._phrases.matching(line if unquoted is None else unquoted)]

    def phrase_spans(self, line: str) -> list[tuple[Rule, tuple[int, int]]]:
        """Return the phrase rules that stand in a line (as `view` gives it), each with where its first match is."""
        return self._phrases.spans(line)

    def is_chrome_line(self, line: str, within: str = "") -> Rule | None:
        """Return the strongest line rule that a line (as `view` gives it) is, if any; `within` is a line that holds it."""
        return max(self._lines.matching(line, within), key=lambda rule: rule.weight, default=None)

    def may_hold_chrome(self, line: str) -> bool:
        """Return False if no rule can match a line (as `view` gives it, not empty), a beginning of it, or a part of it."""
        return self._lines.sieve.may_begin(line) or self._phrases.sieve.may_be_in(line)

    def may_begin_with_chrome(self, line: str, within: str = "") -> bool:
        """Return False if no line rule can match a beginning of a line (as `view` gives it); `within` is a line that holds it."""
        return self._lines.sieve.may_begin(line, within)

    def may_end_with_chrome(self, line: str) -> bool:
        """Return False if no line rule can match an end of a line (as `view` gives it)."""
        return self._lines.sieve.may_end(line)

    def may_be_glued(self, line: str) -> bool:
        """Return False if no fusing rule can match at the start or the end of a line (as `view` gives it, not empty)."""
        return self._tails.sieve.may_end(line) or self._heads.sieve.may_begin(line)

    def tails(self, line: str, starts: Sequence[int]) -> list[tuple[Rule, int]]:
        """Return the fusing rules that match up to the end of a line, each with the offset at which its match begins.

        It is one of `starts`; a rule that may match from further left on is left out.
        """
        skipped = max(0, len(line) - GLUED_CHARS)
        found = self._tails.spans_from(line[skipped:], [at - skipped for at in starts if at >= skipped])
        return [(rule, skipped + span[0]) for rule, span in found]

    def heads(self, line: str) -> list[tuple[Rule, int]]:
        """Return the fusing rules that match from the start of a line, each with the offset at which its match ends."""
        return [(rule, span[1]) for rule, span in self._heads.spans(line[:GLUED_CHARS])]


class _PatternSet:
    """Patterns of which only those are tried on a line that may match it; spans are looked up only for those that matched."""

    def __init__(
        self, rules: Sequence[Rule], numbers: Sequence[int], forms: Forms, before: str, after: str, most_chars: int
    ) -> None:
        self._rules = rules
        self._most_chars = most_chars
        self._known: dict[str, Sequence[int]] = {}
        self._before, self._after = before, after
        self._forms = forms
        self._single: dict[int, Any] = {}
        self._tests: dict[int, Callable[[str], Any]] = {}
        self.sieve = Sieve(forms, frozenset(numbers), is_at_start=before[:1] == "^", is_at_end=after[-1:] == "$")
        self._always = sorted(self.sieve.always)
        self._set = re2.Set.SearchSet(_options())
        for number in self._always:
            self._set.Add(self._pattern(number))
        if self._always:
            self._set.Compile()

    def matching(self, line: str, within: str = "") -> list[Rule]:
        hits = self._hits(line, within)
        return [self._rules[i] for i in hits] if hits else []

    def spans_from(self, line: str, starts: Sequence[int]) -> list[tuple[Rule, tuple[int, int]]]:
        """Return the patterns whose first match begins at one of these places, and where it is."""
        if not starts:
            return []
        found = []
        for i in self._matching_of(self.sieve.candidates_from(line, starts), line):
            match = self._compiled(i).search(line)
            if match is not None and match.start() in starts:
                found.append((self._rules[i], (match.start(), match.end())))
        return found

    def spans(self, line: str) -> list[tuple[Rule, tuple[int, int]]]:
        found = []
        for i in self._hits(line):
            match = self._compiled(i).search(line)
            found.append((self._rules[i], (match.start(), match.end())))
        return found

    def _pattern(self, number: int) -> str:
        return self._before + self._rules[number].pattern + self._after

    def _compiled(self, number: int) -> Any:
        if number not in self._single:
            self._single[number] = _compiled(self._pattern(number))
        return self._single[number]

    def _matching_of(self, places: Iterable[int], line: str) -> Sequence[int]:
        """Return the numbers, in their order, of the patterns of which one of these forms matches a line."""
        found: set[int] = set()
        for place in places:
            number = self._forms.pattern_of[place]
            if number not in found and self._test(place)(line):
                found.add(number)
        return sorted(found)

    def _test(self, place: int) -> Callable[[str], Any]:
        """Return what tells whether a form matches a line."""
        test = self._tests.get(place)
        if test is None:
            number = self._forms.pattern_of[place]
            first, behind = self._forms.first_of[number : number + 2]
            text = alternatives_of(self._rules[number].pattern, behind - first)[place - first]
            self._tests[place] = test = _compiled(self._before + text + self._after).search
        return test

    def _hits(self, line: str, within: str = "") -> Sequence[int]:
        """Return the numbers of the patterns that match; what short lines match is kept, for a site repeats its menus."""
        if not 0 < len(line) <= self._most_chars:
            return ()
        found = self._known.get(line)
        if found is None:
            candidates, may_match_always = self.sieve.fitting(line, within)
            found = tuple(self._matching_of(candidates, line)) if candidates else ()
            if may_match_always:
                found = tuple(sorted({*found, *(self._always[place] for place in self._set.Match(line) or ())}))
            if len(line) <= _KNOWN_CHARS:
                if len(self._known) >= _MOST_KNOWN:
                    self._known.clear()
                self._known[line] = found
        return found


def _compiled(pattern: str) -> Any:
    try:
        return re2.compile(pattern, _options(_PATTERN_BYTES))
    except re2.error:  # larger than most
        return re2.compile(pattern, _options())


def part_view(part: str) -> str:
    """Return a part of a line that `view` gave as `view` would give it."""
    return part if part[:1].isalnum() and part[-1:].isalnum() else part.strip(_ENDS)


@remembered
def view(text: str) -> tuple[str, Sequence[int]]:
    """Return a line as rules see it, and for each of its characters (and its end) the offset in `text`.

    >>> view("» Don’t\\u00a0 miss  it! ")
    ("Don't miss it", [2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 14, 15, 16, 17])
    """
    if text[:1].isalnum() and text[-1:].isalnum():  # most lines
        start, stop, raw = 0, len(text), text
    else:
        start = len(text) - len(text.lstrip(_ENDS))
        stop = len(text.rstrip(_ENDS))
        if start >= stop:
            return "", [start]
        raw = text[start:stop]
    if not raw.isascii():
        raw = raw.translate(_PLAIN)
    if raw.isprintable() and "  " not in raw:  # the only printable space is U+0020
        return raw, range(start, stop + 1)
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for run in _SPACE_RUN.finditer(raw):
        pieces += [raw[at : run.start()], " "]
        offsets += [*range(start + at, start + run.start()), start + run.start()]
        at = run.end()
    pieces.append(raw[at:])
    offsets += range(start + at, stop + 1)
    # A run of spaces maps to its last place, so that a cut behind it takes no space along.
    for i, char in enumerate("".join(pieces)):
        if char == " ":
            offsets[i] = offsets[i + 1] - 1
    return "".join(pieces), offsets


def parse_rules(text: str, *, name: str, language: str, family: str) -> list[Rule]:
    """Return the rules of one table; raises RuleError, naming table, rule and cure, for anything that is wrong in it."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{name}: not valid TOML: {error}") from None
    if set(table) - {"rule"}:
        raise RuleError(f"{name}: unknown {sorted(set(table) - {'rule'})}; a rule table holds [[rule]] entries alone")
    entries = table.get("rule", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise RuleError(f"{name}: 'rule' must be a list of tables; write each rule under [[rule]]")
    return [_rule(entry, name, language, family) for entry in entries]


def check_unique(rules: Iterable[Rule]) -> None:
    """Raise RuleError if two rules share an id."""
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            raise RuleError(f"{rule.id}: two rules have this id; ids are never reused")
        seen.add(rule.id)


def _rule(entry: dict[str, Any], name: str, language: str, family: str) -> Rule:
    """Return one checked rule of a table."""
    identifier = entry.get("id")
    if not isinstance(identifier, str) or not re.fullmatch(r"[a-z]{2,3}(\.[a-z0-9-]+){2,}", identifier):
        raise RuleError(f"{name}: a rule's id must look like 'en.family.name', not {identifier!r}")
    where = f"{name}: {identifier}"
    if unknown := set(entry) - _KEYS:
        raise RuleError(f"{where}: unknown key {sorted(unknown)}; known are {sorted(_KEYS)}")
    if not identifier.startswith(f"{language}.{family}."):
        raise RuleError(f"{where}: its id must begin with '{language}.{family}.', as the table's place says")
    scope = entry.get("scope", LINE)
    if scope not in (LINE, PHRASE):
        raise RuleError(f"{where}: scope must be 'line' or 'phrase', not {scope!r}")
    for key in ("pattern", "because"):
        if not isinstance(entry.get(key), str) or not entry[key]:
            raise RuleError(f"{where}: '{key}' must be a string that says something")
    weight = entry.get("weight")
    if not isinstance(weight, int | float) or isinstance(weight, bool) or not -10 <= weight <= 10:
        raise RuleError(f"{where}: weight must be a number from -10 to 10, not {weight!r}")
    for key in ("matches", "spares"):
        lines = entry.get(key)
        if not isinstance(lines, list) or not lines or not all(isinstance(line, str) for line in lines):
            raise RuleError(f"{where}: '{key}' must list at least one line; a rule without both kinds of example does not load")
    cuts = entry.get("cuts", [])
    if not isinstance(cuts, list) or not all(
        isinstance(c, list) and len(c) == 2 and all(isinstance(x, str) for x in c) for c in cuts
    ):
        raise RuleError(f"{where}: 'cuts' must list pairs [line, what remains]")
    pattern = _of_one_letter(entry["pattern"])
    _check_pattern(pattern, where)
    return Rule(
        id=identifier,
        family=family,
        language=language,
        scope=scope,
        pattern=pattern,
        weight=float(weight),
        because=entry["because"],
        matches=tuple(entry["matches"]),
        spares=tuple(entry["spares"]),
        fuses=bool(entry.get("fuses", False)),
        cuts=tuple((line, rest) for line, rest in cuts),
    )


def _of_one_letter(pattern: str) -> str:
    """Return a pattern for lines in which each of the letters of `ONE_LETTER` is written one way.

    In a class the letter is added: it may be the end of a range.
    """
    return "".join(
        _class_of_one_letter(part) if part[:1] == "[" and part[-1:] == "]" else part.translate(ONE_LETTER)
        for part in _CLASS.split(pattern)
    )


def _class_of_one_letter(text: str) -> str:
    body = _NAMED_CLASS.sub("", text[1:-1].removeprefix("^")).replace("[", r"\[")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # signs that may mean sets of sets one day
            held = re.compile(f"[{body}]")
    except re.error:  # RE2 knows more classes than Python: what is written out counts
        held = re.compile(f"[{re.escape(body)}]")
    added = dict.fromkeys(chr(one) for code, one in ONE_LETTER.items() if held.match(chr(code)) and not held.match(chr(one)))
    return f"{text[:-1]}{''.join(added)}]"


def _check_pattern(pattern: str, where: str) -> None:
    try:
        compiled = re2.compile(pattern, _options())
        re2.compile(f"(?:{pattern})", _options())  # what is left open takes in what is set behind it
    except re2.error as error:
        raise RuleError(f"{where}: bad pattern: {_message(error)}") from None
    if compiled.match(""):
        raise RuleError(f"{where}: the pattern matches an empty line, so it would match every line; narrow it")


def compile_protect(patterns: Sequence[str]) -> Any:
    """Return a matcher with `search(line)` for lines that are never removed, or None if there are no patterns.

    Raises RuleError for a pattern that RE2 cannot read.
    """
    for pattern in patterns:
        try:
            re2.compile(pattern, _options())
            re2.compile(f"(?m:{pattern})", _options())
        except re2.error as error:
            raise RuleError(f"chrome.protect: bad pattern {pattern!r}: {_message(error)}") from None
    # ^ and $ are a line's, also inside a block. Lines are held against them as they are and as rules see them.
    every = dict.fromkeys(form for pattern in patterns for form in (pattern, _of_one_letter(pattern)))
    return re2.compile("|".join(f"(?m:{pattern})" for pattern in every), _options()) if patterns else None


def _message(error: Exception) -> str:
    text = error.args[0] if error.args else error
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)


def _options(most_bytes: int = _SET_BYTES) -> Any:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    options.max_mem = most_bytes
    return options
