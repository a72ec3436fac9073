"""The making of what a batch lacks, stage by stage; damaged results are put aside and made again on the way."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from pipeline.batch.batch import Batch, Report, entries_in
from pipeline.batch.graph import GRAPH
from pipeline.batch.outputs import publish_batch
from pipeline.batch.scan import scan
from pipeline.batch.shards import Shard, cut
from pipeline.cache.digests import digest
from pipeline.cache.store import Entry
from pipeline.cache.table import Table
from pipeline.engines.work import Job, WantedFile, WantedRecord, run_job
from pipeline.engines.worker import give_memory_back
from pipeline.errors import DamagedEntry
from pipeline.knowledge import rules_digest
from pipeline.model import Fault, SiteCounts, SiteTemplate, Stage
from pipeline.survey import merge_counts, template_of

_MENDS = 3  # so often damage is mended in the course of one stage


def make(batch: Batch, stage: Stage) -> Report:
    """Make what is missing of a stage, whose needs must be complete, and write its index. Returns what was done."""
    started = time.monotonic()
    report = batch.reports[stage] = Report()
    batch.busy = True
    try:
        for attempt in range(_MENDS + 1):
            try:
                _make(batch, stage, report)
                break
            except DamagedEntry as damage:
                if attempt == _MENDS:
                    raise
                batch.log(f"{damage}; put aside and made again")
                report.mended += 1
                _mend(batch, GRAPH[stage].needs)
    finally:
        batch.busy, batch.used = False, time.monotonic()
        give_memory_back()
    batch.forced.discard(stage)
    report.seconds = time.monotonic() - started
    return report


def _make(batch: Batch, stage: Stage, report: Report) -> None:
    if stage is Stage.INGEST:
        index = _make_ingest(batch, report)
    elif stage is Stage.SURVEY:
        index = _make_survey(batch, report)
    elif stage is Stage.PUBLISH:
        index = publish_batch(batch, report)
    else:
        index = _make_shards(batch, stage, report)
    index["needs"] = {need: digest(batch.index(need)) for need in GRAPH[stage].needs}
    batch.store.write_index(stage, batch.addresses[stage], index)


def _mend(batch: Batch, stages: Iterable[Stage]) -> None:
    """Put results aside whose bytes are damaged, and make them again, needs first."""
    for stage in stages:
        _mend(batch, GRAPH[stage].needs)
        index = batch.index(stage)
        for shard in entries_in(index) if index else ():
            entry = batch.store.find(stage, shard["key"])
            if entry is not None and not batch.store.is_whole(entry):
                batch.store.quarantine(stage, shard["key"])
        if batch.missing(stage):
            _make(batch, stage, Report())


def _make_ingest(batch: Batch, report: Report) -> dict[str, Any]:
    base, settings = batch.bases[Stage.INGEST], batch.settings.ingest
    found = scan(batch.files, settings, base, batch.store.root, batch.engine, batch.only)
    shards = cut(found.members, settings.shards)
    places = {one.path: str(one.file) for one in batch.files}
    jobs = [_ingest_job(batch, shard, places) for shard in shards]
    index = _run_jobs(batch, Stage.INGEST, jobs, shards, report, len(found.members))
    faults = found.faults
    key = digest([base, "faults", [[f.id, f.path, f.record, f.reason, f.detail, f.is_page] for f in faults]])
    entry = batch.store.commit(Stage.INGEST, key, {"faults": Table(Fault, faults)}, (len(faults), 0, len(faults)))
    index["batch"] = {"name": "faults", "key": entry.key, "result": entry.result}
    index["inputs"] = len(found.members) + len(faults)
    index["unsettled"] = index["unsettled"] or not found.is_settled
    report.rows_in += len(faults)
    report.rejected += len(faults)
    return index


def _ingest_job(batch: Batch, shard: Shard, places: dict[str, str]) -> Job:
    wanted: dict[str, list[WantedRecord]] = {}
    for member in shard.members:
        wanted.setdefault(member.path, []).append(WantedRecord(member.record, member.id, member.start, member.digest))
    files = tuple(WantedFile(places[path], path, tuple(records)) for path, records in wanted.items())
    stated = [[one.path, [[record.record, record.id, record.digest] for record in one.records]] for one in files]
    key = digest([batch.bases[Stage.INGEST], stated])
    settings, size = batch.settings.ingest, shard.size_bytes
    root = str(batch.store.root)
    return Job(Stage.INGEST, key, root, settings, files=files, weight_bytes=size, limits=batch.limits)


def _make_survey(batch: Batch, report: Report) -> dict[str, Any]:
    index = _make_shards(batch, Stage.SURVEY, report)
    key = digest([batch.bases[Stage.SURVEY], "templates", sorted(shard["result"] for shard in index["shards"])])
    entry = None if Stage.SURVEY in batch.forced else batch.store.find(Stage.SURVEY, key)
    if entry is None:
        templates = sorted(_templates_of(batch, index["shards"]), key=lambda template: template.site)
        tables = {"templates": Table(SiteTemplate, templates)}
        entry = batch.store.commit(Stage.SURVEY, key, tables, (len(templates), len(templates), 0))
    index["batch"] = {"name": "templates", "key": entry.key, "result": entry.result}
    return index


def _templates_of(batch: Batch, shards: Sequence[dict[str, Any]]) -> Iterator[SiteTemplate]:
    """Return the template of each site; what is counted of a site is let go as soon as its last shard was read."""
    shards_left = Counter(site for shard in shards for site in shard["sites"])
    waiting: defaultdict[str, list[SiteCounts]] = defaultdict(list)

    def of_site(site: str) -> Iterator[SiteTemplate]:
        for merged in merge_counts(waiting.pop(site, ())):
            yield template_of(merged, batch.settings.survey)

    for shard in shards:
        shards_left.subtract(shard["sites"])
        for counts in batch.store.iterate(batch.entry(Stage.SURVEY, shard), "counts", SiteCounts):
            waiting[counts.site].append(counts)
            if shards_left[counts.site] <= 0:
                yield from of_site(counts.site)
    for site in list(waiting):
        yield from of_site(site)


def _make_shards(batch: Batch, stage: Stage, report: Report) -> dict[str, Any]:
    """Make the shards of a stage that calls its function page by page."""
    needs = [need for need in GRAPH[stage].needs if need is not Stage.SURVEY]
    rows = [_shards_of(batch, need) for need in needs]
    templates = batch.templates() if Stage.SURVEY in GRAPH[stage].needs else {}
    knowledge = rules_digest(batch.parts(stage)["knowledge"]) if stage is Stage.CHROME else ""
    settings = GRAPH[stage].settings(batch.settings)
    jobs, shards = [], []
    for found in zip(*rows, strict=True):
        inputs: dict[Stage, Entry] = {need: batch.entry(need, shard) for need, shard in zip(needs, found, strict=True)}
        own = tuple(_part_for(stage, templates[site]) for site in found[0]["sites"] if site in templates)
        stated = [[t.site, t.pages_band, [[line.line, line.band, line.share] for line in t.lines], list(t.damages)] for t in own]
        key = digest([batch.bases[stage], {need: entry.result for need, entry in inputs.items()}, stated])
        size = found[0]["bytes"]
        jobs.append(Job(stage, key, str(batch.store.root), settings, inputs, own, knowledge, (), size, batch.limits))
        shards.append(found[0])
    return _run_jobs(batch, stage, jobs, shards, report, sum(shard["out"] for shard in rows[-1]))


def _part_for(stage: Stage, template: SiteTemplate) -> SiteTemplate:
    """Return what a stage uses of a template; what it does not use must not make it run again."""
    if stage is Stage.ENCODING:
        return replace(template, pages_band=0, lines=())
    return replace(template, damages=())


def _shards_of(batch: Batch, stage: Stage) -> list[dict[str, Any]]:
    index = batch.index(stage)
    if index is None:
        raise DamagedEntry(f"{stage}: its index is gone")
    shards: list[dict[str, Any]] = index["shards"]
    return shards


def _run_jobs(
    batch: Batch, stage: Stage, jobs: Sequence[Job], shards: Sequence[Shard | dict[str, Any]], report: Report, pages: int
) -> dict[str, Any]:
    """Make what is not cached and return the stage's index of all. `pages` must go in: as many as came out above."""
    entries = [None if stage in batch.forced else _known(batch, job) for job in jobs]
    waiting = [place for place, entry in enumerate(entries) if entry is None]
    cached = len(jobs) - len(waiting)
    batch.listener(stage, cached, len(jobs))
    made = batch.engine.map(
        run_job,
        [jobs[place] for place in waiting],
        sum(jobs[place].weight_bytes for place in waiting),
        lambda done: batch.listener(stage, cached + done, len(jobs)),
    )
    for place, entry in zip(waiting, made, strict=True):
        entries[place] = entry
    report.made, report.cached = len(waiting), cached
    found = [_row(shard, entry) for shard, entry in zip(shards, entries, strict=True)]
    report.rows_in = sum(row["in"] for row in found)
    report.rows_out = sum(row["out"] for row in found)
    report.rejected = sum(row["rejected"] for row in found)
    if report.rows_in != pages:
        raise AssertionError(f"{stage}: {pages} pages came from above, {report.rows_in} went in: a page was lost")
    pairs = list(zip(jobs, found, strict=True))
    index: dict[str, Any] = {"stage": stage, "shards": found}
    index["unsettled"] = any(row["key"] not in (job.key, job.limited_key) for job, row in pairs)
    if any(row["key"] == job.limited_key for job, row in pairs):
        index["limits"] = batch.limits
    return index


def _known(batch: Batch, job: Job) -> Entry | None:
    """Return the result of a job from the cache, if it is there."""
    entry = batch.store.find(job.stage, job.key) or batch.store.find(job.stage, job.limited_key)
    if entry is not None:
        batch.store.mark_used(entry)
    return entry


def _row(shard: Shard | dict[str, Any], entry: Entry | None) -> dict[str, Any]:
    assert entry is not None
    if isinstance(shard, Shard):
        name, sites, size = shard.name, shard.sites, shard.size_bytes
    else:
        name, sites, size = shard["name"], shard["sites"], shard["bytes"]
    return {
        "name": name,
        "key": entry.key,
        "result": entry.result,
        "in": entry.rows_in,
        "out": entry.rows_out,
        "rejected": entry.rejected,
        "bytes": size,
        "sites": sites,
    }
