"""Labelled lines of dumped pages, as the line model is trained on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.chrome.phrases import phrases
from pipeline.chrome.rulebook import RuleBook
from pipeline.chrome.text import rule_columns
from pipeline.learned.tokens import Floats
from pipeline.model import Block, Kind

NOT_JUDGED = -1
CLEAN = "gold"  # the dumper of clean texts
PART_OF_PAGE = frozenset(("bs4_article", "resiliparse_main"))  # dumpers that give what they take for the main text
_LEAST_COVERAGE = 0.7  # of the gold text in the dump; below, labels say little


@dataclass(frozen=True, slots=True)
class LabelledDump:
    """The lines of one dump of a page that are not blank. `labels`: 0 keep, 1 chrome, -1 not judged."""

    page: str
    dumper: str
    fold: int
    title: str
    lines: tuple[str, ...]
    gaps: tuple[bool, ...]
    labels: NDArray[np.int8]
    rules: Floats


def labelled_dumps(rows: Iterable[Mapping[str, Any]], book: RuleBook, folds: int) -> Iterator[LabelledDump]:
    """Return the dumps of rows {id, fold, title, gold, dumps: {dumper: lines}, labels, coverage}, and each gold text as a clean dump.

    A clean text holds no chrome: that it stays whole must be learnt like all else. Of the dumps of the whole page every second is
    taken, by turns: they hold the same lines, broken otherwise.
    """
    for number, row in enumerate(rows):
        fold = int(row["fold"]) % folds
        whole = [dumper for dumper in row["dumps"] if dumper not in PART_OF_PAGE]
        left_out = set(whole[number % 2 :: 2])
        for dumper, lines in row["dumps"].items():
            if dumper not in left_out and row["coverage"][dumper] >= _LEAST_COVERAGE:
                yield from _dump(row, dumper, fold, lines, row["labels"][dumper], book)
        lines = [line.strip() for line in row["gold"].split("\n")]
        yield from _dump(row, CLEAN, fold, lines, [0] * len(lines), book)


def _dump(
    row: Mapping[str, Any], dumper: str, fold: int, lines: Sequence[str], labels: Sequence[int], book: RuleBook
) -> Iterator[LabelledDump]:
    places = [place for place, line in enumerate(lines) if line.strip()]
    if places:
        texts = tuple(lines[place].strip() for place in places)
        blocks = [Block(index, Kind.LINE, 0, text) for index, text in enumerate(texts)]
        yield LabelledDump(
            page=str(row["id"]),
            dumper=dumper,
            fold=fold,
            title=row.get("title") or "",
            lines=texts,
            gaps=tuple(place > 0 and not lines[place - 1].strip() for place in places),
            labels=np.array([labels[place] for place in places], np.int8),
            rules=rule_columns(len(texts), [seen for block in blocks for seen in phrases(block, book)]),
        )
