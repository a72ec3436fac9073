"""Which charset bytes are in that declare nothing, or that contradict what they declare.

Only what stands outside ASCII tells. A charset is plausible if the letters that it makes follow each other as those of a
language do
(`letters`), or, in the charsets of East Asia, if they are the characters that all texts use (`ideographs`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipeline.text.ideographs import COMMON, KANA
from pipeline.text.letters import FIRST_LETTER, scripts

SAMPLE_BYTES = 8_000
_PIECES = re.compile(rb"[^\r\n<>]+")
_LATIN = re.compile(rb"[A-Za-z]")
_AMID_LATIN = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")

# Charset → the script it writes and what speaks for it beforehand (nats): pages are in Windows' charsets far more often than
# in the others.
SINGLE: dict[str, tuple[str, float]] = {
    "cp1252": ("latin", 0.0), "cp1250": ("latin", -2.0), "cp1254": ("latin", -2.0), "cp1257": ("latin", -2.0),
    "cp1258": ("latin", -3.0),
    "iso8859-2": ("latin", -3.0), "iso8859-15": ("latin", -3.0), "iso8859-9": ("latin", -4.0), "iso8859-13": ("latin", -4.0),
    "iso8859-4": ("latin", -6.0), "iso8859-10": ("latin", -7.0), "iso8859-14": ("latin", -9.0), "iso8859-16": ("latin", -5.0),
    "iso8859-3": ("latin", -9.0), "mac-roman": ("latin", -6.0), "mac-latin2": ("latin", -7.0), "mac-turkish": ("latin", -9.0),
    "cp850": ("latin", -7.0), "cp437": ("latin", -8.0), "cp852": ("latin", -7.0), "cp857": ("latin", -9.0),
    "cp775": ("latin", -9.0),
    "cp1251": ("cyrillic", 0.0), "koi8-r": ("cyrillic", -1.0), "koi8-u": ("cyrillic", -1.5), "iso8859-5": ("cyrillic", -2.0),
    "cp866": ("cyrillic", -3.0), "mac-cyrillic": ("cyrillic", -3.0), "cp855": ("cyrillic", -6.0),
    "cp1253": ("greek", 0.0), "iso8859-7": ("greek", -1.0), "cp737": ("greek", -4.0), "mac-greek": ("greek", -5.0),
    "cp869": ("greek", -6.0),
    "cp1255": ("hebrew", 0.0), "iso8859-8": ("hebrew", -1.0), "cp862": ("hebrew", -4.0),
    "cp1256": ("arabic", 0.0), "iso8859-6": ("arabic", -1.0), "cp864": ("arabic", -9.0),
    "cp874": ("thai", 0.0),
}  # fmt: skip
MULTIPLE = {"cp932": "ja", "euc_jp": "ja", "gb18030": "zh", "big5hkscs": "zh-tw", "cp949": "ko"}
_TWINS = {"euc_jp": ("euc_jp", "euc_jis_2004")}
_CASE_BREAK = 4.0  # a capital behind a small letter, in nats
_COMMON_SHARE = {"ja": 0.55, "zh": 0.30, "zh-tw": 0.30, "ko": 0.40}


@dataclass(frozen=True, slots=True)
class Guess:
    """A charset, how plausible its reading is (nats over all pairs of the sample; comparable within one sample), and the
    language.
    """

    charset: str
    score: float
    language: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The part of a page that tells its charset: pieces with bytes outside ASCII, and their byte pairs with counts."""

    text: bytes
    pairs: Any
    counts: Any
    high_count: int
    latin_count: int


def sample_of(body: bytes, limit: int = SAMPLE_BYTES) -> Sample:
    """Return the pieces of `body` (lines, texts between tags) that are not ASCII, up to `limit` bytes."""
    pieces: list[bytes] = []
    size = 0
    for found in _PIECES.finditer(body):
        piece = found[0]
        if piece.isascii():
            continue
        pieces.append(piece[: limit - size])
        size += len(piece) + 1
        if size >= limit:
            break
    return _sample(b"\n".join(pieces))


def _sample(text: bytes) -> Sample:
    import numpy as np

    codes = np.frombuffer(b" " + text + b" ", dtype=np.uint8).astype(np.int64)
    found = np.bincount(codes[:-1] << 8 | codes[1:], minlength=65_536)
    pairs = np.nonzero(found)[0]
    return Sample(text, pairs, found[pairs], int((codes >= 0x80).sum()), len(_LATIN.findall(text)))


def rank(sample: Sample, charsets: Iterable[str] = tuple(SINGLE)) -> list[Guess]:
    """Return the single-byte charsets that have a character for each byte of the sample, the most plausible first.

    All are tried with the letter pairs of no language in particular; the best of them with those of each.
    """
    rough = sorted(
        ((guess.score, charset) for charset in charsets if _may_be(sample, charset) and (guess := score(sample, charset, True))),
        reverse=True,
    )
    guesses = [guess for _, charset in rough[:_FINALISTS] if (guess := score(sample, charset))]
    return sorted(guesses, key=lambda guess: -guess.score)


