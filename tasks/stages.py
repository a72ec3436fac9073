"""One task a (stage, batch): scheduling is quadratic in the number of tasks, so the shards of a stage stay inside it.

A task is complete when its results are whole and were made from what lies above it now; so a remade upstream, an edited rule, a
missing shard or a deleted output is seen before anything runs.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Sequence
from typing import Any

import luigi

from pipeline.batch.batch import Batch
from pipeline.batch.graph import GRAPH
from pipeline.batch.make import make
from pipeline.batch.request import Request
from pipeline.batch.runs import batch_of, run_name, write_record
from pipeline.cache.disk import read_sealed
from pipeline.cache.lock import locked
from pipeline.errors import TooManyRejectsError
from pipeline.model import Stage

_STARTED_IN = os.getpid()


class StageTarget(luigi.Target):
    """What a stage makes of a batch; it exists when nothing of it is missing."""

    def __init__(self, batch: Batch, stage: Stage) -> None:
        self.batch = batch
        self.stage = stage

    def exists(self) -> bool:
        """Return whether the stage's results are whole and up to date."""
        return not self.batch.missing(self.stage)


class BatchTask(luigi.Task):
    """What all tasks share: the run that is asked for. `jobs` changes no byte of the results, so it is not significant."""

    inputs = luigi.ListParameter(default=(), description="files and folders to clean, as a JSON list")
    out = luigi.Parameter(default="", description="the output folder")  # not `output`, which is a method of every task
    config = luigi.Parameter(default="", description="a settings file (TOML)")
    cache = luigi.Parameter(default="", description="the cache folder")
    date = luigi.Parameter(default="", description="the day for {date} in the settings, YYYY-MM-DD")
    name = luigi.Parameter(default="", description="the run's name")
    rejects_of = luigi.Parameter(default="", description="clean only what this recorded run rejected")
    no_model = luigi.BoolParameter(default=False, description="judge by rules, headings and site templates alone")
    mode = luigi.Parameter(default="", description="precision (in doubt, remove), balanced or recall (in doubt, keep)")
    jobs = luigi.IntParameter(default=-1, significant=False, description="processes; 0: one a core")

    max_reject = luigi.FloatParameter(default=-1.0, significant=False, description="share of rejected pages that is allowed")

    @property
    def request(self) -> Request:
        """Return what is asked for."""
        return Request(
            inputs=tuple(self.inputs),
            output=self.out,
            config=self.config,
            cache=self.cache,
            name=self.name,
            date=self.date,
            jobs=None if self.jobs < 0 else self.jobs,
            max_reject=None if self.max_reject < 0 else self.max_reject,
            rejects_of=self.rejects_of,
            no_model=self.no_model,
            mode=self.mode,
        )

    @property
    def batch(self) -> Batch:
        """Return the batch; the same object for all tasks of a request in this process."""
        return batch_of(self.request)

    def same(self, kind: type[BatchTask]) -> BatchTask:
        """Return another task of the same request."""
        return kind(**self.param_kwargs)


class StageTask(BatchTask):
    """A stage of a batch."""

    stage: Stage

    def requires(self) -> Sequence[BatchTask]:
        """Return the tasks of the stages that this one reads."""
        return [self.same(TASKS[need]) for need in GRAPH[self.stage].needs]

    def output(self) -> StageTarget:
        """Return what this task makes."""
        return StageTarget(self.batch, self.stage)

    def complete(self) -> bool:
        """Return whether there is nothing to do."""
        return self.output().exists()

    def run(self) -> None:
        """Make what is missing; progress goes to the scheduler's page."""
        batch, told = self.batch, self.batch.listener
        if not batch.missing(self.stage):
            return  # what lies above was made again, and its bytes are the same
        scheduler: Any = self  # Luigi gives a task these two methods while it runs

        def tell(stage: Stage, done: int, total: int) -> None:
            told(stage, done, total)
            if total:
                scheduler.set_progress_percentage(100 * done / total)
            scheduler.set_status_message(f"{stage}: {done} of {total} shards")

        batch.listener = tell
        try:
            with locked(batch.store.root, f"luigi task {self.task_family}"):
                report = make(batch, self.stage)
        finally:
            batch.listener = told
            if multiprocessing.parent_process() is not None or os.getpid() != _STARTED_IN:
                batch.engine.close()  # a worker that Luigi forked for this task would wait for our pool for ever
        scheduler.set_status_message(
            f"{self.stage}: {report.made} shards made, {report.cached} from the cache, {report.rows_out} pages, "
            f"{report.rejected} rejected, {report.seconds:.1f} s"
        )


class Ingest(StageTask):
    """Inputs → pages in shards."""

    stage = Stage.INGEST


class Segment(StageTask):
    """Pages → documents of blocks."""

    stage = Stage.SEGMENT


class Survey(StageTask):
    """Documents → site templates."""

    stage = Stage.SURVEY


class Chrome(StageTask):
    """Blocks and templates → verdicts."""

    stage = Stage.CHROME


class Encoding(StageTask):
    """Kept blocks → repaired blocks."""

    stage = Stage.ENCODING


class Normalise(StageTask):
    """Repaired blocks → clean records."""

    stage = Stage.NORMALISE


class Publish(StageTask):
    """Clean records → the output folder."""

    stage = Stage.PUBLISH


class Run(BatchTask):
    """The whole chain, and the record of the run that `dechrome status` and its like read."""

    def requires(self) -> Sequence[BatchTask]:
        """Return all stages, so that a shard that is missing high up is mended even where all below it is whole."""
        return [self.same(task) for task in TASKS.values()]

    def complete(self) -> bool:
        """Return whether all results and outputs are whole and this run is on record."""
        batch = self.batch
        record = read_sealed(batch.store.root / "runs" / f"{run_name(batch.settings)}.json")
        stages = record["stages"] if record else {}
        on_record = {stage: facts.get("address") for stage, facts in stages.items()} == batch.addresses
        return on_record and not any(batch.missing(stage) for stage in GRAPH) and not batch.too_many_rejects()

    def run(self) -> None:
        """Put the run on record, after making what a mended shard changed below it."""
        with locked(self.batch.store.root, "luigi task Run"):
            for stage in GRAPH:
                if self.batch.missing(stage):
                    make(self.batch, stage)
            write_record(self.batch, self.request)
        if self.batch.too_many_rejects():
            raise TooManyRejectsError(self.batch.too_many_rejects())


TASKS: dict[Stage, type[Any]] = {task.stage: task for task in (Ingest, Segment, Survey, Chrome, Encoding, Normalise, Publish)}
