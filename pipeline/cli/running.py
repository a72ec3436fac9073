"""`run` and `rerun`: the same Luigi tasks that a scheduler starts, with progress for a person and a table at the end."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from pipeline.batch.batch import Batch
from pipeline.batch.graph import below
from pipeline.batch.outputs import check_output, sweep_output
from pipeline.batch.request import Request
from pipeline.batch.runs import batch_of, forget_batches, read_record, request_of, stage_of, write_record
from pipeline.cache.lock import locked
from pipeline.cli.printing import say
from pipeline.cli.tables import print_summary
from pipeline.engines.local import quieten_libraries
from pipeline.errors import TooManyRejectsError
from pipeline.model import Stage

DEFAULT_CACHE = Path(".dechrome")


def run_batch(request: Request, to: str = Stage.PUBLISH, forced: frozenset[Stage] = frozenset()) -> int:
    """Run the tasks of a request up to a stage; returns the exit code. Raises DechromeError."""
    import tasks

    stage = stage_of(to)
    quieten_libraries()
    forget_batches()
    batch = batch_of(request)
    with _interruptible(), locked(batch.store.root, "dechrome run"):
        batch.store.sweep()
        batch.log = say
        if stage is Stage.PUBLISH:
            check_output(batch)
            sweep_output(batch.output)
        batch.forced |= forced
        write_record(batch, request, "still running, or it was killed", stage)
        failure: BaseException | None = None
        try:
            with _progress(batch):
                failure = tasks.build(request, stage)
        except KeyboardInterrupt:
            write_record(batch, request, "interrupted", stage)
            raise
        finally:
            batch.engine.close()
        write_record(batch, request, str(failure) if failure else "", stage)
    if failure and not isinstance(failure, TooManyRejectsError):
        raise failure
    print_summary(batch, stage)
    too_many = batch.too_many_rejects() if stage is Stage.PUBLISH else ""
    if too_many:
        raise TooManyRejectsError(too_many)
    return 0


def rerun_stage(
    stage_name: str, downstream: bool, run_name: str, config: Path | None, cache: Path | None, jobs: int | None
) -> int:
    """Make one stage of a recorded run again, and after it what follows from changed bytes; returns the exit code."""
    stage = stage_of(stage_name)
    root = cache or DEFAULT_CACHE
    record = read_record(root, run_name)
    request = request_of(record, root, str(config) if config else "")
    if jobs is not None:
        request = replace(request, jobs=jobs)
    forced = {stage, *(below(stage) if downstream else ())}
    order = list(Stage)
    to = max(stage, stage_of(record["to"]), key=order.index)
    return run_batch(request, to, frozenset(forced))


@contextmanager
def _progress(batch: Batch) -> Iterator[None]:
    """Show a bar for the stage at work, on a terminal alone."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:>10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        known: dict[Stage, object] = {}

        def tell(stage: Stage, done: int, total: int) -> None:
            if stage not in known:
                known[stage] = bars.add_task(stage, total=total)
            bars.update(known[stage], completed=done, total=total)  # type: ignore[arg-type]

        batch.listener = tell
        yield


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does."""

    def stop(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - what signal.signal wants
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
