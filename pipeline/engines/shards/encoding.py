"""Encoding of a shard."""

from __future__ import annotations

from pipeline.cache.store import Entry, Store
from pipeline.encoding import repair
from pipeline.engines.watch import Watch
from pipeline.engines.work import Job, each, in_step, without_columns
from pipeline.model import Document, Judgement, RepairedDocument, Stage


def make(job: Job, store: Store, watch: Watch) -> Entry:
    """Commit the repaired blocks of a shard's documents."""
    columns = without_columns(Judgement, "evidence.")
    judgements = store.iterate(job.inputs[Stage.CHROME], "judgements", Judgement, columns)
    documents = store.iterate(job.inputs[Stage.SEGMENT], "documents", Document, without_columns(Document, "html"))
    on_site = {template.site: template.damages for template in job.templates}

    def mend(document: Document, judgement: Judgement) -> RepairedDocument:
        return repair(document, judgement, job.settings, on_site.get(document.site, ()))

    return each(job, store, watch, in_step(documents, judgements), RepairedDocument, "repaired", mend)
