"""A batch: its inputs, the address of each stage's results, and what of them is there. `make` makes what is not.

An address is known before anything runs: it is the digest of the inputs' digests and of the code, settings, knowledge and
libraries of a stage and of all above it. What lies there, an index, names the results (one a shard), each under a key made of
the digests of the results it was made from; so a stage that is run again with equal bytes changes nothing below it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pipeline.batch.graph import GRAPH, above
from pipeline.batch.scan import InputFile, files_of
from pipeline.cache.digests import base_digest, digest, digest_of_file, digest_of_module, sources_of, versions_of
from pipeline.cache.disk import read_sealed, write_sealed
from pipeline.cache.store import Entry, Store
from pipeline.engines.local import LocalEngine
from pipeline.engines.watch import PageLimits
from pipeline.engines.work import module_of
from pipeline.errors import DamagedEntry, UsageError
from pipeline.knowledge import check_knowledge, knowledge_digests
from pipeline.model import Fault, SiteTemplate, Stage
from pipeline.settings import CHROME_FILES, Settings, as_table

# What stands between a stage's function and its results: a change here may change the bytes of each stage, or of one.
_EVERY_STAGE = ("pipeline.cache.schema", "pipeline.cache.table", "pipeline.engines.work")
_ROUND_A_STAGE = {
    Stage.INGEST: (module_of(Stage.INGEST), "pipeline.engines.scanning", "pipeline.batch.scan", "pipeline.batch.shards"),
    Stage.PUBLISH: ("pipeline.batch.outputs",),
}


@dataclass(slots=True)
class Report:
    """What a stage did in this run: shards made and taken from the cache, seconds, and the pages that went through."""

    made: int = 0
    cached: int = 0
    seconds: float = 0.0
    rows_in: int = 0
    rows_out: int = 0
    rejected: int = 0
    mended: int = 0


Listener = Callable[[Stage, int, int], None]


def _tell_nobody(stage: Stage, done: int, total: int) -> None:
    """Listen to progress and do nothing."""


def _log_nowhere(line: str) -> None:
    """Be told what happened and do nothing."""


@dataclass
class Batch:
    """The inputs of a run with the settings under which they are cleaned. Files are listed and hashed when first asked for.

    `only` names the records that are wanted, by path; None: all.
    """

    settings: Settings
    only: Mapping[str, frozenset[int]] | None = None
    listener: Listener = _tell_nobody
    log: Callable[[str], None] = _log_nowhere
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
        limits = self.settings.limits
        return LocalEngine(self.settings.run.jobs, PageLimits(limits.page_seconds, limits.page_memory_bytes))

    @cached_property
    def limits(self) -> dict[str, Any]:
        """Return what a page may take, as it stands in the keys of results in which a page went over it."""
        return as_table(self.settings.limits)

    @cached_property
    def output(self) -> Path:
        """Return the output folder."""
        if not self.settings.run.output:
            raise UsageError("no output folder: give -o OUT, or [run] output in the settings")
        return Path(self.settings.run.output)

    @cached_property
    def files(self) -> list[InputFile]:
        """Return the input files with their digests, in the order of their names."""
        found = files_of(self.settings.run, self.settings.ingest, self.store.root)
        return found if self.only is None else [one for one in found if one.path in self.only]

    @cached_property
    def manifest(self) -> str:
        """Return the digest of the inputs: names and bytes, not where they lie."""
        only = None if self.only is None else {path: sorted(records) for path, records in self.only.items()}
        return digest([[[one.path, one.digest, one.fault, one.is_page] for one in self.files], only])

    def parts(self, stage: Stage) -> dict[str, Any]:
        """Return what a stage depends on besides its inputs, in the parts that `why` names."""
        return self._parts[stage]

    @cached_property
    def _parts(self) -> dict[Stage, dict[str, Any]]:
        chrome = self.settings.chrome
        check_knowledge(chrome)  # a wrong table is an error now, not in the midst of the run
        knowledge = {Stage.CHROME: knowledge_digests(chrome)}
        found = {}
        for stage, node in GRAPH.items():
            round_it = _ROUND_A_STAGE.get(stage, (module_of(stage),))
            sources = {module: digest_of_module(module) for module in (*_EVERY_STAGE, *round_it)}
            for package in node.packages:
                sources |= sources_of(package)
            found[stage] = {
                "sources": sources,
                "settings": _without_files(as_table(node.settings(self.settings))),
                "versions": versions_of((*node.distributions, "pyarrow")),
                "knowledge": knowledge.get(stage, {}),
            }
        return found

    @cached_property
    def bases(self) -> dict[Stage, str]:
        """Return the digest of what each stage depends on besides its inputs."""
        return {stage: base_digest({"stage": stage, **parts}) for stage, parts in self._parts.items()}

    @cached_property
    def addresses(self) -> dict[Stage, str]:
        """Return where each stage's index for this batch lies."""
        found: dict[Stage, str] = {}
        for stage, node in GRAPH.items():
            upstream = [found[need] for need in node.needs] or [self.manifest]
            place = [os.path.realpath(self.output)] if stage is Stage.PUBLISH and self.settings.run.output else []
            found[stage] = digest([self.bases[stage], upstream, place])
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
        for upper in above(stage):
            if self._outdated(upper, self.index(upper) or {}):
                return [f"{upper} is made again"]
        index = self.index(stage)
        if index is None:
            return ["not made yet for these inputs, code and settings"]
        reasons = self._outdated(stage, index)
        for need in GRAPH[stage].needs:
            upstream = self.index(need)
            if upstream is None or digest(upstream) != index["needs"].get(need):
                reasons.append(f"{need} was made again and its results differ, or are gone")
        for shard in entries_in(index):
            entry = self.store.find(stage, shard["key"])
            if entry is None or entry.result != shard["result"]:
                reasons.append(f"the result of shard {shard['name']} is missing or damaged")
        if stage is Stage.PUBLISH:
            reasons += self._missing_outputs(index)
        return reasons

    def _outdated(self, stage: Stage, index: dict[str, Any]) -> list[str]:
        """Return why results that are whole are made again all the same."""
        reasons = []
        if index.get("limits", self.limits) != self.limits:
            reasons.append("pages went over limits that are others now")
        if index.get("unsettled") and stage not in self.reports:
            reasons.append("inputs changed or could not be read while they were looked at")
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

    def idle_seconds(self) -> float:
        """Return for how long nothing was done with the batch; 0 while a stage is being made."""
        return 0.0 if self.busy else time.monotonic() - self.used

    def entry(self, stage: Stage, shard: dict[str, Any]) -> Entry:
        """Return the result that a shard of an index names; raises DamagedEntry if it is gone."""
        entry = self.store.find(stage, shard["key"])
        if entry is None:
            raise DamagedEntry(f"{stage}: the result of shard {shard['name']} is gone")
        return entry

    def entries(self, stage: Stage) -> list[Entry]:
        """Return the results of a stage, a shard each; the stage must be complete."""
        index = self.index(stage)
        return [self.entry(stage, shard) for shard in index["shards"]] if index else []

    def templates(self) -> dict[str, SiteTemplate]:
        """Return the templates of the batch's sites; the survey must be complete."""
        index = self.index(Stage.SURVEY)
        if index is None:
            raise DamagedEntry("survey: its index is gone")
        entry = self.entry(Stage.SURVEY, index["batch"])
        return {row.site: row for row in self.store.read(entry, "templates", SiteTemplate)}

    def faults(self, stage: Stage) -> list[Fault]:
        """Return the inputs that ended in a stage."""
        return faults_in(self.store, stage, self.addresses[stage])

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
        if read_sealed(path) is None:
            write_sealed(path, {"files": {one.path: one.digest or one.fault for one in self.files}})


def _without_files(table: dict[str, Any]) -> dict[str, Any]:
    """Return a stage's settings without those that name files: it is their bytes that results depend on, not where they lie."""
    return {key: value for key, value in table.items() if key not in CHROME_FILES}


def entries_in(index: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what an index says of each result: those of its shards, and that of the whole batch if there is one."""
    return [*index.get("shards", ()), *([index["batch"]] if "batch" in index else [])]


def faults_in(store: Store, stage: Stage, address: str) -> list[Fault]:
    """Return the inputs that ended in a stage, by the index at an address; none if there is no such index."""
    index = store.read_index(stage, address)
    if index is None or stage in (Stage.SURVEY, Stage.PUBLISH):
        return []
    found: list[Fault] = []
    for shard in entries_in(index):
        entry = store.find(stage, shard["key"])
        if entry is None:
            raise DamagedEntry(f"{stage}: the result of shard {shard['name']} is gone")
        found += store.read(entry, "faults", Fault)
    return found
