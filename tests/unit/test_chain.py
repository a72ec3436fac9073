"""One page through all stages in memory."""

import gc
import sys
from threading import Thread

import pytest

from pipeline import clean
from pipeline.collector import collector_paused
from pipeline.errors import Reject


def test_the_collector_goes_on_behind_a_page() -> None:
    assert gc.isenabled()
    with pytest.raises(Reject):
        clean(b"")
    assert gc.isenabled()
    gc.disable()
    try:
        with collector_paused():
            pass
        assert not gc.isenabled()  # whoever switched it off has a reason
    finally:
        gc.enable()


def test_the_collector_goes_on_behind_threads() -> None:
    def pause() -> None:
        for _ in range(3_000):
            with collector_paused():
                assert not gc.isenabled()

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [Thread(target=pause) for _ in range(4)]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert gc.isenabled()
