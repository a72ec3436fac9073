"""Encoding: text that was damaged before it reached us is mended, and each repair is on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from pipeline.encoding.entities import has_leftovers, unescape_leftovers
from pipeline.model import Action, Document, Judgement, KeptBlock, Kind, Repair, RepairedDocument, without_cuts
from pipeline.settings import EncodingSettings
from pipeline.text import mojibake
from pipeline.text.unicode import may_harm, signs_of, straight_dashes, without_harmful, without_ligatures

DISTRIBUTIONS = ("ftfy", "numpy")

_TITLE = -1


def repair(document: Document, judgement: Judgement, settings: EncodingSettings) -> RepairedDocument:
    """Return what stays of a page with its damaged text mended; text that is well stays equal to the byte.

    What was removed is evidence too: a menu may prove how the whole page was damaged.
    """
    kept = list(kept_blocks(document, judgement))
    indexes = [_TITLE, *(block.block for block in kept)]
    others: list[str] = []
    if "&" in document.text or not mojibake.is_well(document.text):
        seen, code = set(indexes), Kind.CODE
        others = [block.text for block in document.blocks if block.index not in seen and block.kind is not code]
    is_code = [False, *(block.kind is Kind.CODE for block in kept)]
    found = repair_texts([judgement.title, *(block.text for block in kept)], settings, others, is_code)
    texts = {index: text for index, (text, _) in zip(indexes, found, strict=True)}
    repairs = [replace(one, block=index) for index, (_, done) in zip(indexes, found, strict=True) for one in done]
    blocks = tuple(replace(block, text=texts[block.block]) for block in kept if texts[block.block].strip())
    return RepairedDocument(document.id, texts[_TITLE], blocks, tuple(repairs))


def repair_texts(
    texts: Sequence[str], settings: EncodingSettings, others: Sequence[str] = (), is_code: Sequence[bool] = ()
) -> list[tuple[str, list[Repair]]]:
    """Return each text of a page mended, with its repairs in order; code loses harmful controls alone.

    `others` are texts of the same page that are evidence alone.
    """
    found = list(texts)
    repairs: list[list[Repair]] = [[] for _ in texts]
    prose: Sequence[int] = [at for at, is_one in enumerate(is_code) if not is_one] if is_code else range(len(texts))

    def note(at: int, plan: str, mended: str) -> None:
        repairs[at].append(Repair(at, plan, found[at], mended))
        found[at] = mended

    def mend_mojibake() -> None:
        if mojibake.are_well((*(found[at] for at in prose), *others)):
            return
        for at, mended in zip(prose, mojibake.mend_texts([found[at] for at in prose], others), strict=True):
            if mended.text != found[at]:
                note(at, f"mojibake: {'; '.join(mended.steps)}", mended.text)

    if settings.mojibake:
        mend_mojibake()
    for name, mend in _steps(found, others, settings):
        is_changed = False
        for at in range(len(texts)) if name == "controls" else prose:
            mended = mend(found[at])
            if mended != found[at]:
                note(at, f"{name}: {_PLANS[name]}", mended)
                is_changed = True
        if name in ("entities", "controls") and is_changed and settings.mojibake:
            mend_mojibake()  # "&Atilde;&copy;" was an "é" too, and a stray control may have hidden damage
    return list(zip(found, repairs, strict=True))


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


def _steps(texts: Sequence[str], others: Sequence[str], settings: EncodingSettings) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Return the repairs of single texts that the settings allow and the page needs, in the order in which they must happen.

    `texts` is looked at anew for each step: those before it may have changed it.
    """
    if settings.entities and has_leftovers((*texts, *others)):
        yield "entities", unescape_leftovers
    if settings.controls and may_harm(signs_of("".join(texts))):
        yield "controls", without_harmful
    if settings.straighten_quotes:
        yield "quotes", _straighten
    if settings.straighten_dashes:
        yield "dashes", straight_dashes
    if settings.expand_ligatures:
        yield "ligatures", without_ligatures


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
