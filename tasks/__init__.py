"""The stages as Luigi tasks: `luigi --module tasks Run --inputs '["pages"]' --out clean --local-scheduler`."""

from tasks.running import build
from tasks.stages import TASKS, Chrome, Encoding, Ingest, Normalise, Publish, Run, Segment, Survey

__all__ = ["TASKS", "Chrome", "Encoding", "Ingest", "Normalise", "Publish", "Run", "Segment", "Survey", "build"]
