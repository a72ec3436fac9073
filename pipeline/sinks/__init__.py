"""Where clean pages go. A sink is one module and one line in SINKS."""

from __future__ import annotations

from pipeline.sinks import jsonl, text
from pipeline.sinks.base import Sink

SINKS: dict[str, type[Sink]] = {"jsonl": jsonl.JsonlSink, "text": text.TextSink}
