"""What several tests share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.batch.batch import Batch
from pipeline.batch.request import Request
from pipeline.batch.runs import batch_of
from pipeline.cli.running import run_batch
from pipeline.engines.watch import PageLimits

ROOT = Path(__file__).resolve().parent.parent

Run = Callable[..., Batch]
# Each is a `sitecustomize` for processes that tests start.
collect_ignore = ["chain/injected", "chain/no_network", "chain/misbehaving"]


@pytest.fixture(autouse=True)
def without_workers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let small batches run in this process, where a test can look into them; `workers` marks tests of the processes."""
    if "workers" not in request.keywords:
        monkeypatch.setattr(PageLimits, "any", property(lambda _: False))


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A function that runs a batch in this process, in an empty working directory, and returns it with its reports."""
    monkeypatch.chdir(tmp_path)

    def run_here(*inputs: str | Path, output: str = "out", to: str = "publish", **options: object) -> Batch:
        request = Request(inputs=tuple(map(str, inputs)), output=output, jobs=1, **options)  # type: ignore[arg-type]
        code = run_batch(request, to)
        assert code == 0, f"exit code {code}"
        return batch_of(request)

    return run_here
