"""Encoding: text that was damaged before it reached us is mended, and each repair is on record."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html.entities import html5

from pipeline.model import Action, Document, Judgement, KeptBlock, Kind, Repair, RepairedDocument, without_cuts
from pipeline.settings import EncodingSettings
from pipeline.text.mojibake import repair_mojibake
from pipeline.text.unicode import without_controls

DISTRIBUTIONS = ("ftfy",)

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_ABOUT_HTML = re.compile(r"\b(?:HTML|XML|markup|entit(?:y|ies)|escap(?:e|es|ed|ing))\b")


@dataclass(frozen=True, slots=True)
class Step:
    """One kind of repair: its name in settings and logs, and text → (text, plan); an empty plan means nothing was done."""

    name: str
    mend: Callable[[str], tuple[str, str]]


def repair(document: Document, judgement: Judgement, settings: EncodingSettings) -> RepairedDocument:
    """Return what stays of a page with its damaged text mended; text that is well stays equal to the byte."""
    steps = _steps(document, settings)
    repairs: list[Repair] = []
    blocks = []
    for block in kept_blocks(document, judgement):
        text = block.text
        for step in steps:
            if block.kind is Kind.CODE and step.name != "controls":
                continue
            text = _mend(step, text, block.block, repairs)
        blocks.append(replace(block, text=text))
    title = judgement.title
    for step in steps:
        title = _mend(step, title, -1, repairs)
    return RepairedDocument(document.id, title, tuple(block for block in blocks if block.text.strip()), tuple(repairs))


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


def _steps(document: Document, settings: EncodingSettings) -> list[Step]:
    """Return the repairs that the settings allow, in the order in which they must happen.

    Mojibake comes first: the C1 controls in it are halves of letters.
    """
    steps = []
    if settings.mojibake:
        steps.append(Step("mojibake", repair_mojibake))
    if settings.entities and not _ABOUT_HTML.search(document.text):
        steps.append(Step("entities", _unescape))
    if settings.controls:
        steps.append(Step("controls", _drop_controls))
    if settings.straighten_quotes:
        steps.append(Step("quotes", _straighten))
    return steps


def _mend(step: Step, text: str, block: int, repairs: list[Repair]) -> str:
    mended, plan = step.mend(text)
    if mended == text:
        return text
    repairs.append(Repair(block, f"{step.name}: {plan}", text, mended))
    return mended


def _unescape(text: str) -> tuple[str, str]:
    """Resolve left-over entities once, on lines that hold no markup."""
    if "&" not in text:
        return text, ""
    lines = [line if "<" in line or "`" in line else _ENTITY.sub(_resolved, line) for line in text.split("\n")]
    return "\n".join(lines), "unescape"


def _resolved(found: re.Match[str]) -> str:
    """Return the character of an entity; a name that HTML does not know stays, though it begins with one ("&region;")."""
    name = found[0][1:]
    return html.unescape(found[0]) if name.startswith("#") or name in html5 else found[0]


def _drop_controls(text: str) -> tuple[str, str]:
    return without_controls(text), "drop controls"


def _straighten(text: str) -> tuple[str, str]:
    from ftfy.fixes import uncurl_quotes

    return uncurl_quotes(text), "straighten quotes"
