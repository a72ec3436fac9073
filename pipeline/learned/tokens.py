"""Tokens of lines as numbers: what each token looks like, and keys of the word n-grams that they form.

A token is what stands between white space. Its row is worked out when it is first met and kept, for a few thousand tokens make up
most of any page; a page is then a few array operations.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Keys = NDArray[np.uint64]
Places = NDArray[np.int64]

# The columns of a token's row; sums over a line, or the row of its first and last token, are what features are made of.
COLUMNS = (
    "words",  # 1 for a word; in scripts without spaces, half of the letters
    "chars",
    "capital",  # begins with a capital letter
    "lower",
    "digit",  # begins with a digit
    "upper",  # all capitals, two letters or more
    "digits",  # how many
    "ends_sentence",
    "ends_colon",
    "ends_comma",
    "comma",
    "address",  # holds a URL
    "at",
    "bar",
    "copyright",
    "currency",
    "quote",
    "bracket",
    "ornament",  # no letter, no digit
    "arrow",
    "spaceless",  # letters of scripts that write no spaces between words
    "joined",  # a capital inside the word, behind a small letter: two texts glued
)
COLUMN = {name: number for number, name in enumerate(COLUMNS)}

_MOST_TOKENS = 50_000
_SIGNS = frozenset(',，、،:@|©$€£¥₹₽"“”„«»「」([（w')  # a token without these has zeros in eight columns; "w" is of "www."
_NO_SIGNS = (0,) * 8
_SPACELESS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_CORE = re.compile(r"\w(?:.*\w)?", re.DOTALL)
_DIGIT = re.compile(r"\d")
_JOINED = re.compile(r"[^\W\d_A-Z][A-Z]|[.!?][A-Z]")
_SENTENCE_ENDS = frozenset(".!?…。！？؟।۔")
_COMMAS = ",，、،"
_CURRENCIES, _QUOTES, _BRACKETS = frozenset("$€£¥₹₽"), frozenset('"“”„«»「」'), frozenset("([（")
_CLOSERS = "\"'”’»«“」』）)]"
_LONGEST_WORD = 40

_MIX = tuple(
    np.uint64(number)
    for number in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93, 0xFF51AFD7ED558CCD)
)
LONGEST_WHOLE = 6  # words; a line of so few is an n-gram as a whole


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of some lines: a row of `COLUMNS` and the hash of its word (0: none) each, and where each line begins.

    `starts` has a place more than there are lines; no line is empty.
    """

    rows: Floats  # (tokens, len(COLUMNS))
    hashes: Keys  # (tokens,)
    starts: Places  # (lines + 1,)

    def sums(self) -> Floats:
        """Return the sum of the rows of each line: (lines, len(COLUMNS))."""
        return np.add.reduceat(self.rows, self.starts[:-1], axis=0)

    def firsts(self) -> Floats:
        """Return the row of the first token of each line."""
        return self.rows[self.starts[:-1]]

    def lasts(self) -> Floats:
        """Return the row of the last token of each line."""
        return self.rows[self.starts[1:] - 1]


