"""Publishing a batch: all outputs are written aside, then take the place of the old ones together."""

from __future__ import annotations

import heapq
import os
import shutil
import uuid
from collections import Counter
from contextlib import ExitStack
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cache.digests import digest, digest_of_file
from pipeline.cache.store import read_json, write_json
from pipeline.errors import EnvironmentFault, SettingsError, UsageError
from pipeline.model import CleanDocument, Fault, Stage
from pipeline.publish import reject_row
from pipeline.settings import as_table
from pipeline.sinks import SINKS
from pipeline.sinks.base import Sink
from pipeline.sinks.jsonl import json_line

if TYPE_CHECKING:
    from pipeline.batch.batch import Batch, Report

_REJECTS, _RUN, _MARKER = "rejects.jsonl", "run.json", ".dechrome-output"
_ALL_NAMES = [*sorted({name for sink in SINKS.values() for name in sink.names}), _REJECTS, _RUN]


def check_output(batch: Batch) -> None:
    """Raise UsageError or EnvironmentFault if the output folder cannot be ours: not writable, or with files of others."""
    sinks = batch.settings.publish.sinks
    unknown = set(sinks) - set(SINKS)
    if unknown or not sinks or len(set(sinks)) < len(sinks):
        raise SettingsError(f"publish.sinks: must name one or more of {', '.join(SINKS)}, each once, not {list(sinks)}")
    out = batch.output
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out}: the output must be a folder")
    if any(os.path.realpath(out) == os.path.realpath(path) for path in batch.settings.run.inputs):
        raise UsageError(f"{out}: is an input too; what is published there would be cleaned next time")
    if any((out / name).exists() for name in _ALL_NAMES) and not _is_ours(out):
        raise UsageError(f"{out}: holds files that dechrome did not write under the names it would use; name another -o")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(f"{out}: cannot be made ({error.strerror})") from None
    if not os.access(out, os.W_OK | os.X_OK):
        raise EnvironmentFault(f"{out}: not writable")


def _is_ours(out: Path) -> bool:
    """Return whether dechrome published here before; the marker outlives an interrupted exchange of the outputs."""
    run = read_json(out / _RUN)
    return (out / _MARKER).exists() or (isinstance(run, dict) and run.get("tool") == "dechrome")


def publish_batch(batch: Batch, report: Report) -> dict[str, Any]:
    """Write the outputs of a batch and return the publish stage's index: its files with digests, and the counts of the run."""
    check_output(batch)
    staging = batch.output / f".dechrome-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    try:
        staging.mkdir()
        counts = _write(batch, staging)
        files = _digests(staging)
        run = _run_facts(batch, counts, files)
        write_json(staging / _RUN, run)
        (batch.output / _MARKER).touch()
        _swap(staging, batch.output, _ALL_NAMES)
    except OSError as error:
        raise EnvironmentFault(f"{batch.output}: the output cannot be written ({error.strerror or error})") from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    report.made, report.rows_in, report.rows_out = 1, counts["cleaned"], counts["cleaned"]
    return {"stage": Stage.PUBLISH, "files": files, "counts": counts}


def _write(batch: Batch, folder: Path) -> dict[str, Any]:
    """Write records and rejects below `folder` in the order of the inputs; returns the counts of the run."""
    cleaned = chars_in = chars_out = repaired = 0
    removed: Counter[str] = Counter()
    removed_chars: Counter[str] = Counter()
    with ExitStack() as open_sinks:
        sinks: list[Sink] = [SINKS[name](folder, batch.settings.publish) for name in batch.settings.publish.sinks]
        for sink in sinks:
            open_sinks.callback(sink.close)
        for document in _in_order(batch):
            for sink in sinks:
                sink.write(document)
            cleaned += 1
            chars_in += document.clean.chars_in
            chars_out += document.clean.chars_out
            repaired += document.clean.repaired
            for span in document.removed:
                removed[span.family] += 1
                removed_chars[span.family] += span.end - span.start
    faults = sorted((fault for stage in Stage for fault in batch.faults(stage)), key=lambda fault: (fault.path, fault.record))
    with (folder / _REJECTS).open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(json_line(reject_row(fault)) for fault in faults)
    ingest = batch.index(Stage.INGEST)
    inputs = ingest["inputs"] if ingest else 0
    if inputs != cleaned + len(faults):
        raise AssertionError(f"{inputs} inputs, but {cleaned} cleaned and {len(faults)} rejected: a page was lost")
    return {
        "inputs": inputs,
        "cleaned": cleaned,
        "rejected": len(faults),
        "rejected_pages": sum(fault.is_page for fault in faults),
        "rejects": dict(sorted(Counter(_reason(fault) for fault in faults).items())),
        "chars_in": chars_in,
        "chars_out": chars_out,
        "repaired": repaired,
        "removed": dict(sorted(removed.items())),
        "removed_chars": dict(sorted(removed_chars.items())),
    }


def _in_order(batch: Batch) -> Any:
    """Return the clean pages in the order of the inputs, whatever their shards, a few of each shard in memory at a time."""
    shards = [batch.store.iterate(entry, "clean", CleanDocument) for entry in batch.entries(Stage.NORMALISE)]
    return heapq.merge(*shards, key=lambda document: (document.file_path, int(document.metadata.get("record", "0"))))


def _reason(fault: Fault) -> str:
    return f"{fault.stage}: {fault.reason}"


def _digests(folder: Path) -> dict[str, Any]:
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            found[path.relative_to(folder).as_posix()] = {"sha256": digest_of_file(path), "bytes": path.stat().st_size}
    return found


def _run_facts(batch: Batch, counts: dict[str, Any], files: dict[str, Any]) -> dict[str, Any]:
    """Return what `run.json` says: the one output that differs between equal runs."""
    settings = {name: table for name, table in as_table(batch.settings).items() if name != "run"}
    try:
        own_version = version("dechrome")
    except PackageNotFoundError:
        own_version = "source"
    return {
        "tool": "dechrome",
        "version": own_version,
        "counts": counts,
        "settings": digest(settings),
        "inputs": batch.manifest,
        "stages": {stage: _stage_facts(batch, stage) for stage in Stage if stage is not Stage.PUBLISH},
        "files": {name: facts["sha256"] for name, facts in files.items() if "/" not in name},
    }


def _stage_facts(batch: Batch, stage: Stage) -> dict[str, Any]:
    """Return what a stage did in this run; one that was complete before it was not looked into."""
    report, index = batch.reports.get(stage), batch.index(stage)
    if report is None:
        return {"made": 0, "cached": len(index["shards"]) if index else 0, "seconds": 0.0}
    return {"made": report.made, "cached": report.cached, "seconds": round(report.seconds, 3)}


def _swap(staging: Path, out: Path, names: list[str]) -> None:
    """Let what was written take the place of the old outputs; `run.json` comes last: its absence shows an interruption."""
    aside = staging / "old"
    aside.mkdir()
    for name in reversed(names):
        if (out / name).exists():
            (out / name).rename(aside / name)
    for name in names:
        if (staging / name).exists():
            (staging / name).rename(out / name)
