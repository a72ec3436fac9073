"""The stages as Luigi tasks: `luigi --module tasks Run --inputs '["pages"]' --out clean --local-scheduler`."""

from tasks.stages import Chrome, Encoding, Ingest, Normalise, Publish, Run, Segment, Survey

__all__ = ["Chrome", "Encoding", "Ingest", "Normalise", "Publish", "Run", "Segment", "Survey"]
