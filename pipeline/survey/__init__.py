"""Survey: on how many pages of a site a line stands, and how many were damaged alike. Counts add up, so order, shards and
engine do not matter.

A site of many thousand pages is judged by a sample of them: each page has a level, drawn from its id, so that half of the
pages have level 0, a quarter level 1, and so on. The more pages a site has, the higher the level from which on they count.
So memory is bounded, and yet the sample depends on the set of pages alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil, sqrt

from pipeline.model import DamageCount, Document, LineCount, SiteCounts, SiteTemplate, TemplateLine
from pipeline.settings import SurveySettings
from pipeline.text.mojibake import proven_damage
from pipeline.text.unicode import folded, masked
from pipeline.text.words import word_count

DISTRIBUTIONS = ("numpy",)

_LONGEST_LINE = 400
_SAMPLE_PAGES = 4096
_MOST_LEVELS = 32
_RARE_PAGES, _RARE_SHARE, _RARE_WORDS = 2, 0.01, 12
_EIGHTHS = 8
_DAMAGED_PAGES = 2


def count_lines(documents: Iterable[Document]) -> list[SiteCounts]:
    """Return what documents tell of their sites, by site key in order; each page counts a line once.

    A line with numbers is counted twice: as it is, and with its numbers masked.
    """
    sites: defaultdict[str, _Sums] = defaultdict(_Sums)
    for document in documents:
        level = level_of(document.id)
        damages = dict.fromkeys(proven_damage(document.text)[:1], 1)
        sites[document.site].add({level: 1}, (((line, level), 1) for line in _lines_of(document)), damages)
    return [sites[site].counts(site) for site in sorted(sites)]


def merge_counts(counts: Iterable[SiteCounts]) -> list[SiteCounts]:
    """Return the sums of counts by site; merging is associative and commutative."""
    sites: defaultdict[str, _Sums] = defaultdict(_Sums)
    for count in counts:
        lines = (((line.line, line.level), line.pages) for line in count.lines)
        damages = {damage.charset: damage.pages for damage in count.damages}
        sites[count.site].add(dict(enumerate(count.levels)), lines, damages)
    return [sites[site].counts(site) for site in sorted(sites)]


def template_of(counts: SiteCounts, settings: SurveySettings) -> SiteTemplate:
    """Return the lines that a site's pages share: what many of them carry, and what a few do.

    A line is common if it stands on `min_pages` pages and the lower bound of its share (Wilson's interval at one standard
    deviation: 3 of 3 pages are .75, 9 of 10 are .77) reaches `min_share`. Numbers are banded, so that one page more seldom
    changes a template. What damaged one page alone is no habit of its site.
    """
    lowest = lowest_level(counts.pages)
    sampled = sum(counts.levels[lowest:])
    pages: Counter[str] = Counter()
    for line in counts.lines:
        if line.level >= lowest:
            pages[line.line] += line.pages
    rare = max(_RARE_PAGES, ceil(_RARE_SHARE * sampled))
    lines = []
    for name, count in pages.items():
        share = lower_share(count, sampled)
        estimate = band(round(count * counts.pages / sampled))
        if count >= settings.min_pages and share >= settings.min_share:
            lines.append(TemplateLine(name, estimate, max(1, round(share * _EIGHTHS)) / _EIGHTHS))
        elif count >= rare and word_count(name) < _RARE_WORDS:
            lines.append(TemplateLine(name, estimate, 0.0))
    habits = (damage for damage in counts.damages if damage.pages >= _DAMAGED_PAGES)
    damages = tuple(damage.charset for damage in sorted(habits, key=lambda one: (-band(one.pages), one.charset)))
    return SiteTemplate(counts.site, band(counts.pages), tuple(sorted(lines, key=lambda line: line.line)), damages)


def level_of(page_id: str) -> int:
    """Return the level of a page: 0 for one in two, 1 for one in four, 2 for one in eight, …"""
    drawn = int.from_bytes(hashlib.blake2b(page_id.encode("utf-8", "surrogateescape"), digest_size=8).digest(), "big")
    return min(_MOST_LEVELS, (drawn & -drawn).bit_length() - 1) if drawn else _MOST_LEVELS


def lowest_level(pages: int) -> int:
    """Return the level from which on pages of a site with so many pages count.

    >>> [lowest_level(pages) for pages in (1, 4096, 4097, 300_000)]
    [0, 0, 1, 7]
    """
    return (max(0, pages - 1) // _SAMPLE_PAGES).bit_length()


def lower_share(count: int, pages: int) -> float:
    """Return the lower end of Wilson's interval for a share, at one standard deviation.

    >>> [round(lower_share(*sample), 2) for sample in ((3, 3), (2, 3), (18, 20), (90_000, 100_000))]
    [0.75, 0.39, 0.81, 0.9]
    """
    if not pages:
        return 0.0
    share = count / pages
    spread = sqrt(share * (1 - share) / pages + 1 / (4 * pages * pages))
    return max(0.0, (share + 1 / (2 * pages) - spread) / (1 + 1 / pages))


def band(count: int) -> int:
    """Return a count rounded down to 1, 2, 3, 4, 6, 8, 12, 16, …: powers of two and the numbers half-way.

    >>> [band(n) for n in (1, 3, 5, 7, 100)]
    [1, 3, 4, 6, 96]
    """
    if count < 4:
        return count
    power: int = 1 << (count.bit_length() - 1)
    return power + power // 2 if count >= power + power // 2 else power


@dataclass(slots=True)
class _Sums:
    """The running sums of one site; lines of pages that no longer count are let go."""

    levels: Counter[int] = field(default_factory=Counter)
    lines: Counter[tuple[str, int]] = field(default_factory=Counter)
    damages: Counter[str] = field(default_factory=Counter)
    lowest: int = 0

    def add(self, levels: dict[int, int], lines: Iterable[tuple[tuple[str, int], int]], damages: dict[str, int]) -> None:
        self.levels.update(levels)
        self.damages.update(damages)
        lowest = lowest_level(self.levels.total())
        if lowest > self.lowest:
            self.lowest = lowest
            self.lines = Counter({key: pages for key, pages in self.lines.items() if key[1] >= lowest})
        for key, pages in lines:
            if key[1] >= self.lowest:
                self.lines[key] += pages

    def counts(self, site: str) -> SiteCounts:
        lines = tuple(LineCount(line, self.lines[line, level], level) for line, level in sorted(self.lines))
        levels = tuple(self.levels[level] for level in range(max((n for n in self.levels if self.levels[n]), default=-1) + 1))
        damages = tuple(DamageCount(charset, self.damages[charset]) for charset in sorted(self.damages))
        return SiteCounts(site, self.levels.total(), lines, levels, damages)


def _lines_of(document: Document) -> set[str]:
    return {key for block in document.blocks for key in _keys(block.text)}


def _keys(text: str) -> Iterator[str]:
    fold = folded(text)
    if fold and len(fold) <= _LONGEST_LINE:
        yield fold
        if mask := masked(fold):
            yield mask
