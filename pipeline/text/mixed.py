"""Pages that are mostly UTF-8: a stray byte, a word or a whole paragraph in them came from somewhere else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.text.detect import SINGLE, east_asian, rank, sample_of

_PIECES = re.compile(r"([\r\n<>]+)")
_NOT_ASCII = re.compile("[\r\n<>]([^\r\n<>\x80-\U0010ffff]*+[^\x00-\x7f][^\r\n<>]*)")
_TOKENS = re.compile(r"(\s+)")
_BAD = re.compile("[\udc80-\udcff]+")
_GOOD = re.compile("[^\x00-\x7f\udc80-\udcff]")
_HIGH_BYTES = bytes(range(0x80, 0x100))
_WORD = re.compile("[A-Za-z]{3}")
_QUOTES = frozenset(b"\x80\x82\x84\x85\x8b\x91\x92\x93\x94\x95\x96\x97\x99\x9b")  # signs that Windows sets where ISO has controls
_OWN_BONUS = 6.0  # a foreign paragraph is likely in the script of the page


@dataclass(frozen=True, slots=True)
class Mended:
    """The text, the charset of what was foreign ("" if nothing could be read), why, and how sure it is."""

    text: str
    foreign: str
    why: str
    confidence: float


def mend_mixed(body: bytes, declared: Sequence[str] = ()) -> Mended | None:
    """Return the text of a page that is UTF-8 but for some bytes, or None if it is not UTF-8 at all."""
    if not _may_be_utf8(body):
        return None
    good, bad = _counts(body)
    if not good or good * 10 < bad:
        return None
    text = body.decode("utf-8", "surrogateescape")
    if good < 3 * bad and not _has_own_lines(text, bad):
        return None
    pieces = _PIECES.split(text)
    foreign = {at for at, piece in enumerate(pieces) if _BAD.search(piece) and _is_foreign(piece)}
    charset = _charset_of([pieces[at] for at in sorted(foreign)], text, declared) if foreign else ""
    letters = frozenset(_GOOD.findall(text))
    for at, piece in enumerate(pieces):
        if _BAD.search(piece):
            pieces[at] = _read(piece, charset) if at in foreign and charset else _patched(piece, letters)
    lost = sum(piece.count("\ufffd") for piece in pieces)
    why = f"UTF-8, {len(foreign)} pieces in {charset}" if charset else f"UTF-8 with {bad} bad bytes"
    return Mended("".join(pieces), charset, why, round(max(0.5, 0.98 - lost / max(1, good)), 2))


def _may_be_utf8(body: bytes) -> bool:
    """Return whether enough bytes stand as the first two of a character do; quicker than to count characters."""
    import numpy as np

    codes = np.frombuffer(body, dtype=np.uint8)
    leads = codes >= 0xC2
    high_count = np.count_nonzero(codes & 0x80)
    return bool(14 * np.count_nonzero(leads[:-1] & (codes[1:] & 0xC0 == 0x80)) >= high_count)


def _counts(body: bytes) -> tuple[int, int]:
    """Return how many characters outside ASCII are valid UTF-8, and how many bytes are not."""
    valid = body.decode("utf-8", "ignore")
    good = len(valid) - len(valid.encode("ascii", "ignore"))
    high_bytes = len(body) - len(body.translate(None, _HIGH_BYTES))
    return good, high_bytes - (len(valid.encode("utf-8")) - (len(valid) - good))


def _has_own_lines(text: str, bad: int) -> bool:
    """Return whether enough characters stand in pieces that are wholly UTF-8: a legacy page has such sequences by accident
    alone.
    """
    own = 0
    for match in _NOT_ASCII.finditer("\n" + text):
        piece = match[1]
        if not _BAD.search(piece):
            found = len(_GOOD.findall(piece))
            own += found if found >= 2 or _WORD.search(piece) else 0
    return own >= 2 and own * 10 >= bad


def _is_foreign(piece: str) -> bool:
    """Return whether what is not ASCII in a piece is mostly no UTF-8."""
    return len(_GOOD.findall(piece)) < 3 * sum(map(len, _BAD.findall(piece)))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _charset_of(pieces: Sequence[str], text: str, declared: Sequence[str]) -> str:
    """Return the charset of the foreign words; declared charsets and those of the page's own script are preferred."""
    words = [token for piece in pieces for token in _TOKENS.split(piece) if _is_legacy(token)]
    sample = sample_of(_bytes(" ".join(words)))
    if not sample.text:
        return ""
    wide, share = east_asian(sample)
    if wide and share >= 0.5:
        return wide
    own = _script_of(text)
    ranked = [
        (guess.score + _OWN_BONUS * (SINGLE[guess.charset][0] == own) + _OWN_BONUS * (guess.charset in declared), guess.charset)
        for guess in rank(sample)
    ]
    return max(ranked)[1] if ranked else ""


def _script_of(text: str) -> str:
    """Return the script that most letters of a page outside ASCII are in, as the single-byte charsets name it."""
    blocks = Counter(ord(char) >> 8 for char in _GOOD.findall(text[:20_000]) if char.isalpha())
    if not blocks:
        return "latin"
    block = blocks.most_common(1)[0][0]
    return {0x03: "greek", 0x04: "cyrillic", 0x05: "hebrew", 0x06: "arabic", 0x0E: "thai"}.get(block, "latin")


def _read(piece: str, charset: str) -> str:
    """Return a foreign piece: its words that are UTF-8 as they are, the rest in `charset`."""
    return "".join(
        token if not _BAD.search(token) else _bytes(token).decode(charset if _is_legacy(token) else "utf-8", "replace")
        for token in _TOKENS.split(piece)
    )


def _is_legacy(token: str) -> bool:
    """Return whether a word is in another charset: some of its bytes make UTF-8 by accident, most don't."""
    return len(_GOOD.findall(token)) < sum(map(len, _BAD.findall(token))) or token.isascii()


def _patched(piece: str, letters: frozenset[str]) -> str:
    """Return a UTF-8 piece with its stray bytes replaced: by the sign or letter that Windows means, if the page uses it,
    else U+FFFD.
    """

    def patch(found: re.Match[str]) -> str:
        code = _bytes(found[0])
        if len(code) == 1:
            sign = code.decode("cp1252", "replace")
            beside = piece[max(0, found.start() - 1) : found.start()] + piece[found.end() : found.end() + 1]
            if code[0] in _QUOTES and all(char.isascii() or char.isalpha() for char in beside):
                return sign
            if sign in letters and sign.isalpha() and any(char.isalpha() for char in beside):
                return sign
        return code.decode("utf-8", "replace")

    return _BAD.sub(patch, piece)
