"""Which language a text is in."""

from __future__ import annotations

import math
from collections.abc import Iterable

_SAMPLE_CHARS = 1_200
_FEWEST_LETTERS = 20


def identify(texts: Iterable[str], stated: str = "") -> tuple[str, float]:
    """Return the language (ISO 639-1) of the longer `texts` and its probability, 0 to 1.

    Too few letters to tell: the language that the page states (`lang="en-GB"`), at 0.0, or "".
    """
    stated = stated.strip().lower().replace("_", "-").partition("-")[0]
    stated = stated if stated.isalpha() and len(stated) in (2, 3) else ""
    sample = _sample(texts)
    if sum(map(str.isalpha, sample)) < _FEWEST_LETTERS:
        return stated, 0.0
    from py3langid import rank

    ranked = rank(sample)
    language, best = ranked[0]
    share = 1.0 / sum(math.exp(max(score - best, -700.0)) for _, score in ranked)
    return str(language), round(share, 4)


def _sample(texts: Iterable[str]) -> str:
    """Return the longest texts, up to a few thousand characters: menus are often in another language than the article."""
    pieces, chars = [], 0
    for text in sorted(texts, key=len, reverse=True):
        pieces.append(text[: _SAMPLE_CHARS - chars])
        chars += len(pieces[-1])
        if chars >= _SAMPLE_CHARS:
            break
    return "\n".join(pieces)
