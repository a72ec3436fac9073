"""The tags of a serialised page as arrays: what each one is, how deep it stands, and what holds the text behind it.

A page has some thousand tags and some hundred texts. What concerns every tag is done by array operations, so that Python has to
look only at the texts and at the elements that hold them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

_VOID_NAMES = "area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split()
_INLINE_NAMES = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark meter nobr "
    "output picture progress q rp rt ruby s samp small span strike strong sub sup time tt u var"
).split()
_OTHERS = "hr img input br meta link title html pre tr td th a label time".split()
_NAME_BYTES = 16  # no name that is known here is longer
_LT, _GT, _SLASH, _BLANK = (ord(sign) for sign in "<>/ ")
_FAMILY_OF = dict.fromkeys(_INLINE_NAMES, "inline") | dict.fromkeys(_VOID_NAMES, "void")


def _packed(name: str) -> int:
    """Return the first eight letters of a name as one number, with the others (`blockquote`, `figcaption`) in its upper half."""
    raw = name.encode("ascii").ljust(_NAME_BYTES, b"\0")
    return int.from_bytes(raw, "little")


# The known names in the order of their numbers, as two numbers of eight letters each.
_NAMES = sorted({*_FAMILY_OF, *_OTHERS}, key=lambda name: _packed(name) & (1 << 64) - 1)
_HEADS = np.array([_packed(name) & (1 << 64) - 1 for name in _NAMES], np.uint64)
_RESTS = np.array([_packed(name) >> 64 for name in _NAMES], np.uint64)
_PLACE_OF = {name: place for place, name in enumerate(_NAMES)}
_UNKNOWN = len(_NAMES)
_IS_INLINE = np.array([_FAMILY_OF.get(name) == "inline" for name in (*_NAMES, "")])
_IS_VOID = np.array([_FAMILY_OF.get(name) == "void" for name in (*_NAMES, "")])
# What is left of two numbers of eight letters if a name is so many letters long.
_MASKS = np.array(
    [[(1 << 8 * min(size, 8)) - 1, (1 << 8 * max(0, min(size - 8, 8))) - 1] for size in range(_NAME_BYTES + 1)], np.uint64
)


class Level:
    """Which element of one family (block or inline) is open where: `depth` counts them behind each tag."""

    def __init__(self, opens: Flags, closes: Flags) -> None:
        self._count = len(opens)
        self.depth: Ints = np.cumsum(opens.astype(np.int8) - closes.astype(np.int8), dtype=np.int64)
        at = np.flatnonzero(opens)
        self._at = at
        self._keys: Ints = np.sort(np.append(self.depth[at] * self._count + at, -1))  # -1: nothing is open

    def innermost(self, at: Ints, above: int = 0) -> Ints:
        """Return the tag that opened the element which is innermost behind each tag, or so many `above` it; -1 for none.

        An element of depth d that is open somewhere is the last of that depth that was opened before.
        """
        depth = self.depth[at] - above
        found = self._keys[np.searchsorted(self._keys, depth * self._count + at, side="right") - 1] % max(self._count, 1)
        return np.where(depth > 0, found, -1)

    def parents(self) -> dict[int, int]:
        """Return for the tag of each element that of the element which holds it, -1 for none."""
        return dict(zip(self._at.tolist(), self.innermost(self._at, 1).tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class Tags:
    """A page cut at each `<`: `chunks` holds each tag with the text behind it, the arrays what they are.

    `runs` are the stretches between two block tags that hold text, each as its first and its last tag with text behind.
    """

    chunks: list[str]
    names: Ints
    is_close: Flags
    blocks: Level
    inlines: Level
    links: Ints
    code: Ints
    first: Ints
    last: Ints

    def lead(self, at: int) -> tuple[int, int]:
        """Return the tags of the two innermost inline elements that are open at a tag, the outer one first; -1 for none."""
        place = np.array([at])
        return int(self.inlines.innermost(place, 1)[0]), int(self.inlines.innermost(place)[0])

    def end_of(self, at: int) -> int:
        """Return the tag that closes the element which a tag opens."""
        depth = self.blocks.depth[at:] + self.inlines.depth[at:]
        below = depth < depth[0]
        return at + int(below.argmax()) if below.any() else len(self.chunks)

    def places(self, *names: str, closing: bool = False) -> Ints:
        """Return where the tags of some names stand that open an element, and with `closing` those that close one."""
        wanted = np.zeros(_UNKNOWN + 1, bool)
        wanted[[_PLACE_OF[name] for name in names]] = True
        at = np.flatnonzero(wanted[self.names])
        return at if closing else at[~self.is_close[at]]

    def roles(self, of_name: dict[str, tuple[int, int]], otherwise: tuple[int, int]) -> list[int]:
        """Return for each tag the number that its name has in `of_name`: (of an opening tag, of a closing one)."""
        table = np.array([of_name.get(name, otherwise) for name in (*_NAMES, "")])
        found: list[int] = table[self.names, self.is_close.astype(np.int64)].tolist()
        return found


def tags_of(source: str) -> Tags:
    """Return the tags of a page as a parser serialised it: each `<` begins a tag that ends at the next `>`."""
    chunks = source.split("<")[1:]
    raw = np.frombuffer(source.encode("utf-8", "replace") + bytes(_NAME_BYTES + 2), np.uint8)
    begins, signs = np.flatnonzero(raw == _LT), np.flatnonzero(raw == _GT)
    ends = np.append(signs, len(raw) - _NAME_BYTES - 3)[np.searchsorted(signs, begins)]
    is_close = raw[begins + 1] == _SLASH
    names = _names(raw, begins + 1 + is_close)
    is_inline = _IS_INLINE[names]
    is_plain = ~_IS_VOID[names] & (raw[begins + 1] != ord("!")) & (raw[begins + 1] != ord("?"))
    is_block = is_plain & ~is_inline
    blocks = Level(is_block & ~is_close, is_block & is_close)
    inlines = Level(is_inline & ~is_close, is_inline & is_close)
    step = 1 - 2 * is_close.astype(np.int64)
    links = np.cumsum(step * (names == _PLACE_OF["a"]))
    code = np.cumsum(step * (names == _PLACE_OF["pre"]))
    has_text = _has_text(raw, begins, ends, code > 0) & (names != _PLACE_OF["title"])
    first, last = _runs(has_text, is_block | (names == _PLACE_OF["hr"]))
    return Tags(chunks, names, is_close, blocks, inlines, links, code, first, last)


def _names(raw: NDArray[np.uint8], at: Ints) -> Ints:
    """Return the numbers of the names that begin at some places, _UNKNOWN for those that mean nothing here."""
    letters = raw[at[:, None] + np.arange(_NAME_BYTES)]
    is_end = (letters == _BLANK) | (letters == _GT)
    size = np.where(is_end.any(axis=1), is_end.argmax(axis=1), 0)
    packed = letters.view(np.dtype("<u8")) & _MASKS[size]
    place = np.minimum(np.searchsorted(_HEADS, packed[:, 0]), _UNKNOWN - 1)
    return np.where((_HEADS[place] == packed[:, 0]) & (_RESTS[place] == packed[:, 1]), place, _UNKNOWN)


def _has_text(raw: NDArray[np.uint8], begins: Ints, ends: Ints, is_code: Flags) -> Flags:
    """Return for each tag whether more than white space stands behind it, in code whether anything does."""
    if not len(begins):
        return np.zeros(0, bool)
    bounds = np.empty(2 * len(begins), np.int64)
    bounds[0::2] = ends + 1
    bounds[1:-1:2], bounds[-1] = begins[1:], len(raw) - _NAME_BYTES - 2
    highest = np.maximum.reduceat(raw, bounds)[0::2]
    is_any: Flags = bounds[1::2] > bounds[0::2]
    return is_any & ((highest > _BLANK) | is_code)


def _runs(has_text: Flags, is_boundary: Flags) -> tuple[Ints, Ints]:
    """Return the first and the last tag with text of each stretch between two boundaries that has any."""
    texts = np.flatnonzero(has_text)
    stretch = np.cumsum(is_boundary)[texts]
    is_new = np.ones(len(texts) + 1, bool)
    is_new[1:-1] = stretch[1:] != stretch[:-1]
    return texts[is_new[:-1]], texts[is_new[1:]]


def lowest_between(depth: Ints, at: list[int]) -> list[Any]:
    """Return the lowest depth from each place (rising) to the next, both included."""
    if len(at) < 2:
        return []
    bounds = np.empty(2 * len(at) - 2, np.int64)
    bounds[0::2] = at[:-1]
    bounds[1::2] = np.minimum(np.array(at[1:]) + 1, len(depth) - 1)
    found: list[Any] = np.minimum(np.minimum.reduceat(depth, bounds)[0::2], depth[at[1:]]).tolist()
    return found
