"""One shard through one stage: what a job says, and the loop over pages that all page-wise stages share.

A page that fails is a row among the faults; it is the only place where any exception of a page is caught.
"""

from __future__ import annotations

import importlib
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pipeline.cache.digests import digest
from pipeline.cache.schema import columns_of
from pipeline.cache.store import Entry, Store
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
    job: Job, store: Store, watch: Watch, rows: Sequence[Any], kind: type[Out], name: str, function: Callable[[Any], Out]
) -> Entry:
    """Call a stage's function on each page of a shard and commit the results and the faults.

    Work that is done again, since a page went over a limit, is kept in parts: the next such page costs no more than itself.
    """
    good: list[Out] = []
    faults: list[Fault] = []
    parts = _Parts(job, store, name, kind)
    if watch.banned:
        parts.read(good, faults)
    for row in rows[len(good) + len(faults) :]:
        try:
            with watch.page(row.id):
                good.append(function(row))
        except Reject as reject:
            faults.append(_fault(job.stage, row, reject.reason, reject.detail))
        except (DechromeError, MemoryError):
            raise  # settings, tables or the machine: no page is to blame, or the worker must go
        except Exception as error:  # noqa: BLE001 - a page must not end the batch; it is listed with its error
            faults.append(_fault(job.stage, row, "error", _last_words(error)))
        if watch.banned:
            parts.keep(good, faults)
    watch.rest()
    entry = commit(job, store, {name: (good, kind)}, faults, (len(rows), len(good), len(faults)))
    parts.drop()
    return entry


class _Parts:
    """Results of the first pages of a shard, kept while its work is done again."""

    def __init__(self, job: Job, store: Store, name: str, kind: type[Any]) -> None:
        self._job, self._store, self._name, self._kind = job, store, name, kind
        self._kept = (0, 0)  # of good pages and faults, how many are in parts
        self._keys: list[str] = []
        self._since = time.process_time()

    def _next_key(self) -> str:
        return digest([self._job.limited_key, "part", len(self._keys)])

    def read(self, good: list[Any], faults: list[Fault]) -> None:
        """Add what earlier parts hold."""
        while entry := self._store.find(self._job.stage, self._next_key()):
            good += self._store.read(entry, self._name, self._kind)
            faults += self._store.read(entry, "faults", Fault)
            self._keys.append(entry.key)
        self._kept = len(good), len(faults)

    def keep(self, good: list[Any], faults: list[Fault]) -> None:
        """Keep what is new, if it took long enough."""
        if time.process_time() - self._since < _PART_SECONDS:
            return
        new = good[self._kept[0] :], faults[self._kept[1] :]
        tables: dict[str, tuple[Sequence[Any], type[Any]]] = {self._name: (new[0], self._kind), "faults": (new[1], Fault)}
        counts = len(new[0]) + len(new[1]), len(new[0]), len(new[1])
        self._keys.append(self._store.commit(self._job.stage, self._next_key(), tables, counts).key)
        self._kept, self._since = (len(good), len(faults)), time.process_time()

    def drop(self) -> None:
        """Forget the parts: the whole is there."""
        for key in self._keys:
            self._store.drop(self._job.stage, key)


def commit(
    job: Job,
    store: Store,
    tables: Mapping[str, tuple[Sequence[Any], type[Any]]],
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
    return store.commit(job.stage, key, {**tables, "faults": (faults, Fault)}, counts)


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
