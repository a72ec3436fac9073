"""A batch: its inputs, the address of each stage's results, and the making of what is not there yet.

An address is known before anything runs: it is the digest of the inputs' digests and of the code, settings, knowledge and
libraries of a stage and of all above it. What lies there, an index, names the results (one a shard), each under a key made of
the digests of the results it was made from; so a stage that is run again with equal bytes changes nothing below it.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.batch.graph import GRAPH, above
from pipeline.batch.shards import Member, Shard, cut
from pipeline.cache.digests import base_digest, digest, digest_of_file, digest_of_module, sources_of, versions_of
from pipeline.cache.inputs import InputIndex
from pipeline.cache.store import Entry, Store, write_json
from pipeline.engines.local import LocalEngine
from pipeline.engines.work import Job, WantedFile, run_job, scan_chunk
from pipeline.errors import DamagedEntry, EnvironmentFault, UsageError
from pipeline.knowledge import load_rules, rule_digests, rules_digest
from pipeline.model import Fault, SiteCounts, SiteTemplate, Stage
from pipeline.settings import Settings, as_table
from pipeline.sources.folders import list_inputs
from pipeline.survey import merge_counts, template_of

_SCAN_CHUNK = 32
_EVERY_STAGE = ("pipeline.cache.schema", "pipeline.engines.work")


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file of the batch with the digest of its bytes; one that cannot be read has a fault instead."""

    file: Path
    path: str
    digest: str
    size_bytes: int
    fault: str = ""
    detail: str = ""
    is_page: bool = True


@dataclass(slots=True)
class Report:
    """What a stage did in this run: shards made and taken from the cache, seconds, and the pages that went through."""

    made: int = 0
    cached: int = 0
    seconds: float = 0.0
    rows_in: int = 0
    rows_out: int = 0
    rejected: int = 0


Listener = Callable[[Stage, int, int], None]


def _tell_nobody(stage: Stage, done: int, total: int) -> None:
    """Listen to progress and do nothing."""


