"""Why a stage would run, said before it does: what changed since the last run, and which results are missing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pipeline.batch.batch import Batch
from pipeline.batch.graph import above
from pipeline.cache.disk import read_sealed
from pipeline.model import Stage

_MOST_NAMES = 8


def why(batch: Batch, record: dict[str, Any], stage: Stage) -> list[tuple[Stage, list[str]]]:
    """Return for a stage and each above it the reasons why it would run; no reasons: its results are taken from the cache.

    A stage below one that runs is looked at with what is known now: if the upper one gives equal bytes, its shards are
    taken from the cache all the same.
    """
    found: list[tuple[Stage, list[str]]] = []
    running: list[Stage] = []
    for each in [*above(stage), stage]:
        reasons = list(_changes(batch, record, each))
        missing = batch.missing(each)
        upstream = [other for other in running if other in above(each)]
        if missing and upstream and not reasons:
            reasons.append(f"follows from {upstream[-1]}; where that gives equal bytes, this takes them from the cache")
        elif missing and not reasons:
            reasons += missing[:_MOST_NAMES]
        elif not missing:
            reasons = []
        if reasons:
            running.append(each)
        found.append((each, reasons))
    return found


def _changes(batch: Batch, record: dict[str, Any], stage: Stage) -> Iterator[str]:
    """Return what a stage depends on that is not as it was in the recorded run."""
    if stage is Stage.INGEST and batch.manifest != record["manifest"]:
        before = (read_sealed(batch.store.root / "inputs" / f"{record['manifest']}.json") or {}).get("files", {})
        now = {one.path: one.digest or one.fault for one in batch.files}
        yield from _differences("input", before, now)
    old = record["stages"].get(stage, {}).get("parts", {})
    new = json.loads(json.dumps(batch.parts(stage)))
    yield from _differences("code", old.get("sources", {}), new["sources"])
    yield from _settings("", old.get("settings", {}), new["settings"], stage)
    yield from _differences("library", old.get("versions", {}), new["versions"])
    for what, is_ours in (("weights", _is_weights), ("rules", lambda name: not _is_weights(name))):
        before, now = ({k: v for k, v in one.get("knowledge", {}).items() if is_ours(k)} for one in (old, new))
        yield from _differences(what, before, now)


def _is_weights(name: str) -> bool:
    return name.endswith("_weights")


def _differences(what: str, old: dict[str, str], new: dict[str, str]) -> Iterator[str]:
    for verb, names in (
        ("changed", [name for name in new if name in old and old[name] != new[name]]),
        ("added", [name for name in new if name not in old]),
        ("removed", [name for name in old if name not in new]),
    ):
        if names:
            more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
            yield f"{what} {verb}: {', '.join(names[:_MOST_NAMES])}{more}"


def _settings(prefix: str, old: dict[str, Any], new: dict[str, Any], stage: Stage) -> Iterator[str]:
    for name, value in new.items():
        if isinstance(value, dict):
            yield from _settings(f"{prefix}{name}.", old.get(name) or {}, value, stage)
        elif old.get(name) != value:
            yield f"setting {stage}.{prefix}{name}: {old.get(name)!r} → {value!r}"
