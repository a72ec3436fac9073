"""The headline ranker: which line of a dumped page is its headline.

Main text begins below its headline, its first paragraphs use the headline's words, and the page's title, breadcrumb and share
links repeat it. Nothing here reads words by their meaning: it serves every language.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from pipeline.learned.around import body_columns, lines_since, lines_until, window_sums
from pipeline.learned.tokens import COLUMN, Floats, Tokens
from pipeline.learned.trees import Trees
from pipeline.text.bylines import authors_of_line
from pipeline.text.dates import date_of_line, find_date
from pipeline.text.unicode import folded
from pipeline.text.words import TITLE_SEPARATOR, ends_sentence, is_prose, word_count

_LONGEST_WORDS, _LONGEST_CHARS = 40, 300
_DATE_CHARS = 80
_NEAR = (1, 3, 6, 12, 30)
_PROSE_WORDS, _TRAIL_WORDS = 12, 4
_COMMON_LETTERS = 4  # shorter words are "the", "und", "les"
_MOST_TIMES = 10  # a word of the text counts no more often
_FAR = 200
_CHROME = 1.5  # log odds: what a rule knows so surely is no headline
# Of the page's odds (softmax of the scores): of the lines that have so much, nine of ten are the headline where there is one.
_SURE = 0.4
# The first copy of a headline stands above three tenths of the text, on .99 of the pages, or hardly below.
_ABOVE, _BELOW_LINES = 0.3, 5
_MOST_ODDS = 3.0
_SPEAKS, _NAME_WORDS = 3, 4
_FULL_STOPS, _CLOSING = (".", "。", "।", "۔"), "\"'”’»)」』 "
_MOST_WORDS, _GOES_ON = 30, (":", "：", ",", "，", "、", ";", "；")
_ITEM_NUMBER = re.compile(r"\d{1,2}[.)]\s")
_ITEM_SIGNS, _OPENING = ("- ", "– ", "— ", "• ", "* ", "+ ", "· "), tuple('"“„«»「『—–')


@dataclass(frozen=True, slots=True)
class Ranker:
    """Trees that rank the lines of a page as its headline (Burges, "From RankNet to LambdaRank to LambdaMART", 2010)."""

    trees: Trees

    def best(self, texts: Sequence[str], gaps: Sequence[bool], tokens: Tokens, odds: Floats, rules: Floats) -> tuple[int, bool]:
        """Return the line of a page that is likest to be its headline, -1 if none can be, and whether it surely is."""
        candidates = candidate_lines(tokens, texts, odds)
        if not len(candidates):
            return -1, False
        values = self.trees.sums(headline_features(texts, gaps, tokens, odds, rules, candidates))
        # The first paragraph of a text without a headline is as near to its top as a headline is.
        is_list = sum(_ITEM_NUMBER.match(text) is not None for text in texts) > 1  # "1. FC Ashby win" stands alone
        none = [is_no_headline(text, is_list=is_list) for text in map(texts.__getitem__, candidates.tolist())]
        values[none] = -np.inf
        values[rules[candidates, 0] >= _CHROME] = -np.inf
        best = int(np.argmax(values))
        speaking = speakers(texts) if texts.count(texts[candidates[best]]) >= _SPEAKS else frozenset()
        if texts[candidates[best]] in speaking:
            values[[texts[line] in speaking for line in candidates.tolist()]] = -np.inf
            best = int(np.argmax(values))
        if not np.isfinite(values[best]):
            return -1, False
        share = 1 / float(np.exp(values - values[best]).sum())
        found = behind_trail(int(candidates[best]), texts, candidates.tolist())
        # Of lines whose first copy stands below a paragraph that stays 17 of 43 are the headline; of others 716 of 928.
        first = texts.index(texts[found])
        is_above = not any(odds[line] < 0 and is_prose(texts[line]) for line in range(first))
        return found, share >= _SURE and is_above


def speakers(texts: Sequence[str]) -> frozenset[str]:
    """Return the lines that head turn after turn of a conversation: two or more, each of a few words above several sentences."""
    heads = Counter(
        line
        for line, said in pairwise(texts)
        if word_count(line) <= _NAME_WORDS and not ends_sentence(line) and ends_sentence(said)
    )
    found = frozenset(line for line, times in heads.items() if times >= _SPEAKS)
    return found if len(found) > 1 else frozenset()


def behind_trail(best: int, texts: Sequence[str], candidates: Sequence[int]) -> int:
    """Return the line that line `best` ends with, if there is one: "Home News Old bridge closes" is the trail to its headline."""
    whole = folded(texts[best])
    ends = [line for line in candidates if whole.endswith(f" {folded(texts[line])}") and word_count(texts[line]) >= _TRAIL_WORDS]
    return max(ends, key=lambda line: len(texts[line]), default=best)


def candidate_lines(tokens: Tokens, texts: Sequence[str], odds: Floats) -> NDArray[np.int64]:
    """Return the lines that are as long as headlines are, hold a word, and do not stand far below the beginning of the text."""
    words = tokens.sums()[:, COLUMN["words"]]
    chars = np.fromiter(map(len, texts), np.int64, len(texts))
    read = np.cumsum(_keep(odds) * words)
    end = int(np.searchsorted(read, _ABOVE * read[-1])) + 1 + _BELOW_LINES
    found = (words >= 1) & (words <= _LONGEST_WORDS) & (chars <= _LONGEST_CHARS)
    return np.flatnonzero(found[:end])


def _keep(odds: Floats) -> Floats:
    """Return the probability that each line is text."""
    return (1 / (1 + np.exp(np.clip(odds, -30, 30)))).astype(np.float32)


def is_no_headline(text: str, *, is_list: bool = False) -> bool:
    """Return whether a line is what hardly any headline is: a long sentence with a full stop, speech, an item, half a sentence.

    `is_list` says that other lines of the page are numbered too. Of 1,254 headlines of WCXB 2 are such sentences, 4 have more
    than 30 words, 1 is numbered, none ends with a colon or comma, and none is a date.
    """
    is_item = text.startswith(_ITEM_SIGNS) or (is_list and _ITEM_NUMBER.match(text) is not None)
    if is_item or text.endswith(_GOES_ON) or len(text.split()) > _MOST_WORDS or date_of_line(text):
        return True
    said = text.rstrip(_CLOSING)
    is_speech = text.startswith(_OPENING) and said.endswith((*_FULL_STOPS, "!", "?", "…"))
    is_sentence = said.endswith(_FULL_STOPS) and word_count(text) >= _PROSE_WORDS
    return is_speech or is_sentence


def headline_features(
    texts: Sequence[str], gaps: Sequence[bool], tokens: Tokens, odds: Floats, rules: Floats, candidates: NDArray[np.int64]
) -> Floats:
    """Return what tells headlines from other lines: (candidates, features).

    `odds` are the line model's, `candidates` the numbers of the lines asked about, the rest is as that model takes it.
    """
    count = len(texts)
    sums = tokens.sums()
    words = sums[:, COLUMN["words"]]
    length = np.diff(tokens.starts).astype(np.float32)
    keep = _keep(odds)
    ends = tokens.lasts()[:, COLUMN["ends_sentence"]]
    prose = ((words >= _PROSE_WORDS) & ((ends > 0) | (sums[:, COLUMN["ends_sentence"]] > 1))).astype(np.float32)
    body = keep * words
    folds = [folded(text) for text in texts]
    copies = Counter(folds)
    # What needs a look at the letters is asked of the candidates and the lines near them alone.
    near = texts[: int(candidates[-1]) + 1 + _NEAR[-1]]
    pieces = Counter(folded(piece) for text in near if len(text) <= _LONGEST_CHARS for piece in TITLE_SEPARATOR.split(text)[:-1])
    dates, names = np.zeros(count, np.float32), np.zeros(count, np.float32)
    dates[: len(near)] = [len(text) <= _DATE_CHARS and bool(find_date(text)) for text in near]
    names[: len(near)] = [len(text) <= _DATE_CHARS and bool(authors_of_line(text)) for text in near]
    place = np.arange(count, dtype=np.float32)
    shares = np.stack(_word_shares(folds, body, prose, candidates.tolist()), axis=1)
    most = shares.max(axis=0, initial=1e-3)
    gap = np.asarray(gaps, np.float32)
    own = [
        words,
        sums[:, COLUMN["chars"]],
        sums[:, COLUMN["capital"]] / length,
        sums[:, COLUMN["lower"]] / length,
        sums[:, COLUMN["digits"]] / np.maximum(sums[:, COLUMN["chars"]], 1),
        sums[:, COLUMN["ornament"]],
        ends,
        tokens.lasts()[:, COLUMN["ends_colon"]],
        tokens.firsts()[:, COLUMN["ornament"]],
        np.minimum(sums[:, COLUMN["bar"]], 3),
        odds,
        rules[:, 0],
        gap,
        np.append(gap[1:], 1),
        np.minimum(place, _FAR),
        place / count,
        np.array([copies[fold] for fold in folds], np.float32),
        _occurrence(folds),
        np.array([pieces[fold] for fold in folds], np.float32),
        dates,
        names,
        np.cumsum(body) / (body.sum() + 1),
        lines_until(prose > 0, _FAR),
        lines_until((keep > 0.5) & (words > 3), _FAR),
        lines_since(prose > 0, _FAR),
        np.full(count, np.log1p(count)),
        np.full(count, keep.mean()),
    ]
    around = np.stack(
        [keep, prose, np.minimum(words, 40), dates, names, (rules[:, 0] > 0).astype(np.float32), (words <= 4) * 1.0], axis=1
    )
    before, behind = window_sums(around, _NEAR, candidates)
    where = body_columns((np.clip(-odds, -_MOST_ODDS, _MOST_ODDS) * np.sqrt(words + 1))[:, None])
    at_candidates = np.stack([column[candidates] for column in own], axis=1)
    held = lines_that_hold(folds[: int(candidates[-1]) + 1], candidates.tolist())
    parts = [at_candidates, where[candidates], *behind, *before, shares, shares / np.maximum(most, 1e-3), held]
    return np.concatenate(parts, axis=1).astype(np.float32)


def lines_that_hold(folds: Sequence[str], candidates: Sequence[int]) -> Floats:
    """Return of each candidate how many lines begin with it and go on (page titles), and how many end with it (trails)."""
    wanted = {folds[number] for number in candidates}
    begun, ended = Counter[str](), Counter[str]()
    for fold in folds:
        if len(fold) <= _LONGEST_CHARS:
            spaces = [place for place, char in enumerate(fold) if char == " "]
            begun.update(wanted.intersection([fold[:place] for place in spaces]))
            ended.update(wanted.intersection([fold[place + 1 :] for place in spaces]))
    return np.array([(begun[folds[number]], ended[folds[number]]) for number in candidates], np.float32)


def _word_shares(folds: Sequence[str], body: Floats, prose: Floats, candidates: Sequence[int]) -> list[Floats]:
    """Return of each candidate which share of its words the text, the page's first line and the next paragraph hold."""
    held: Counter[str] = Counter()
    for line in np.flatnonzero((body > _COMMON_LETTERS) & (prose > 0)).tolist():
        held.update(set(_telling(folds[line])))
    first, opening = set(_telling(folds[0])), f"{folds[0]} "
    paragraphs = np.flatnonzero(prose).tolist()
    following = np.searchsorted(paragraphs, np.arange(len(folds)), side="right").tolist()
    in_text, depth, in_first, both_first, begins_first, in_next = [], [], [], [], [], []
    next_words = {
        place: set(_telling(folds[paragraphs[place]])) for place in {following[n] for n in candidates} if place < len(paragraphs)
    }
    times = {word: min(count, _MOST_TIMES) for word, count in held.items()}
    for number in candidates:
        words = _telling(folds[number])
        total = len(words) or 1
        known = [times[word] for word in words if word in times]
        in_text.append(len(known) / total)
        depth.append(sum(known) / total)
        shared = sum(map(first.__contains__, words))
        in_first.append(shared / total)
        both_first.append(shared / len(first.union(words)) if shared else 0.0)
        begins_first.append(len(folds[number]) / len(opening) if opening.startswith(f"{folds[number]} ") else 0.0)
        at = following[number]
        if at < len(paragraphs):
            in_next.append(sum(map(next_words[at].__contains__, words)) / total)
        else:
            in_next.append(0.0)
    return [np.array(values, np.float32) for values in (in_text, depth, in_first, both_first, begins_first, in_next)]


def _telling(fold: str) -> list[str]:
    """Return the words of a line, folded, that are not too common to tell anything."""
    return [word for word in fold.split() if len(word) >= _COMMON_LETTERS or not word.isascii()]


def _occurrence(folds: Sequence[str]) -> Floats:
    """Return of each line the how-manieth of its copies it is, from 0 on."""
    seen: Counter[str] = Counter()
    found = []
    for fold in folds:
        found.append(seen[fold])
        seen[fold] += 1
    return np.array(found, np.float32)
