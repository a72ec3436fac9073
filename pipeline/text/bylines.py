"""Lines that name a page's authors and nothing else."""

from __future__ import annotations

import re

from pipeline.text.memory import remembered
from pipeline.text.words import word_count

_BYLINE = re.compile(
    r"^(?:by|von|par|por|di|da|door|av|af|autor|autorka|author|auteur|redactie|piše|írta|teksti|oprac\.|oleh|penulis|người viết|"
    r"автор|авторка|пише|από|γράφει|yazan|كتب|كتبت|بقلم|نویسنده|מאת)"
    r"(?:\s*+:)?\s++(?P<names>\S.*)$",
    re.IGNORECASE,
)
_AND = re.compile(r" ?(?:,|;|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b|\boch\b|&) ?")  # of a text with single spaces
_NAME = re.compile(r"[^\W\d_][\w.'’\-]*")
_LOWER_IN_NAMES = frozenset("de da di del della van von der den la le el al bin ibn dos das do y".split())
_MOST_WORDS, _MOST_PARTS = 12, 5


@remembered
def authors_of_line(line: str) -> tuple[str, ...]:
    """Return the names in a line that is nothing but a byline; names are told by their capital letters.

    >>> authors_of_line("By Stephen Quill and News Agencies"), authors_of_line("By noon the rain had stopped")
    (('Stephen Quill', 'News Agencies'), ())
    """
    found = _BYLINE.match(line)
    if not found or line[-1:] in ".!?:" or word_count(line) > _MOST_WORDS:
        return ()
    names = [name for name in _AND.split(" ".join(found["names"].split())) if name]
    return tuple(names) if all(map(_is_name, names)) else ()


def _is_name(text: str) -> bool:
    parts = text.split()
    return 0 < len(parts) <= _MOST_PARTS and all(
        _NAME.fullmatch(part) and (not part[0].islower() or part in _LOWER_IN_NAMES) for part in parts
    )
