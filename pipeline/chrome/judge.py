"""Weighs all evidence on a page and decides: the one place where a block is kept or goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from pipeline.chrome.headings import NO_HEADLINE, Headline
from pipeline.chrome.rulebook import view
from pipeline.model import Action, Block, Document, Evidence, Judgement, Media, Removed, Verdict, without_cuts
from pipeline.text.words import is_prose, word_count

TEXT_PRIOR = -1.0  # a line of dumped text stays unless something speaks against it
HTML_PRIOR = 0.0  # the model's evidence on a block of an HTML page holds the prior and the page's cut already
MODEL_FAMILY = "model"
_SURE_WEIGHT = 3.0
_WORTH_SAYING = 0.5
_GUARD_SHARE = 0.05  # of the words in prose, at least so much must remain


def score_blocks(document: Document, evidence: Iterable[Evidence], prior: float) -> dict[int, float]:
    """Return the sum of evidence on each block and `prior`, by block index; evidence on a part does not count."""
    scores: dict[int, float] = defaultdict(float, {block.index: prior for block in document.blocks})
    strongest: dict[tuple[int, str], float] = {}
    for seen in evidence:
        if seen.cut:
            continue
        if seen.family in _ALIKE and seen.weight > 0:  # two phrases of one family are one observation
            key = (seen.block, seen.family)
            known = strongest.get(key, 0.0)
            scores[seen.block] += max(0.0, seen.weight - known)
            strongest[key] = max(known, seen.weight)
        else:
            scores[seen.block] += seen.weight
    return dict(scores)


# The families of the rule tables.
_ALIKE = frozenset(
    (
        "account advertisement app author breadcrumb captcha comment consent copyright counter donation feedback forum icon job "
        "language navigation newsletter notice pagination paywall player poll print recipe related share shop source tags ticker"
    ).split()
)


def judge(
    document: Document, evidence: Sequence[Evidence], headline: Headline, prior: float, threshold: float, protect: Any
) -> Judgement:
    """Return a verdict for every block.

    `prior` is the log odds of chrome for a block of which nothing is seen; `protect` (a compiled pattern or None) names lines
    that are never removed.
    """
    scores = score_blocks(document, evidence, prior)
    verdicts = [
        Verdict(
            block.index,
            _action(block, scores[block.index], headline, threshold, protect),
            round(scores[block.index], 4),
        )
        for block in document.blocks
    ]
    flags: list[str] = []
    if document.media is Media.TEXT and _loses_too_much(document.blocks, verdicts):
        verdicts = [
            Verdict(v.block, Action.KEEP, v.score) if v.action is Action.STRIP and is_prose(document.blocks[v.block].text) else v
            for v in verdicts
        ]
        flags.append("loss-guard")
    if not any(v.action is Action.KEEP for v in verdicts):
        verdicts, headline = _something_kept(verdicts, evidence, headline, document)
        flags.append("loss-guard" if any(v.action is Action.KEEP for v in verdicts) else "nothing-kept")
    removed = _removed(document.blocks, verdicts, evidence, protect)
    # The headline may have been found in a mended view of the page: the title is the page's own text.
    has_block = headline.text and headline.block >= 0
    title = without_cuts(document.blocks[headline.block], removed) if has_block else headline.text
    return Judgement(document.id, title, tuple(verdicts), tuple(evidence), tuple(removed), tuple(flags))


def _action(block: Block, score: float, headline: Headline, threshold: float, protect: Any) -> Action:
    if block.index == headline.block:
        return Action.TITLE
    if score > threshold and not _is_protected(block.text, protect):
        return Action.STRIP
    return Action.KEEP


def _something_kept(
    verdicts: Sequence[Verdict], evidence: Sequence[Evidence], headline: Headline, document: Document
) -> tuple[list[Verdict], Headline]:
    """Return verdicts under which a page that would be empty keeps what only weak evidence speaks against.

    A text of one line is a body without a headline.
    """
    sure = {seen.block for seen in evidence if seen.weight >= _SURE_WEIGHT and not seen.cut}
    kept = [Verdict(v.block, Action.KEEP, v.score) if v.action is Action.STRIP and v.block not in sure else v for v in verdicts]
    if document.media is Media.TEXT and not any(v.action is Action.KEEP for v in kept):
        kept = [Verdict(v.block, Action.KEEP, v.score) if v.action is Action.TITLE else v for v in kept]
        headline = NO_HEADLINE
    return kept, headline


def _is_protected(text: str, protect: Any) -> bool:
    return protect is not None and (protect.search(text) is not None or protect.search(view(text)[0]) is not None)


def _loses_too_much(blocks: Sequence[Block], verdicts: Sequence[Verdict]) -> bool:
    """Return whether hardly any of a page's prose would stay: then the evidence is wrong, not the page."""
    prose = [(block, verdict) for block, verdict in zip(blocks, verdicts, strict=True) if is_prose(block.text)]
    total = sum(word_count(block.text) for block, _ in prose)
    kept = sum(word_count(block.text) for block, verdict in prose if verdict.action is Action.KEEP)
    others = any(v.action is Action.KEEP and word_count(b.text) >= 3 for b, v in zip(blocks, verdicts, strict=True))
    return total >= 30 and kept < _GUARD_SHARE * total and not others


def _says_why(seen: Evidence) -> tuple[bool, float]:
    """Return how well evidence explains a verdict: a rule that a reader can look up says more than a number of a model."""
    return seen.weight >= _WORTH_SAYING and seen.family != MODEL_FAMILY, seen.weight


def _removed(blocks: Sequence[Block], verdicts: Sequence[Verdict], evidence: Sequence[Evidence], protect: Any) -> list[Removed]:
    """Return what leaves the page: stripped blocks, and the parts cut off blocks that stay; neighbouring cuts stay apart."""
    cuts: dict[int, list[Evidence]] = defaultdict(list)
    strongest: dict[int, Evidence] = {}
    stripped = {verdict.block for verdict in verdicts if verdict.action is Action.STRIP}
    for seen in evidence:
        if seen.cut:
            cuts[seen.block].append(seen)
        elif seen.block in stripped and (seen.block not in strongest or _says_why(seen) > _says_why(strongest[seen.block])):
            strongest[seen.block] = seen
    removed: list[Removed] = []
    for block, verdict in zip(blocks, verdicts, strict=True):
        if verdict.action is Action.STRIP:
            top = strongest.get(block.index)
            rule, family = (top.rule, top.family) if top and top.weight > 0 else ("judge.prior", "unlikely")
            removed.append(Removed(block.start, block.end, rule, family, verdict.score, block.text))
        elif block.index in cuts and not _is_protected(block.text, protect):
            for cut in sorted(cuts[block.index], key=lambda e: (e.start, e.end)):
                if removed and cut.start < removed[-1].end:
                    continue
                text = block.text[cut.start - block.start : cut.end - block.start]
                if _is_protected(text, protect):
                    continue
                removed.append(Removed(cut.start, cut.end, cut.rule, cut.family, cut.weight, text))
    return removed
