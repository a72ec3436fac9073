"""Survey of a shard."""

from __future__ import annotations

from pipeline.cache.store import Entry, Store
from pipeline.cache.table import Table
from pipeline.engines.watch import Watch
from pipeline.engines.work import Job, without_columns
from pipeline.model import Document, SiteCounts, Stage
from pipeline.survey import count_lines


def make(job: Job, store: Store, watch: Watch) -> Entry:  # noqa: ARG001 - it counts lines, whatever the page
    """Commit what a shard's documents tell of their sites."""
    documents = store.iterate(job.inputs[Stage.SEGMENT], "documents", Document, without_columns(Document, "html"))
    counts = count_lines(documents)
    pages = sum(site.pages for site in counts)
    return store.commit(job.stage, job.key, {"counts": Table(SiteCounts, counts)}, (pages, pages, 0))
