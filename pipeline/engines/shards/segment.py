"""Segment of a shard."""

from __future__ import annotations

from pipeline.cache.store import Entry, Store
from pipeline.engines.watch import Watch
from pipeline.engines.work import Job, each, in_step
from pipeline.model import Document, Page, Stage
from pipeline.segment import segment


def make(job: Job, store: Store, watch: Watch) -> Entry:
    """Commit the documents of a shard's pages."""
    pages = store.iterate(job.inputs[Stage.INGEST], "pages", Page)
    return each(job, store, watch, in_step(pages), Document, "documents", lambda page: segment(page, job.settings))
