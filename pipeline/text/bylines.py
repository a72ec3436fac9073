"""Lines that name a page's authors and nothing else."""

from __future__ import annotations

import re

from pipeline.text.memory import remembered
from pipeline.text.words import word_count

# "By", and words for "author", which may begin a sentence too ("The author of the year dies") where no colon follows.
_BY = "by|von|par|por|di|da|door|av|af|autor|author|auteur|redactie|piše|írta|oleh|автор|пише|γράφει|yazan|كتب|كتبت|بقلم|מאת"
_AUTHOR = "autorka|авторка|teksti|penulis|người viết|από|نویسنده"
_BYLINE = re.compile(rf"^(?:(?:{_BY})(?:\s*+:)?\s++|(?:{_AUTHOR})\s*+:\s*+)(?P<names>\S.*)$", re.IGNORECASE)
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
