"""One shard through one stage: read its input results, call the stage's function on each page, commit what comes out.

A page that fails is a row among the faults; it is the only place where any exception of a page is caught.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from pipeline.cache.digests import digest_of_file
from pipeline.cache.schema import columns_of
from pipeline.cache.store import Entry, Store
from pipeline.chrome import find_chrome
from pipeline.encoding import repair
from pipeline.errors import DechromeError, EnvironmentFault, Reject, RuleError
from pipeline.ingest import ingest
from pipeline.knowledge import rule_book, rule_digests, rules_digest
from pipeline.model import (
    CleanDocument,
    Document,
    Fault,
    Judgement,
    Page,
    RawItem,
    RepairedDocument,
    SiteCounts,
    SiteTemplate,
    Stage,
)
from pipeline.normalise import normalise
from pipeline.segment import segment
from pipeline.settings import IngestSettings
from pipeline.sources import read_items
from pipeline.survey import count_lines

Out = TypeVar("Out")


@dataclass(frozen=True, slots=True)
class WantedFile:
    """An input file that holds pages of a shard: `records` maps record numbers to the ids that the plan gave them."""

    file: str
    path: str
    digest: str
    records: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One shard to make. `inputs` are the results that the stage reads, by stage; `weight_bytes` is the size of its pages.

    `rules` is the digest of the rule tables that its key was made with.
    """

    stage: Stage
    key: str
    root: str
    settings: Any
    inputs: Mapping[Stage, Entry] = field(default_factory=dict)
    templates: tuple[SiteTemplate, ...] = ()
    rules: str = ""
    files: tuple[WantedFile, ...] = ()
    weight_bytes: int = 0


def run_job(job: Job) -> Entry:
    """Make one shard of one stage and return its entry."""
    return _WORK[job.stage](job, Store(Path(job.root)))


def _ingest(job: Job, store: Store) -> Entry:
    pages: list[Page] = []
    faults: list[Fault] = []
    for wanted in job.files:
        ids = dict(wanted.records)
        try:
            if digest_of_file(Path(wanted.file)) != wanted.digest:
                raise EnvironmentFault(f"{wanted.file}: changed while the run was on; run again")
            for item in read_items(Path(wanted.file), wanted.path, job.settings, only=frozenset(ids)):
                if item.record in ids:
                    page = ingest(item, job.settings)
                    pages.append(replace(page, id=ids.pop(item.record)))
        except OSError as error:  # nothing is committed: it may be readable next time
            raise EnvironmentFault(f"{wanted.file}: cannot be read any more ({error.strerror}); run again") from None
        except Reject as reject:
            reason, detail = reject.reason, reject.detail
            faults += [Fault(page_id, wanted.path, record, Stage.INGEST, reason, detail) for record, page_id in ids.items()]
    pages.sort(key=_order)
    wanted_count = sum(len(wanted.records) for wanted in job.files)
    return store.commit(
        job.stage, job.key, {"pages": (pages, Page), "faults": (faults, Fault)}, (wanted_count, len(pages), len(faults))
    )


def _segment(job: Job, store: Store) -> Entry:
    pages = store.read(job.inputs[Stage.INGEST], "pages", Page)
    return _each(job, store, pages, Document, "documents", lambda page: segment(page, job.settings))


def _survey(job: Job, store: Store) -> Entry:
    documents = store.read(job.inputs[Stage.SEGMENT], "documents", Document, without_columns(Document, "html"))
    counts = count_lines(documents)
    return store.commit(job.stage, job.key, {"counts": (counts, SiteCounts)}, (len(documents), len(documents), 0))


