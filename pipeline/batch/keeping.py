"""Looking after a cache: what in it is damaged, and what no kept run needs. Both may be asked while a run is on."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.batch.batch import entries_in
from pipeline.batch.runs import read_record, recorded
from pipeline.cache.digests import digest_of_file
from pipeline.cache.disk import read_sealed, remove, sweep
from pipeline.cache.store import Store
from pipeline.model import Stage

_MANY = 1 << 32


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was written; `stage` and `key` are set for a result."""

    what: str
    why: str
    stage: str = ""
    key: str = ""


@dataclass(slots=True)
class Checked:
    """How much was looked at."""

    results: int = 0
    records: int = 0
    outputs: int = 0


def damages(root: Path, sample: float, checked: Checked) -> Iterator[Damage]:
    """Return what is damaged of a cache and of the outputs of its recorded runs; `sample` is the share of results looked at.

    Which results a share means, depends on their keys alone.
    """
    store = Store(root)
    for stage, key, folder in results_of(root):
        if int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) >= sample * _MANY:
            continue
        checked.results += 1
        why = _why_damaged(store, stage, key)
        if why and folder.exists() and (why := _why_damaged(store, stage, key)):  # a run may have put it in place just now
            yield Damage(str(folder), why, stage, key)
    for path in sorted([*root.glob("indexes/*/*.json"), *root.glob("runs/*.json"), *root.glob("inputs/*.json")]):
        if path.name.startswith("."):
            continue
        checked.records += 1
        if read_sealed(path) is None and path.exists() and read_sealed(path) is None:
            yield Damage(str(path), "not as it was written")
    for name in recorded(root):
        yield from _damaged_outputs(root, name, checked)


def _why_damaged(store: Store, stage: str, key: str) -> str:
    entry = store.peek(stage, key)
    if entry is None:
        return "its manifest or a table is missing, or not as it was written"
    return "" if store.is_whole(entry) else "a table does not hold the bytes that were written"


def _damaged_outputs(root: Path, name: str, checked: Checked) -> Iterator[Damage]:
    """Return what of a run's outputs is not as it was published; one that another run has written since is its own affair."""
    record = read_sealed(root / "runs" / f"{name}.json")
    if record is None or not record["request"]["output"] or record.get("failure"):
        return
    index = Store(root).read_index(Stage.PUBLISH, record["stages"][Stage.PUBLISH]["address"])
    out = Path(record["request"]["output"])
    if index is None or not out.exists():
        return
    run = _json(out / "run.json")
    if run is not None and run.get("files") != {n: f["sha256"] for n, f in index["files"].items() if "/" not in n}:
        return
    for file, facts in index["files"].items():
        checked.outputs += 1
        try:
            if digest_of_file(out / file) != facts["sha256"]:
                yield Damage(str(out / file), "not as it was published")
        except OSError as error:
            yield Damage(str(out / file), error.strerror or str(error))


def _json(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None


def results_of(root: Path) -> Iterator[tuple[str, str, Path]]:
    """Return stage, key and folder of each result."""
    for folder in sorted(root.glob("entries/*/*/*")):
        yield folder.parent.parent.name, folder.name, folder


@dataclass(frozen=True, slots=True)
class Waste:
    """Something that no kept run needs, with its size and when it was last used."""

    path: Path
    size_bytes: int
    used: float
    stage: str = ""
    key: str = ""


def size_of(path: Path) -> int:
    """Return the size of the files at or below a path."""
    try:
        if not path.is_dir():
            return path.stat().st_size
        return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())
    except OSError:
        return 0  # a run beside us took it away


def waste_of(root: Path, kept: Sequence[str]) -> list[Waste]:
    """Return what the runs named in `kept` (none: all recorded ones) do not need, least recently used first.

    What was made or used since the run that is on began, is spared, though that run has not recorded it yet.
    """
    store = Store(root)
    needed: set[Path] = set()
    for name in kept or recorded(root):
        record = read_record(root, name)
        needed |= {root / "runs" / f"{record['name']}.json", root / "inputs" / f"{record['manifest']}.json"}
        for stage, facts in record["stages"].items():
            needed.add(root / "indexes" / stage / f"{facts['address']}.json")
            index = store.read_index(stage, facts["address"])
            for shard in entries_in(index) if index else ():
                needed.add(store.folder(stage, shard["key"]))
    since = _begun(root)
    found = []
    records = [*root.glob("indexes/*/*.json"), *root.glob("runs/*.json"), *root.glob("inputs/*.json"), *root.glob("quarantine/*")]
    results = [(folder, stage, key) for stage, key, folder in results_of(root)]
    for path, stage, key in [*((path, "", "") for path in records), *results]:
        try:
            used = path.stat().st_mtime
        except OSError:
            continue
        if path not in needed and used < since and path.name != "latest.json" and not path.name.startswith("."):
            found.append(Waste(path, size_of(path), used, stage, key))
    return sorted(found, key=lambda waste: (waste.used, str(waste.path)))


def _begun(root: Path) -> float:
    """Return when the run that holds the cache began, or now if none does."""
    from pipeline.cache.lock import is_held

    lock = root / "lock"
    return lock.stat().st_mtime if is_held(root) else time.time() + 1


def drop(root: Path, waste: Waste) -> None:
    """Remove what is not needed; a reader sees a result whole or not at all."""
    if waste.stage:
        Store(root).drop(waste.stage, waste.key)
        try:
            os.rmdir(waste.path.parent)
        except OSError:
            return  # other results are in it
    else:
        remove(waste.path)


def sweep_attempts(root: Path) -> None:
    """Remove what dead processes left unfinished."""
    sweep(root / "attempts")
