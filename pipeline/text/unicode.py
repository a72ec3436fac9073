"""White space, controls and folding."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[^\S\n]+")  # every Unicode space but the line feed: NBSP, thin, ideographic
_LINE_ENDS = ("\r\n", "\r", "\x0b", "\x0c", "\u2028", "\u2029")  # not U+0085: in damaged text it is half a letter
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # not ZWNJ or ZWJ: Persian and Hindi spell with them
# Vowel signs and accents written as characters of their own belong to their word; `\\w` does not know them.
_MARK_RANGES = (range(0x300, 0x1E00), range(0x20D0, 0x2100), range(0xA600, 0xAC00), range(0xFE00, 0xFE30))
MARKS = "".join(chr(c) for span in _MARK_RANGES for c in span if unicodedata.category(chr(c)) in ("Mn", "Mc"))
_FOLDED_SIGNS = re.compile(rf"[^\w%$€£{MARKS}]+")


def unix_lines(text: str) -> str:
    """Return text with every kind of line end as a line feed."""
    for end in _LINE_ENDS:
        if end in text:
            text = text.replace(end, "\n")
    return text


def without_controls(text: str) -> str:
    """Return text without C0 and C1 controls (tabs and line ends stay) and lone surrogates."""
    return _CONTROLS.sub("", text)


def clean_line(text: str) -> str:
    """Return one line in NFC with each run of spaces as one space, trimmed, invisible characters out.

    >>> clean_line(" a\\u00a0\\u2009b\\u200b ")
    'a b'
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFC", _INVISIBLE.sub("", text))).strip()


def folded(text: str) -> str:
    """Return what two copies of a line share: case, punctuation and spaces folded away.

    >>> folded("  Read MORE » ") == folded("read more")
    True
    """
    return _FOLDED_SIGNS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
