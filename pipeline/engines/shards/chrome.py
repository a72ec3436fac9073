"""Chrome of a shard."""

from __future__ import annotations

from pipeline.cache.store import Entry, Store
from pipeline.chrome import find_chrome
from pipeline.engines.watch import Watch
from pipeline.engines.work import Job, each, in_step
from pipeline.errors import RuleError
from pipeline.knowledge import knowledge_digests, rule_book, rules_digest
from pipeline.model import Document, Judgement, SiteTemplate, Stage


def make(job: Job, store: Store, watch: Watch) -> Entry:
    """Commit the judgements on a shard's documents."""
    documents = store.iterate(job.inputs[Stage.SEGMENT], "documents", Document)
    templates = {template.site: template for template in job.templates}
    if rules_digest(knowledge_digests(job.settings)) != job.knowledge:
        raise RuleError("a rule table or a weights file changed while the run was on; run again")
    book = rule_book(job.settings.rule_files, job.settings.off)

    def judge(document: Document) -> Judgement:
        template = templates.get(document.site) or SiteTemplate(document.site, 1, ())
        return find_chrome(document, template, book, job.settings)

    return each(job, store, watch, in_step(documents), Judgement, "judgements", judge)
