"""Labelled lines of dumped pages, as the line model is trained on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.chrome.phrases import phrases
from pipeline.chrome.rulebook import RuleBook
from pipeline.chrome.text import rule_columns
from pipeline.learned.tokens import Floats
from pipeline.model import Block, Kind
from pipeline.text.unicode import folded
from pipeline.text.words import TITLE_SEPARATOR, is_prose
from pipeline.train.gold import fold_by_name, fold_of

NOT_JUDGED = -1
CLEAN, TRIMMED, LABELLED = "gold", "trimmed", "labelled"  # dumpers of clean texts, of cut-down dumps, of texts labelled by hand
PART_OF_PAGE = frozenset(("bs4_article", "resiliparse_main"))  # dumpers that give what they take for the main text
_LANGUAGE = re.compile(r"_([a-z]{2,3})_")
_LABELLED_WEIGHT = 8.0  # twenty thousand lines beside two million
_MOST_LEFT = 6  # lines of chrome in a row
_SEED = 0
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
    language: str = "en"
    weight: float = 1.0


def labelled_dumps(rows: Iterable[Mapping[str, Any]], book: RuleBook) -> Iterator[LabelledDump]:
    """Return the dumps of rows {id, fold, title, gold, dumps: {dumper: lines}, labels, coverage}.

    Of the dumps of the whole page every second is taken, by turns: they hold the same lines, broken otherwise. To them come the
    gold text as a clean dump, for that it stays whole must be learnt like all else, and a dump of which much of the chrome is
    gone already: people hand in such texts too.
    """
    random = np.random.default_rng(_SEED)
    for number, row in enumerate(rows):
        fold = fold_of(row)
        whole = [dumper for dumper in row["dumps"] if dumper not in PART_OF_PAGE]
        left_out = set(whole[number % 2 :: 2])
        for dumper, lines in row["dumps"].items():
            if dumper not in left_out and row["coverage"][dumper] >= _LEAST_COVERAGE:
                yield from _dump(row, dumper, fold, lines, row["labels"][dumper], book)
        if whole and row["coverage"][whole[0]] >= _LEAST_COVERAGE:
            yield from _dump(row, TRIMMED, fold, *_trimmed(row["dumps"][whole[0]], row["labels"][whole[0]], random), book)
        lines = [line.strip() for line in row["gold"].split("\n")]
        yield from _dump(row, CLEAN, fold, lines, [0] * len(lines), book)


def labelled_texts(folder: Path, book: RuleBook) -> Iterator[LabelledDump]:
    """Return the texts of a folder that have `NAME.labels.tsv` beside them: rows line number, K, C, O or M, and the line.

    Their fold is that of their language (`NNN_xx_name.txt`), so that a language is held out as a whole; English, which all pages
    are in, is held out text by text. Their headline is the first line that stays, if it is no paragraph and no trail.
    """
    for path in sorted(folder.glob("*.labels.tsv")):
        lines = [line.strip() for line in path.with_name(path.name.removesuffix(".labels.tsv")).read_text("utf-8").split("\n")]
        labels, titles = [NOT_JUDGED] * len(lines), list[str]()
        for row in path.read_text("utf-8").splitlines():
            number, label = row.split("\t")[:2]
            labels[int(number) - 1] = {"K": 0, "C": 1}.get(label, NOT_JUDGED)
            if label in "KM":
                line = lines[int(number) - 1]
                titles.append("" if label == "M" or is_prose(line) else line)
        found = _LANGUAGE.search(path.name)
        language = found[1] if found else "en"
        fold = fold_by_name(path.name if language == "en" else language)
        for dump in _dump({"id": path.name, "title": titles[0] if titles else ""}, LABELLED, fold, lines, labels, book):
            yield replace(dump, language=language, weight=_LABELLED_WEIGHT)


def without_page_title(dump: LabelledDump) -> Iterator[LabelledDump]:
    """Return a dump of a page without the page title that its first line is, and with only the site's name of it left.

    Some dumpers write the page title first, others do not; then the first line is the site's name, or a word of its menu.
    """
    wanted = folded(dump.title)
    if folded(dump.lines[0]) == wanted or wanted not in map(folded, dump.lines[1:]):
        return
    yield replace(dump, lines=dump.lines[1:], gaps=dump.gaps[1:], labels=dump.labels[1:], rules=dump.rules[1:])
    *_, site = TITLE_SEPARATOR.split(dump.lines[0])
    if site != dump.lines[0] and folded(site) not in ("", wanted):
        yield replace(dump, lines=(site.strip(), *dump.lines[1:]))


def _trimmed(lines: Sequence[str], labels: Sequence[int], random: np.random.Generator) -> tuple[list[str], list[int]]:
    """Return a dump with each run of chrome cut down to a few lines, those beside the text."""
    kept_lines: list[str] = []
    kept_labels: list[int] = []
    runs = [list(run) for _, run in groupby(range(len(lines)), key=lambda place: labels[place] == 0 or not lines[place])]
    for number, run in enumerate(runs):
        places = run
        if labels[run[0]] != 0 and lines[run[0]]:
            few = int(random.integers(0, _MOST_LEFT + 1))
            places = run[:few] if number else run[len(run) - few :]
        kept_lines += [lines[place] for place in places]
        kept_labels += [labels[place] for place in places]
    return kept_lines, kept_labels


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
