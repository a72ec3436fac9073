"""What a line of dumped text looks like and what stands around it, as one row of numbers a line.

Columns and windows follow what was found to matter on dumps of labelled pages: the line itself, three lines to either side, sums
over 3 to 100 lines before and behind, the place on the page, how far the nearest paragraph is, the page as a whole, and where the
line stands to the body of the page, as several measures of text find it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from pipeline.learned.around import BODY_COLUMNS, body_columns, lines_since, lines_until, window_sums
from pipeline.learned.tokens import COLUMN, Floats, Tokens
from pipeline.text.unicode import folded

WINDOWS = (3, 6, 12, 30)
WIDE = (100,)
SHIFTS = (1, 2, 3)
_FAR = 99
_PROSE_WORDS, _SENTENCE_WORDS, _SHORT_WORDS, _LONG_WORDS = 12, 5, 4, 40
_EDGE = 60
# What a line is worth as a part of the body: what a line costs that is no paragraph; the word scores, turned round and clipped,
# at which a line is worth nothing; and what rules, words and paragraphs are worth together.
_NO_PROSE, _MOST_PROSE = (3.0, 10.0), 60
_SCORES, _MOST_SCORE = (-0.4, 0.0, 0.5, 1.0), 3.0
_PARAGRAPH, _OTHER = 3.0, 0.5
_AROUND = 8  # columns that are summed over windows, two of them word scores

# Columns that tell capitals apart; a script without them has none, which `without_case` imitates.
_CASED = ("capital", "lower", "upper", "begins_capital", "begins_lower")


def far_columns(*, has_words: bool) -> int:
    """Return how many of the last columns of `line_features` are about the wide surroundings and the body of the page."""
    around, measures = (_AROUND, len(_NO_PROSE) + len(_SCORES) + 1) if has_words else (_AROUND - 2, len(_NO_PROSE) + 1)
    return 2 * len(WIDE) * around + BODY_COLUMNS * measures


def line_features(
    texts: Sequence[str], gaps: Sequence[bool], rules: Floats, scores: Floats | None, tokens: Tokens, *, case: bool = True
) -> Floats:
    """Return the features of the lines of one page: (lines, features).

    `gaps` says before which lines a blank line stood, `rules` holds two columns, the weight of the strongest rule that a line is
    and of the strongest that is glued to it; `scores` is the word score of each line, None for a model that knows no words.
    Without `case` capitals are not looked at.
    """
    surface, names = _surface(tokens, case)
    count = len(texts)
    words, capital = surface[:, 0], surface[:, names.index("capital")]
    ends, inner = surface[:, names.index("ends_sentence")], surface[:, names.index("inner_ends")]
    prose = np.where((words >= _PROSE_WORDS) & ((ends > 0) | (inner > 0)), words, 0).astype(np.float32)
    sentence = ((words >= _SENTENCE_WORDS) & (ends > 0)).astype(np.float32)
    short = (words <= _SHORT_WORDS).astype(np.float32)
    folds = [folded(text) for text in texts]
    copies = Counter(folds)
    again = np.fromiter((copies[fold] for fold in folds), np.float32, count)
    score = np.zeros(count, np.float32) if scores is None else scores
    place = np.arange(count, dtype=np.float32)
    read = np.cumsum(prose) / (prose.sum() + 1)
    page = np.array(
        [count, (prose.sum() + 1) / (words.sum() + 1), score.mean(), short.mean(), (rules[:, 0] > 0).mean(), (again > 1).mean()],
        np.float32,
    )
    around = np.stack(
        [prose, sentence, short, np.minimum(words, _LONG_WORDS), capital, rules[:, 0], score, score * np.sqrt(words + 1)], axis=1
    )
    beside = np.stack([words, sentence, capital, short, again, surface[:, names.index("comma")], rules[:, 0], score], axis=1)
    if scores is None:
        around, beside = around[:, :-2], beside[:, :-1]
    own = [
        again,
        place / count,
        (count - 1 - place) / count,
        np.minimum(place, _EDGE),
        np.minimum(count - 1 - place, _EDGE),
        read,
    ]
    own += [np.asarray(gaps, np.float32), lines_since(prose > 0, _FAR), lines_until(prose > 0, _FAR)]
    before, behind = window_sums(around, WINDOWS)
    columns = [surface, rules, np.stack(own, axis=1), np.repeat(page[None], count, 0), *before, *behind, _shifted(beside)]
    if scores is not None:
        columns.append(score[:, None])
    # Behind these stands what only the trees read: networks judged pages of other sites worse by it.
    before, behind = window_sums(around, WIDE)
    columns += [*before, *behind, body_columns(_worth(words, prose, rules[:, 0], scores))]
    return np.concatenate(columns, axis=1).astype(np.float32, copy=False)


def _worth(words: Floats, prose: Floats, rules: Floats, scores: Floats | None) -> Floats:
    """Return what each line is worth as a part of the body of the page, by several measures: (lines, measures)."""
    is_prose = prose > 0
    mixed = np.where(is_prose, _PARAGRAPH, -_OTHER) - rules
    measures = [np.where(is_prose, np.minimum(prose, _MOST_PROSE), -cost) for cost in _NO_PROSE]
    if scores is not None:
        long, text = np.sqrt(words + 1), np.clip(-scores, -_MOST_SCORE, _MOST_SCORE)
        measures += [(text - least) * long for least in _SCORES]
        mixed = mixed + text * long
    return np.stack([*measures, mixed], axis=1)


def _surface(tokens: Tokens, case: bool) -> tuple[Floats, list[str]]:
    """Return what each line looks like by itself, with the names of the columns."""
    sums, first, last = tokens.sums(), tokens.firsts(), tokens.lasts()
    count = np.diff(tokens.starts).astype(np.float32)
    words, chars = sums[:, COLUMN["words"]], sums[:, COLUMN["chars"]]
    each = {
        "words": words,
        "chars": chars + count - 1,
        "chars_a_token": chars / count,
        "inner_ends": sums[:, COLUMN["ends_sentence"]] - last[:, COLUMN["ends_sentence"]],
        "commas": sums[:, COLUMN["comma"]],
        "digit_share": sums[:, COLUMN["digits"]] / np.maximum(chars, 1),
        "spaceless": sums[:, COLUMN["spaceless"]] / np.maximum(chars, 1),
        "two_words": (words <= 2).astype(np.float32),
    }
    each |= {name: sums[:, COLUMN[name]] / count for name in ("capital", "lower", "digit", "upper", "ornament")}
    for name in ("address", "at", "bar", "copyright", "currency", "quote", "bracket", "joined"):
        each[name] = np.minimum(sums[:, COLUMN[name]], 3)
    each |= {f"begins_{name}": first[:, COLUMN[name]] for name in ("capital", "lower", "digit", "ornament", "arrow")}
    each |= {name: last[:, COLUMN[name]] for name in ("ends_sentence", "ends_colon", "ends_comma", "arrow")}
    each["comma"] = each["commas"]
    if not case:
        each |= dict.fromkeys(_CASED, np.zeros(len(words), np.float32))
    return np.stack(list(each.values()), axis=1), list(each)


def _shifted(columns: Floats) -> Floats:
    """Return the columns of the lines one, two and three before and behind each line; 0 beyond the page's edge."""
    count, width = columns.shape
    edge = max(SHIFTS)
    padded = np.zeros((count + 2 * edge, width), np.float32)
    padded[edge : edge + count] = columns
    return np.concatenate([padded[edge + by : edge + by + count] for shift in SHIFTS for by in (-shift, shift)], axis=1)
