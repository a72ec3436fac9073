"""The loop over a shard's pages: tables read side by side, and the slot in which a worker says which page it is at."""

from __future__ import annotations

import gc
import multiprocessing
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pipeline.cache.store import Store
from pipeline.engines.slot import NO_PAGE, Slot, mark_of
from pipeline.engines.work import Job, each, in_step
from pipeline.errors import Reject
from pipeline.model import Block, Kind, Stage


@dataclass(frozen=True)
class Row:
    id: str
    table: int


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=30))
def test_tables_are_read_side_by_side_without_what_one_of_them_lacks(kept: list[tuple[bool, bool]]) -> None:
    ids = [f"page-{number}" for number in range(len(kept))]
    first = [Row(one, 1) for one, (in_first, _) in zip(ids, kept, strict=True) if in_first]
    second = [Row(one, 2) for one, (in_first, in_second) in zip(ids, kept, strict=True) if in_first and in_second]
    found = list(in_step([Row(one, 0) for one in ids], iter(first), iter(second)))
    assert [row[2] for row in found] == second
    assert all([one.table for one in row] == [0, 1, 2] and len({one.id for one in row}) == 1 for row in found)


def test_without_other_tables_each_row_stands_alone() -> None:
    assert list(in_step([Row("a", 0)])) == [(Row("a", 0),)]


@given(st.text(), st.integers(0, 1 << 60))
def test_a_slot_says_what_was_written(name: str, memory: int) -> None:
    slot = Slot(multiprocessing.get_context("spawn"))
    assert slot.read() == (NO_PAGE, 0)
    slot.write(mark_of(name), memory)
    assert slot.read() == (mark_of(name), memory)
    assert mark_of(name) != mark_of(f"{name}a")
    slot.write(NO_PAGE)
    assert slot.read() == (NO_PAGE, 0)


def test_the_collector_rests_while_a_page_is_worked_on(tmp_path: Path) -> None:
    seen = []

    def work(row: Row) -> Block:
        seen.append(gc.isenabled())
        if row.id == "b":
            raise Reject("no-text", "nothing")
        return Block(0, Kind.LINE, 0, row.id)

    watch: Any = SimpleNamespace(banned=(), page=lambda _: nullcontext())
    rows = [(Row(name, 0),) for name in "abc"]
    entry = each(Job(Stage.SEGMENT, "0" * 32, str(tmp_path), None), Store(tmp_path), watch, rows, Block, "blocks", work)
    assert (entry.rows_in, entry.rows_out, entry.rejected) == (3, 2, 1)
    assert seen == [False, False, False]
    assert gc.isenabled()