def _chrome(job: Job, store: Store) -> Entry:
    documents = store.read(job.inputs[Stage.SEGMENT], "documents", Document)
    templates = {template.site: template for template in job.templates}
    if rules_digest(rule_digests(job.settings.rule_files)) != job.rules:
        raise RuleError("a rule table changed while the run was on; run again")
    book = rule_book(job.settings.rule_files, job.settings.off)

    def judge(document: Document) -> Judgement:
        template = templates.get(document.site) or SiteTemplate(document.site, 1, ())
        return find_chrome(document, template, book, job.settings)

    return _each(job, store, documents, Judgement, "judgements", judge)


def _encoding(job: Job, store: Store) -> Entry:
    judgements = {
        row.id: row
        for row in store.read(job.inputs[Stage.CHROME], "judgements", Judgement, without_columns(Judgement, "evidence."))
    }
    documents = store.read(job.inputs[Stage.SEGMENT], "documents", Document, without_columns(Document, "html"))
    judged = [document for document in documents if document.id in judgements]
    return _each(job, store, judged, RepairedDocument, "repaired", lambda d: repair(d, judgements[d.id], job.settings))


def _normalise(job: Job, store: Store) -> Entry:
    judgements = {
        row.id: row
        for row in store.read(job.inputs[Stage.CHROME], "judgements", Judgement, without_columns(Judgement, "evidence."))
    }
    repaired = {row.id: row for row in store.read(job.inputs[Stage.ENCODING], "repaired", RepairedDocument)}
    documents = store.read(job.inputs[Stage.SEGMENT], "documents", Document, without_columns(Document, "html"))
    kept = [document for document in documents if document.id in repaired]
    return _each(job, store, kept, CleanDocument, "clean", lambda d: normalise(d, judgements[d.id], repaired[d.id], job.settings))


def _each(job: Job, store: Store, rows: Sequence[Any], kind: type[Out], name: str, function: Callable[[Any], Out]) -> Entry:
    """Call a stage's function on each page of a shard and commit the results and the faults."""
    good: list[Out] = []
    faults: list[Fault] = []
    for row in rows:
        try:
            good.append(function(row))
        except Reject as reject:
            faults.append(_fault(job.stage, row, reject.reason, reject.detail))
        except DechromeError:
            raise  # settings, tables or the machine: no page is to blame
        except Exception as error:  # noqa: BLE001 - a page must not end the batch; it is listed with its error
            faults.append(_fault(job.stage, row, "error", _last_words(error)))
    return store.commit(job.stage, job.key, {name: (good, kind), "faults": (faults, Fault)}, (len(rows), len(good), len(faults)))


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


def _order(page: Page) -> tuple[str, int]:
    return page.path, page.record


def scan_chunk(chunk: tuple[tuple[tuple[str, str], ...], IngestSettings]) -> list[list[dict[str, Any]]]:
    """Return for each (file, path) what it holds: a dict for each item with record, id, site and bytes, or with a fault."""
    files, settings = chunk
    return [list(_scan(Path(file), path, settings)) for file, path in files]


def _scan(file: Path, path: str, settings: IngestSettings) -> Iterator[dict[str, Any]]:
    try:
        for item in read_items(file, path, settings):
            try:
                page = ingest(item, settings)
            except Reject as reject:
                yield _scan_fault(item, reject)
                continue
            yield {"record": page.record, "id": page.id, "site": page.site, "bytes": len(page.body)}
    except OSError as error:
        yield {"record": 0, "id": "", "fault": "unreadable", "detail": error.strerror or str(error), "is_page": True}


def _scan_fault(item: RawItem, reject: Reject) -> dict[str, Any]:
    is_page = reject.reason != "not-a-page"
    return {"record": item.record, "id": item.id, "fault": reject.reason, "detail": reject.detail, "is_page": is_page}


_WORK: dict[Stage, Callable[[Job, Store], Entry]] = {
    Stage.INGEST: _ingest,
    Stage.SEGMENT: _segment,
    Stage.SURVEY: _survey,
    Stage.CHROME: _chrome,
    Stage.ENCODING: _encoding,
    Stage.NORMALISE: _normalise,
}
