"""Ways in which UTF-8 was read with a wrong charset, as plans that undo them exactly.

A plan is written `cp1252 > utf-8`: what was read as cp1252 is turned back into bytes, and these are read as UTF-8. It can be
replayed
(`replay`) on the text it was made for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

# Charsets through which UTF-8 is misread, the likeliest first: where two of them undo a damage equally, the first is named.
MISREAD_AS = (
    "cp1252", "latin-1", "iso8859-15", "cp1254", "cp1250", "iso8859-2", "cp1251", "koi8-r", "cp866", "mac-cyrillic", "cp1253",
    "iso8859-7",
    "cp1257", "cp437", "cp850", "cp852", "mac-roman", "mac-latin2", "cp1256", "cp1255", "cp1258", "cp874", "koi8-u", "iso8859-5",
)  # fmt: skip
# UTF-8 sequences that text is made of, by their first bytes: two-byte letters, and the second bytes of three-byte ones.
_TWO = bytes([*range(0xC2, 0xC7), 0xC8, *range(0xCE, 0xDC)])
_SELDOM_TWO = {0xC9: (0x99,), 0xCA: (0xBB, 0xBC, 0xBE, 0xBF)}  # ə of Azerbaijani; ʻ ʼ ʾ ʿ
_THREE = {
    0xE0: range(0xA4, 0xC0),
    0xE1: (*range(0x80, 0x8F), 0x9E, 0x9F, *range(0xB8, 0xC0)),
    0xE2: (*range(0x80, 0x87), 0x88, 0x89, *range(0x92, 0xA0), 0xAD),
    0xE3: range(0x80, 0x90),
    0xE4: range(0xB8, 0xC0),
    **{lead: range(0x80, 0xC0) for lead in range(0xE5, 0xEE)},
    0xEF: (0xAC, 0xB8, 0xBB, 0xBC, 0xBD, 0xBF),
    0xF0: (0x9F,),
}  # fmt: skip
_WESTERN = ("cp1252", "latin-1", "iso8859-15", "cp1254")  # their letters seldom follow each other in the pairs that damage makes
_QUOTES = "“”‘’„"  # stand before letters in every text
_LOST_NBSP = (
    # "à la" lost its NBSP to the space behind it; elsewhere the space stands where the NBSP was.
    (re.compile(rb"\xc3 (?=[A-Za-z\xc3])"), b"\xc3\xa0 "),
    (re.compile(rb"([\xc4-\xdf]) "), b"\\1\xa0"),
    (re.compile(rb"([\xe0-\xef][\x80-\xbf]) "), b"\\1\xa0"),
    (re.compile(rb"([\xe1-\xef]) ([\x80-\xbf])"), b"\\1\xa0\\2"),
    (re.compile(rb"\xc2 "), b" "),
)
_LOST_QUOTE = re.compile("(?<=\u00e2\u20ac)\ufffd")  # ” is the one sign whose last byte cp1252 has no character for


@dataclass(frozen=True, slots=True)
class Misreading:
    """A charset as a misreader: what each of its characters was as a byte, and the pairs with which its damage begins."""

    charset: str
    codes: dict[int, int | str]
    pairs: frozenset[str]
    triples: frozenset[str]
    leads: frozenset[str]
    continuations: frozenset[str]
    sequences: str


@cache
def misreading(charset: str) -> Misreading:
    """Return the table of a charset. Bytes that it does not define stand for themselves, as browsers have it."""
    chars = []
    for code in range(256):
        char = bytes([code]).decode(charset, "replace")
        chars.append(chr(code) if char == "\ufffd" else char)
    codes: dict[int, int | str] = dict.fromkeys(range(0x80, 0x100), "\uffff")  # latin-1 letters that the charset lacks
    if charset == "cp1252":
        codes.update({code: code for code in range(0x80, 0xA0)})
    codes.update({ord(chars[code]): code for code in range(0x80, 0x100)})
    return Misreading(
        charset,
        codes,
        frozenset(
            chars[lead] + cont
            for lead in (*_TWO, *_SELDOM_TWO)
            for cont in (chars[0x80:0xC0] if lead in _TWO else [chars[second] for second in _SELDOM_TWO[lead]])
            if charset in _WESTERN or not _may_follow(chars[lead], cont)
        ),
        frozenset(
            chars[lead] + chars[second]
            for lead, seconds in _THREE.items()
            for second in seconds
            if charset in _WESTERN or lead in (0xE2, 0xE3) or not _may_follow(chars[lead], chars[second])
        ),
        frozenset(chars[lead] for lead in (*_TWO, *_SELDOM_TWO, *_THREE)),
        frozenset(chars[0x80:0xC0]),
        _sequences(chars),
    )


def _may_follow(char: str, after: str) -> bool:
    """Return whether well text has one character behind another: letters in words, and any letter behind a quotation mark."""
    return (char.isalpha() and _is_small(after)) or (char in _QUOTES and after.isalpha())


def _is_small(char: str) -> bool:
    """Return whether a character may follow another letter in any word: a small letter, or one of a script without capitals."""
    return char.isalpha() and not char.isupper() and char not in "ªºµƒ"


def _sequences(chars: Sequence[str]) -> str:
    """Return a pattern for a letter that was UTF-8, `chars` being the characters of the 256 bytes."""
    cont = _one_of(chars[0x80:0xC0])
    longer = (
        f"{re.escape(chars[lead])}{_one_of(chars[second] for second in seconds)}{cont}{'{2}' if lead == 0xF0 else ''}"
        for lead, seconds in _THREE.items()
    )
    seldom = (f"{re.escape(chars[lead])}{_one_of(chars[second] for second in seconds)}" for lead, seconds in _SELDOM_TWO.items())
    return "|".join((f"{_one_of(chars[lead] for lead in _TWO)}{cont}", *seldom, *longer))


def _one_of(chars: Iterable[str]) -> str:
    return f"[{re.escape(''.join(chars))}]"


@cache
def _sequence(charset: str) -> re.Pattern[str]:
    return re.compile(misreading(charset).sequences)


@cache
def readable_as(charset: str) -> frozenset[str]:
    """Return the characters outside ASCII that a charset can have given, and what stands for a lost one where that is known."""
    lost = "\ufffd" if charset == "cp1252" else ""
    return frozenset(chr(code) for code, byte in misreading(charset).codes.items() if isinstance(byte, int)).union(lost)


def unread(text: str, charset: str) -> bytes | None:
    """Return the bytes that were read as `text` in a charset, or None if the charset cannot have given this text."""
    try:
        return text.translate(misreading(charset).codes).encode("latin-1")
    except UnicodeEncodeError:
        return None


def undone(text: str, charset: str, is_strict: bool = False) -> str | None:
    """Return what a line was before its UTF-8 was read in `charset`; None if it cannot be that, or nothing would change.

    Unless `is_strict`, NBSPs that became spaces since are put back: too weak to prove a damage, good where it is known.
    """
    body = unread(_LOST_QUOTE.sub("\u009d", text) if charset == "cp1252" else text, charset)
    if body is None:
        return None
    for mended in (body,) if is_strict else (body, _with_nbsp(body)):
        try:
            found = mended.decode("utf-8")
        except UnicodeDecodeError:
            continue
        return found if found != text else None
    return None


def undone_in_part(text: str, charset: str) -> str:
    """Return a line with those of its letters mended that are UTF-8 read in `charset`, the rest as it is."""

    def mend(found: re.Match[str]) -> str:
        body = unread(found[0], charset)
        try:
            return body.decode("utf-8") if body else found[0]
        except UnicodeDecodeError:
            return found[0]

    return _sequence(charset).sub(mend, text)


def stands_in_word(text: str, charset: str) -> bool:
    """Return whether a letter that was read in `charset` stands inside a Latin word as what cannot be there: nobody writes so,
    and one such word proves the damage.

    >>> stands_in_word("caf├®", "cp850"), stands_in_word("caf Г©", "cp1251"), stands_in_word("estĂˇ", "cp1250")
    (True, False, True)
    """
    return any(
        (body := unread(found[0], charset)) is not None
        and body.decode("utf-8", "replace").isalpha()
        and _is_out_of_place(text[: found.start()][-1:], found[0][0], text[found.end() :][:1])
        for found in _sequence(charset).finditer(text)
    )


def _is_out_of_place(before: str, char: str, after: str) -> bool:
    """Return whether a sign, a letter of another script, or a capital behind a small letter stands inside a Latin word."""
    if "À" <= char <= "ɏ":
        return char.isupper() and "a" <= before <= "z"
    return any(one.isascii() and one.isalpha() for one in (before, after))


def reread(text: str, charset: str, right: str) -> str | None:
    """Return a line that was read in `charset` and is in `right`, or None if it cannot be."""
    body = unread(text, charset)
    if body is None:
        return None
    try:
        return body.decode(right)
    except UnicodeDecodeError:
        return None


def _with_nbsp(body: bytes) -> bytes:
    for pattern, mended in _LOST_NBSP:
        body = pattern.sub(mended, body)
    return body
