"""Writing so that a file or folder is there whole or not at all, whatever ends the process; reading what proves itself whole.

All that must last goes through here: written aside, synced, renamed. JSON of the cache carries a seal, the digest of what it
states, so that a changed byte is seen.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pipeline.cache.digests import digest
from pipeline.errors import EnvironmentFault

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # Linux's <fcntl.h> and <linux/fs.h>


@contextmanager
def on_disk(place: Path, cure: str) -> Iterator[None]:
    """Turn a refusal of the disk (full, read-only, failing) into an EnvironmentFault that names the place and the cure."""
    try:
        yield
    except OSError as error:
        raise EnvironmentFault(f"{place}: cannot be written ({error.strerror or error}); {cure}") from None


def write_bytes(path: Path, body: bytes | memoryview) -> None:
    """Write a new file and sync it."""
    with path.open("wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Make a file's bytes, or a folder's names, outlast a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_tree(folder: Path) -> None:
    """Make all below a folder outlast a power cut: by one call for its file system, or file by file where there is none."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        has_synced = ctypes.CDLL(None, use_errno=True).syncfs(handle) == 0
    except AttributeError:
        has_synced = False
    finally:
        os.close(handle)
    for path in sorted(folder.iterdir() if has_synced else folder.rglob("*"), reverse=True):
        sync(path)
    sync(folder)


def put_in_place(attempt: Path, target: Path, aside: Path) -> None:
    """Rename a finished folder to its final name; one that is there already is moved `aside` and removed."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sync(attempt)
    if not target.exists():
        attempt.rename(target)
    elif exchange(attempt, target):
        shutil.rmtree(attempt, ignore_errors=True)
    else:
        target.rename(aside)
        attempt.rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def exchange(one: Path, other: Path) -> bool:
    """Let two folders take each other's names in one step; False where the system or the file system cannot."""
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError):
        return False
    return bool(rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file so that it is there whole or not at all; keys stay in order, non-ASCII is escaped."""
    text = json.dumps(value, indent=1) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    attempt = path.with_name(f".{path.name}.{scrap_name()}")
    try:
        write_bytes(attempt, text.encode("ascii"))
        attempt.replace(path)
    finally:
        with suppress(OSError):
            attempt.unlink(missing_ok=True)


def write_sealed(path: Path, value: Mapping[str, Any]) -> None:
    """Write a JSON object with its seal."""
    plain = json.loads(json.dumps(value))
    write_json(path, {**plain, "seal": digest(plain)})


def read_json(path: Path) -> Any:
    """Return the value of a JSON file, or None if there is none or it is damaged."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError, RecursionError):
        return None


def read_sealed(path: Path) -> dict[str, Any] | None:
    """Return the object of a sealed file without its seal, or None if there is none or a byte of it is not as it was written."""
    value = read_json(path)
    if not isinstance(value, dict):
        return None
    seal = value.pop("seal", None)
    try:
        return value if digest(value) == seal else None
    except (ValueError, RecursionError):
        return None


def scrap_name() -> str:
    """Return a name for something unfinished; it begins with the process that will finish it."""
    return f"{os.getpid()}-{uuid.uuid4().hex[:12]}"


def sweep(folder: Path, prefix: str = "") -> list[str]:
    """Remove from a folder what processes that are gone left unfinished (`scrap_name` after `prefix`); returns the names."""
    found = []
    with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.name.startswith(prefix) and not is_alive(entry.name.removeprefix(prefix).partition("-")[0]):
                remove(Path(entry.path))
                found.append(entry.name)
    return found


def remove(path: Path) -> None:
    """Remove a file or a folder with all in it, if it can be."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def is_alive(pid: str) -> bool:
    """Return whether a process with this number is at work; one that has ended and waits for its parent is not."""
    try:
        os.kill(int(pid), 0)
        return Path(f"/proc/{int(pid)}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"Z"
    except (ValueError, OverflowError, ProcessLookupError):
        return False
    except (OSError, IndexError):
        return True  # it is somebody else's, or this system has no /proc
