"""How a batch is cut into shards: by site, so that a new page touches the shards of its own site alone."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.settings import ShardSettings

_BITS = 64


@dataclass(frozen=True, slots=True)
class Member:
    """One page of a batch, as a scan found it: the input file it is in, its record there, its id, site and size, where its bytes
    begin (-1: not known) and their digest."""

    path: str
    record: int
    id: str
    site: str
    size_bytes: int
    start: int = -1
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Shard:
    """Pages that pass each stage together."""

    name: str
    members: tuple[Member, ...]

    @property
    def sites(self) -> list[str]:
        """Return the sites whose pages are here."""
        return sorted({member.site for member in self.members})

    @property
    def size_bytes(self) -> int:
        """Return the size of the pages."""
        return sum(member.size_bytes for member in self.members)


def cut(members: Sequence[Member], settings: ShardSettings) -> list[Shard]:
    """Return the shards of a batch, sorted by name; they depend on the set of pages alone.

    Sites share `buckets` shards by the hash of their key, be they few or many, so that a new site touches no shard but the one
    it falls in. A shard over the limits is halved by the next bit of that hash, or, if one site fills it, of the hash of the
    page's id; so a page more splits one shard at most.
    """
    groups: defaultdict[str, list[Member]] = defaultdict(list)
    for member in members:
        groups[f"sites-{_hash(member.site) % settings.buckets:04x}"].append(member)
    shards = [shard for name in sorted(groups) for shard in _split(name, groups[name], settings)]
    return sorted(shards, key=lambda shard: shard.name)


def _split(name: str, members: list[Member], settings: ShardSettings, site_bit: int = 0, id_bit: int = 0) -> list[Shard]:
    """Return a group of pages as shards within the limits; sites part first, so that what parts one site's pages is its own."""
    within = len(members) <= settings.max_pages and sum(m.size_bytes for m in members) <= settings.max_bytes
    by_id = len({member.site for member in members}) == 1
    if within or len(members) == 1 or (id_bit if by_id else site_bit) >= _BITS:
        return [Shard(name, tuple(sorted(members, key=lambda m: (m.path, m.record))))]
    shift = _BITS - 1 - (id_bit if by_id else site_bit)
    halves: tuple[list[Member], list[Member]] = ([], [])
    for member in members:
        halves[_hash(member.id if by_id else member.site) >> shift & 1].append(member)
    next_bits = (site_bit, id_bit + 1) if by_id else (site_bit + 1, id_bit)
    parts = ((f"{name} #{side}", half) for half, side in zip(halves, "01", strict=True) if half)
    return [shard for part, half in parts for shard in _split(part, half, settings, *next_bits)]


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()[:8], "big")
