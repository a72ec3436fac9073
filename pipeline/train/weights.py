"""The file of a model's weights."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write_weights(arrays: Mapping[str, NDArray[Any]], path: Path) -> None:
    """Write the arrays of a model; equal arrays give equal bytes."""
    buffer = io.BytesIO()
    np.savez_compressed(buffer, **{name: arrays[name] for name in sorted(arrays)})  # type: ignore[arg-type]
    path.write_bytes(buffer.getvalue())
