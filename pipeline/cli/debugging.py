"""`status`, `why` and `show`: what a run left in the cache."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from pipeline.batch.graph import GRAPH
from pipeline.batch.runs import batch_of, read_record, request_of, stage_of
from pipeline.batch.why import why
from pipeline.cli.printing import as_json, one_line, write_out
from pipeline.cli.running import DEFAULT_CACHE
from pipeline.cli.tables import console, status_table
from pipeline.errors import UsageError
from pipeline.model import CleanDocument, Document, Judgement, Page, RepairedDocument, Stage

_ROWS: dict[Stage, tuple[str, type[Any]]] = {
    Stage.INGEST: ("pages", Page),
    Stage.SEGMENT: ("documents", Document),
    Stage.CHROME: ("judgements", Judgement),
    Stage.ENCODING: ("repaired", RepairedDocument),
    Stage.NORMALISE: ("clean", CleanDocument),
    Stage.PUBLISH: ("clean", CleanDocument),
}


def show_status(run_name: str, cache: Path | None) -> None:
    """Print the stages of a run: whether their results are there, and what the run did."""
    root = cache or DEFAULT_CACHE
    record = read_record(root, run_name)
    batch = batch_of(request_of(record, root))
    out = console()
    asked = record["request"]
    out.print(
        one_line(f"run {record['name']}: {', '.join(asked['inputs'])} → {asked['output'] or '(no output)'}"), soft_wrap=True
    )
    if record["failure"]:
        out.print(one_line(f"it failed: {record['failure']}"), style="bold", soft_wrap=True)
    out.print(status_table(batch, record))


def show_why(stage_name: str, run_name: str, config: Path | None, cache: Path | None) -> None:
    """Print for a stage and those above it whether they would run, and why."""
    root = cache or DEFAULT_CACHE
    record = read_record(root, run_name)
    batch = batch_of(request_of(record, root, str(config) if config else ""))
    for stage, reasons in why(batch, record, stage_of(stage_name)):
        print(f"{stage}: {'would run' if reasons else 'cached'}")
        for reason in reasons:
            print(f"  {one_line(reason)}")


def show_page(stage_name: str, page_id: str, run_name: str, cache: Path | None) -> None:
    """Print one page as a stage left it, or where it ended."""
    stage = stage_of(stage_name)
    if stage not in _ROWS:
        raise UsageError(f"{stage} keeps no pages; it can be shown for {', '.join(_ROWS)}")
    root = cache or DEFAULT_CACHE
    batch = batch_of(request_of(read_record(root, run_name), root))
    source = Stage.NORMALISE if stage is Stage.PUBLISH else stage
    name, kind = _ROWS[source]
    if batch.index(source) is None:
        raise UsageError(f"{stage}: not made for the inputs, code and settings of now; `dechrome why {stage}` says why")
    ids = _ids(batch, page_id)
    for entry in batch.entries(source):
        for row in batch.store.iterate(entry, name, kind):
            if row.id in ids:
                _print(row)
                return
    for other in GRAPH:
        for fault in batch.faults(other) if batch.index(other) else ():
            if page_id in (fault.id, fault.path):
                _print(fault)
                return
    raise UsageError(f"no page has the id or path {page_id!r} in this run; ids stand in pages.jsonl and rejects.jsonl")


def _ids(batch: Any, page_id: str) -> set[str]:
    """Return the ids of the pages that an id or a path names."""
    from pipeline.engines.work import without_columns

    found = {page_id}
    for entry in batch.entries(Stage.INGEST):
        columns = without_columns(Page, "body")
        found |= {page.id for page in batch.store.read(entry, "pages", Page, columns) if page.path == page_id}
    return found


def _print(row: Any) -> None:
    write_out(as_json(asdict(row), default=_bytes_as_text) + "\n")


def _bytes_as_text(value: Any) -> str:
    assert isinstance(value, bytes)
    return value.decode("utf-8", "backslashreplace")
