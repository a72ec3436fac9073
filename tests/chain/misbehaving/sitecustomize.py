"""Pages that misbehave on demand: one whose body says so spins, grows, or ends its worker when it is cut into blocks.

Python imports this module on its own when its folder is on PYTHONPATH; DECHROME_MISBEHAVE must be set too.
"""

from __future__ import annotations

import os
import signal
from typing import Any

if "DECHROME_MISBEHAVE" in os.environ:
    import pipeline.segment

    _segment = pipeline.segment.segment

    def _misbehave(page: Any, settings: Any) -> Any:
        if b"SPIN" in page.body:
            while True:
                pass
        if b"GROW" in page.body:
            kept = [bytearray(1_000_000) for _ in range(900)]
            while kept:
                pass
        if b"DIE" in page.body:
            os.kill(os.getpid(), signal.SIGKILL)
        return _segment(page, settings)

    pipeline.segment.segment = _misbehave
