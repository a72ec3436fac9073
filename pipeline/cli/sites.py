"""`sites show`: the templates that a run's survey found."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pipeline.batch.runs import batch_of, read_record, request_of
from pipeline.cli.printing import plain, write_out
from pipeline.cli.running import DEFAULT_CACHE
from pipeline.errors import UsageError
from pipeline.model import SiteTemplate, Stage


def show_site(site: str, show_rare: bool, run_name: str, cache: Path | None) -> None:
    """Print the template of a site, or, for "", the sites of the run, tab-separated on stdout."""
    templates = _templates(run_name, cache)
    rows = _template(_of_site(site, templates), show_rare) if site else _sites(templates.values())
    write_out("".join(f"{plain(row)}\n" for row in rows))


def _templates(run_name: str, cache: Path | None) -> dict[str, SiteTemplate]:
    root = cache or DEFAULT_CACHE
    record = read_record(root, run_name)
    batch = batch_of(request_of(record, root))
    if batch.index(Stage.SURVEY) is None:
        raise UsageError(f"run {record['name']}: has no site templates for its inputs and settings of now; run it again")
    return batch.templates()


def _of_site(site: str, templates: Mapping[str, SiteTemplate]) -> SiteTemplate:
    if site in templates:
        return templates[site]
    close = difflib.get_close_matches(site, templates, n=1)
    hint = f"; did you mean {close[0]!r}?" if close else "; `dechrome sites show` lists its sites"
    raise UsageError(f"no page of this run is of the site {site!r}{hint}")


def _sites(templates: Iterable[SiteTemplate]) -> Iterator[str]:
    for template in sorted(templates, key=lambda one: (-one.pages_band, one.site)):
        common = sum(line.share > 0 for line in template.lines)
        yield f"{template.pages_band}+ pages\t{common} common lines\t{template.site}"


def _template(template: SiteTemplate, show_rare: bool) -> Iterator[str]:
    yield f"{template.site}: {template.pages_band} pages or more; pages that carry a line, their share at least, the line"
    if template.damages:
        yield f"pages were damaged through {', '.join(template.damages)}"
    for line in sorted(template.lines, key=lambda one: (-one.share, -one.band, one.line)):
        if line.share or show_rare:
            share = f"{line.share:.0%}" if line.share else "few"
            yield f"{line.band}+\t{share}\t{_shown(line.line)}"


def _shown(name: str) -> str:
    """Return a folded line as a person reads it; the mark of masked numbers becomes a word."""
    return f"{name[1:]}  (0: any number)" if name.startswith("#") else name
