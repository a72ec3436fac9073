"""`clean` and `explain`: one page through all stages, in memory."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.chain import Steps, clean_item
from pipeline.cli.printing import as_json, plain, write_out
from pipeline.errors import UsageError
from pipeline.ingest import ingest
from pipeline.model import Action, Evidence, RawItem, Stage
from pipeline.normalise import with_headline
from pipeline.settings import Settings, load_settings
from pipeline.sources import read_items

if TYPE_CHECKING:
    from pipeline.batch.batch import Batch

_FORMATS = ("text", "markdown", "json")
_SHOWN_CHARS = 100
_SHOWN_REASONS = 3


def clean_file(
    file: str,
    url: str,
    media_type: str,
    format_name: str,
    title: bool,
    comments: bool,
    links: bool,
    config: Path | None,
    asked: dict[str, dict[str, Any]],
) -> None:
    """Clean a page and print it in the form that was asked for; `asked` are settings laid over those of the file."""
    if format_name not in _FORMATS:
        raise UsageError(f"--format {format_name!r}: must be one of {', '.join(_FORMATS)}")
    form: dict[str, Any] = {"format": format_name} if format_name == "markdown" else {}
    form |= {name: True for name, is_asked in (("comments", comments), ("links", links)) if is_asked}
    settings = load_settings(config, {**asked, "normalise": form})
    if links and settings.normalise.format != "markdown":
        raise UsageError("--links: text has none; ask for --format markdown")
    document = clean_item(_item(file, url, media_type, 0, settings), settings).clean
    if format_name == "json":
        from pipeline.publish import record_row, removed_row

        text = as_json({**record_row(document), "removed": removed_row(document)["spans"]}) + "\n"
    else:
        text = with_headline(document, format_name) if title else document.text
        text = plain(text + (f"\n{document.comments}" if document.comments else ""))
    write_out(text)


def explain_file(
    file: str,
    url: str,
    run_name: str,
    record: int,
    show_all: bool,
    config: Path | None,
    cache: Path | None,
    asked: dict[str, dict[str, Any]] | None = None,
) -> None:
    """Print every block of a page with its verdict and reasons, and what was repaired."""
    settings = load_settings(config, asked)
    item = _item(file, url, "", record, settings)
    template = None
    if run_name:
        batch = _batch_of_run(run_name, cache, config)
        item = replace(item, path=_path_in(batch, file) or item.path)
        site = ingest(item, settings.ingest).site
        template = batch.templates().get(site)
    write_out(plain("\n".join(_explained(clean_item(item, settings, template), show_all)) + "\n"))


def _explained(steps: Steps, show_all: bool) -> list[str]:
    document, judgement = steps.document, steps.judgement
    reader = f", read by {document.parser}" if document.parser else ""
    lines = [
        f"{document.media} · {document.charset} ({document.charset_source}){reader} · language {document.language or 'unknown'} "
        f"({document.language_score:.2f}) · site {document.site}",
        f"charset: {document.charset_why or document.charset_source} (confidence {document.charset_confidence:.2f})",
        f"title: {_shown(steps.clean.title) or '(none)'}",
        *([f"page type: {judgement.page_type}"] if judgement.page_type else []),
        *(f"{name.replace('_', ' ')}: {_shown(value)}" for name, value in document.notes.items()),
        *(f"flag: {flag}" for flag in judgement.flags),
        "",
    ]
    evidence: dict[int, list[Evidence]] = {}
    for seen in judgement.evidence:
        evidence.setdefault(seen.block, []).append(seen)
    cuts = [(span.start, span.end) for span in judgement.removed]
    for block, verdict in zip(document.blocks, judgement.verdicts, strict=True):
        lines.append(f"{verdict.action:5} {verdict.score:+6.2f}  {block.kind:9} {_shown(block.text)}")
        seen_here = evidence.get(block.index, [])
        strongest = sorted(
            (e for e in seen_here if not e.cut),
            key=lambda e: -e.weight if verdict.action is Action.STRIP else -abs(e.weight),
        )
        if verdict.action is Action.KEEP and not show_all:
            strongest = [e for e in strongest if e.weight > 0]
        lines += [f"{'':15}{e.weight:+5.1f} {e.rule}" for e in (strongest if show_all else strongest[:_SHOWN_REASONS])]
        for e in seen_here:
            if e.cut and (e.start, e.end) in cuts:
                piece = block.text[e.start - block.start : e.end - block.start]
                lines.append(f"{'':15}cut  {e.rule}: {_shown(piece)}")
    for repair in steps.repaired.repairs:
        lines.append(f"repair {repair.plan}: {_shown(repair.before, 40)} → {_shown(repair.after, 40)}")
    return lines


def _shown(text: str, chars: int = _SHOWN_CHARS) -> str:
    """Return a text as one short line without anything that a terminal would obey."""
    line = "".join(char if char.isprintable() else " " for char in " ".join(text.split()))
    return line if len(line) <= chars else line[: chars - 1] + "…"


def _item(file: str, url: str, media_type: str, record: int, settings: Settings) -> RawItem:
    """Return the page that a file holds, or a record of it; raises UsageError if it cannot be read."""
    if file == "-":
        return RawItem("", sys.stdin.buffer.read(), url=url, media_type=media_type)
    path = Path(file)
    try:
        if not record:
            return RawItem(path.name, path.read_bytes(), url=url, media_type=media_type)
        for item in read_items(path, path.name, settings.ingest, lambda number: number == record):
            return replace(item, url=item.url or url, media_type=item.media_type or media_type)
    except FileNotFoundError:
        raise UsageError(f"{file}: no such file") from None
    except OSError as error:
        raise UsageError(f"{file}: cannot be read ({error.strerror})") from None
    raise UsageError(f"{file}: holds no record {record}")


def _batch_of_run(run_name: str, cache: Path | None, config: Path | None) -> Batch:
    from pipeline.batch.runs import batch_of, read_record, request_of
    from pipeline.cli.running import DEFAULT_CACHE

    root = cache or DEFAULT_CACHE
    batch = batch_of(request_of(read_record(root, run_name), root, str(config) if config else ""))
    if batch.index(Stage.SURVEY) is None:
        raise UsageError(f"run {run_name}: has no site templates for its inputs and settings of now; run it again")
    return batch


def _path_in(batch: Batch, file: str) -> str:
    """Return the name of a file below its input's root, on which its site may depend; "" if it is no input."""
    wanted = os.path.realpath(file)
    return next((one.path for one in batch.files if os.path.realpath(one.file) == wanted), "")
