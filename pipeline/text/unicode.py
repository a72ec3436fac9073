"""White space, controls and folding."""

from __future__ import annotations

import re
import unicodedata

from pipeline.text.memory import remembered

_SPACES = re.compile(r"[^\S\n]+")  # every Unicode space but the line feed: NBSP, thin, ideographic
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\u2028\u2029]")  # not U+0085: in damaged text it is half a letter
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # not ZWNJ or ZWJ: Persian and Hindi spell with them
# Vowel signs and accents written as characters of their own belong to their word; `\\w` does not know them.
_MARK_RANGES = (range(0x300, 0x1E00), range(0x20D0, 0x2100), range(0xA600, 0xAC00), range(0xFE00, 0xFE30))
MARKS = "".join(chr(c) for span in _MARK_RANGES for c in span if unicodedata.category(chr(c)) in ("Mn", "Mc"))
_NUMBERS = re.compile(r"\d+")
_FOLDED_SIGNS = re.compile(rf"[^\w%$€£{MARKS}]+")


def unix_lines(text: str) -> str:
    """Return text with every kind of line end as a line feed."""
    return _LINE_ENDS.sub("\n", text)


def without_controls(text: str) -> str:
    """Return text without C0 and C1 controls (tabs and line ends stay) and lone surrogates."""
    return _CONTROLS.sub("", text)


def clean_line(text: str) -> str:
    """Return one line in NFC with each run of spaces as one space, trimmed, invisible characters out.

    >>> clean_line(" a\\u00a0\\u2009b\\u200b ")
    'a b'
    """
    return _SPACES.sub(" ", unicodedata.normalize("NFC", _INVISIBLE.sub("", text))).strip()


def masked(fold: str) -> str:
    """Return a folded line with each number as 0, so that "12 views" and "7 views" are one line; "" if it has no digit.

    The mark in front keeps it apart from a line that reads so.

    >>> masked(folded("1.204 views")), masked("views")
    ('#0 0 views', '')
    """
    found = _NUMBERS.sub("0", fold)
    return f"#{found}" if found != fold or "0" in fold else ""


@remembered
def folded(text: str) -> str:
    """Return what two copies of a line share: case, punctuation and spaces folded away.

    >>> folded("  Read MORE » ") == folded("read more")
    True
    """
    return _FOLDED_SIGNS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()
