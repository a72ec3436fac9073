"""Input paths to the files below them: in a fixed order, each with a name of its own, nothing silently left out."""

from __future__ import annotations

import fnmatch
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import UsageError


@dataclass(frozen=True, slots=True)
class Listed:
    """One file below an input: where it is, and its name below the input's root, unique in the batch and valid Unicode.

    `fault` is set for what is no regular file or cannot be read.
    """

    file: Path
    path: str
    fault: str = ""
    detail: str = ""
    is_page: bool = True


def list_inputs(inputs: Sequence[str], exclude: Sequence[str] = (), own: Sequence[Path] = ()) -> list[Listed]:
    """Return the files of the inputs (files or folders), sorted by name below their root.

    Left out are dot-files, what `exclude` (globs) names, and the run's `own` folders. Raises UsageError for a missing path or
    if nothing is left.
    """
    found: list[Listed] = []
    skipped = {os.path.realpath(path) for path in own}
    for name in inputs:
        root = Path(name)
        if not os.path.lexists(root):
            raise UsageError(f"{name}: no such file or folder; check the path, or the date if it has one")
        entries = _walk(root, skipped) if root.is_dir() else iter([(root, root.name)])
        found += (_listed(file, path) for file, path in entries if not any(fnmatch.fnmatch(path, glob) for glob in exclude))
    if not found:
        raise UsageError(
            f"{', '.join(inputs) or 'no inputs'}: nothing to clean there (dot-files and ingest.exclude are left out)"
        )
    files: dict[str, Listed] = {}
    for listed in found:
        files.setdefault(os.path.realpath(listed.file), listed)  # a file that was named twice counts once
    return _with_unique_names(sorted(files.values(), key=lambda listed: listed.path))


def _walk(root: Path, skipped: set[str]) -> Iterator[tuple[Path, str]]:
    """Return each file below a folder with its name below it; links to folders are not followed, so no loop can be."""
    faults: list[OSError] = []
    for folder, names, files in os.walk(root, onerror=faults.append):
        names[:] = sorted(n for n in names if not n.startswith(".") and os.path.realpath(os.path.join(folder, n)) not in skipped)
        links = [name for name in names if os.path.islink(os.path.join(folder, name))]
        names[:] = [name for name in names if name not in links]
        for name in sorted([*files, *links]):
            file = Path(folder, name)
            if not name.startswith(".") and os.path.realpath(file) not in skipped:
                yield file, file.relative_to(root).as_posix()
    for fault in faults:
        unread = Path(os.fsdecode(fault.filename))
        yield unread, unread.relative_to(root).as_posix() if unread != root else root.name


def _listed(file: Path, path: str) -> Listed:
    path = os.fsencode(path).decode("utf-8", "backslashreplace")
    try:
        mode = file.stat().st_mode
    except OSError as error:
        return Listed(file, path, "unreadable", error.strerror or str(error))
    if stat.S_ISDIR(mode) and file.is_symlink():
        return Listed(file, path, "not-a-file", "a link to a folder; name the folder itself as an input", is_page=False)
    if stat.S_ISDIR(mode):
        return Listed(file, path, "unreadable", "the folder cannot be listed")
    if not stat.S_ISREG(mode):
        return Listed(file, path, "not-a-file", "a pipe, socket or device", is_page=False)
    if not os.access(file, os.R_OK):
        return Listed(file, path, "unreadable", "permission denied")
    return Listed(file, path)


def _with_unique_names(found: list[Listed]) -> list[Listed]:
    """Return the list with `~2`, `~3`, … in the names of files whose name below another root is the same."""
    taken: set[str] = set()
    unique = []
    for listed in found:
        path, copy = listed.path, 1
        while path in taken:
            copy += 1
            folder, slash, name = listed.path.rpartition("/")
            stem, dot, endings = name.partition(".")
            path = f"{folder}{slash}{stem}~{copy}{dot}{endings}"
        taken.add(path)
        unique.append(Listed(listed.file, path, listed.fault, listed.detail, listed.is_page))
    return unique
