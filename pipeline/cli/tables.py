"""Tables for people, on stderr; NO_COLOR and width are rich's business."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.batch.batch import Batch
from pipeline.batch.graph import above
from pipeline.cli.printing import one_line
from pipeline.model import Stage


def console() -> Console:
    """Return the console for tables and progress: stderr."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def print_summary(batch: Batch, to: Stage) -> None:
    """Print what a run did: stages, pages, characters, what was removed by family, rejects by reason."""
    out = console()
    out.print(stage_table(batch, to))
    index = batch.index(Stage.PUBLISH) if to is Stage.PUBLISH else None
    if index is None:
        return
    counts = index["counts"]
    out.print(_families(counts))
    if counts["rejects"]:
        out.print(_rejects(counts))
    kept = counts["chars_out"] / counts["chars_in"] if counts["chars_in"] else 0.0
    out.print(
        f"{counts['inputs']} inputs: {counts['cleaned']} cleaned, {counts['rejected']} rejected. "
        f"Characters: {counts['chars_in']:,} in, {counts['chars_out']:,} kept ({kept:.1%}). "
        f"Blocks repaired: {counts['repaired']}."
    )
    if not any(report.made for report in batch.reports.values()):
        out.print("Nothing had to be computed.")
    out.print(f"Output: {one_line(str(batch.output))}", soft_wrap=True)


def stage_table(batch: Batch, to: Stage) -> Table:
    """Return the stages with shards made and cached, seconds, and pages in, out and rejected."""
    table = _table("stage", "made", "cached", "seconds", "pages in", "out", "rejected")
    for stage in [*above(to), to]:
        report = batch.reports.get(stage)
        index = batch.index(stage)
        shards = index.get("shards", [None]) if index else []
        if report is None:
            table.add_row(stage, "0", str(len(shards)), "", *_rows(index))
        else:
            figures = (
                report.made,
                report.cached,
                f"{report.seconds:.2f}",
                report.rows_in,
                report.rows_out,
                report.rejected,
            )
            table.add_row(stage, *map(str, figures))
    return table


def _rows(index: dict[str, Any] | None) -> tuple[str, str, str]:
    if not index:
        return "", "", ""
    if "counts" in index:
        return str(index["counts"]["cleaned"]), str(index["counts"]["cleaned"]), "0"
    extra = index.get("inputs", sum(s["in"] for s in index["shards"])) - sum(s["in"] for s in index["shards"])
    sums = [sum(shard[key] for shard in index["shards"]) for key in ("in", "out", "rejected")]
    return str(sums[0] + extra), str(sums[1]), str(sums[2] + extra)


def _families(counts: dict[str, Any]) -> Table:
    table = _table("removed", "spans", "characters")
    for family, spans in sorted(counts["removed"].items(), key=lambda item: -counts["removed_chars"][item[0]]):
        table.add_row(family, str(spans), f"{counts['removed_chars'][family]:,}")
    return table


def _rejects(counts: dict[str, Any]) -> Table:
    table = _table("rejected: stage and reason", "inputs")
    for reason, number in sorted(counts["rejects"].items(), key=lambda item: -item[1]):
        table.add_row(one_line(reason), str(number))
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right")
    return table


def status_table(batch: Batch, record: dict[str, Any]) -> Table:
    """Return the stages of a recorded run: what is in the cache now, and what the run made."""
    table = _table("stage", "now", "shards", "pages in", "out", "rejected", "made then", "cached then", "seconds then")
    for stage in Stage:
        index = batch.index(stage)
        missing = batch.missing(stage)
        state = "would run" if missing else "cached"
        shards = str(len(index["shards"])) if index and "shards" in index else ""
        then = record["stages"].get(stage, {}).get("report")
        figures = (str(then["made"]), str(then["cached"]), f"{then['seconds']:.2f}") if then else ("", "", "")
        table.add_row(stage, state, shards, *_rows(index), *figures)
    return table
