"""How a batch is cut: by site, within limits, and stable when pages come."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from pipeline.batch.shards import Member, Shard, cut
from pipeline.settings import ShardSettings


def _member(number: int, site: str, size_bytes: int = 10) -> Member:
    path = f"{site.replace(':', '_')}/{number}.html"
    return Member(path, 0, hashlib.sha256(path.encode()).hexdigest(), site, size_bytes)


def _pages(site: str, count: int, size_bytes: int = 10) -> list[Member]:
    return [_member(number, site, size_bytes) for number in range(count)]


def _groups(shards: list[Shard]) -> set[tuple[Member, ...]]:
    return {shard.members for shard in shards}


_SITES = st.sampled_from(["a.example", "b.example", "c.example", "folder:x", "folder:x.0", "d", "e", "f", "g"])
_MEMBERS = st.lists(
    st.builds(_member, st.integers(0, 40), _SITES, st.just(10)), unique_by=lambda member: member.path, max_size=40
)
_SETTINGS = st.builds(
    ShardSettings, buckets=st.integers(1, 12), max_pages=st.integers(1, 9), max_bytes=st.sampled_from([1, 25, 10_000])
)


def test_sites_that_fall_apart_have_a_shard_each() -> None:
    shards = cut([*_pages("b", 3), *_pages("a", 2)], ShardSettings(buckets=65_536))
    found = sorted((shard.sites, len(shard.members), shard.size_bytes) for shard in shards)
    assert found == [(["a"], 2, 20), (["b"], 3, 30)]


@pytest.mark.parametrize(
    ("settings", "shards"),
    [
        (ShardSettings(max_pages=5), 1),
        (ShardSettings(max_bytes=50), 1),
        (ShardSettings(max_pages=4), 2),
        (ShardSettings(max_bytes=49), 2),
    ],
)
def test_limit_is_the_most_that_a_shard_may_hold(settings: ShardSettings, shards: int) -> None:
    assert min(len(cut(_pages("a", 5), settings)), 2) == shards


def test_many_sites_share_the_buckets() -> None:
    members = [_member(1, f"site-{number}.example") for number in range(200)]
    shards = cut(members, ShardSettings(buckets=8))
    assert len(shards) <= 8
    assert max(len(shard.members) for shard in shards) < 60


@pytest.mark.parametrize(
    ("settings", "members"),
    [
        (ShardSettings(max_pages=10), _pages("a", 100)),
        (ShardSettings(max_bytes=100), _pages("a", 100)),
        (ShardSettings(buckets=1, max_pages=10), [*_pages("a", 8), *_pages("b", 9)]),
    ],
)
def test_shard_over_a_limit_is_split(settings: ShardSettings, members: list[Member]) -> None:
    shards = cut(members, settings)
    assert len(shards) > 1
    assert all(len(shard.members) <= settings.max_pages and shard.size_bytes <= settings.max_bytes for shard in shards)


def test_page_over_the_limit_has_a_shard_of_its_own() -> None:
    huge = _member(99, "a", 10_000)
    shards = cut([*_pages("a", 5), huge], ShardSettings(max_bytes=100))
    assert (huge,) in _groups(shards)


def test_no_pages_no_shards() -> None:
    assert cut([], ShardSettings()) == []


@given(_MEMBERS, _SETTINGS)
def test_shards_are_all_pages_once_each_within_limits(members: list[Member], settings: ShardSettings) -> None:
    shards = cut(members, settings)
    assert sorted(m.path for shard in shards for m in shard.members) == sorted(m.path for m in members)
    assert all(
        len(shard.members) == 1 or (len(shard.members) <= settings.max_pages and shard.size_bytes <= settings.max_bytes)
        for shard in shards
    )
    assert all(shard.members for shard in shards)


@given(_MEMBERS, _SETTINGS)
@example([*_pages("folder:x", 12), *_pages("folder:x.0", 3), *_pages("folder:x.1", 3)], ShardSettings(max_pages=9))
def test_names_of_shards_are_unique_and_in_order(members: list[Member], settings: ShardSettings) -> None:
    names = [shard.name for shard in cut(members, settings)]
    assert names == sorted(set(names))


@given(_MEMBERS, _SETTINGS, st.randoms(use_true_random=False))
def test_order_of_the_pages_does_not_matter(members: list[Member], settings: ShardSettings, random: object) -> None:
    shuffled = list(members)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert cut(shuffled, settings) == cut(members, settings)


@given(_MEMBERS, _SETTINGS)
@example([*_pages("a.example", 1), *_pages("folder:x.0", 3)], ShardSettings(buckets=1, max_pages=2))
@example([*_pages("a.example", 60), *_pages("d", 2)], ShardSettings(buckets=1, max_pages=9))
def test_page_of_a_new_site_touches_one_shard_at_most(members: list[Member], settings: ShardSettings) -> None:
    before, after = _groups(cut(members, settings)), _groups(cut([*members, _member(0, "new.example")], settings))
    assert len(before - after) <= 1


@pytest.mark.parametrize("count", [1, 63, 64, 65, 200])
def test_page_of_a_new_site_changes_one_shard_however_many_sites_there_are(count: int) -> None:
    members = [member for number in range(count) for member in _pages(f"site-{number}", 3)]
    before, after = cut(members, ShardSettings()), cut([*members, _member(0, "new.example")], ShardSettings())
    assert len(_groups(before) - _groups(after)) <= 1
    assert len(_groups(after) - _groups(before)) == 1


@given(_MEMBERS, _SETTINGS, st.integers(100, 120))
def test_page_more_of_a_known_site_touches_one_shard_at_most(members: list[Member], settings: ShardSettings, number: int) -> None:
    assume(members)
    before, after = _groups(cut(members, settings)), _groups(cut([*members, _member(number, members[0].site)], settings))
    assert len(before - after) <= 1
