"""Encoding: text that was damaged before it reached us is mended, and each repair is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from pipeline.encoding.entities import is_about_markup, unescape_leftovers
from pipeline.model import Action, Document, Judgement, KeptBlock, Kind, Repair, RepairedDocument, without_cuts
from pipeline.settings import EncodingSettings
from pipeline.text import mojibake
from pipeline.text.unicode import straight_dashes, without_harmful, without_ligatures

DISTRIBUTIONS = ("ftfy", "numpy")

_TITLE = -1


def repair(document: Document, judgement: Judgement, settings: EncodingSettings) -> RepairedDocument:
    """Return what stays of a page with its damaged text mended; text that is well stays equal to the byte.

    What was removed is evidence too: a menu may prove how the whole page was damaged.
    """
    kept = list(kept_blocks(document, judgement))
    texts = {block.block: block.text for block in kept} | {_TITLE: judgement.title}
    code = {block.block for block in kept if block.kind is Kind.CODE}
    repairs: list[Repair] = []
    if settings.mojibake:
        _mend_mojibake(document, texts, code, repairs)
    for name, plan, mend in _steps(document, settings):
        is_changed = False
        for index, text in texts.items():
            if name != "controls" and index in code:
                continue
            mended = mend(text)
            if mended != text:
                texts[index], is_changed = mended, True
                repairs.append(Repair(index, f"{name}: {plan}", text, mended))
        if name == "entities" and is_changed and settings.mojibake:
            _mend_mojibake(document, texts, code, repairs)  # "&Atilde;&copy;" was an "é" too
    order = {index: at for at, index in enumerate(texts)}
    repairs.sort(key=lambda one: order[one.block])
    blocks = tuple(replace(block, text=texts[block.block]) for block in kept if texts[block.block].strip())
    return RepairedDocument(document.id, texts[_TITLE], blocks, tuple(repairs))


def _mend_mojibake(document: Document, texts: dict[int, str], code: set[int], repairs: list[Repair]) -> None:
    """Mend `texts` in place, on the evidence of all blocks of the page, and note the repairs."""
    indexes = [index for index in texts if index not in code]
    others = [block.text for block in document.blocks if block.index not in texts and block.kind is not Kind.CODE]
    for index, mended in zip(indexes, mojibake.mend_texts([texts[index] for index in indexes], others), strict=True):
        if mended.steps and mended.text != texts[index]:
            repairs.append(Repair(index, f"mojibake: {'; '.join(mended.steps)}", texts[index], mended.text))
            texts[index] = mended.text


def kept_blocks(document: Document, judgement: Judgement) -> Iterator[KeptBlock]:
    """Return the blocks that stay, cut where chrome was glued to them.

    The gap before a block is a blank line anywhere between it and the block that stayed before it.
    """
    gap = False
    for block, verdict in zip(document.blocks, judgement.verdicts, strict=True):
        gap = gap or block.gap
        if verdict.action is not Action.KEEP:
            continue
        text = without_cuts(block, judgement.removed)
        if text:
            yield KeptBlock(block.index, block.kind, text, gap, block.level)
            gap = False


def replay(repair: Repair) -> str:
    """Return what a repair's plan makes of the text before it: the text after it."""
    name, _, plan = repair.plan.partition(": ")
    if name == "mojibake":
        return mojibake.replay(repair.before, plan)
    return _PLAIN_STEPS[name](repair.before)


def _steps(document: Document, settings: EncodingSettings) -> Iterator[tuple[str, str, Callable[[str], str]]]:
    """Return the repairs of single texts that the settings allow: name, plan, function, in the order in which they must
    happen.
    """
    wanted = {
        "entities": settings.entities and not is_about_markup(document.text),
        "controls": settings.controls,
        "quotes": settings.straighten_quotes,
        "dashes": settings.straighten_dashes,
        "ligatures": settings.expand_ligatures,
    }
    yield from ((name, _PLANS[name], _PLAIN_STEPS[name]) for name, is_wanted in wanted.items() if is_wanted)


def _straighten(text: str) -> str:
    from ftfy.fixes import uncurl_quotes

    return str(uncurl_quotes(text))


_PLAIN_STEPS: dict[str, Callable[[str], str]] = {
    "entities": unescape_leftovers,
    "controls": without_harmful,
    "quotes": _straighten,
    "dashes": straight_dashes,
    "ligatures": without_ligatures,
}
_PLANS = {
    "entities": "unescape",
    "controls": "drop controls",
    "quotes": "straighten quotes",
    "dashes": "straighten dashes",
    "ligatures": "expand ligatures",
}
