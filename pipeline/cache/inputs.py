"""What is known of input files from earlier runs: their digests, and the pages that were found in them."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from pipeline.cache.digests import digest, digest_of_file
from pipeline.errors import EnvironmentFault

_TRIES = 3
_SETTLED_SECONDS = 2.0  # a file younger than this may change again within the clock's tick, so its digest is not kept
_TABLES = (
    "CREATE TABLE IF NOT EXISTS sealed_digests (path BLOB PRIMARY KEY, stamp TEXT, digest TEXT, seal TEXT)",
    "CREATE TABLE IF NOT EXISTS sealed_scans (key TEXT PRIMARY KEY, found TEXT, seal TEXT)",
)
# SQLite's codes for what is the machine's fault: busy, locked, no memory, read-only, interrupted, i/o, full, cannot open.
_MACHINE = frozenset((5, 6, 7, 8, 9, 10, 13, 14))


class InputChanged(Exception):
    """A file that was written to each time it was read."""


def stamp_of(file: Path) -> str:
    """Return what the file system says of a file's bytes: size, times, inode; "" if it cannot be asked."""
    try:
        return _stamp(file.stat())
    except OSError:
        return ""


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


class InputIndex:
    """An index in SQLite: (path, size, time, inode) → digest, and (key) → what a scan found.

    SQLite checks no sums, so each row carries a seal; a row that breaks it is unknown. Losing the index costs time alone, so a
    damaged one is replaced by an empty one. Raises EnvironmentFault if the disk does not take it.
    """

    def __init__(self, root: Path) -> None:
        self._path = root / "inputs.sqlite"
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._refused(error.strerror or str(error)) from None
        self._db: sqlite3.Connection | None = None
        self._ask("SELECT 1")

    def _connected(self) -> sqlite3.Connection:
        if self._db is None:
            self._db = sqlite3.connect(self._path, timeout=30)
            for table in _TABLES:
                self._db.execute(table)
            self._db.commit()
        return self._db

    def _ask(self, question: str, *values: Any) -> Any:
        """Return the first row of the answer, or None; a damaged index has no answer and is replaced."""
        for is_last in (False, True):
            try:
                return self._connected().execute(question, values).fetchone()
            except (sqlite3.Error, sqlite3.Warning, ValueError) as error:  # ValueError: a text that is no UTF-8 any more
                if is_last or getattr(error, "sqlite_errorcode", 0) & 0xFF in _MACHINE:
                    raise self._refused(str(error)) from None
                self._discard()
        return None

    def _discard(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None
        try:
            self._path.unlink(missing_ok=True)
            self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)
        except OSError as error:
            raise self._refused(error.strerror or str(error)) from None

    def _refused(self, why: str) -> EnvironmentFault:
        return EnvironmentFault(f"{self._path}: the cache cannot be written ({why}); free space or name another --cache")

    def digest(self, file: Path) -> tuple[str, str]:
        """Return the digest of a file's bytes and its stamp (`stamp_of`); read only if it is not known.

        Raises OSError, and InputChanged if it is written to all the time.
        """
        name = os.fsencode(os.path.abspath(file))
        for _ in range(_TRIES):
            stamp = stamp_of(file)
            row = self._ask("SELECT digest, seal FROM sealed_digests WHERE path = ? AND stamp = ?", name, stamp)
            if row and row[1] == _seal(name.hex(), stamp, row[0]):
                return str(row[0]), stamp
            found = digest_of_file(file)
            status = file.stat()
            if _stamp(status) != stamp:
                continue
            if time.time() - max(status.st_mtime, status.st_ctime) > _SETTLED_SECONDS:
                seal = _seal(name.hex(), stamp, found)
                self._ask("INSERT OR REPLACE INTO sealed_digests VALUES (?, ?, ?, ?)", name, stamp, found, seal)
            return found, stamp
        raise InputChanged(f"{file}: changes while it is read")

    def scan(self, key: str) -> Any:
        """Return what a scan found under this key, or None."""
        row = self._ask("SELECT found, seal FROM sealed_scans WHERE key = ?", key)
        return json.loads(row[0]) if row and row[1] == _seal(key, row[0]) else None

    def keep_scan(self, key: str, found: Any) -> None:
        """Keep what a scan found."""
        text = json.dumps(found)
        self._ask("INSERT OR REPLACE INTO sealed_scans VALUES (?, ?, ?)", key, text, _seal(key, text))

    def save(self) -> None:
        """Write what is new."""
        try:
            self._connected().commit()
        except (sqlite3.Error, sqlite3.Warning) as error:
            if getattr(error, "sqlite_errorcode", 0) & 0xFF in _MACHINE:
                raise self._refused(str(error)) from None
            self._discard()

    def close(self) -> None:
        """Write what is new and close the index."""
        try:
            self.save()
        finally:
            if self._db is not None:
                self._db.close()
                self._db = None


def _seal(*values: Any) -> str:
    """Return the digest of what a row states; of one that is not text, one that no row has."""
    return digest(list(values)) if all(isinstance(value, str) for value in values) else ""
