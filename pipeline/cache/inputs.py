"""What is known of input files from earlier runs: their digests, and the pages that were found in them."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from pipeline.cache.digests import digest_of_file

_SETTLED_SECONDS = 2.0  # a file younger than this may change again within the clock's tick, so its digest is not kept


class InputIndex:
    """An index in SQLite: (path, size, time, inode) → digest, and (key) → what a scan found.

    Losing it costs time alone, so a damaged one is replaced by an empty one.
    """

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        self._path = root / "inputs.sqlite"
        try:
            self._db = self._connect()
        except sqlite3.DatabaseError:
            self._db = self._anew()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=30)
        db.execute("CREATE TABLE IF NOT EXISTS digests (path BLOB PRIMARY KEY, stamp TEXT, digest TEXT)")
        db.execute("CREATE TABLE IF NOT EXISTS scans (key TEXT PRIMARY KEY, found TEXT)")
        db.commit()
        return db

    def _anew(self) -> sqlite3.Connection:
        self._path.unlink(missing_ok=True)
        self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)
        return self._connect()

    def _ask(self, question: str, *values: Any) -> Any:
        """Return the first row of the answer, or None; a damaged index has no answer and is replaced."""
        try:
            return self._db.execute(question, values).fetchone()
        except sqlite3.OperationalError:
            raise  # locked, or the disk is full: no damage
        except sqlite3.DatabaseError:
            self._db.close()
            self._db = self._anew()
            return self._db.execute(question, values).fetchone()

    def digest(self, file: Path) -> tuple[str, int]:
        """Return the digest of a file's bytes and its size; read only if it is not known. Raises OSError."""
        status = file.stat()
        stamp = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
        name = os.fsencode(os.path.abspath(file))
        row = self._ask("SELECT digest FROM digests WHERE path = ? AND stamp = ?", name, stamp)
        if row:
            return str(row[0]), status.st_size
        found = digest_of_file(file)
        if time.time() - max(status.st_mtime, status.st_ctime) > _SETTLED_SECONDS:
            self._ask("INSERT OR REPLACE INTO digests VALUES (?, ?, ?)", name, stamp, found)
        return found, status.st_size

    def scan(self, key: str) -> Any:
        """Return what a scan found under this key, or None."""
        row = self._ask("SELECT found FROM scans WHERE key = ?", key)
        return json.loads(row[0]) if row else None

    def keep_scan(self, key: str, found: Any) -> None:
        """Keep what a scan found."""
        self._ask("INSERT OR REPLACE INTO scans VALUES (?, ?)", key, json.dumps(found))

    def close(self) -> None:
        """Write what is new and close the index."""
        self._db.commit()
        self._db.close()
