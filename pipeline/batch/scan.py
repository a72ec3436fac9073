"""The inputs of a batch: which files there are, and which pages are in them. Each ends as a page of a shard or as a fault."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.batch.shards import Member
from pipeline.cache.digests import digest
from pipeline.cache.inputs import InputChanged, InputIndex, stamp_of
from pipeline.engines.local import LocalEngine
from pipeline.engines.scanning import scan_chunk
from pipeline.engines.work import CHANGED
from pipeline.ingest import page_id
from pipeline.model import Fault, Stage
from pipeline.settings import IngestSettings, RunSettings
from pipeline.sources import source_of
from pipeline.sources.folders import Listed, list_inputs

_CHUNK = 32
_CHUNKS_SAVED = 64  # after so many chunks, what was found is saved: a run that is killed does not look again


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file of the batch with the digest of its bytes; one that cannot be read has a fault instead.

    `stamp` says what the file system told of it when it was hashed.
    """

    file: Path
    path: str
    digest: str
    size_bytes: int
    fault: str = ""
    detail: str = ""
    is_page: bool = True
    stamp: str = ""


def files_of(run: RunSettings, ingest: IngestSettings, root: Path) -> list[InputFile]:
    """Return the input files with their digests, in the order of their names."""
    own = [Path(run.cache), *([Path(run.output)] if run.output else [])]
    listed = list_inputs(run.inputs, ingest.exclude, own)
    index = InputIndex(root)
    try:
        return [_looked_at(one, ingest, index) for one in listed]
    finally:
        index.close()


def _looked_at(one: Listed, settings: IngestSettings, index: InputIndex) -> InputFile:
    if one.fault:
        return InputFile(one.file, one.path, "", 0, one.fault, one.detail, one.is_page)
    try:
        size = one.file.stat().st_size
        if size > settings.max_file_bytes:
            return InputFile(one.file, one.path, "", size, "too-large", f"{size} bytes (ingest.max_file_bytes)")
        if size > settings.max_bytes and not source_of(one.file, one.path).is_container:
            return InputFile(one.file, one.path, "", size, "too-large", f"{size} bytes (ingest.max_bytes)")
        found, stamp = index.digest(one.file)
    except InputChanged:
        return InputFile(one.file, one.path, "", 0, CHANGED, "it is being written to; run again")
    except OSError as error:
        return InputFile(one.file, one.path, "", 0, "unreadable", error.strerror or str(error))
    return InputFile(one.file, one.path, found, size, stamp=stamp)


@dataclass(frozen=True, slots=True)
class Scan:
    """What the input files hold. `is_settled`: looking again would find the same."""

    members: list[Member]
    faults: list[Fault]
    is_settled: bool


def scan(
    files: Iterable[InputFile],
    settings: IngestSettings,
    base: str,
    root: Path,
    engine: LocalEngine,
    only: Mapping[str, frozenset[int]] | None = None,
) -> Scan:
    """Return the pages that the input files hold, and what cannot be a page; ids are unique in the batch.

    What was found in a file is kept under `base` and its digest. `only` names the records that are wanted, by path.
    """
    files = list(files)
    found = _found(files, settings, base, root, engine)
    members: list[Member] = []
    faults: list[Fault] = []
    taken: set[str] = set()
    for one in files:
        for item in found[one.path]:
            record: int = item["record"]
            if only is not None and record not in only.get(one.path, ()):
                continue
            if "fault" in item:
                item_id = item["id"] or page_id(one.path, record)
                faults.append(Fault(item_id, one.path, record, Stage.INGEST, item["fault"], item["detail"], item["is_page"]))
                continue
            name = _unique(item["id"], one.path, record, taken)
            members.append(Member(one.path, record, name, item["site"], item["bytes"], item["start"], item["digest"]))
    again = ("unreadable", CHANGED)
    is_settled = not any(item.get("fault") in again for one in files if not one.fault for item in found[one.path])
    return Scan(members, faults, is_settled and not any(one.fault == CHANGED for one in files))


def _found(
    files: list[InputFile], settings: IngestSettings, base: str, root: Path, engine: LocalEngine
) -> dict[str, list[dict[str, Any]]]:
    """Return what each file holds, from the index or by looking."""
    found: dict[str, list[dict[str, Any]]] = {}
    fresh: list[InputFile] = []
    index = InputIndex(root)
    try:
        for one in files:
            if one.fault:
                found[one.path] = [_fault(one.fault, one.detail, one.is_page)]
                continue
            known = index.scan(_key(base, one))
            if known is None:
                fresh.append(one)
            else:
                found[one.path] = known
        step = _CHUNK * _CHUNKS_SAVED
        for begin in range(0, len(fresh), step):
            some = fresh[begin : begin + step]
            for one, items in zip(some, _look(some, settings, engine), strict=True):
                if stamp_of(one.file) != one.stamp:
                    found[one.path] = [_fault(CHANGED, "it was written to while the run looked at it; run again")]
                    continue
                found[one.path] = items or [_fault("empty", "the file holds no record")]
                if not any(item.get("fault") == "unreadable" for item in items):  # may be mended without a change of bytes
                    index.keep_scan(_key(base, one), found[one.path])
            index.save()
    finally:
        index.close()
    return found


def _key(base: str, one: InputFile) -> str:
    return digest([base, one.path, one.digest])


def _look(files: list[InputFile], settings: IngestSettings, engine: LocalEngine) -> list[list[dict[str, Any]]]:
    chunks = [files[i : i + _CHUNK] for i in range(0, len(files), _CHUNK)]
    work = [(tuple((str(one.file), one.path) for one in chunk), settings) for chunk in chunks]
    results = engine.map(scan_chunk, work, sum(one.size_bytes for one in files))
    return [items for scans in results for items in scans]


def _fault(reason: str, detail: str, is_page: bool = True) -> dict[str, Any]:
    return {"record": 0, "id": "", "fault": reason, "detail": detail, "is_page": is_page}


def _unique(item_id: str, path: str, record: int, taken: set[str]) -> str:
    """Return the id, or, if an earlier page of the batch has it, one that tells the two apart: records bring ids of their own."""
    name = item_id
    while name in taken:
        name = f"{item_id}~{page_id(path, record)[:12]}" if name == item_id else f"{name}~"
    taken.add(name)
    return name
