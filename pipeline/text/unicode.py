"""White space, controls and folding."""

from __future__ import annotations

import re
import unicodedata

from pipeline.text.memory import remembered

# Every Unicode space but the line feed (NBSP, thin, ideographic); a run that is one plain space already is left alone.
_SPACES = re.compile(r" [^\S\n]+|[^\S\n ][^\S\n]*")
_LINE_ENDS = ("\r\n", "\r", "\x0b", "\x0c", "\u2028", "\u2029")  # not U+0085: in damaged text it is half a letter
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")  # not ZWNJ or ZWJ: Persian and Hindi spell with them
# Vowel signs and accents written as characters of their own belong to their word; `\\w` does not know them.
_MARK_RANGES = (range(0x300, 0x1E00), range(0x20D0, 0x2100), range(0xA600, 0xAC00), range(0xFE00, 0xFE30))
MARKS = "".join(chr(c) for span in _MARK_RANGES for c in span if unicodedata.category(chr(c)) in ("Mn", "Mc"))
_NUMBERS = re.compile(r"\d+")
_FOLDED_SIGNS = re.compile(rf" [^\w%$€£{MARKS}]+|[^\w%$€£ {MARKS}][^\w%$€£{MARKS}]*")  # likewise


def unix_lines(text: str) -> str:
    """Return text with every kind of line end as a line feed."""
    for end in _LINE_ENDS:
        if end in text:
            text = text.replace(end, "\n")
    return text


_MEANT = "\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001faff"  # signs and pictures that joiners join
# Scripts that spell with joiners.
_COMPLEX = "\u0590-\u08ff\u0900-\u109f\u1780-\u18af\u1b00-\u1cff\ua880-\uabff\ufb1d-\ufdff\ufe70-\ufefc"
_JOINED = re.compile(f"[{_MEANT}{_COMPLEX}]")
_JOINERS = re.compile("[\u200c\u200d]")
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202c\u2066-\u2069]")
# Overrides turn text round, tags and deprecated controls say nothing; flags alone are spelt with tags.
_HARMFUL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202d\u202e\u2061-\u2064\u206a-\u206f\ufff9-\ufffb\ufeff]")
_TAGS = re.compile("(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0001-\U000e007f]+")
_SPACELESS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # scripts without spaces between words, where a line may break at U+200B
_BREAKS = re.compile(f"(?<![{_SPACELESS}\u200b])\u200b++(?![{_SPACELESS}])")
# A word joiner says that no line may end at a sign; between letters none would.
_SIGN = r"[^\w\s\u200b-\u200f\u2028-\u202e\u2060-\u206f]"
_JOINS = re.compile(rf"(?<!{_SIGN})(?<!\u2060)\u2060++(?!{_SIGN})")
_SOMETIMES = re.compile("[\u061c\u200b-\u200f\u202a-\u202c\u2060\u2066-\u2069\U000e0001-\U000e007f]")
# What terminals were told: colours and titles (ECMA-48), and letters struck twice to be bold or underlined.
_TERMINAL = re.compile(r"\x1b\[[0-?]{0,40}[ -/]{0,4}[@-~]|\x1b\][^\x07\x1b\n]{0,200}(?:\x07|\x1b\\)|(\S)\x08(?=\1)|_\x08(?=\S)")
_HARMFUL_CHARS = frozenset(
    chr(code)
    for span in (
        *(range(0x09), range(0x0E, 0x20), range(0x7F, 0xA0), range(0x200B, 0x2010), range(0x202A, 0x202F), range(0x2060, 0x2070)),
        *(range(0xD800, 0xE000), range(0xFFF9, 0xFFFC), range(0xE0001, 0xE0080), (0x061C, 0xFEFF)),
    )
    for code in span
)
_LONG = 4_000
_MORE_THAN_A_WORD = 10
_LIGATURES = str.maketrans({char: unicodedata.normalize("NFKC", char) for char in map(chr, range(0xFB00, 0xFB07))})
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"))


def without_harmful(text: str, *, keeps_direction: bool = False) -> str:
    """Return text without controls that harm: C0, C1, what terminals were told, direction overrides, stray joiners and marks of
    direction.

    Those that mean something stay: joiners in lines of Persian, Hindi or emoji, marks of direction in lines of Arabic or Hebrew;
    with `keeps_direction` in all lines.

    >>> without_harmful("a\\u200cb\\u202e c")
    'ab c'
    """
    if text.isascii() and text.isprintable():
        return text
    if "\x1b" in text or "\x08" in text:
        text = _TERMINAL.sub("", text)
    text = _HARMFUL.sub("", text)
    if not _SOMETIMES.search(text):
        return text
    return "\n".join(_without_strays(line, keeps_direction) for line in text.split("\n"))


def runs_right_to_left(text: str) -> bool:
    """Return whether more than a word of a text is written from right to left."""
    return len(_RIGHT_TO_LEFT.findall(text)) >= _MORE_THAN_A_WORD


def signs_of(text: str) -> set[str]:
    """Return the characters that a text consists of; of long texts quicker than `set` does."""
    if len(text) < _LONG:
        return set(text)
    import numpy as np

    units = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    is_ascii = units < 0x80
    others = units[~is_ascii]
    found = set(others.tolist()) if len(others) < _LONG else set(np.flatnonzero(np.bincount(others, minlength=0x10000)).tolist())
    if any(0xD800 <= unit < 0xE000 for unit in found):
        return set(text)
    found.update(np.flatnonzero(np.bincount(units[is_ascii], minlength=0x80)).tolist())
    return set(map(chr, found))


def may_harm(signs: set[str]) -> bool:
    """Return whether `without_harmful` could change a text that consists of these characters."""
    return not signs.isdisjoint(_HARMFUL_CHARS)


def _without_strays(line: str, keeps_direction: bool) -> str:
    line = _TAGS.sub("", _BREAKS.sub("", line))
    if not keeps_direction and not _RIGHT_TO_LEFT.search(line):
        line = _DIRECTIONS.sub("", line)
    return _JOINS.sub("", line if _JOINED.search(line) else _JOINERS.sub("", line))


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
    if text.isascii() and text.isprintable() and "  " not in text:  # most lines
        return text.strip()
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
