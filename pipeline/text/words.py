"""Words and sentences, as coarsely as evidence needs them."""

from __future__ import annotations

import re

from pipeline.text.memory import remembered
from pipeline.text.unicode import MARKS

# Han, kana, Hangul and Thai write no spaces between words: each such letter counts as one.
_SINGLE = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
_WORD = re.compile(rf"[{_SINGLE}]|(?:[^\W_{_SINGLE}][{MARKS}]*)+(?:['’\-](?:[^\W_][{MARKS}]*)+)*")
# Most texts have no letter that is a word by itself and no accent that is a character of its own: three times as fast.
_HAS_MARKS = re.compile(f"[{_SINGLE}{MARKS}]")
_PLAIN_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_SENTENCE_END = re.compile(r"[.!?…。！？؟।۔][\"'”’»«“」』）)\]]*$")
_SENTENCE_BREAK = re.compile(r"[.!?…؟।۔][\"'”’»)\]]*\s|[。！？]")

# What stands between a headline and the name of its site in a page's title; it begins where a run of spaces does.
TITLE_SEPARATOR = re.compile(r"(?<!\s)\s++[|\-–—·•»:/]+\s+")


def words(text: str) -> list[str]:
    """Return the words of a text in lower case.

    >>> words("Don't panic: 42 日本")
    ["don't", 'panic', '42', '日', '本']
    """
    folded = text.casefold()
    return (_WORD if _has_marks(folded) else _PLAIN_WORD).findall(folded)


def _has_marks(text: str) -> bool:
    return not text.isascii() and _HAS_MARKS.search(text) is not None


@remembered
def word_count(text: str) -> int:
    """Return how many words a text has; where no spaces are written, two letters count as a word.

    >>> word_count("two words"), word_count("銭湯の湯")
    (2, 2)
    """
    if not _has_marks(text):
        return len(_PLAIN_WORD.findall(text))
    found = _WORD.findall(text)
    single = sum(1 for word in found if len(word) == 1 and word >= "\u0e00")
    return len(found) - single + (single + 1) // 2


@remembered
def ends_sentence(text: str) -> bool:
    """Return whether a text ends as a sentence does, closing quotes and brackets aside.

    >>> ends_sentence("He said “no.”"), ends_sentence("Read more")
    (True, False)
    """
    return bool(_SENTENCE_END.search(text.rstrip()))


@remembered
def is_prose(text: str) -> bool:
    """Return whether a text reads as a paragraph: a sentence of a dozen words, or thirty words with any punctuation.

    >>> is_prose("Home World News Sport"), is_prose("He said on Monday that the old bridge would be closed until the spring.")
    (False, True)
    """
    count = word_count(text)
    if count < 12:
        return False
    return bool(_SENTENCE_BREAK.search(text + " ")) if count < 30 else bool(re.search(r"[,.;:!?…،؛。、।]", text))
