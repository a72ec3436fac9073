"""Luigi from inside Python, with its failures as exceptions: `luigi.build` alone returns True although tasks failed."""

from __future__ import annotations

from typing import Any

import luigi

from pipeline.batch.request import Request
from pipeline.model import Stage
from tasks.stages import TASKS, Run

_GOOD = (luigi.LuigiStatusCode.SUCCESS, luigi.LuigiStatusCode.SUCCESS_WITH_RETRY)


def build(request: Request, to: Stage) -> BaseException | None:
    """Run the tasks of a request up to a stage, in this process; returns the exception that ended them, if any did."""
    kind = Run if to is Stage.PUBLISH else TASKS[to]
    task = kind(
        inputs=request.inputs,
        out=request.output,
        config=request.config,
        cache=request.cache,
        date=request.date,
        name=request.name,
        jobs=-1 if request.jobs is None else request.jobs,
        max_reject=-1.0 if request.max_reject is None else request.max_reject,
        rejects_of=request.rejects_of,
        no_model=request.no_model,
        mode=request.mode,
    )
    failures: list[BaseException] = []

    def note(_: Any, error: BaseException) -> None:
        failures.append(error)

    events: Any = luigi.Task
    for event in (luigi.Event.FAILURE, luigi.Event.BROKEN_TASK):
        events.event_handler(event)(note)
    try:
        runner: Any = luigi
        done = runner.build([task], local_scheduler=True, workers=1, detailed_summary=True, no_lock=True, log_level="CRITICAL")
    finally:
        for event in (luigi.Event.FAILURE, luigi.Event.BROKEN_TASK):
            events.remove_event_handler(event, note)
    if failures:
        return failures[0]
    return None if done.status in _GOOD else RuntimeError(f"Luigi ended with {done.status}: {done.one_line_summary}")
