"""UTF-16 and UTF-32 without a byte order mark: told by where their zeros stand, or by the ideographs that they make."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.text.ideographs import EVERY_COMMON

_WIDE_SIGNS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_BLANKS = re.compile(rb"[\t\n\r ]")
_HEAD_BYTES = 4096
_LEAST_BYTES = 20


def wide_charset(body: bytes) -> str:
    """Return utf-16-le, utf-16-be, utf-32-le or utf-32-be if that is what unmarked bytes are, else ""."""
    head = body[:_HEAD_BYTES]
    if len(head) < _LEAST_BYTES:
        return _short(head)
    if not _WIDE_SIGNS.search(head):
        return _ideographs(head) if len(_BLANKS.findall(head)) * 50 < len(head) and not _is_utf8(head) else ""
    return _utf32(head) or _alphabet(head) or (_ideographs(head) if b"\x00" in head else "")


def _short(head: bytes) -> str:
    """Return the charset of a few ASCII letters with zeros between them."""
    for even, odd, charset in ((head[0::2], head[1::2], "utf-16-le"), (head[1::2], head[0::2], "utf-16-be")):
        if len(head) >= 4 and len(head) % 2 == 0 and not any(odd) and even.isascii() and 0 not in even:
            return charset
    return ""


def _utf32(head: bytes) -> str:
    whole = len(head) // 4 * 4
    for top, next_top, charset in (
        (head[3:whole:4], head[2:whole:4], "utf-32-le"),
        (head[0:whole:4], head[1:whole:4], "utf-32-be"),
    ):
        if not any(top) and max(next_top) <= 0x10 and sum(1 for code in next_top if code) * 4 < len(next_top):
            text = head[:whole].decode(charset, "replace")
            if text.count("\ufffd") * 50 <= len(text) and "\x00" not in text:
                return charset
    return ""


def _alphabet(head: bytes) -> str:
    """Return the charset if every other byte takes but a few values, as the high bytes of an alphabet do.

    The high bytes of alphabets below U+0E00 are controls, which no other charset has in a text.
    """
    even, odd = _top_share(head[0::2]), _top_share(head[1::2])
    for narrow, wide, charset in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if narrow > 0.85 and wide < 0.65:
            text = head[: len(head) // 2 * 2].decode(charset, "replace")
            if sum(char.isalpha() or char.isspace() for char in text) > 0.6 * len(text) and text.count("\x00") == 0:
                return charset
    return ""


def _ideographs(head: bytes) -> str:
    """Return the charset in which the units are ASCII and the characters that East Asian texts are made of."""
    for charset in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(charset, "replace")
        wide = [char for char in text if char > "\x7f"]
        if len(wide) < 6 or "\x00" in text:
            continue
        plain = len(text) - len(wide)
        usual = sum(char in EVERY_COMMON for char in wide)
        if usual > 0.45 * len(wide) and text.count("\ufffd") * 50 < len(text) and (plain or len(wide) >= 12):
            return charset
    return ""


def _top_share(values: bytes) -> float:
    """Return the share that the three most frequent bytes have."""
    return sum(count for _, count in Counter(values).most_common(3)) / len(values)


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3
    return True