def _may_be(sample: Sample, charset: str) -> bool:
    """Return whether a sample has as many ASCII letters as text in a charset's script may have; short ones may have any."""
    if sample.high_count < _ENOUGH_BYTES or charset not in SINGLE:
        return True
    if SINGLE[charset][0] == "latin":
        return sample.high_count < 2 * sample.latin_count
    return sample.latin_count < 8 * sample.high_count


_ENOUGH_BYTES = 24


def score(sample: Sample, charset: str, is_rough: bool = False) -> Guess | None:
    """Return how plausible the sample reads in a single-byte charset; None if too many of its bytes have no character there."""
    import numpy as np

    if charset not in SINGLE:
        return None
    name, prior = SINGLE[charset]
    prior *= 1.0 + (_PRIOR_PER_BYTE * sample.high_count if prior <= _SELDOM else 0.0)
    table = _table(charset)
    first, second = sample.pairs >> 8, sample.pairs & 255
    if table.undefined[second] @ sample.counts > max(1, sample.high_count // 200):
        return None
    script = scripts()[name]
    size = FIRST_LETTER + len(script.letters)
    is_high = (first >= 0x80) | (second >= 0x80)
    high = is_high * sample.counts
    breaks = _CASE_BREAK * float((table.is_lower[first] & table.is_upper[second]) @ high)
    # A page in another script may hold Latin words, but does not consist of them.
    foreign = _LATIN_COST * max(0, sample.latin_count - 2 * sample.high_count) if name != "latin" else 0.0
    places = table.signs[first] * size + table.signs[second]
    logs = script.logs.reshape(len(script.languages), -1)
    if is_rough:
        return Guess(charset, float(logs[-1, places] @ high) - breaks - foreign + prior, "?")
    logs = logs[:, places]
    totals = logs @ high
    if name == "latin":  # the ASCII letters tell the language, whatever the charset
        plain = logs @ (sample.counts - high)
        totals = totals + (plain - plain.max()) * _PLAIN_WEIGHT
    best = int(np.argmax(totals))
    return Guess(charset, float(totals[best]) - breaks - foreign + prior, script.languages[best])


_FINALISTS = 8
_PRIOR_PER_BYTE = 0.05  # where no language fits, the usual charsets are the better guess, however long the text is,
_SELDOM = -5.0  # than those that pages are seldom in
_PLAIN_WEIGHT = 0.5
_LATIN_COST = 0.15


@dataclass(frozen=True, slots=True)
class _Table:
    """What the 256 bytes are in a charset."""

    signs: Any
    is_lower: Any
    is_upper: Any
    undefined: Any


@cache
def _table(charset: str) -> _Table:
    import numpy as np

    script = scripts()[SINGLE[charset][0]]
    chars = [bytes([code]).decode(charset, "replace") for code in range(256)]
    letters = [char if char.isalpha() else "" for char in chars]
    return _Table(
        np.array([script.sign_of(char) for char in chars], dtype=np.int64),
        np.array([bool(c) and c.islower() for c in letters]),
        np.array([bool(c) and c.isupper() for c in letters]),
        np.array([char == "\ufffd" or 0x80 <= ord(char) < 0xA0 for char in chars], dtype=np.int64),
    )


def reads_well(sample: Sample, guess: Guess) -> bool:
    """Return whether the letters of a guess follow each other as in a language that we know, not just better than others do."""
    least = _WELL_LATIN if SINGLE[guess.charset][0] == "latin" else _WELL_ELSEWHERE
    return guess.score > least * sample.high_count


_WELL_LATIN, _WELL_ELSEWHERE = -16.0, -8.5  # nats for each byte outside ASCII; Latin letters have ASCII neighbours


def east_asian(sample: Sample, charsets: Sequence[str] = tuple(MULTIPLE)) -> tuple[str, float]:
    """Return the multi-byte charset in which the sample reads as text of its language, and how sure that is (0 to 1); ("",
    0) for none.
    """
    best, best_share = "", 0.0
    for charset in charsets:
        language = MULTIPLE[charset]
        text = strict_text(sample.text, charset)
        if text is None:
            continue
        wide = [char for char in text if char > "\x7f"]
        if not wide or len(_AMID_LATIN.findall(text)) * 2 > len(wide):
            continue  # ideographs between the letters of words: these are halves of accented letters
        share = sum(char in COMMON[language] for char in wide) / len(wide)
        if language == "ja":  # half-width katakana fill single bytes, and no text consists of them
            share *= 1.0 - sum("\uff61" <= char <= "\uff9f" for char in wide) / len(wide)
            if not any(char in KANA for char in wide):
                share *= 0.6
        if share >= _COMMON_SHARE[language] and share > best_share:
            best, best_share = charset, share
    return best, best_share


def strict_text(body: bytes, charset: str) -> str | None:
    """Return the text if all bytes but the last few, or one in a thousand, fit a multi-byte charset, else None."""
    for codec in _TWINS.get(charset, (charset,)):
        text = body.decode(codec, "replace")
        if (text.count("\ufffd") + text.count("\x80")) * 500 <= len(body) + 500:
            return text
    return None
