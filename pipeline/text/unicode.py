"""White space, controls and folding."""

from __future__ import annotations

import re
import unicodedata

_SPACES = re.compile(r"[^\S\n]+")  # every Unicode space but the line feed: NBSP, thin, ideographic
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\u2028\u2029]")  # not U+0085: in damaged text it is half a letter
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # not ZWNJ or ZWJ: Persian and Hindi spell with them
# Vowel signs and accents written as characters of their own belong to their word; `\\w` does not know them.
_MARK_RANGES = (range(0x300, 0x1E00), range(0x20D0, 0x2100), range(0xA600, 0xAC00), range(0xFE00, 0xFE30))
MARKS = "".join(chr(c) for span in _MARK_RANGES for c in span if unicodedata.category(chr(c)) in ("Mn", "Mc"))
_FOLDED_SIGNS = re.compile(rf"[^\w%$€£{MARKS}]+")


def unix_lines(text: str) -> str:
    """Return text with every kind of line end as a line feed."""
    return _LINE_ENDS.sub("\n", text)


def without_controls(text: str) -> str:
    """Return text without C0 and C1 controls (tabs and line ends stay) and lone surrogates."""
    return _CONTROLS.sub("", text)


_MEANT = "\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001faff"  # signs and pictures that joiners join
# Scripts that spell with joiners.
_COMPLEX = "\u0590-\u08ff\u0900-\u109f\u1780-\u18af\u1b00-\u1cff\ua880-\uabff\ufb1d-\ufdff\ufe70-\ufefc"
_JOINERS = re.compile(f"(?<![{_MEANT}{_COMPLEX}])[\u200c\u200d]|[\u200c\u200d](?![{_MEANT}{_COMPLEX}\\s\u200c\u200d]|$)")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202c\u2066-\u2069]")
# Overrides turn text round, tags and deprecated controls say nothing; flags alone are spelt with tags.
_HARMFUL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202d\u202e\u2060-\u2064\u206a-\u206f\ufff9-\ufffb\ufeff]")
_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0001-\U000e007f]+")
_BREAKS = re.compile("\u200b(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])")
_SOMETIMES = re.compile("[\u061c\u200b-\u200f\u202a-\u202c\u2066-\u2069\U000e0001-\U000e007f]")
_OPENS, _CLOSES = frozenset("\u202a\u202b\u2066\u2067\u2068"), frozenset("\u202c\u2069")
_LIGATURES = str.maketrans({char: unicodedata.normalize("NFKC", char) for char in map(chr, range(0xFB00, 0xFB07))})
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))


def without_harmful(text: str) -> str:
    """Return text without controls that harm: C0, C1, direction overrides, stray joiners and marks of direction.

    Those that mean something stay: joiners in Persian, Hindi and emoji, marks of direction in lines with Arabic or Hebrew.

    >>> without_harmful("a\\u200cb \\u202ec می\\u200cخواهم")
    'ab c می\\u200cخواهم'
    """
    if text.isascii() and text.isprintable():
        return text
    text = _HARMFUL.sub("", text)
    if not _SOMETIMES.search(text):
        return text
    return "\n".join(map(_without_strays, text.split("\n")))


def _without_strays(line: str) -> str:
    line = _TAGS.sub("", _BREAKS.sub("", line))
    if not _RIGHT_TO_LEFT.search(line) or not _is_balanced(line):
        line = _DIRECTIONS.sub("", line)
    return _JOINERS.sub("", line)


def _is_balanced(line: str) -> bool:
    """Return whether each mark that begins a direction in a line is ended there."""
    depth = 0
    for char in line:
        depth += (char in _OPENS) - (char in _CLOSES)
        if depth < 0:
            return False
    return depth == 0


def straight_dashes(text: str) -> str:
    """Return text with every dash and the minus sign as a hyphen."""
    return text.translate(_DASHES)


def without_ligatures(text: str) -> str:
    """Return text with the typographic ligatures (ﬁ, ﬂ …) as their letters; œ and æ are letters."""
    return text.translate(_LIGATURES)


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
