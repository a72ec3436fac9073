"""Dumps of labelled pages as scrapers make them, each line labelled by what of it stands in the page's gold text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from pipeline.text.bylines import authors_of_line
from pipeline.text.dates import find_date
from pipeline.text.unicode import folded, unix_lines
from pipeline.text.words import word_count
from pipeline.train.alignment import shares_of, tokens
from pipeline.train.gold import fold_of, gold_rows, page_of

KEEP, CHROME, NOT_JUDGED = 0, 1, -1
_IN, _OUT = 0.6, 0.34
_SHORT = 3  # words: such a line is in the gold or is not
_ALIKE = 0.8  # of the words of a title
_BESIDE = 15  # lines above the text in which date and byline stand
_BYLINE_WORDS = 10


def dumped_pages(folder: Path, jobs: int) -> Iterator[dict[str, Any]]:
    """Return a row {id, fold, title, gold, dumps, labels, coverage} for each page of `gold.jsonl` in `folder`.

    `dumps` holds the lines by dumper, `labels` 0 keep, 1 chrome or -1 not judged for each, `coverage` the share of the gold
    text whose words are in the lines that are kept.
    """
    with ProcessPoolExecutor(jobs) as pool:
        yield from pool.map(_row, [(folder, row) for row in gold_rows(folder)], chunksize=8)


def _row(job: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    folder, row = job
    html = page_of(folder, row).decode("utf-8", "replace")
    made: dict[str, Any] = {"id": row["id"], "fold": fold_of(row), "title": row.get("title") or "", "gold": row["main_content"]}
    made |= {"dumps": {}, "labels": {}, "coverage": {}}
    for name, dump in dumpers().items():
        lines = lines_of(dump(html))
        made["dumps"][name] = lines
        made["labels"][name], made["coverage"][name] = labels_of(lines, made["gold"], made["title"])
    return made


def dumpers() -> dict[str, Callable[[str], str]]:
    """Return the ways in which scrapers turn a page into text, whole pages first, then what is taken for main text."""
    import html_text
    import inscriptis
    from bs4 import BeautifulSoup
    from resiliparse.extract.html2text import extract_plain_text

    def article(html: str) -> str:
        soup = BeautifulSoup(html, "lxml")
        box = soup.find("article") or soup.find("main") or soup.select_one('[role="main"]') or soup.body or soup
        return box.get_text("\n")

    return {
        "bs4": lambda html: BeautifulSoup(html, "lxml").get_text("\n"),
        "inscriptis": inscriptis.get_text,
        "html_text": html_text.extract_text,
        "resiliparse": lambda html: extract_plain_text(html, main_content=False, alt_texts=False, links=False),
        "bs4_article": article,
        "resiliparse_main": lambda html: extract_plain_text(html, main_content=True, alt_texts=False, links=False),
    }


def lines_of(text: str | None) -> list[str]:
    """Return the lines of a dump, trimmed, each run of blank lines as one."""
    lines = [line.strip() for line in re.split(r"[\n\x1c-\x1e\x85]", unix_lines(text or ""))]
    return [line for before, line in zip(["", *lines], lines, strict=False) if line or before]


def labels_of(lines: Sequence[str], gold: str, title: str) -> tuple[list[int], float]:
    """Return the label of each line and the share of the gold's words that the kept ones hold.

    Not judged are blank and mixed lines, the headline if the gold leaves it out, and date and byline above the text: the gold
    has these as metadata, which says nothing about whether a reader wants them in the text.
    """
    labels = []
    for line, share in zip(lines, shares_of(lines, gold), strict=True):
        is_mixed = _OUT < share < _IN and word_count(line) > _SHORT
        labels.append(KEEP if share >= _IN else NOT_JUDGED if is_mixed or not tokens(line) else CHROME)
    wanted = set(tokens(title))
    first = next((place for place, (line, label) in enumerate(zip(lines, labels, strict=True)) if _is_text(line, label)), 0)
    if wanted and not any(_holds(line, wanted) for line in gold.split("\n")):
        copies = [place for place, line in enumerate(lines) if labels[place] == CHROME and _holds(line, wanted)]
        above = [place for place in copies if place <= first]
        for place in above[-1:] or copies[:1]:
            labels[place] = NOT_JUDGED
    for place in range(max(0, first - _BESIDE), min(len(lines), first + 2)):
        line = lines[place]
        if labels[place] == CHROME and word_count(line) <= _BYLINE_WORDS and (find_date(line) or authors_of_line(line)):
            labels[place] = NOT_JUDGED
    said = sum(len(tokens(line)) for line, label in zip(lines, labels, strict=True) if label == KEEP)
    return labels, min(1.0, said / max(1, len(tokens(gold))))


def _is_text(line: str, label: int) -> bool:
    return label == KEEP and word_count(line) > 2 * _SHORT


def _holds(line: str, wanted: set[str]) -> bool:
    """Return whether a line is the title, or nearly so."""
    own = set(tokens(line))
    return bool(folded(line)) and len(wanted & own) >= _ALIKE * max(len(wanted), len(own))
