"""Normalise of a shard."""

from __future__ import annotations

from pipeline.cache.store import Entry, Store
from pipeline.engines.watch import Watch
from pipeline.engines.work import Job, each, without_columns
from pipeline.model import CleanDocument, Document, Judgement, RepairedDocument, Stage
from pipeline.normalise import normalise


def make(job: Job, store: Store, watch: Watch) -> Entry:
    """Commit the clean records of a shard."""
    columns = without_columns(Judgement, "evidence.")
    judgements = {row.id: row for row in store.read(job.inputs[Stage.CHROME], "judgements", Judgement, columns)}
    repaired = {row.id: row for row in store.read(job.inputs[Stage.ENCODING], "repaired", RepairedDocument)}
    documents = store.read(job.inputs[Stage.SEGMENT], "documents", Document, without_columns(Document, "html"))
    kept = [document for document in documents if document.id in repaired]

    def clean(document: Document) -> CleanDocument:
        return normalise(document, judgements[document.id], repaired[document.id], job.settings)

    return each(job, store, watch, kept, CleanDocument, "clean", clean)
