"""Which charset bytes are in that declare nothing, or that contradict what they declare.

Only what stands outside ASCII tells. A charset is plausible if the letters that it makes follow each other as those of a
language do
(`letters`), or, in the charsets of East Asia, if they are the characters that all texts use (`ideographs`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pipeline.text.ideographs import COMMON, KANA
from pipeline.text.letters import FIRST_LETTER, PLAIN_WEIGHT, scripts

SAMPLE_BYTES = 8_000
_PIECES = re.compile(rb"[\r\n<>]([^\r\n<>\x80-\xff]*+[\x80-\xff][^\r\n<>]*)")
_ASCII = re.compile("[\x00-\x7f]+")
_AMID_LATIN = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f]|[^\x00-\x7f](?=[A-Za-z])")

# Charset → the script it writes and what speaks for it beforehand (nats): pages are in Windows' charsets far more often than
# in the others.
SINGLE: dict[str, tuple[str, float]] = {
    "cp1252": ("latin", 0.0), "cp1250": ("latin", -2.0), "cp1254": ("latin", -2.0), "cp1257": ("latin", -2.0),
    "cp1258": ("latin", -3.0),
    "iso8859-2": ("latin", -3.0), "iso8859-15": ("latin", -3.0), "iso8859-9": ("latin", -4.0), "iso8859-13": ("latin", -4.0),
    "iso8859-4": ("latin", -8.0), "iso8859-10": ("latin", -9.0), "iso8859-14": ("latin", -9.0), "iso8859-16": ("latin", -5.0),
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
    """The part of a page that tells its charset: pieces with bytes outside ASCII, and their byte pairs with counts.

    `codes` says how often each byte stands there; `first`, `second` and `counts` are the pairs with a byte outside ASCII, and
    `plain` is how probable the others are in each of the languages with Latin letters.
    """

    text: bytes
    codes: Any
    first: Any
    second: Any
    counts: Any
    plain: Any
    high_count: int
    latin_count: int


def sample_of(body: bytes, limit: int = SAMPLE_BYTES) -> Sample:
    """Return the pieces of `body` (lines, texts between tags) that are not ASCII, up to `limit` bytes."""
    pieces: list[bytes] = []
    size = 0
    for found in _PIECES.finditer(b"\n" + body):
        piece = found[1]
        pieces.append(piece[: limit - size])
        size += len(piece) + 1
        if size >= limit:
            break
    return _sample(b"\n".join(pieces))


def _sample(text: bytes) -> Sample:
    import numpy as np

    codes = np.frombuffer(b" " + text + b" ", dtype=np.uint8).astype(np.int64)
    found = np.bincount(codes[:-1] << 8 | codes[1:], minlength=65_536)
    pairs = np.flatnonzero(found)
    counts = found[pairs].astype(np.float32)
    first, second, is_high = pairs >> 8, pairs & 0xFF, (pairs & 0x8080) > 0
    of_code = np.bincount(codes, minlength=256)
    letters = int(of_code[_UPPER_A:_UPPER_END].sum() + of_code[_LOWER_A:_LOWER_END].sum())
    plain = counts[~is_high] @ _table("cp1252").logs_of(first[~is_high], second[~is_high])
    high_count = int(of_code[0x80:].sum())
    return Sample(text, of_code, first[is_high], second[is_high], counts[is_high], plain, high_count, letters)


_UPPER_A, _UPPER_END, _LOWER_A, _LOWER_END = *b"A[", *b"a{"


def rank(sample: Sample, charsets: Iterable[str] = tuple(SINGLE)) -> list[Guess]:
    """Return the single-byte charsets that have a character for each byte of the sample, the most plausible first.

    All are tried with the letter pairs of no language in particular; the best of them with those of each.
    """
    possible = [charset for charset in charsets if _may_be(sample, charset)]
    rough = sorted(_rough(sample, possible), reverse=True)
    finalists = [charset for at, (_, charset) in enumerate(rough) if at < _FINALISTS or charset in _USUAL]
    guesses = sorted((guess for charset in finalists if (guess := score(sample, charset))), key=lambda guess: -guess.score)
    return _of_unknown_language(sample, guesses)


def _of_unknown_language(sample: Sample, guesses: list[Guess]) -> list[Guess]:
    """Return guesses in a new order where the best one reads as no language that we know: then the usual charsets are likelier,
    the more so the longer the text is, since pairs of letters that no table holds say little.
    """
    if not guesses or SINGLE[guesses[0].charset][0] != "latin":
        return guesses
    strangeness = min(1.0, max(0.0, (_KNOWN_LATIN - guesses[0].score / max(1, sample.high_count)) / _STRANGE_SPAN))
    if not strangeness:
        return guesses
    weight = _UNKNOWN_PER_BYTE * strangeness * sample.high_count
    doubted = (replace(guess, score=guess.score + weight * max(_SELDOM, SINGLE[guess.charset][1])) for guess in guesses)
    return sorted(doubted, key=lambda guess: -guess.score)


_USUAL = ("cp1252", "cp1250")
_KNOWN_LATIN = -18.0  # nats for each byte outside ASCII: prose of the languages in the tables is above
_STRANGE_SPAN = 2.0
_UNKNOWN_PER_BYTE = 0.6


def _may_be(sample: Sample, charset: str) -> bool:
    """Return whether a sample has as many ASCII letters as text in a charset's script may have; short ones may have any."""
    if sample.high_count < _ENOUGH_BYTES or charset not in SINGLE:
        return True
    if SINGLE[charset][0] == "latin":
        return sample.high_count < 2 * sample.latin_count
    return sample.latin_count < 8 * sample.high_count


