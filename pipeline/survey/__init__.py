"""Survey: on how many pages of a site a line stands. Counts add up, so order, shards and engine do not matter."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from pipeline.model import Document, LineCount, SiteCounts, SiteTemplate, TemplateLine
from pipeline.settings import SurveySettings
from pipeline.text.unicode import folded

DISTRIBUTIONS = ()

_LONGEST_LINE = 400


def count_lines(documents: Iterable[Document]) -> list[SiteCounts]:
    """Return what documents tell of their sites, by site key in order; each page counts a line once."""
    pages: Counter[str] = Counter()
    lines: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for document in documents:
        pages[document.site] += 1
        lines[document.site].update(
            {fold for block in document.blocks if (fold := folded(block.text)) and len(fold) <= _LONGEST_LINE}
        )
    return [_counts(site, pages[site], lines[site]) for site in sorted(pages)]


def merge_counts(counts: Iterable[SiteCounts]) -> list[SiteCounts]:
    """Return the sums of counts by site; merging is associative and commutative."""
    pages: Counter[str] = Counter()
    lines: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for count in counts:
        pages[count.site] += count.pages
        for line in count.lines:
            lines[count.site][line.line] += line.pages
    return [_counts(site, pages[site], lines[site]) for site in sorted(pages)]


def template_of(counts: SiteCounts, settings: SurveySettings) -> SiteTemplate:
    """Return the lines that enough of a site's pages share; counts are banded, so that one page more seldom changes it."""
    fewest = max(settings.min_pages, settings.min_share * counts.pages)
    lines = (TemplateLine(line.line, band(line.pages)) for line in counts.lines if line.pages >= fewest)
    return SiteTemplate(counts.site, band(counts.pages), tuple(sorted(lines, key=lambda line: line.line)))


def band(count: int) -> int:
    """Return a count rounded down to 1, 2, 3, 4, 6, 8, 12, 16, …: powers of two and the numbers half-way.

    >>> [band(n) for n in (1, 3, 5, 7, 100)]
    [1, 3, 4, 6, 96]
    """
    if count < 4:
        return count
    power: int = 1 << (count.bit_length() - 1)
    return power + power // 2 if count >= power + power // 2 else power


def _counts(site: str, pages: int, lines: Counter[str]) -> SiteCounts:
    return SiteCounts(site, pages, tuple(LineCount(line, lines[line]) for line in sorted(lines)))