class _Known(dict[str, int]):
    """The tokens met so far, by number; what is missing is worked out. A token's row depends on nothing but the token."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = array("f")
        self._hashes = array("Q")

    def __missing__(self, token: str) -> int:
        number = self[token] = len(self)
        self._rows.extend(_row(token))
        self._hashes.append(word_hash(token))
        return number

    def rows(self, ids: Places) -> Floats:
        """Return the rows of the tokens of these numbers."""
        return np.frombuffer(self._rows, np.float32).reshape(-1, len(COLUMNS))[ids]

    def hashes(self, ids: Places) -> Keys:
        """Return the hashes of the words of the tokens of these numbers."""
        return np.frombuffer(self._hashes, np.uint64)[ids]


_known = _Known()


def tokens_of(lines: Sequence[str]) -> Tokens:
    """Return the tokens of lines, none of which may be blank."""
    if len(_known) > _MOST_TOKENS:
        _known.__init__()  # type: ignore[misc]
        _known.clear()
    split = [line.split() for line in lines]
    counts = np.fromiter(map(len, split), np.int64, len(split))
    starts = np.zeros(len(split) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    ids = np.fromiter(map(_known.__getitem__, chain.from_iterable(split)), np.int64, int(starts[-1]))
    return Tokens(_known.rows(ids), _known.hashes(ids), starts)


def word_hash(token: str) -> int:
    """Return 64 bits that stand for the word in a token, case and digits folded; 0 if there is none."""
    if token.isascii() and token.isalpha():
        word = token.lower()[:_LONGEST_WORD]
    else:
        core = _CORE.search(token)
        if not core:
            return 0
        word = _DIGIT.sub("0", core[0].lower()[:_LONGEST_WORD])
        if not word.isascii():
            word = word.replace("’", "'")
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "replace"), digest_size=8).digest(), "little") or 1


def _row(token: str) -> Sequence[float]:
    first, end, last = token[0], token[-1], token.rstrip(_CLOSERS)[-1:]
    spaceless = len(_SPACELESS.findall(token)) if not token.isascii() else 0
    is_plain = token.isalpha()  # most tokens
    has_word = is_plain or token.isalnum() or any(map(str.isalnum, token))
    letter = first if first.isalpha() else next(filter(str.isalpha, token), "")
    is_small = token.islower()
    return (
        max(1.0, spaceless / 2) if has_word else 0.0,
        min(len(token), 200),
        letter.isupper(),
        letter.islower(),
        first.isdigit(),
        not is_small and len(token) > 1 and token.isupper(),
        0 if is_plain else min(sum(map(str.isdigit, token)), 20),
        last in _SENTENCE_ENDS if last else 0.0,
        end in ":：",
        end in ",;、，；",
        *(_NO_SIGNS if _SIGNS.isdisjoint(token) else _sign_columns(token)),
        not has_word,
        end in "»>→›▸…" or first in "»>→›▸•·–—-*",
        spaceless,
        not is_small and _JOINED.search(token) is not None,
    )


def _sign_columns(token: str) -> Sequence[float]:
    """Return the columns from "comma" to "bracket" of a token's row."""
    return (
        sum(map(token.count, _COMMAS)),
        "://" in token or token.startswith("www."),
        "@" in token,
        "|" in token,
        "©" in token,
        not _CURRENCIES.isdisjoint(token),
        not _QUOTES.isdisjoint(token),
        not _BRACKETS.isdisjoint(token),
    )


def gram_keys(tokens: Tokens) -> tuple[Keys, Places]:
    """Return the keys of the word n-grams of each line, and the line of each key.

    N-grams are words, pairs, the first and the last word marked as such, and short lines as a whole; a line without a word has
    one of its own.
    """
    lines = len(tokens.starts) - 1
    line_of = np.repeat(np.arange(lines), np.diff(tokens.starts))
    is_word = tokens.hashes != 0
    words, line = tokens.hashes[is_word], line_of[is_word]
    if not len(words):
        return np.full(lines, _MIX[4]), np.arange(lines)
    begins = np.empty(len(line), bool)
    begins[0] = True
    np.not_equal(line[1:], line[:-1], out=begins[1:])
    ends = np.empty(len(line), bool)
    ends[-1] = True
    ends[:-1] = begins[1:]
    pair = ~begins[1:]
    starts = np.flatnonzero(begins)
    count = np.diff(np.append(starts, len(line)))
    place = np.arange(len(line)) - np.repeat(starts, count)
    powers = _POWERS[np.minimum(place, LONGEST_WHOLE)]
    whole = np.add.reduceat(words * powers, starts)
    short = count <= LONGEST_WHOLE
    none = np.setdiff1d(np.arange(lines), line, assume_unique=False)
    keys = (
        words,
        words[begins] * _MIX[0] + np.uint64(1),
        words[ends] * _MIX[1] + np.uint64(2),
        words[:-1][pair] * _MIX[2] ^ words[1:][pair] * _MIX[3],
        whole[short] * _MIX[4] + np.uint64(3),
        np.full(len(none), _MIX[4]),
    )
    places = (line, line[begins], line[ends], line[1:][pair], line[starts][short], none)
    return np.concatenate(keys), np.concatenate(places)


_POWERS = np.array([pow(0x100000001B3, place + 1, 1 << 64) for place in range(LONGEST_WHOLE + 1)], np.uint64)