@dataclass
class Batch:
    """The inputs of a run with the settings under which they are cleaned. Files are listed and hashed when first asked for."""

    settings: Settings
    listener: Listener = _tell_nobody
    reports: dict[Stage, Report] = field(default_factory=dict)
    forced: set[Stage] = field(default_factory=set)
    busy: bool = False
    used: float = field(default_factory=time.monotonic)

    @cached_property
    def store(self) -> Store:
        """Return the cache."""
        return Store(Path(self.settings.run.cache))

    @cached_property
    def engine(self) -> LocalEngine:
        """Return what runs the stages' functions."""
        return LocalEngine(self.settings.run.jobs)

    @cached_property
    def output(self) -> Path:
        """Return the output folder."""
        if not self.settings.run.output:
            raise UsageError("no output folder: give -o OUT, or [run] output in the settings")
        return Path(self.settings.run.output)

    @cached_property
    def files(self) -> list[InputFile]:
        """Return the input files with their digests, in the order of their names."""
        run = self.settings.run
        own = [Path(run.cache), *([Path(run.output)] if run.output else [])]
        listed = list_inputs(run.inputs, self.settings.ingest.exclude, own)
        try:
            index = InputIndex(self.store.root)
        except (OSError, sqlite3.OperationalError) as error:
            raise EnvironmentFault(f"{self.store.root}: the cache cannot be written ({error}); name another --cache") from None
        found = []
        try:
            for one in listed:
                if one.fault:
                    found.append(InputFile(one.file, one.path, "", 0, one.fault, one.detail, one.is_page))
                    continue
                try:
                    file_digest, size = index.digest(one.file)
                    found.append(InputFile(one.file, one.path, file_digest, size))
                except OSError as error:
                    found.append(InputFile(one.file, one.path, "", 0, "unreadable", error.strerror or str(error)))
        finally:
            index.close()
        return found

    @cached_property
    def manifest(self) -> str:
        """Return the digest of the inputs: names and bytes, not where they lie."""
        return digest([[one.path, one.digest, one.fault, one.is_page] for one in self.files])

    def parts(self, stage: Stage) -> dict[str, Any]:
        """Return what a stage depends on besides its inputs, in the parts that `why` names."""
        return self._parts[stage]

    @cached_property
    def _parts(self) -> dict[Stage, dict[str, Any]]:
        chrome = self.settings.chrome
        load_rules(chrome.rule_files, chrome.off)  # a wrong table is an error now, not in the midst of the run
        knowledge = {Stage.CHROME: rule_digests(chrome.rule_files)}
        found = {}
        for stage, node in GRAPH.items():
            sources = {module: digest_of_module(module) for module in _EVERY_STAGE}
            for package in node.packages:
                sources |= sources_of(package)
            found[stage] = {
                "sources": sources,
                "settings": as_table(node.settings(self.settings)),
                "versions": versions_of((*node.distributions, "pyarrow")),
                "knowledge": knowledge.get(stage, {}),
            }
        return found

    @cached_property
    def _bases(self) -> dict[Stage, str]:
        return {stage: base_digest({"stage": stage, **parts}) for stage, parts in self._parts.items()}

    @cached_property
    def addresses(self) -> dict[Stage, str]:
        """Return where each stage's index for this batch lies."""
        found: dict[Stage, str] = {}
        for stage, node in GRAPH.items():
            upstream = [found[need] for need in node.needs] or [self.manifest]
            place = [os.path.realpath(self.output)] if stage is Stage.PUBLISH and self.settings.run.output else []
            found[stage] = digest([self._bases[stage], upstream, place])
        return found

    def index(self, stage: Stage) -> dict[str, Any] | None:
        """Return what the stage recorded of this batch, or None."""
        return self.store.read_index(stage, self.addresses[stage])

    def missing(self, stage: Stage) -> list[str]:
        """Return why a stage has to run, in sentences; nothing if its results are whole and made from what lies above it now."""
        if stage in self.forced:
            return ["asked to be made again"]
        if forced := self.forced.intersection(above(stage)):
            return [f"{min(forced, key=list(Stage).index)} is made again"]
        index = self.index(stage)
        if index is None:
            return ["not made yet for these inputs, code and settings"]
        reasons = []
        for need in GRAPH[stage].needs:
            upstream = self.index(need)
            if upstream is None or digest(upstream) != index["needs"].get(need):
                reasons.append(f"{need} was made again and its results differ, or are gone")
        for shard in _entries_of(index):
            entry = self.store.find(shard.get("stage", stage), shard["key"])
            if entry is None or entry.result != shard["result"]:
                reasons.append(f"the result of shard {shard['name']} is missing or damaged")
        if stage is Stage.PUBLISH:
            reasons += self._missing_outputs(index)
        return reasons

    def _missing_outputs(self, index: dict[str, Any]) -> list[str]:
        reasons = [] if (self.output / "run.json").exists() else [f"{self.output / 'run.json'}: is missing"]
        for name, facts in index["files"].items():
            path = self.output / name
            try:
                if path.stat().st_size != facts["bytes"] or digest_of_file(path) != facts["sha256"]:
                    reasons.append(f"{path}: is not as it was published")
            except OSError:
                reasons.append(f"{path}: is missing")
        return reasons

    def make(self, stage: Stage) -> Report:
        """Make what is missing of a stage, whose needs must be complete, and write its index. Returns what was done."""
        started = time.monotonic()
        report = self.reports[stage] = Report()
        self.busy = True
        try:
            self._make(stage, report)
        except DamagedEntry:
            self._mend(GRAPH[stage].needs)
            self._make(stage, report)
        finally:
            self.busy, self.used = False, time.monotonic()
        self.forced.discard(stage)
        report.seconds = time.monotonic() - started
        return report

    def idle_seconds(self) -> float:
        """Return for how long nothing was done with the batch; 0 while a stage is being made."""
        return 0.0 if self.busy else time.monotonic() - self.used

    def _make(self, stage: Stage, report: Report) -> None:
        if stage is Stage.INGEST:
            index = self._make_ingest(report)
        elif stage is Stage.SURVEY:
            index = self._make_survey(report)
        elif stage is Stage.PUBLISH:
            from pipeline.batch.outputs import publish_batch

            index = publish_batch(self, report)
        else:
            index = self._make_shards(stage, report)
        index["needs"] = {need: digest(self.index(need)) for need in GRAPH[stage].needs}
        self.store.write_index(stage, self.addresses[stage], index)

    def _mend(self, stages: Iterable[Stage]) -> None:
        """Put results aside whose bytes are damaged, and make them again, needs first."""
        for stage in stages:
            self._mend(GRAPH[stage].needs)
            index = self.index(stage)
            for shard in _entries_of(index) if index else ():
                entry = self.store.find(stage, shard["key"])
                try:
                    for name in entry.files if entry else ():
                        self.store.checked(entry, name)  # type: ignore[arg-type]
                except DamagedEntry:
                    self.store.quarantine(stage, shard["key"])
            if self.missing(stage):
                self._make(stage, Report())

    def _make_ingest(self, report: Report) -> dict[str, Any]:
        members, faults = self._scan()
        shards = cut(members, self.settings.ingest.shards)
        by_path = {one.path: one for one in self.files}
        jobs = []
        for shard in shards:
            wanted: dict[str, list[tuple[int, str]]] = {}
            for member in shard.members:
                wanted.setdefault(member.path, []).append((member.record, member.id))
            files = tuple(
                WantedFile(str(by_path[path].file), path, by_path[path].digest, tuple(records))
                for path, records in wanted.items()
            )
            key = digest([self._bases[Stage.INGEST], [[one.path, one.digest, one.records] for one in files]])
            jobs.append(
                Job(
                    Stage.INGEST,
                    key,
                    str(self.store.root),
                    self.settings.ingest,
                    files=files,
                    weight_bytes=shard.size_bytes,
                )
            )
        index = self._run_jobs(Stage.INGEST, jobs, shards, report)
        fault_key = digest([self._bases[Stage.INGEST], "faults", [[f.path, f.record, f.reason, f.detail] for f in faults]])
        entry = self.store.commit(Stage.INGEST, fault_key, {"faults": (faults, Fault)}, (len(faults), 0, len(faults)))
        index["batch"] = {"name": "faults", "key": entry.key, "result": entry.result}
        index["inputs"] = len(members) + len(faults)
        report.rows_in += len(faults)
        report.rejected += len(faults)
        return index

    def _scan(self) -> tuple[list[Member], list[Fault]]:
        """Return the pages that the input files hold, and what cannot be a page; ids are unique in the batch."""
        index = InputIndex(self.store.root)
        base = self._bases[Stage.INGEST]
        keys = {one.path: digest([base, one.path, one.digest]) for one in self.files if not one.fault}
        try:
            found = {path: index.scan(key) for path, key in keys.items()}
            fresh = [one for one in self.files if not one.fault and found[one.path] is None]
            chunks = [fresh[i : i + _SCAN_CHUNK] for i in range(0, len(fresh), _SCAN_CHUNK)]
            work = [(tuple((str(one.file), one.path) for one in chunk), self.settings.ingest) for chunk in chunks]
            results = self.engine.map(scan_chunk, work, sum(one.size_bytes for one in fresh))
            for chunk, scans in zip(chunks, results, strict=True):
                for one, scan in zip(chunk, scans, strict=True):
                    found[one.path] = scan
                    if not any(item.get("fault") == "unreadable" for item in scan):  # may be mended without a change of bytes
                        index.keep_scan(keys[one.path], scan)
        finally:
            index.close()
        members: list[Member] = []
        faults: list[Fault] = []
        taken: set[str] = set()
        for one in self.files:
            if one.fault:
                faults.append(Fault("", one.path, 0, Stage.INGEST, one.fault, one.detail, one.is_page))
                continue
            items = found[one.path]
            if not items:
                faults.append(Fault("", one.path, 0, Stage.INGEST, "empty", "the file holds no record"))
            for item in items:
                if "fault" in item:
                    faults.append(
                        Fault(
                            item["id"],
                            one.path,
                            item["record"],
                            Stage.INGEST,
                            item["fault"],
                            item["detail"],
                            item["is_page"],
                        )
                    )
                    continue
                page_id = _unique(item["id"], taken)
                members.append(Member(one.path, item["record"], page_id, item["site"], item["bytes"]))
        return members, faults

    def _make_survey(self, report: Report) -> dict[str, Any]:
        index = self._make_shards(Stage.SURVEY, report)
        base = self._bases[Stage.SURVEY]
        key = digest([base, "templates", sorted(shard["result"] for shard in index["shards"])])
        entry = None if Stage.SURVEY in self.forced else self.store.find(Stage.SURVEY, key)
        if entry is None:
            entries = [self._entry(Stage.SURVEY, shard) for shard in index["shards"]]
            counts = merge_counts(row for one in entries for row in self.store.read(one, "counts", SiteCounts))
            templates = [template_of(row, self.settings.survey) for row in counts]
            entry = self.store.commit(
                Stage.SURVEY, key, {"templates": (templates, SiteTemplate)}, (len(counts), len(templates), 0)
            )
        index["batch"] = {"name": "templates", "key": entry.key, "result": entry.result}
        return index

    def templates(self) -> dict[str, SiteTemplate]:
        """Return the templates of the batch's sites; the survey must be complete."""
        index = self.index(Stage.SURVEY)
        assert index is not None
        entry = self._entry(Stage.SURVEY, index["batch"])
        return {row.site: row for row in self.store.read(entry, "templates", SiteTemplate)}

    def _make_shards(self, stage: Stage, report: Report) -> dict[str, Any]:
        """Make the shards of a stage that calls its function page by page."""
        needs = [need for need in GRAPH[stage].needs if need is not Stage.SURVEY]
        indexes = [self.index(need) for need in needs]
        templates = self.templates() if Stage.SURVEY in GRAPH[stage].needs else {}
        rows: list[Sequence[dict[str, Any]]] = [index["shards"] for index in indexes if index is not None]
        rules = rules_digest(self.parts(stage)["knowledge"]) if stage is Stage.CHROME else ""
        jobs, shards = [], []
        for found in zip(*rows, strict=True):
            inputs: dict[Stage, Entry] = {need: self._entry(need, shard) for need, shard in zip(needs, found, strict=True)}
            own = tuple(templates[site] for site in found[0]["sites"] if site in templates)
            key = digest(
                [
                    self._bases[stage],
                    {need: entry.result for need, entry in inputs.items()},
                    [[t.site, t.pages_band, [[line.line, line.band, line.share] for line in t.lines]] for t in own],
                ]
            )
            settings = GRAPH[stage].settings(self.settings)
            jobs.append(Job(stage, key, str(self.store.root), settings, inputs, own, rules, weight_bytes=found[0]["bytes"]))
            shards.append(found[0])
        return self._run_jobs(stage, jobs, shards, report)

    def _run_jobs(
        self, stage: Stage, jobs: Sequence[Job], shards: Sequence[Shard | dict[str, Any]], report: Report
    ) -> dict[str, Any]:
        """Make what is not cached and return the stage's index of all."""
        entries = {job.key: None if stage in self.forced else self.store.find(stage, job.key) for job in jobs}
        waiting = [job for job in jobs if entries[job.key] is None]
        cached = len(jobs) - len(waiting)
        self.listener(stage, cached, len(jobs))
        made = self.engine.map(
            run_job,
            waiting,
            sum(job.weight_bytes for job in waiting),
            lambda done: self.listener(stage, cached + done, len(jobs)),
        )
        for entry in made:
            entries[entry.key] = entry
        report.made, report.cached = len(waiting), cached
        found = [_row(shard, entries[job.key]) for shard, job in zip(shards, jobs, strict=True)]
        report.rows_in = sum(row["in"] for row in found)
        report.rows_out = sum(row["out"] for row in found)
        report.rejected = sum(row["rejected"] for row in found)
        return {"stage": stage, "shards": found}

    def _entry(self, stage: Stage, shard: dict[str, Any]) -> Entry:
        entry = self.store.find(stage, shard["key"])
        if entry is None:
            raise DamagedEntry(f"{stage}: the result of shard {shard['name']} is gone")
        return entry

    def entries(self, stage: Stage) -> list[Entry]:
        """Return the results of a stage, a shard each; the stage must be complete."""
        index = self.index(stage)
        return [self._entry(stage, shard) for shard in index["shards"]] if index else []

    def faults(self, stage: Stage) -> list[Fault]:
        """Return the inputs that ended in a stage."""
        index = self.index(stage)
        if index is None or stage in (Stage.SURVEY, Stage.PUBLISH):
            return []
        extra = [self._entry(stage, index["batch"])] if "batch" in index else []
        return [fault for entry in [*self.entries(stage), *extra] for fault in self.store.read(entry, "faults", Fault)]

    def too_many_rejects(self) -> str:
        """Return a sentence if more pages were rejected than the settings allow, or none was cleaned; else "".

        What is no page does not count.
        """
        index = self.index(Stage.PUBLISH)
        if index is None:
            return ""
        cleaned, rejected = index["counts"]["cleaned"], index["counts"]["rejected_pages"]
        limit, rejects = self.settings.run.max_reject, self.output / "rejects.jsonl"
        if not cleaned:
            return f"no page was cleaned; see {rejects}"
        share = rejected / (cleaned + rejected)
        if share <= limit:
            return ""
        return f"{share:.1%} of the pages were rejected, more than --max-reject {limit:.1%}; see {rejects}"

    def write_manifest(self) -> None:
        """Keep the list of inputs, so that a later `why` can name those that changed."""
        path = self.store.root / "inputs" / f"{self.manifest}.json"
        if not path.exists():
            write_json(path, {one.path: one.digest or one.fault for one in self.files})


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


def _entries_of(index: dict[str, Any]) -> list[dict[str, Any]]:
    return [*index.get("shards", ()), *([index["batch"]] if "batch" in index else [])]


def _unique(page_id: str, taken: set[str]) -> str:
    """Return the id, with `~2`, `~3`, … if another page of the batch has it; records bring ids of their own."""
    name, copy = page_id, 1
    while name in taken:
        copy += 1
        name = f"{page_id}~{copy}"
    taken.add(name)
    return name
