"""Witness: lines that pages of the same site share, whatever their language and wording.

A line that many pages share is chrome where it stands in the frame of a page: in a run of shared lines that begins at the
page's start or ends at its end. Within the article it is weighed: a series title, a disclaimer, a refrain, the head of a
table or "Photograph by …" repeat as well; only a box between two paragraphs, or a line of links, is taken for chrome there.
What lies at the inner edge of the frame, beside the article, has to be shared by as many pages as the rest of the frame.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median_low

from pipeline.chrome.evidence import of_block
from pipeline.model import Block, Evidence, SiteTemplate
from pipeline.text.unicode import folded, masked
from pipeline.text.urls import is_folder_site
from pipeline.text.words import ends_sentence, is_prose, word_count

_LINE_WEIGHT = 4.5
_PROSE_WEIGHT = 5.0  # a whole sentence on page after page is a slogan or a disclaimer; the weight of prose stands against it
_INSIDE_WEIGHT = -0.6  # where the frame ends on either side is known: what it encloses is rather the page's own
_LINKS_WEIGHT, _LINKS_SHARE = 2.0, 0.8
_FOLDER_WEIGHT = 0.3  # a folder is no site: a hint that never decides alone
_EDGE_SHARE = 0.75  # of the frame's median share
_MOST_GAP, _FEWEST_BEHIND_GAP = 3, 2
_MOST_START_GAP, _FEWEST_BEHIND_START = 6, 5  # banners that change with each page, before the menu
_BOX_LINES, _BOX_SHARE = 2, 0.75
_COPY_SHARE, _COPY_WORDS, _FEW_PAGES = 0.6, 30, 6
_SENTENCE_WORDS = 5


@dataclass(frozen=True, slots=True)
class _Line:
    """A block as the template sees it. `share` is None for a line of this page alone, 0 for one that a few pages carry."""

    block: Block
    share: float | None
    is_exact: bool
    is_prose: bool

    @property
    def is_shared(self) -> bool:
        return self.share is not None

    @property
    def is_common(self) -> bool:
        return bool(self.share) and self.is_exact

    @property
    def is_sentence(self) -> bool:
        return self.is_prose or (ends_sentence(self.block.text) and word_count(self.block.text) >= _SENTENCE_WORDS)

    @property
    def may_end_frame(self) -> bool:
        """Whether a line may stand beside the article: no sentence, and no bare number."""
        return not self.is_sentence and any(map(str.isalpha, self.block.text))


def template_lines(blocks: Sequence[Block], template: SiteTemplate) -> Iterator[Evidence]:
    """Return evidence against blocks that are lines of the site's template."""
    shares = {line.line: line.share for line in template.lines}
    if not shares:
        return
    lines = [line for block in blocks if (line := _line(block, shares)) is not None]
    if template.pages_band < _FEW_PAGES and _is_copy(lines):
        return
    is_folder = is_folder_site(template.site)
    framed, inside = _framed(lines)
    is_enclosed = inside.start > 0 and inside.stop < len(lines)
    for place, line in enumerate(lines):
        if place in framed and line.is_shared:
            weight = _FOLDER_WEIGHT if is_folder else _PROSE_WEIGHT if line.is_prose else _LINE_WEIGHT
            yield of_block(line.block, "site.template-line", "site-template", weight)
        elif is_folder:
            continue
        elif line.is_common and line.block.link_share >= _LINKS_SHARE:
            yield of_block(line.block, "site.repeated-links", "site-template", _LINKS_WEIGHT)
        elif is_enclosed:
            yield of_block(line.block, "site.inside-frame", "content", _INSIDE_WEIGHT)


def _line(block: Block, shares: Mapping[str, float]) -> _Line | None:
    fold = folded(block.text)
    if not fold:
        return None
    prose = is_prose(block.text)
    share = shares.get(fold)
    if share is not None and (share or not prose):  # a paragraph on a few pages is a copy of a story
        return _Line(block, share, True, prose)
    return _Line(block, None if prose else shares.get(masked(fold)), False, prose)


