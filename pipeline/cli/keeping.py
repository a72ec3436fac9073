"""`verify` and `gc`: whether a cache is as it was written, and what of it can go."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from pipeline.batch.keeping import Checked, damages, drop, size_of, sweep_attempts, waste_of
from pipeline.cache.disk import on_disk
from pipeline.cache.store import Store
from pipeline.cli.printing import one_line
from pipeline.cli.running import DEFAULT_CACHE
from pipeline.errors import DamagedEntry, UsageError

_SIZE = re.compile(r"(\d+(?:\.\d+)?)([KMGT]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


def verify_cache(cache: Path | None, sample: float, keep: bool) -> int:
    """Print what is damaged, a line each, and put damaged results aside; returns the exit code."""
    root = _existing(cache)
    checked, found = Checked(), 0
    for damage in damages(root, sample, checked):
        found += 1
        is_aside = bool(damage.stage) and not keep
        if is_aside:
            Store(root).quarantine(damage.stage, damage.key)
        print(one_line(f"{damage.what}: {damage.why}{'; put aside' if is_aside else ''}"), flush=True)
    print(f"{checked.results} results, {checked.records} records, {checked.outputs} outputs: {found} damaged")
    return DamagedEntry.exit_code if found else 0


def collect(cache: Path | None, kept: Sequence[str], max_size: str, dry_run: bool) -> None:
    """Remove what no kept run needs, and print what went."""
    root = _existing(cache)
    most = parsed_size(max_size) if max_size else -1
    size = size_of(root)
    gone = freed = 0
    for waste in waste_of(root, kept):
        if most >= 0 and size - freed <= most:
            break
        gone, freed = gone + 1, freed + waste.size_bytes
        if dry_run:
            print(f"{waste.size_bytes:>12,}  {one_line(str(waste.path.relative_to(root)))}")
        else:
            with on_disk(root, "see that it is yours to write"):
                drop(root, waste)
    if not dry_run:
        sweep_attempts(root)
    print(f"{gone} {'would go' if dry_run else 'gone'}: {freed:,} of {size:,} bytes")
    if most >= 0 and size - freed > most:
        print(f"the rest is needed by kept runs; name fewer with --run to come below {most:,} bytes")


def parsed_size(text: str) -> int:
    """Return a size such as 500M or 20G in bytes; raises UsageError for anything else.

    >>> parsed_size("1.5K")
    1500
    """
    match = _SIZE.fullmatch(text.strip())
    if match is None:
        raise UsageError(f"--max-size {text!r}: must be a number of bytes, or one with K, M, G or T, like 20G")
    return int(float(match[1]) * _UNITS[match[2].upper()])


def _existing(cache: Path | None) -> Path:
    root = cache or DEFAULT_CACHE
    if not root.is_dir():
        raise UsageError(f"{root}: no cache is here; name its --cache")
    return root
