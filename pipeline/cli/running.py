"""`run` and `rerun`: the same Luigi tasks that a scheduler starts, with progress for a person and a table at the end."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from pipeline.batch.batch import Batch
from pipeline.batch.graph import below
from pipeline.batch.outputs import check_output
from pipeline.batch.request import Request
from pipeline.batch.runs import batch_of, forget_batches, read_record, request_of, stage_of, write_record
from pipeline.cache.lock import locked
from pipeline.cli.tables import print_summary
from pipeline.engines.local import quieten_libraries
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
        if stage is Stage.PUBLISH:
            check_output(batch)
        batch.forced |= forced
        try:
            with _progress(batch):
                failure = tasks.build(request, stage)
        finally:
            batch.engine.close()
        write_record(batch, request, str(failure) if failure else "")
    if failure:
        raise failure
    print_summary(batch, stage)
    return _exit_code(batch, stage)


def rerun_stage(
    stage_name: str, downstream: bool, run_name: str, config: Path | None, cache: Path | None, jobs: int | None
) -> int:
    """Make one stage of a recorded run again, and after it what follows from changed bytes; returns the exit code."""
    stage = stage_of(stage_name)
    root = cache or DEFAULT_CACHE
    request = request_of(read_record(root, run_name), root, str(config) if config else "")
    if jobs is not None:
        request = Request(**{**{name: getattr(request, name) for name in request.__slots__}, "jobs": jobs})
    forced = {stage, *(below(stage) if downstream else ())}
    to = Stage.PUBLISH if request.settings().run.output else stage
    return run_batch(request, to, frozenset(forced))


def _exit_code(batch: Batch, stage: Stage) -> int:
    """Return 1 if more pages were rejected than the settings allow, else 0; what is no page does not count."""
    if stage is not Stage.PUBLISH:
        return 0
    index = batch.index(Stage.PUBLISH)
    counts = index["counts"] if index else {}
    pages = counts.get("cleaned", 0) + counts.get("rejected_pages", 0)
    if pages and counts["rejected_pages"] > batch.settings.run.max_reject * pages:
        share = counts["rejected_pages"] / pages
        print(
            f"dechrome: {share:.1%} of the pages were rejected, more than --max-reject {batch.settings.run.max_reject:.1%}; "
            f"see {batch.output / 'rejects.jsonl'}",
            file=sys.stderr,
        )
        return 1
    if not counts.get("cleaned"):
        print(f"dechrome: no page was cleaned; see {batch.output / 'rejects.jsonl'}", file=sys.stderr)
        return 1
    return 0


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
