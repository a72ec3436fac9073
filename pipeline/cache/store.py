"""Stage results on disk, each under the digest of what made it.

    <root>/entries/<stage>/<key[:2]>/<key>/manifest.json + *.parquet     a result
    <root>/indexes/<stage>/<address>.json                               what a stage made of a batch: its entries
    <root>/runs/<name>.json, inputs/<digest>.json, inputs.sqlite, attempts/, quarantine/

A result is written aside, synced and renamed into place, so that it is there whole or not at all; readers check its digests.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline.cache.digests import digest, digest_of_file
from pipeline.cache.disk import on_disk, put_in_place, read_sealed, remove, scrap_name, sweep, write_bytes, write_sealed
from pipeline.cache.table import Table, rows_in
from pipeline.errors import DamagedEntry

Row = TypeVar("Row")

_CURE = "free space or name another --cache"


@dataclass(frozen=True, slots=True)
class Entry:
    """A committed result: where it is, what it holds, and the digest of its bytes, on which later stages' keys build.

    `files` states digest, size and number of rows of each table; a table without rows has no file.
    """

    stage: str
    key: str
    result: str
    rows_in: int
    rows_out: int
    rejected: int
    files: Mapping[str, Mapping[str, Any]]


class Store:
    """The cache below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, stage: str, key: str) -> Path:
        """Return where the result with this key is or will be."""
        return self.root / "entries" / stage / key[:2] / key

    def find(self, stage: str, key: str) -> Entry | None:
        """Return a result if it is there and its files have the sizes that its manifest states; a damaged one is put aside."""
        entry = self.peek(stage, key)
        if entry is None and self.folder(stage, key).exists():
            entry = self.peek(stage, key)  # it may have been put in place between the two questions
            if entry is None:
                self.quarantine(stage, key)
        return entry

    def peek(self, stage: str, key: str) -> Entry | None:
        """Return a result as `find` does, but leave a damaged one where it is."""
        folder = self.folder(stage, key)
        manifest = read_sealed(folder / "manifest.json")
        if manifest is None or not _is_entry(manifest) or (manifest["stage"], manifest["key"]) != (stage, key):
            return None
        entry = Entry(**manifest)
        return entry if _has_files(folder, entry) else None

    def commit(
        self,
        stage: str,
        key: str,
        tables: Mapping[str, Table[Any]],
        counts: tuple[int, int, int],
    ) -> Entry:
        """Write a result and return it; `counts` is rows in, out, rejected.

        Raises EnvironmentFault if the disk does not take it.
        """
        attempt = self.root / "attempts" / scrap_name()
        try:
            with on_disk(self.root, _CURE):
                attempt.mkdir(parents=True)
                files: dict[str, dict[str, Any]] = {}
                for name, table in tables.items():
                    body = table.packed()
                    if table.count:
                        write_bytes(attempt / f"{name}.parquet", body)
                    files[name] = {"sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body), "rows": table.count}
                entry = Entry(stage, key, digest(files), *counts, files)
                write_sealed(attempt / "manifest.json", asdict(entry))
                put_in_place(attempt, self.folder(stage, key), self.root / "attempts" / scrap_name())
        except BaseException:
            remove(attempt)
            raise
        return entry

    def read(self, entry: Entry, name: str, kind: type[Row], columns: list[str] | None = None) -> list[Row]:
        """Return the rows of one table of a result; raises DamagedEntry if its bytes are not those that were committed."""
        return list(self.iterate(entry, name, kind, columns))

    def iterate(self, entry: Entry, name: str, kind: type[Row], columns: list[str] | None = None) -> Iterator[Row]:
        """Return the rows of one table of a result one by one, as `read` does; a few of them are held at a time."""
        import pyarrow as pa

        if not entry.files[name]["rows"]:
            return
        path = self.checked(entry, name)
        try:
            yield from rows_in(path, kind, columns)
        except (OSError, pa.ArrowException) as error:
            raise DamagedEntry(f"{path}: {error}") from None

    def checked(self, entry: Entry, name: str) -> Path:
        """Return the path of a table after its digest was found to be right; raises DamagedEntry otherwise."""
        path = self.folder(entry.stage, entry.key) / f"{name}.parquet"
        try:
            if digest_of_file(path) == entry.files[name]["sha256"]:
                return path
        except OSError as error:
            raise DamagedEntry(f"{path}: {error}") from None
        raise DamagedEntry(f"{path}: its bytes are not those that were written")

    def is_whole(self, entry: Entry) -> bool:
        """Return whether every table of a result has the bytes that were written."""
        try:
            for name, facts in entry.files.items():
                if facts["rows"]:
                    self.checked(entry, name)
        except DamagedEntry:
            return False
        return True

    def quarantine(self, stage: str, key: str) -> None:
        """Put a damaged result aside, where a person can look at it; it will be made again."""
        aside = self.root / "quarantine" / f"{stage}-{key[:16]}-{uuid.uuid4().hex[:8]}"
        with on_disk(self.root, _CURE), suppress(FileNotFoundError):
            aside.parent.mkdir(parents=True, exist_ok=True)
            self.folder(stage, key).rename(aside)

    def mark_used(self, entry: Entry) -> None:
        """Note that a run takes a result from the cache, so that `gc` beside it leaves it alone."""
        with suppress(OSError):
            os.utime(self.folder(entry.stage, entry.key))

    def drop(self, stage: str, key: str) -> None:
        """Remove a result; a reader sees it whole or not at all."""
        trash = self.root / "attempts" / scrap_name()
        with suppress(FileNotFoundError):
            trash.parent.mkdir(parents=True, exist_ok=True)
            self.folder(stage, key).rename(trash)
            shutil.rmtree(trash, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what dead processes left of results and records that they did not finish."""
        sweep(self.root / "attempts")
        for kind in ("indexes/*", "runs", "inputs"):
            for folder in self.root.glob(kind):
                for scrap in folder.glob(".*.json.*-*"):
                    sweep(folder, f"{scrap.name.rpartition('.')[0]}.")

    def read_index(self, stage: str, address: str) -> dict[str, Any] | None:
        """Return what a stage recorded of a batch, or None."""
        return read_sealed(self._index(stage, address))

    def write_index(self, stage: str, address: str, index: Mapping[str, Any]) -> None:
        """Record what a stage made of a batch."""
        with on_disk(self.root, _CURE):
            write_sealed(self._index(stage, address), index)

    def _index(self, stage: str, address: str) -> Path:
        return self.root / "indexes" / stage / f"{address}.json"


_KINDS = {"stage": str, "key": str, "result": str, "rows_in": int, "rows_out": int, "rejected": int, "files": dict}
_FILE_KINDS = {"sha256": str, "bytes": int, "rows": int}


def _is_entry(manifest: Mapping[str, Any]) -> bool:
    """Return whether a manifest states what an entry is made of; another version may have sealed it."""
    return _is_made_of(manifest, _KINDS) and all(_is_made_of(facts, _FILE_KINDS) for facts in manifest["files"].values())


def _is_made_of(value: Any, kinds: Mapping[str, type[Any]]) -> bool:
    return isinstance(value, dict) and value.keys() == kinds.keys() and all(isinstance(value[k], kinds[k]) for k in kinds)


def _has_files(folder: Path, entry: Entry) -> bool:
    """Return whether the files of an entry are there with the sizes that were written."""
    try:
        return all(
            not facts["rows"] or (folder / f"{name}.parquet").stat().st_size == facts["bytes"]
            for name, facts in entry.files.items()
        )
    except OSError:
        return False
