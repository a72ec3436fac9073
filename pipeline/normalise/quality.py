"""Cheap measures of a clean text."""

from __future__ import annotations

import re
import string

from pipeline.model import Quality
from pipeline.text.words import ends_sentence, words

_ASCII = re.compile("[\x00-\x7f]+")
_LETTERS = string.ascii_letters.encode()
_SPACES = bytes(code for code in range(128) if chr(code).isspace())


def quality_of(text: str) -> Quality:
    """Return the measures of a text; an empty one has zeros."""
    lines = [line for line in text.split("\n") if line]
    found = words(text)
    letters, spaces = _letters_and_spaces(text)
    visible = len(text) - spaces
    return Quality(
        words=len(found),
        lines=len(lines),
        mean_word_chars=round(sum(map(len, found)) / len(found), 2) if found else 0.0,
        letter_share=round(letters / visible, 4) if visible else 0.0,
        sentence_share=round(sum(map(ends_sentence, lines)) / len(lines), 4) if lines else 0.0,
    )


def _letters_and_spaces(text: str) -> tuple[int, int]:
    """Return how many characters of a text are letters, and how many white space; those of ASCII are counted as bytes."""
    low, others = text.encode("ascii", "ignore"), "" if text.isascii() else _ASCII.sub("", text)
    letters = len(low) - len(low.translate(None, _LETTERS)) + sum(map(str.isalpha, others))
    return letters, len(low) - len(low.translate(None, _SPACES)) + sum(map(str.isspace, others))
