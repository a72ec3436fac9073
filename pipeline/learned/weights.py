"""Weights files: bytes from the package or from a user, and arrays that are bounded, hold no pickle and no value but numbers."""

from __future__ import annotations

import io
import zipfile
import zlib
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.errors import SettingsError

# What a file that is no weights file, or a damaged one, makes numpy and the models say.
UNFIT = (
    ArithmeticError, AttributeError, EOFError, IndexError, KeyError, MemoryError, OSError, RuntimeError, TypeError, ValueError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_MOST_BYTES = 1_000_000_000  # unpacked; those of the package have less than a hundredth of it

Stamp = tuple[int, int, int]


def stamp_of(weights: str) -> Stamp:
    """Return what tells whether a user's file is still the one that was read; zeros for the package's."""
    if not weights:
        return 0, 0, 0
    try:
        facts = Path(weights).stat()
    except (OSError, ValueError) as error:
        raise SettingsError(f"{weights}: weights cannot be read ({error})") from None
    return facts.st_mtime_ns, facts.st_size, facts.st_ino


def bytes_of(weights: str, own: str) -> bytes:
    """Return the bytes of a user's file, or of the package's file `own` if none is named; raises SettingsError."""
    if not weights:
        return resources.files("pipeline.learned").joinpath("weights", own).read_bytes()
    try:
        return Path(weights).read_bytes()
    except (OSError, ValueError) as error:
        raise SettingsError(f"{weights}: weights cannot be read ({error})") from None


def arrays_in(data: bytes) -> dict[str, NDArray[Any]]:
    """Return the arrays of a weights file by name; raises one of UNFIT if it is none, or a value in it is not a number."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(one.file_size for one in packed.infolist()) > _MOST_BYTES:
            raise ValueError(f"more than {_MOST_BYTES} bytes unpacked")
    with np.load(io.BytesIO(data), allow_pickle=False) as found:
        arrays = dict(found)
    if not all(np.isfinite(values).all() for values in arrays.values()):
        raise ValueError("a weight is not a number")
    return arrays
