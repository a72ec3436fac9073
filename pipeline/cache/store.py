"""Stage results on disk, each under the digest of what made it.

    <root>/entries/<stage>/<key[:2]>/<key>/manifest.json + *.parquet     a result
    <root>/indexes/<stage>/<address>.json                               what a stage made of a batch: its entries
    <root>/runs/<name>.json, inputs/<digest>.json, inputs.sqlite, attempts/, quarantine/

A result is written aside, synced and renamed into place, so that it is there whole or not at all; readers check its digests.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from pipeline.cache.digests import digest, digest_of_file
from pipeline.errors import DamagedEntry, EnvironmentFault

Row = TypeVar("Row")

ROW_GROUP = 64  # rows that a reader of a whole batch holds in memory at a time


@dataclass(frozen=True, slots=True)
class Entry:
    """A committed result: where it is, what it holds, and the digest of its bytes, on which later stages' keys build."""

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
        folder = self.folder(stage, key)
        manifest = read_json(folder / "manifest.json")
        if not folder.exists():
            return None
        entry = _entry_of(manifest)
        if entry is None or (entry.stage, entry.key) != (stage, key) or not _has_files(folder, entry):
            self.quarantine(stage, key)
            return None
        return entry

    def commit(
        self,
        stage: str,
        key: str,
        tables: Mapping[str, tuple[Sequence[Any], type[Any]]],
        counts: tuple[int, int, int],
    ) -> Entry:
        """Write a result and return it; `tables` maps names to (rows, class of the rows), `counts` is rows in, out, rejected.

        Raises EnvironmentFault if the disk does not take it.
        """
        import pyarrow.parquet as pq

        from pipeline.cache.schema import to_table

        attempt = self.root / "attempts" / f"{os.getpid()}-{uuid.uuid4().hex}"
        try:
            attempt.mkdir(parents=True)
            files = {}
            for name, (rows, kind) in tables.items():
                path = attempt / f"{name}.parquet"
                pq.write_table(to_table(rows, kind), path, compression="zstd", compression_level=3, row_group_size=ROW_GROUP)
                _sync(path)
                files[name] = {"sha256": digest_of_file(path), "bytes": path.stat().st_size, "rows": len(rows)}
            rows_in, rows_out, rejected = counts
            entry = Entry(stage, key, digest(files), rows_in, rows_out, rejected, files)
            stated = asdict(entry)
            write_json(attempt / "manifest.json", {**stated, "seal": digest(stated)})
            self._put_in_place(attempt, self.folder(stage, key))
        except OSError as error:
            shutil.rmtree(attempt, ignore_errors=True)
            raise EnvironmentFault(
                f"{self.root}: the cache cannot be written ({error}); free space or name another --cache"
            ) from None
        return entry

    def read(self, entry: Entry, name: str, kind: type[Row], columns: list[str] | None = None) -> list[Row]:
        """Return the rows of one table of a result; raises DamagedEntry if its bytes are not those that were committed."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        from pipeline.cache.schema import to_rows

        path = self.checked(entry, name)
        try:
            return to_rows(pq.read_table(path, columns=columns, partitioning=None), kind)
        except (OSError, pa.ArrowException) as error:
            raise DamagedEntry(f"{path}: {error}") from None

    def iterate(self, entry: Entry, name: str, kind: type[Row]) -> Iterator[Row]:
        """Return the rows of one table a few at a time; the file is open only while rows are read from it."""
        import pyarrow.parquet as pq

        from pipeline.cache.schema import to_rows

        path = self.checked(entry, name)
        with pq.ParquetFile(path) as file:
            groups = file.num_row_groups
        for group in range(groups):
            with pq.ParquetFile(path) as file:
                rows = to_rows(file.read_row_group(group), kind)
            yield from rows

    def checked(self, entry: Entry, name: str) -> Path:
        """Return the path of a table after its digest was found to be right; raises DamagedEntry otherwise."""
        path = self.folder(entry.stage, entry.key) / f"{name}.parquet"
        try:
            if digest_of_file(path) == entry.files[name]["sha256"]:
                return path
        except OSError as error:
            raise DamagedEntry(f"{path}: {error}") from None
        raise DamagedEntry(f"{path}: its bytes are not those that were written")

    def quarantine(self, stage: str, key: str) -> None:
        """Put a damaged result aside, where a person can look at it; it will be made again."""
        aside = self.root / "quarantine" / f"{stage}-{key[:16]}-{uuid.uuid4().hex[:8]}"
        aside.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            self.folder(stage, key).rename(aside)

    def sweep(self) -> None:
        """Remove what dead processes left of results they did not finish."""
        attempts = self.root / "attempts"
        if attempts.is_dir():
            for attempt in attempts.iterdir():
                if not _is_alive(attempt.name.partition("-")[0]):
                    shutil.rmtree(attempt, ignore_errors=True)

    def read_index(self, stage: str, address: str) -> dict[str, Any] | None:
        """Return what a stage recorded of a batch, or None."""
        index = read_json(self.root / "indexes" / stage / f"{address}.json")
        return index if isinstance(index, dict) else None

    def write_index(self, stage: str, address: str, index: Mapping[str, Any]) -> None:
        """Record what a stage made of a batch."""
        write_json(self.root / "indexes" / stage / f"{address}.json", index)

    def drop_index(self, stage: str, address: str) -> None:
        """Forget what a stage made of a batch; its results stay."""
        (self.root / "indexes" / stage / f"{address}.json").unlink(missing_ok=True)

    def _put_in_place(self, attempt: Path, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sync(attempt)
        if target.exists():  # made again: the new one takes its place
            old = self.root / "attempts" / f"{os.getpid()}-{uuid.uuid4().hex}-old"
            target.rename(old)
            attempt.rename(target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            attempt.rename(target)
        _sync(target.parent)


def _entry_of(manifest: Any) -> Entry | None:
    """Return the entry that a manifest states, or None if it is not as it was written."""
    if not isinstance(manifest, dict):
        return None
    stated = {name: value for name, value in manifest.items() if name != "seal"}
    try:
        is_sealed = digest(stated) == manifest.get("seal")
    except (ValueError, RecursionError):
        return None
    return Entry(**stated) if is_sealed else None


def _has_files(folder: Path, entry: Entry) -> bool:
    """Return whether the files of an entry are there with the sizes that were written."""
    try:
        return all((folder / f"{name}.parquet").stat().st_size == facts["bytes"] for name, facts in entry.files.items())
    except OSError:
        return False


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file so that it is there whole or not at all; keys stay in order, non-ASCII is escaped."""
    path.parent.mkdir(parents=True, exist_ok=True)
    attempt = path.with_name(f".{path.name}.{os.getpid()}-{uuid.uuid4().hex[:8]}")
    try:
        attempt.write_text(json.dumps(value, indent=1) + "\n", encoding="ascii")
        _sync(attempt)
        attempt.replace(path)
    finally:
        attempt.unlink(missing_ok=True)


def read_json(path: Path) -> Any:
    """Return the value of a JSON file, or None if there is none or it is damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_alive(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
