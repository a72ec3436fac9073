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
    """One page of a batch, as a scan found it: the input file it is in, its record there, its id, site and size."""

    path: str
    record: int
    id: str
    site: str
    size_bytes: int


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

    Up to `buckets` sites have a shard each. More sites share `buckets` shards by the hash of their key. A shard over the
    limits is halved by the next bit of that hash, or, if one site fills it, of the hash of the page's id; so a page more
    splits one shard at most.
    """
    sites = {member.site for member in members}
    groups: defaultdict[str, list[Member]] = defaultdict(list)
    for member in members:
        groups[member.site if len(sites) <= settings.buckets else f"sites-{_hash(member.site) % settings.buckets:04x}"].append(
            member
        )
    shards = [shard for name in sorted(groups) for shard in _split(name, groups[name], 0, settings)]
    return sorted(shards, key=lambda shard: shard.name)


def _split(name: str, members: list[Member], bit: int, settings: ShardSettings) -> list[Shard]:
    within = len(members) <= settings.max_pages and sum(m.size_bytes for m in members) <= settings.max_bytes
    if within or len(members) == 1 or bit >= _BITS:
        return [Shard(name, tuple(sorted(members, key=lambda m: (m.path, m.record))))]
    by_id = len({member.site for member in members}) == 1
    halves: tuple[list[Member], list[Member]] = ([], [])
    for member in members:
        halves[_hash(member.id if by_id else member.site) >> (_BITS - 1 - bit) & 1].append(member)
    return [
        shard
        for half, side in zip(halves, "01", strict=True)
        if half
        for shard in _split(f"{name} #{side}", half, bit + 1, settings)
    ]


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()[:8], "big")
