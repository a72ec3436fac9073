"""Encoding: text that was damaged before it reached us is mended, and each repair is on record."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from pipeline.encoding.entities import has_leftovers, unescape_leftovers
from pipeline.model import Action, Document, Judgement, KeptBlock, Kind, Repair, RepairedDocument, without_cuts
from pipeline.settings import EncodingSettings
from pipeline.text import mojibake
from pipeline.text.unicode import (
    may_harm,
    runs_right_to_left,
    signs_of,
    straight_dashes,
    without_harmful,
    without_ligatures,
)

DISTRIBUTIONS = ("ftfy", "numpy")

_TITLE = -1


def repair(document: Document, judgement: Judgement, settings: EncodingSettings, on_site: Sequence[str] = ()) -> RepairedDocument:
    """Return what stays of a page with its damaged text mended; text that is well stays equal to the byte.

    What was removed is evidence too: a menu may prove how the whole page was damaged. So are other pages: `on_site` names the
    charsets through which some of them were misread (`SiteTemplate.damages`).
    """
    kept = list(kept_blocks(document, judgement))
    indexes = (_TITLE, *(block.block for block in kept))
    others: list[str] = []
    if "&" in document.text or not mojibake.is_well(document.text):
        seen, code = set(indexes), Kind.CODE
        others = [block.text for block in document.blocks if block.index not in seen and block.kind is not code]
    is_code = [False, *(block.kind is Kind.CODE for block in kept)]
    texts, repairs = repair_texts([judgement.title, *(block.text for block in kept)], settings, others, is_code, on_site)
    blocks = tuple(replace(block, text=text) for block, text in zip(kept, texts[1:], strict=True) if text.strip())
    return RepairedDocument(document.id, texts[0], blocks, tuple(replace(one, block=indexes[one.block]) for one in repairs))


def repair_texts(
    texts: Sequence[str],
    settings: EncodingSettings,
    others: Sequence[str] = (),
    is_code: Sequence[bool] = (),
    on_site: Sequence[str] = (),
) -> tuple[list[str], list[Repair]]:
    """Return the texts of a page mended, and the repairs of the first, of the second, …; code loses harmful controls alone.

    `others` are texts of the same page that are evidence alone. The `block` of a repair is the number of its text.
    """
    page = _Page(list(texts), others, is_code, on_site)
    if settings.mojibake:
        page.mend_mojibake()
    for name, is_wanted in _STEPS.items():
        if getattr(settings, name) and is_wanted(page.whole()) and page.mend(name) and name in _UNCOVERING and settings.mojibake:
            page.mend_mojibake()
    return page.texts, [one for at in sorted(page.repairs) for one in page.repairs[at]]


class _Page:
    """The texts of a page while they are mended, and what was done to each."""

    def __init__(self, texts: list[str], others: Sequence[str], is_code: Sequence[bool], on_site: Sequence[str]) -> None:
        self.texts = texts
        self.repairs: dict[int, list[Repair]] = {}
        self._others = others
        self._on_site = on_site
        self._prose: Sequence[int] = (
            [at for at, is_one in enumerate(is_code) if not is_one] if any(is_code) else range(len(texts))
        )
        self._whole: str | None = None

    def whole(self) -> str:
        """Return all texts as they are now, the others too."""
        if self._whole is None:
            self._whole = "\n".join((*self.texts, *self._others))
        return self._whole

    def mend_mojibake(self) -> None:
        is_all = len(self._prose) == len(self.texts)
        prose = self.texts if is_all else [self.texts[at] for at in self._prose]
        if not self._on_site and mojibake.is_well(self.whole() if is_all else "\n".join((*prose, *self._others))):
            return
        for at, mended in zip(self._prose, mojibake.mend_texts(prose, self._others, self._on_site), strict=True):
            self._note(at, f"mojibake: {'; '.join(mended.steps)}", mended.text)

    def mend(self, name: str) -> bool:
        """Do one step on each text that it may change, and return whether it changed one."""
        plan = _plan(name, self.whole())
        mend, before = _PLANS[name][plan], self.texts.copy()
        for at in range(len(self.texts)) if name == "controls" else self._prose:
            self._note(at, f"{name}: {plan}", mend(self.texts[at]))
        return before != self.texts

    def _note(self, at: int, plan: str, mended: str) -> None:
        if mended != self.texts[at]:
            self.repairs.setdefault(at, []).append(Repair(at, plan, self.texts[at], mended))
            self.texts[at] = mended
            self._whole = None


def kept_blocks(document: Document, judgement: Judgement) -> Iterator[KeptBlock]:
    """Return the blocks that stay, cut where chrome was glued to them.

    The gap before a block is a blank line anywhere between it and the block that stayed before it.
    """
    gap = False
    starts = [span.start for span in judgement.removed]
    for block, verdict in zip(document.blocks, judgement.verdicts, strict=True):
        gap = gap or block.gap
        if verdict.action is not Action.KEEP:
            continue
        at = bisect_left(starts, block.start)
        is_cut = at < len(starts) and starts[at] < block.end
        text = without_cuts(block, judgement.removed) if is_cut else block.text
        if text:
            yield KeptBlock(block.index, block.kind, text, gap, block.level)
            gap = False


def replay(repair: Repair) -> str:
    """Return what a repair's plan makes of the text before it: the text after it."""
    name, _, plan = repair.plan.partition(": ")
    if name == "mojibake":
        return mojibake.replay(repair.before, plan)
    return _PLANS[name][plan](repair.before)


def _plan(name: str, whole: str) -> str:
    """Return what a step does on this page: where there is text from right to left, marks of direction have their reasons."""
    if name == "controls" and runs_right_to_left(whole):
        return "drop controls, marks of direction stay"
    return next(iter(_PLANS[name]))


def _straighten(text: str) -> str:
    from ftfy.fixes import uncurl_quotes

    return str(uncurl_quotes(text))


def _always(_: str) -> bool:
    return True


# The repairs of single texts in the order in which they must happen, and whether a page may need them.
_STEPS: dict[str, Callable[[str], bool]] = {
    "entities": has_leftovers,
    "controls": lambda whole: may_harm(signs_of(whole)),
    "straighten_quotes": _always,
    "straighten_dashes": _always,
    "expand_ligatures": _always,
}
_UNCOVERING = ("entities", "controls")  # "&Atilde;&copy;" was an "é" too, and a stray control may have hidden damage
_PLANS: dict[str, dict[str, Callable[[str], str]]] = {
    "entities": {"unescape": unescape_leftovers},
    "controls": {
        "drop controls": without_harmful,
        "drop controls, marks of direction stay": partial(without_harmful, keeps_direction=True),
    },
    "straighten_quotes": {"straighten quotes": _straighten},
    "straighten_dashes": {"straighten dashes": straight_dashes},
    "expand_ligatures": {"expand ligatures": without_ligatures},
}
