"""One shard through one stage: what a job says, and the loop over pages that all page-wise stages share.

A page that fails is a row among the faults; it is the only place where any exception of a page is caught.
"""

from __future__ import annotations

import importlib
import time
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pipeline.cache.digests import digest
from pipeline.cache.schema import columns_of
from pipeline.cache.store import Entry, Store
from pipeline.cache.table import Table
from pipeline.collector import collector_paused
from pipeline.engines.watch import OVER_A_LIMIT, Watch
from pipeline.errors import DechromeError, Reject
from pipeline.model import Fault, SiteTemplate, Stage

Out = TypeVar("Out")

CHANGED = "changed-while-read"
_PART_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class WantedRecord:
    """A page of an input file: its record, the id given to it, where it begins (-1: not known) and its bytes' digest."""

    record: int
    id: str
    start: int
    digest: str


@dataclass(frozen=True, slots=True)
class WantedFile:
    """An input file that holds pages of a shard."""

    file: str
    path: str
    records: tuple[WantedRecord, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One shard to make. `inputs` are the results that the stage reads, by stage; `weight_bytes` is the size of its pages.

    `knowledge` is the digest of the rule tables and weights that its key was made with; `limits` what a page may take.
    """

    stage: Stage
    key: str
    root: str
    settings: Any
    inputs: Mapping[Stage, Entry] = field(default_factory=dict)
    templates: tuple[SiteTemplate, ...] = ()
    knowledge: str = ""
    files: tuple[WantedFile, ...] = ()
    weight_bytes: int = 0
    limits: Mapping[str, Any] = field(default_factory=dict)

    @property
    def limited_key(self) -> str:
        """Return the key under which the result lies if a page went over a limit: with other limits, it is another result."""
        return digest([self.key, dict(self.limits)])


def run_job(job: Job, watch: Watch) -> Entry:
    """Make one shard of one stage and return its entry."""
    made: Entry = importlib.import_module(module_of(job.stage)).make(job, Store(Path(job.root)), watch)
    return made


def module_of(stage: Stage) -> str:
    """Return the name of the module that makes shards of a stage."""
    return f"pipeline.engines.shards.{stage}"


def each(
    job: Job,
    store: Store,
    watch: Watch,
    rows: Iterable[tuple[Any, ...]],
    kind: type[Out],
    name: str,
    function: Callable[..., Out],
) -> Entry:
    """Call a stage's function on each page of a shard and commit the results and the faults.

    A row is the page with what else the function takes. Rows are read and results are packed as the work goes on: what is in
    memory depends on a few pages, however many the shard has. Work that is done again, since a page went over a limit, is kept in
    parts: the next such page costs no more than itself.
    """
    good: Table[Out] = Table(kind)
    faults: list[Fault] = []
    parts = _Parts(job, store, name, kind)
    done = parts.read(good, faults) if watch.banned else 0
    count = 0
    for count, row in enumerate(rows, 1):
        if count <= done:
            continue
        made: Out | Fault
        try:
            with watch.page(row[0].id), collector_paused():
                made = function(*row)
        except Reject as reject:
            made = _fault(job.stage, row[0], reject.reason, reject.detail)
        except (DechromeError, MemoryError):
            raise  # settings, tables or the machine: no page is to blame, or the worker must go
        except Exception as error:  # noqa: BLE001 - a page must not end the batch; it is listed with its error
            made = _fault(job.stage, row[0], "error", _last_words(error))
        if isinstance(made, Fault):
            faults.append(made)
        else:
            good.append(made)
        if watch.banned:
            parts.keep(made)
    entry = commit(job, store, {name: good}, faults, (count, good.count, len(faults)))
    parts.drop()
    return entry


def in_step(rows: Iterable[Any], *others: Iterator[Any]) -> Iterator[tuple[Any, ...]]:
    """Return each row together with the row of each other table that has its id; one that a table lacks is passed over.

    The tables are in one order, and a page is missing from a table if it was rejected where that was made.

    >>> from types import SimpleNamespace as Row
    >>> a, b, c = Row(id="a"), Row(id="b"), Row(id="c")
    >>> [row[0].id for row in in_step([a, b, c], iter([a, c]))]
    ['a', 'c']
    """
    waiting = [next(other, None) for other in others]
    for row in rows:
        found = tuple(one if one is not None and one.id == row.id else None for one in waiting)
        waiting = [next(other, None) if one else last for other, one, last in zip(others, found, waiting, strict=True)]
        if all(found):
            yield row, *found


class _Parts:
    """Results of the first pages of a shard, kept while its work is done again."""

    def __init__(self, job: Job, store: Store, name: str, kind: type[Any]) -> None:
        self._job, self._store, self._name, self._kind = job, store, name, kind
        self._fresh: list[Any] = []
        self._keys: list[str] = []
        self._since = time.process_time()

    def _next_key(self) -> str:
        return digest([self._job.limited_key, "part", len(self._keys)])

    def read(self, good: Table[Any], faults: list[Fault]) -> int:
        """Add what earlier parts hold; returns how many pages that is."""
        before = len(faults)
        while entry := self._store.find(self._job.stage, self._next_key()):
            good.extend(self._store.iterate(entry, self._name, self._kind))
            faults += self._store.iterate(entry, "faults", Fault)
            self._keys.append(entry.key)
        return good.count + len(faults) - before

    def keep(self, made: Any) -> None:
        """Keep what is new, if it took long enough."""
        self._fresh.append(made)
        if time.process_time() - self._since < _PART_SECONDS:
            return
        faults = [one for one in self._fresh if isinstance(one, Fault)]
        good = [one for one in self._fresh if not isinstance(one, Fault)]
        tables = {self._name: Table(self._kind, good), "faults": Table(Fault, faults)}
        counts = len(self._fresh), len(good), len(faults)
        self._keys.append(self._store.commit(self._job.stage, self._next_key(), tables, counts).key)
        self._fresh, self._since = [], time.process_time()

    def drop(self) -> None:
        """Forget the parts: the whole is there."""
        for key in self._keys:
            self._store.drop(self._job.stage, key)


def commit(
    job: Job,
    store: Store,
    tables: Mapping[str, Table[Any]],
    faults: Sequence[Fault],
    counts: tuple[int, int, int],
) -> Entry:
    """Commit what was made of a shard; its key says whether a limit had a part in it. Every page must be accounted for."""
    rows_in, rows_out, rejected = counts
    if rows_in != rows_out + rejected:
        raise AssertionError(f"{job.stage}: {rows_in} pages went in, {rows_out} came out and {rejected} were rejected")
    key = job.limited_key if any(fault.reason in OVER_A_LIMIT for fault in faults) else job.key
    if any(fault.reason == CHANGED for fault in faults):
        key = digest([job.key, "for this run alone"])
    return store.commit(job.stage, key, {**tables, "faults": Table(Fault, faults)}, counts)


def _fault(stage: Stage, row: Any, reason: str, detail: str) -> Fault:
    path, record = (row.path, row.record) if hasattr(row, "path") else ("", 0)
    return Fault(row.id, path, record, stage, reason, detail)


def _last_words(error: Exception) -> str:
    """Return an exception with the place in our code where it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    place = next((f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames) if "pipeline" in f.filename), "")
    text = f"{type(error).__name__}: {error}"[:500].encode("utf-8", "backslashreplace").decode("utf-8")
    return f"{text} ({place})"


def without_columns(kind: type[Any], *prefixes: str) -> list[str]:
    """Return the columns of a class but those that begin with one of `prefixes`: what is not needed is not read."""
    return [column.name for column in columns_of(kind) if not column.name.startswith(prefixes)]
