"""Labels for the blocks of a page: how much of each is in the page's gold text, in its order.

One order-preserving alignment of all words of the page with those of the gold; a block's share is what its best close-by stretch
of gold holds of its words, so that stray words do not add up. Blocks that stand out of order are looked for in the gold that is
left; a short block counts only if it is a line of the gold, or stands there between what its neighbours hold.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

_SINGLE = r"\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"  # letters of scripts without spaces
_TOKEN = re.compile(rf"[{_SINGLE}]|[^\W{_SINGLE}]+")
_IN, _RUN, _SHORT = 0.6, 4, 3
_NEAR = 3  # blocks between a short one and a neighbour that vouches for it


def tokens(text: str) -> list[str]:
    """Return the words of a text, case folded; letters of scripts without spaces one by one."""
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def shares_of(texts: Sequence[str], gold: str) -> list[float]:
    """Return for each block of a page the share of it that is in the gold, 0 to 1; a block without words has 0."""
    numbers: dict[str, int] = {}
    wanted = [numbers.setdefault(token, len(numbers)) for token in tokens(gold)]
    blocks = [[numbers.setdefault(token, len(numbers)) for token in tokens(text)] for text in texts]
    if not wanted:
        return [0.0] * len(blocks)
    places = _aligned(blocks, wanted)
    windows = [_best_window(place, len(block)) for place, block in zip(places, blocks, strict=True)]
    shares = [window[0] / len(block) if block else 0.0 for window, block in zip(windows, blocks, strict=True)]
    spans = [(window[1], window[2]) for window in windows]
    _rescue(blocks, wanted, places, shares, spans)
    lines = {tuple(numbers[token] for token in tokens(line)) for line in gold.split("\n")}
    _judge_short(blocks, shares, spans, lines, len(wanted))
    return shares


def _aligned(blocks: Sequence[Sequence[int]], wanted: Sequence[int]) -> list[list[int]]:
    """Return for each block the places in the gold with which its words are aligned."""
    from rapidfuzz.distance import LCSseq

    flat = [token for block in blocks for token in block]
    owner = [index for index, block in enumerate(blocks) for _ in block]
    places: list[list[int]] = [[] for _ in blocks]
    if not flat:
        return places
    for step in LCSseq.opcodes(flat, wanted):
        if step.tag == "equal":
            for offset in range(step.src_end - step.src_start):
                places[owner[step.src_start + offset]].append(step.dest_start + offset)
    return places


def _best_window(places: Sequence[int], count: int) -> tuple[int, int, int]:
    """Return the most places in a stretch of gold half as long again as the block, and where it begins and ends."""
    span = int(1.5 * count) + 3
    best = (0, -1, -1)
    for first, place in enumerate(places):
        end = bisect_left(places, place + span)
        if end - first > best[0]:
            best = (end - first, place, places[end - 1])
    return best


def _rescue(
    blocks: Sequence[Sequence[int]],
    wanted: Sequence[int],
    places: Sequence[Sequence[int]],
    shares: list[float],
    spans: list[tuple[int, int]],
) -> None:
    """Raise the shares of blocks that stand whole in gold which no other block holds: content out of order."""
    used = bytearray(len(wanted))
    for place, share in zip(places, shares, strict=True):
        if share >= _IN:
            for at in place:
                used[at] = 1
    runs: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
    for at in range(len(wanted) - _RUN + 1):
        runs[tuple(wanted[at : at + _RUN])].append(at)
    for index, block in enumerate(blocks):
        if shares[index] >= _IN or len(block) < _RUN:
            continue
        best, where = 0, 0
        for start in range(0, len(block) - _RUN + 1, 1 if len(block) < 40 else 4):
            for at in runs.get(tuple(block[start : start + _RUN]), ())[:20]:
                begin = at - start
                if begin < 0 or used[at]:
                    continue
                length = min(len(block), len(wanted) - begin)
                held = sum(1 for k in range(length) if wanted[begin + k] == block[k] and not used[begin + k])
                if held > best:
                    best, where = held, begin
            if best >= 0.8 * len(block):
                break
        if best >= (0.75 if len(block) < 8 else _IN) * len(block):
            end = min(len(wanted), where + len(block))
            shares[index], spans[index] = best / len(block), (where, end - 1)
            used[where:end] = b"\x01" * (end - where)


def _judge_short(
    blocks: Sequence[Sequence[int]],
    shares: list[float],
    spans: Sequence[tuple[int, int]],
    lines: set[tuple[int, ...]],
    length: int,
) -> None:
    """Lower the shares of short blocks whose words stand in the gold by chance."""
    held = [index for index, share in enumerate(shares) if share >= _IN]
    within = bytearray(length)
    for index in held:
        if len(blocks[index]) > _SHORT:
            first, last = spans[index]
            within[first : last + 1] = b"\x01" * (last + 1 - first)
    begins = {spans[index][0]: index for index in held}
    ends = {spans[index][1]: index for index in held}
    for index in held:
        if len(blocks[index]) > _SHORT:
            continue
        first, last = spans[index]
        if tuple(blocks[index]) in lines:
            continue
        before = 0 < index - ends.get(first - 1, index) <= _NEAR
        behind = 0 < begins.get(last + 1, index) - index <= _NEAR
        is_free = not any(within[first : last + 1])
        in_a_row = len(blocks[index]) == _SHORT and last - first == _SHORT - 1
        if not (is_free and ((before and behind) or in_a_row or ((before or behind) and (first == 0 or last == length - 1)))):
            shares[index] = 0.5 if is_free and (before or behind) else 0.0
