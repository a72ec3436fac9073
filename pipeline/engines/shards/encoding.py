"""Encoding of a shard."""

from __future__ import annotations

from pipeline.cache.store import Entry, Store
from pipeline.encoding import repair
from pipeline.engines.watch import Watch
from pipeline.engines.work import Job, each, without_columns
from pipeline.model import Document, Judgement, RepairedDocument, Stage


def make(job: Job, store: Store, watch: Watch) -> Entry:
    """Commit the repaired blocks of a shard's documents."""
    columns = without_columns(Judgement, "evidence.")
    judgements = {row.id: row for row in store.read(job.inputs[Stage.CHROME], "judgements", Judgement, columns)}
    documents = store.read(job.inputs[Stage.SEGMENT], "documents", Document, without_columns(Document, "html"))
    judged = [document for document in documents if document.id in judgements]
    on_site = {template.site: template.damages for template in job.templates}

    def mend(document: Document) -> RepairedDocument:
        return repair(document, judgements[document.id], job.settings, on_site.get(document.site, ()))

    return each(job, store, watch, judged, RepairedDocument, "repaired", mend)
