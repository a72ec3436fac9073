"""Records of runs by name: what was asked, what each stage depended on, and what it did."""

from __future__ import annotations

import re
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pipeline.batch.batch import Batch, faults_in
from pipeline.batch.graph import GRAPH
from pipeline.batch.request import Request
from pipeline.cache.disk import on_disk, read_sealed, write_sealed
from pipeline.cache.store import Store
from pipeline.errors import UsageError
from pipeline.model import Stage
from pipeline.settings import Settings

_LATEST = "latest"
_IDLE_SECONDS = 30.0
_batches: dict[Request, Batch] = {}


def batch_of(request: Request) -> Batch:
    """Return the batch that was asked for, the same one to all tasks of a run, so that its inputs are listed and hashed once.

    In a process that lives on (a scheduler's), the inputs are looked at anew when nothing was done with the batch for a while.
    """
    batch = _batches.get(request)
    if batch is None or batch.idle_seconds() > _IDLE_SECONDS:
        settings = request.settings()
        only = rejects_of(Path(settings.run.cache), request.rejects_of) if request.rejects_of else None
        batch = _batches[request] = Batch(settings, only)
    batch.used = time.monotonic()
    return batch


def forget_batches() -> None:
    """Make the next run look at its inputs anew."""
    _batches.clear()


def run_name(settings: Settings) -> str:
    """Return the name of a run: the one given, or that of the output folder."""
    given = settings.run.name or Path(settings.run.output).name or "run"
    name = re.sub(r"[^\w.-]+", "-", given).strip(".-")
    return name if name and name != _LATEST else "run"


def rejects_of(cache: Path, name: str) -> dict[str, frozenset[int]]:
    """Return the records that a recorded run rejected, by path; raises UsageError if there are none."""
    record = read_record(cache, name)
    store = Store(cache)
    found: dict[str, set[int]] = {}
    for stage, facts in record["stages"].items():
        for fault in faults_in(store, Stage(stage), facts["address"]):
            found.setdefault(fault.path, set()).add(fault.record)
    if not found:
        raise UsageError(f"run {record['name']}: rejected nothing, or its results are gone; there is nothing to run again")
    return {path: frozenset(records) for path, records in found.items()}


def write_record(batch: Batch, request: Request, failure: str = "", to: Stage = Stage.PUBLISH) -> None:
    """Keep the record of a run up to a stage, finished or not, and make it the latest."""
    with on_disk(batch.store.root, "free space or name another --cache"):
        _write_record(batch, request, failure, to)


def _write_record(batch: Batch, request: Request, failure: str, to: Stage) -> None:
    run = batch.settings.run
    name = run_name(batch.settings)
    batch.write_manifest()
    asked = replace(
        request,
        inputs=tuple(str(Path(path).absolute()) for path in run.inputs),
        output=str(Path(run.output).absolute()) if run.output else "",
        config=str(Path(request.config).absolute()) if request.config else "",
        cache="",
        name=name,
        date="",
    )
    record = {
        "name": name,
        "request": asdict(asked),
        "manifest": batch.manifest,
        "failure": failure,
        "to": to,
        "stages": {
            stage: {
                "address": batch.addresses[stage],
                "parts": batch.parts(stage),
                "report": asdict(batch.reports[stage]) if stage in batch.reports else None,
            }
            for stage in GRAPH
        },
    }
    write_sealed(batch.store.root / "runs" / f"{name}.json", record)
    write_sealed(batch.store.root / "runs" / f"{_LATEST}.json", {"name": name})


def read_record(cache: Path, name: str = "") -> dict[str, Any]:
    """Return the record of a run, the latest by default; raises UsageError, naming the runs there are, if there is none."""
    folder = cache / "runs"
    name = name or (read_sealed(folder / f"{_LATEST}.json") or {}).get("name", "")
    record = read_sealed(folder / f"{name}.json") if re.fullmatch(r"[\w.-]+", name) and name != _LATEST else None
    if record is not None:
        return record
    known = recorded(cache)
    if not known:
        raise UsageError(f"{cache}: no run is recorded here; start one with `dechrome run INPUT -o OUT`, or name its --cache")
    raise UsageError(f"{cache}: no run is called {name!r}; there are {', '.join(known)}")


def recorded(cache: Path) -> list[str]:
    """Return the names of the runs that are on record."""
    names = (path.stem for path in (cache / "runs").glob("*.json") if not path.name.startswith("."))
    return sorted(name for name in names if name != _LATEST)


def request_of(record: dict[str, Any], cache: Path, config: str = "") -> Request:
    """Return what a recorded run asked for, so that it can be asked again with the code, files and settings of now."""
    asked = dict(record["request"])
    asked["inputs"] = tuple(asked["inputs"])
    asked["cache"] = str(cache)
    asked["config"] = config or asked["config"]
    return Request(**asked)


def stage_of(name: str) -> Stage:
    """Return the stage with this name; raises UsageError, naming all, for any other."""
    try:
        return Stage(name.lower())
    except ValueError:
        raise UsageError(f"no stage is called {name!r}; there are {', '.join(Stage)}") from None
