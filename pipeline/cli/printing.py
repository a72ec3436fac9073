"""What is printed of pages, paths and errors: nothing of it may be obeyed by a terminal."""

from __future__ import annotations

import json
import sys
import unicodedata
from typing import Any

_KEPT = frozenset("\n\t")
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # they turn letters round


def plain(text: str) -> str:
    """Return a text without what a terminal would obey: escapes and other controls.

    >>> plain("a\\x1b[31mb\\x07")
    'a�[31mb�'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if _is_control(char) else char for char in text)


def one_line(text: str) -> str:
    """Return a text, such as a path or a message, as one line that shows as what it is."""
    line = plain(text).replace("\n", "\\n").replace("\t", "\\t")
    return line if line.isascii() else "".join("\ufffd" if char in _BIDI else char for char in line)


def _is_control(char: str) -> bool:
    return char not in _KEPT and unicodedata.category(char) in ("Cc", "Cs")


def as_json(value: Any, **options: Any) -> str:
    """Return a value as JSON in which what a terminal would obey is escaped; it means the same."""
    text = json.dumps(value, ensure_ascii=False, indent=1, **options)
    if text.isascii():
        return text.replace("\x7f", "\\u007f")
    return "".join(_escaped(char) if _is_control(char) or char in _BIDI else char for char in text)


def _escaped(char: str) -> str:
    return json.dumps(char)[1:-1] if ord(char) > 0x7F else f"\\u{ord(char):04x}"


def write_out(text: str) -> None:
    """Print a text on stdout as UTF-8, whatever the terminal's charset."""
    sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
    sys.stdout.flush()


def say(text: str) -> None:
    """Print a line on stderr."""
    print(f"dechrome: {one_line(text)}", file=sys.stderr)
