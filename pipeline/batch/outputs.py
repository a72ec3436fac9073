"""Publishing a batch: all outputs are written aside, then take the place of the old ones together."""

from __future__ import annotations

import errno
import heapq
import os
import shutil
from collections import Counter
from contextlib import ExitStack, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.cache.digests import digest, digest_of_file
from pipeline.cache.disk import (
    exchange,
    is_alive,
    on_disk,
    read_json,
    remove,
    scrap_name,
    sweep,
    sync,
    sync_tree,
    write_json,
)
from pipeline.errors import SettingsError, UsageError
from pipeline.model import CleanDocument, Fault, Stage
from pipeline.publish import reject_row
from pipeline.settings import as_table
from pipeline.sinks import SINKS
from pipeline.sinks.base import Sink
from pipeline.sinks.jsonl import json_line

if TYPE_CHECKING:
    from pipeline.batch.batch import Batch, Report

_REJECTS, _RUN, _MARKER = "rejects.jsonl", "run.json", ".dechrome-output"
_PREFIX = ".dechrome-at-"  # of folders in which outputs are written
_OLD, _ALL_OLD = "old", "all-old"  # the folder of what they displace, while it fills and when it is full
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
    with on_disk(out, "free space or name another -o"):
        out.mkdir(parents=True, exist_ok=True)
        if not os.access(out, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "permission denied")


def _is_ours(out: Path) -> bool:
    """Return whether dechrome published here before; the marker outlives an interrupted exchange of the outputs."""
    run = read_json(out / _RUN)
    return (out / _MARKER).exists() or (isinstance(run, dict) and run.get("tool") == "dechrome")


def publish_batch(batch: Batch, report: Report) -> dict[str, Any]:
    """Write the outputs of a batch and return the publish stage's index: its files with digests, and the counts of the run."""
    check_output(batch)
    out = batch.output
    staging = out / f"{_PREFIX}{scrap_name()}"
    try:
        with on_disk(out, "free space or name another -o"):
            if _can_exchange(out):
                beside = _beside(out)
                staging = beside.with_name(f"{beside.name}{scrap_name()}")
            staging.mkdir()
            counts = _write(batch, staging)
            files = _digests(staging)
            write_json(staging / _RUN, _run_facts(batch, counts, files))
            (staging / _MARKER).touch()
            sync_tree(staging)
            _take_place(staging, out)
    finally:
        remove(staging)
    report.made, report.rows_in, report.rows_out = 1, counts["cleaned"], counts["cleaned"]
    return {"stage": Stage.PUBLISH, "files": files, "counts": counts}


def sweep_output(out: Path) -> None:
    """Remove what dead processes left of outputs that they did not finish; an exchange that was under way is finished first."""
    for staging in sorted(out.glob(f"{_PREFIX}*")):
        pid = staging.name.removeprefix(_PREFIX).partition("-")[0]
        if not is_alive(pid) and ((staging / _OLD).exists() or (staging / _ALL_OLD).exists()):
            _swap(staging, out, _ALL_NAMES)
    sweep(out, _PREFIX)
    beside = _beside(out)
    sweep(beside.parent, beside.name)


def _beside(out: Path) -> Path:
    """Return the beginning of the name of a folder beside the output folder."""
    whole = Path(os.path.realpath(out))
    return whole.with_name(f".{whole.name}{_PREFIX}")


def _can_exchange(out: Path) -> bool:
    """Return whether a folder beside the output folder may take its place: nothing of others is in it, nor are we."""
    whole = Path(os.path.realpath(out))
    foreign = {name for name in os.listdir(whole) if not name.startswith(_PREFIX)} - {*_ALL_NAMES, _MARKER}
    is_here = Path.cwd().resolve().is_relative_to(whole)
    return not foreign and not is_here and not whole.is_mount() and os.access(whole.parent, os.W_OK | os.X_OK)


def _take_place(staging: Path, out: Path) -> None:
    """Let what was written take the place of the old outputs: in one step if it lies beside them, else name by name."""
    whole = Path(os.path.realpath(out))
    if staging.parent == whole.parent:
        shutil.copystat(whole, staging)
        with suppress(PermissionError):
            os.chown(staging, whole.stat().st_uid, whole.stat().st_gid)
        if exchange(staging, whole):
            sync(whole.parent)
            return
    (out / _MARKER).touch()
    _swap(staging, out, _ALL_NAMES)
    sync(out)


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
    """Exchange outputs name by name; `run.json` goes first and comes last: its absence shows an interruption.

    Called again after an interruption, it goes on: what the old ones' folder is called says whether all of them are there.
    """
    if not (staging / _ALL_OLD).exists():
        aside = staging / _OLD
        aside.mkdir(exist_ok=True)
        for name in reversed(names):
            if (out / name).exists() and not (aside / name).exists():
                (out / name).rename(aside / name)
        aside.rename(staging / _ALL_OLD)
    for name in names:
        if (staging / name).exists():
            (staging / name).rename(out / name)