def _is_copy(lines: Sequence[_Line]) -> bool:
    """Return whether most of the prose is shared: on a site of few pages, these may be copies of one story."""
    counts = [(word_count(line.block.text), line.is_shared) for line in lines if line.is_prose]
    total = sum(count for count, _ in counts)
    return total >= _COPY_WORDS and sum(count for count, shared in counts if shared) >= _COPY_SHARE * total


def _framed(lines: Sequence[_Line]) -> tuple[set[int], range]:
    """Return the places of the shared lines in the frame or in a box between two paragraphs, and what the frame encloses."""
    head = _runs(lines)
    if head and head[-1].stop == len(lines):
        inside = _longest_rare(lines)
        return set(range(len(lines))).difference(inside), inside
    backwards = lines[::-1]
    outer, inner = _trimmed(lines, head), _trimmed(backwards, _runs(backwards))
    tail = {len(lines) - 1 - place for place in inner}
    return outer | tail | _boxes(lines), range(max(outer, default=-1) + 1, min(tail, default=len(lines)))


def _runs(lines: Sequence[_Line]) -> list[range]:
    """Return the runs of shared lines that make the frame of a page, seen from its start.

    A short gap of lines of the page's own (its title, a date) is bridged if common lines follow, and then the first
    paragraph: buttons under the headline. The heads of a list or table are followed by short lines.
    """
    runs: list[range] = []
    at = 0
    while at < len(lines):
        start = next((i for i in range(at, len(lines)) if lines[i].is_shared), len(lines))
        end = next((i for i in range(start, len(lines)) if not lines[i].is_shared), len(lines))
        if start > at:
            run = lines[start:end]
            common = sum(bool(line.share) and line.may_end_frame for line in run)
            before_prose = end < len(lines) and lines[end].is_prose and common == len(run)
            is_near = not any(line.is_prose for line in lines[at:start])
            is_menu = start <= _MOST_START_GAP and common >= _FEWEST_BEHIND_START
            is_bar = start - at <= _MOST_GAP and common >= _FEWEST_BEHIND_GAP and before_prose and at > 0
            if not (is_near and (is_menu or is_bar)):
                break
        runs.append(range(start, end))
        at = end
    return runs


def _trimmed(lines: Sequence[_Line], runs: Sequence[range]) -> set[int]:
    """Return the places of a frame's lines, without those beside the page's own that fewer pages share, or that are sentences."""
    shares = [line.share for run in runs for line in lines[run.start : run.stop] if line.share and line.is_exact]
    if not shares:
        return set()
    fewest = _EDGE_SHARE * median_low(shares)
    found: set[int] = set()
    for run in runs:
        sure = [place for place in run if (lines[place].share or 0.0) >= fewest and lines[place].may_end_frame]
        if sure:
            found.update(range(run.start if run.start == 0 else sure[0], sure[-1] + 1))
    return found


def _longest_rare(lines: Sequence[_Line]) -> range:
    """Return the places of the longest stretch that only a few pages share: the text, where a whole page stands twice."""
    runs = [list(run) for is_common, run in groupby(range(len(lines)), lambda i: bool(lines[i].share)) if not is_common]
    longest = max(runs, key=len, default=[])
    return range(longest[0], longest[-1] + 1) if longest else range(0)


def _boxes(lines: Sequence[_Line]) -> set[int]:
    """Return the places of runs of short lines between two paragraphs that nearly all pages share."""
    found: set[int] = set()
    at = 0
    for is_shared, run in groupby(lines, lambda line: line.is_shared):
        box = list(run)
        end = at + len(box)
        stands_between = at > 0 and end < len(lines) and lines[at - 1].is_prose and lines[end].is_prose
        is_box = len(box) >= _BOX_LINES and all(
            line.is_common and (line.share or 0.0) >= _BOX_SHARE and not line.is_sentence for line in box
        )
        if is_shared and stands_between and is_box:
            found.update(range(at, end))
        at = end
    return found
