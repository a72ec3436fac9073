"""Normalise of a shard."""

from __future__ import annotations

from pipeline.cache.store import Entry, Store
from pipeline.engines.watch import Watch
from pipeline.engines.work import Job, each, in_step, without_columns
from pipeline.model import CleanDocument, Document, Judgement, RepairedDocument, Stage
from pipeline.normalise import normalise


def make(job: Job, store: Store, watch: Watch) -> Entry:
    """Commit the clean records of a shard."""
    columns = without_columns(Judgement, "evidence.")
    judgements = store.iterate(job.inputs[Stage.CHROME], "judgements", Judgement, columns)
    repaired = store.iterate(job.inputs[Stage.ENCODING], "repaired", RepairedDocument)
    unread = () if job.settings.links else ("html",)
    documents = store.iterate(job.inputs[Stage.SEGMENT], "documents", Document, without_columns(Document, *unread))

    def clean(document: Document, judgement: Judgement, mended: RepairedDocument) -> CleanDocument:
        return normalise(document, judgement, mended, job.settings)

    return each(job, store, watch, in_step(documents, judgements, repaired), CleanDocument, "clean", clean)
