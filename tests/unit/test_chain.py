"""One page through all stages in memory."""

import gc

import pytest

from pipeline import clean
from pipeline.chain import collector_paused
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
