"""The stages as a graph: what each needs, which code and libraries make it, and which settings it may read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pipeline import chrome, encoding, ingest, normalise, publish, segment, survey
from pipeline.model import Stage
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Node:
    """One stage. `needs` are the stages whose results it reads; `packages` and `distributions` the code that makes it."""

    stage: Stage
    needs: tuple[Stage, ...]
    packages: tuple[str, ...]
    distributions: tuple[str, ...]
    settings: Callable[[Settings], Any]


GRAPH = {
    node.stage: node
    for node in (
        Node(Stage.INGEST, (), ("pipeline.ingest", "pipeline.sources"), ingest.DISTRIBUTIONS, lambda s: s.ingest),
        Node(Stage.SEGMENT, (Stage.INGEST,), ("pipeline.segment",), segment.DISTRIBUTIONS, lambda s: s.segment),
        Node(Stage.SURVEY, (Stage.SEGMENT,), ("pipeline.survey",), survey.DISTRIBUTIONS, lambda s: s.survey),
        Node(Stage.CHROME, (Stage.SEGMENT, Stage.SURVEY), ("pipeline.chrome",), chrome.DISTRIBUTIONS, lambda s: s.chrome),
        Node(
            Stage.ENCODING,
            (Stage.SEGMENT, Stage.SURVEY, Stage.CHROME),
            ("pipeline.encoding",),
            encoding.DISTRIBUTIONS,
            lambda s: s.encoding,
        ),
        Node(
            Stage.NORMALISE,
            (Stage.SEGMENT, Stage.CHROME, Stage.ENCODING),
            ("pipeline.normalise",),
            normalise.DISTRIBUTIONS,
            lambda s: s.normalise,
        ),
        Node(
            Stage.PUBLISH,
            (Stage.INGEST, Stage.SEGMENT, Stage.CHROME, Stage.ENCODING, Stage.NORMALISE),
            ("pipeline.publish", "pipeline.sinks"),
            publish.DISTRIBUTIONS,
            lambda s: s.publish,
        ),
    )
}  # fmt: skip


def above(stage: Stage) -> list[Stage]:
    """Return the stages that a stage builds on, directly or not, in the order in which pages pass them."""
    found: set[Stage] = set()
    waiting = [stage]
    while waiting:
        for need in GRAPH[waiting.pop()].needs:
            if need not in found:
                found.add(need)
                waiting.append(need)
    return [other for other in Stage if other in found]


def below(stage: Stage) -> list[Stage]:
    """Return the stages that build on a stage, directly or not, in the order in which pages pass them."""
    return [other for other in Stage if stage in above(other)]
