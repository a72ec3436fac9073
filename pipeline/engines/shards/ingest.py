"""Ingest of a shard: the pages that a scan found are read again from their files, and must still be what they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.cache.store import Entry, Store
from pipeline.cache.table import Table
from pipeline.engines.watch import Watch
from pipeline.engines.work import CHANGED, Job, WantedFile, commit
from pipeline.errors import Reject
from pipeline.ingest import ingest
from pipeline.model import Fault, Page, Stage
from pipeline.settings import IngestSettings
from pipeline.sources import read_items


def make(job: Job, store: Store, watch: Watch) -> Entry:
    """Commit the pages of a shard and the faults of those that cannot be read any more."""
    pages: Table[Page] = Table(Page)  # in the order of their paths and records, in which the files are wanted
    faults: list[Fault] = []
    for wanted in job.files:
        for outcome in _read(wanted, job.settings, watch):
            if isinstance(outcome, Page):
                pages.append(outcome)
            else:
                faults.append(outcome)
    watch.rest()
    faults.sort(key=lambda fault: (fault.path, fault.record))
    count = sum(len(wanted.records) for wanted in job.files)
    return commit(job, store, {"pages": pages}, faults, (count, pages.count, len(faults)))


def _read(wanted: WantedFile, settings: IngestSettings, watch: Watch) -> Iterator[Page | Fault]:
    """Return the page or the fault of each record that is wanted of a file."""
    missing = {one.record: one for one in wanted.records}
    banned: dict[int, Reject] = {}

    def is_wanted(record: int) -> bool:
        if record not in missing:
            return False
        try:
            watch.enter(f"{wanted.path}\n{record}")
        except Reject as reject:
            banned[record] = reject
            return False
        return True

    def fault(record: int, reason: str, detail: str) -> Fault:
        return Fault(missing.pop(record).id, wanted.path, record, Stage.INGEST, reason, detail)

    starts = {one.record: one.start for one in wanted.records}
    trouble = "it is shorter than it was"
    try:
        for item in read_items(Path(wanted.file), wanted.path, settings, is_wanted, starts):
            if item.record not in missing:
                continue
            if item.digest != missing[item.record].digest:
                yield fault(item.record, CHANGED, "its bytes are not those that were found when the run began; run again")
                continue
            try:
                page = ingest(item, settings)
            except Reject as reject:
                yield fault(item.record, reject.reason, reject.detail)
            else:
                yield replace(page, id=missing.pop(item.record).id)
            finally:
                watch.leave()
    except OSError as error:
        trouble = f"it cannot be read any more ({error.strerror or error})"
    for record, verdict in banned.items():
        yield fault(record, verdict.reason, verdict.detail)
    for record in list(missing):
        yield fault(record, CHANGED, f"{trouble}; run again")
