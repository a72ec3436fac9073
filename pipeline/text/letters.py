"""How letters follow each other in the languages of the world: what tells a charset from its neighbours.

A language is a table of the probabilities of letter pairs, learnt by `benchmarks/encoding_model.py` from sentences that were
written for
it. Case is folded, all that is no letter is one of a few signs, and letters of another script are one sign too.
"""

from __future__ import annotations

import base64
import itertools
import json
import unicodedata
import zlib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.text.letters_data import PACKED

SPACE, DIGIT, FOREIGN, MARK, ODD, CONTROL, STRANGE = range(7)  # what a character is if it is no letter of the script
FIRST_LETTER = 7
# Signs that prose sets beside letters; all other signs outside ASCII are odd.
_MARKS = frozenset("\u00a0«»‹›“”„‚‘’‟–—…·•°№§€£©®™′″¿¡،؛؟ـ\u200c\u200d\u200e\u200f")
_PAIRED = 0.8  # how far pairs are trusted over single letters
_RARE = {SPACE: 1e-3, DIGIT: 2e-3, FOREIGN: 2e-4, MARK: 1.5e-3, ODD: 4e-5, CONTROL: 1e-7, STRANGE: 1e-6}
_UNKNOWN_LETTER = 2e-6
PLAIN_WEIGHT = 0.5  # what the ASCII letters of a text say of its language, against those outside ASCII
_BESIDE = 0.02  # letters of the script seldom touch those of another, or an odd sign


@dataclass(frozen=True, slots=True)
class Script:
    """The letters of a script and, for each of its languages, the logs of the probabilities of their pairs
    (n² pairs × languages).
    """

    name: str
    languages: tuple[str, ...]
    letters: str
    logs: Any
    alphabets: dict[str, frozenset[str]]

    def sign_of(self, char: str) -> int:
        """Return the number of a character in the tables: its place among the letters, or what else it is."""
        return _signs(self.name, char)


def folded_letter(char: str) -> str:
    """Return a letter in lower case as one character; the Turkish dotted capital is an i, Romanian commas are cedillas."""
    lower = char.lower()[0]
    return _SAME.get(lower, lower)


_SAME = {"ș": "ş", "ț": "ţ", "ی": "ي", "ک": "ك"}  # older charsets have but one of each


@cache
def _signs(script: str, char: str) -> int:
    letter = folded_letter(char)
    at = scripts()[script].letters.find(letter)
    if at >= 0:
        return FIRST_LETTER + at
    if char.isascii():
        return DIGIT if char.isdigit() else FOREIGN if char.isalpha() else SPACE
    if char in _MARKS:
        return MARK
    category = unicodedata.category(char)
    if category in ("Cc", "Co", "Cn") or char == "\ufffd":
        return CONTROL
    return STRANGE if category[0] in "LM" else ODD


@cache
def scripts() -> dict[str, Script]:
    """Return the scripts by name, their tables unpacked."""
    return unpacked(json.loads(zlib.decompress(base64.b85decode(PACKED))))


def unpacked(packed: dict[str, Any]) -> dict[str, Script]:
    """Return scripts made of what the learner counted: {script: {letters, languages: {language: [singles, pairs]}}}."""
    return {name: _script(name, table["letters"], table["languages"]) for name, table in packed.items()}


def _script(name: str, letters: str, languages: dict[str, Any]) -> Script:
    import numpy as np

    size = FIRST_LETTER + len(letters)
    tables = np.zeros((len(languages) + 1, size, size), dtype=np.float64)
    beside = np.ones((size, size))
    for sign in (FOREIGN, ODD, CONTROL, STRANGE):
        beside[sign, FIRST_LETTER:] = beside[FIRST_LETTER:, sign] = _BESIDE
    beside[MARK, FIRST_LETTER:] = beside[FIRST_LETTER:, MARK] = 0.5
    for row, (singles, pairs) in enumerate(languages.values()):
        single = np.full(size, _UNKNOWN_LETTER)
        for sign, share in _RARE.items():
            single[sign] = share
        for sign, count in singles:
            single[sign] = max(single[sign], count / 1e5)
        single /= single.sum()
        table = np.zeros((size, size))
        for first, second, count in pairs:
            table[first, second] = count
        total = max(1.0, table.sum())
        tables[row] = _PAIRED * table / total + (1 - _PAIRED) * np.outer(single, single) * beside
    tables[-1] = tables[:-1].mean(axis=0)  # a language that nobody taught us is a bit like all of them
    alphabets = {
        language: frozenset(letters[sign - FIRST_LETTER] for sign, count in singles if count > 0 and sign >= FIRST_LETTER)
        for language, (singles, _) in languages.items()
    }
    logs = np.ascontiguousarray(np.log(tables).astype(np.float32).reshape(len(tables), -1).T)
    return Script(name, (*languages, "?"), letters, logs, alphabets)


def fluency(text: str, *, by_ascii: bool = False) -> float:
    """Return how well letters outside ASCII follow each other, in the language that suits them best: the mean log of a pair.

    With `by_ascii`, letters of ASCII tell which Latin language it is, so that "führen" is better German than "fåhren" is Danish:
    good for readings of one text, not for texts with more or fewer letters outside ASCII.
    """
    best = -20.0
    pairs = Counter(itertools.pairwise(f" {text} "))
    high = {pair: count for pair, count in pairs.items() if pair[0] > "\x7f" or pair[1] > "\x7f"}
    if not high:
        return best
    for script in scripts().values():
        totals = _totals(script, high)
        if by_ascii and script.name == "latin" and (plain := {pair: count for pair, count in pairs.items() if pair not in high}):
            of_plain = _totals(script, plain)
            totals = totals + (of_plain - of_plain.max()) * PLAIN_WEIGHT
        best = max(best, float(totals.max()) / sum(high.values()))
    return best


def _totals(script: Script, pairs: dict[tuple[str, str], int]) -> Any:
    """Return the logs of the probability of pairs in each of a script's languages."""
    import numpy as np

    size = FIRST_LETTER + len(script.letters)
    places = np.array([script.sign_of(a) * size + script.sign_of(b) for a, b in pairs])
    return np.array([*pairs.values()], dtype=np.float32) @ script.logs[places]