_ENOUGH_BYTES = 24


def _rough(sample: Sample, charsets: Sequence[str]) -> Iterator[tuple[float, str]]:
    """Return how plausible the sample reads in each charset by the letter pairs of all languages of its script together."""
    for charset in charsets:
        table = _table(charset)
        if not _lacks_bytes(sample, table):
            common = table.common[table.rows[sample.first] + table.signs[sample.second]]
            yield float(common @ sample.counts) + _beforehand(sample, charset, table), charset


def _lacks_bytes(sample: Sample, table: _Table) -> bool:
    return bool(table.undefined @ sample.codes > max(1, sample.high_count // 200))


def _beforehand(sample: Sample, charset: str, table: _Table) -> float:
    """Return what speaks for a charset beside its letter pairs: how usual it is, capitals and Latin words where none belong."""
    name, prior = SINGLE[charset]
    prior *= 1.0 + (_PRIOR_PER_BYTE * sample.high_count if prior <= _SELDOM else 0.0)
    breaks = _CASE_BREAK * float(sample.counts[table.is_lower[sample.first] & table.is_upper[sample.second]].sum())
    # A page in another script may hold Latin words, but does not consist of them.
    if name == "latin":
        return prior - breaks
    foreign = _LATIN_COST * max(0, sample.latin_count - 2 * sample.high_count)
    of_first, of_second = table.is_letter[sample.first], table.is_letter[sample.second]
    ascii_letters = _ascii_letters()
    glued = (ascii_letters[sample.first] & of_second) | (of_first & ascii_letters[sample.second])
    alone = max(0.0, float(sample.codes @ table.is_letter) - 2.0 * float(sample.counts[of_first & of_second].sum()))
    return prior - breaks - foreign - _GLUED_COST * float(sample.counts[glued].sum()) - _ALONE_COST * alone


def score(sample: Sample, charset: str) -> Guess | None:
    """Return how plausible the sample reads in a single-byte charset; None if too many of its bytes have no character there."""
    if charset not in SINGLE:
        return None
    table = _table(charset)
    if _lacks_bytes(sample, table):
        return None
    script = scripts()[SINGLE[charset][0]]
    totals = sample.counts @ table.logs_of(sample.first, sample.second)
    if script.name == "latin":  # the ASCII letters tell the language, whatever the charset
        totals = totals + (sample.plain - sample.plain.max()) * PLAIN_WEIGHT
    best = int(totals.argmax())
    return Guess(charset, float(totals[best]) + _beforehand(sample, charset, table), script.languages[best])


_FINALISTS = 8
_PRIOR_PER_BYTE = 0.05  # where no language fits, the usual charsets are the better guess, however long the text is,
_SELDOM = -5.0  # than those that pages are seldom in
_LATIN_COST = 0.15
_GLUED_COST = 2.0  # a letter of another script inside a Latin word,
_ALONE_COST = 8.0  # or one that is a word: in Latin text that is an "à" or an "å"


@dataclass(frozen=True, slots=True)
class _Table:
    """What the 256 bytes are in a charset: their places in the tables of its script, as the first (`rows`) or second of a pair.

    `logs` are the tables (pairs × languages), `common` that of all languages together.
    """

    rows: Any
    signs: Any
    is_letter: Any
    is_lower: Any
    is_upper: Any
    undefined: Any
    logs: Any
    common: Any

    def logs_of(self, first: Any, second: Any) -> Any:
        return self.logs[self.rows[first] + self.signs[second]]


@cache
def _ascii_letters() -> Any:
    import numpy as np

    return np.array([code < 0x80 and chr(code).isalpha() for code in range(256)])


@cache
def _table(charset: str) -> _Table:
    import numpy as np

    script = scripts()[SINGLE[charset][0]]
    chars = [bytes([code]).decode(charset, "replace") for code in range(256)]
    letters = [char if char.isalpha() else "" for char in chars]
    signs = np.array([script.sign_of(char) for char in chars], dtype=np.int64)
    return _Table(
        signs * (FIRST_LETTER + len(script.letters)),
        signs,
        np.array([bool(c) and not c.isascii() for c in letters]),
        np.array([bool(c) and c.islower() for c in letters]),
        np.array([bool(c) and c.isupper() for c in letters]),
        np.array([char == "\ufffd" or 0x80 <= ord(char) < 0xA0 for char in chars], dtype=np.int64),
        script.logs,
        np.ascontiguousarray(script.logs[:, -1]),
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
        wide = Counter(_ASCII.sub("", text))
        count = wide.total()
        if not count or len(_AMID_LATIN.findall(text)) * 2 > count:
            continue  # ideographs between the letters of words: these are halves of accented letters
        share = sum(wide[char] for char in wide.keys() & COMMON[language]) / count
        if language == "ja":  # half-width katakana fill single bytes, and no text consists of them
            share *= 1.0 - sum(number for char, number in wide.items() if "\uff61" <= char <= "\uff9f") / count
            if wide.keys().isdisjoint(KANA):
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
