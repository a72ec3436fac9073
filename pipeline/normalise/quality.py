"""Cheap measures of a clean text."""

from __future__ import annotations

from pipeline.model import Quality
from pipeline.text.words import ends_sentence, words


def quality_of(text: str) -> Quality:
    """Return the measures of a text; an empty one has zeros."""
    lines = [line for line in text.split("\n") if line]
    found = words(text)
    visible = sum(map(len, text.split()))
    letters = sum(map(str.isalpha, text))
    return Quality(
        words=len(found),
        lines=len(lines),
        mean_word_chars=round(sum(map(len, found)) / len(found), 2) if found else 0.0,
        letter_share=round(letters / visible, 4) if visible else 0.0,
        sentence_share=round(sum(map(ends_sentence, lines)) / len(lines), 4) if lines else 0.0,
    )
