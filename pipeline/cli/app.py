"""The verbs and their options. What a verb does is in a module of its own, imported when the verb is used."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.cli.printing import plain, say
from pipeline.cli.training import app as training_app
from pipeline.errors import DechromeError, EnvironmentFault, Reject, UsageError

_BUG = 70
_INTERRUPTED = 130
_REJECTED = 1

app = typer.Typer(
    name="dechrome",
    help="Scraped pages in, clean text with metadata out, and a reason for every line that was removed.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,
)
rules_app = typer.Typer(help="The rule tables.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(rules_app, name="rules")
sites_app = typer.Typer(help="What the pages of a site share.", no_args_is_help=True, rich_markup_mode=None)
app.add_typer(sites_app, name="sites")
app.add_typer(training_app, name="train")

Config = Annotated[Path | None, typer.Option("--config", metavar="FILE", help="Settings file (TOML).")]
Cache = Annotated[Path | None, typer.Option("--cache", metavar="DIR", help="Cache folder; default .dechrome.")]
RunName = Annotated[str, typer.Option("--run", metavar="NAME", help="A recorded run; default: the latest.")]
Drop = Annotated[
    list[str] | None, typer.Option("--drop", metavar="SELECTOR", help="Take out what this CSS selector finds; may be repeated.")
]
Keep = Annotated[
    list[str] | None,
    typer.Option("--keep", metavar="SELECTOR", help="Look only at what this CSS selector finds; may be repeated."),
]
NoModel = Annotated[bool, typer.Option("--no-model", help="Judge by rules, headings and site templates alone.")]
Precision = Annotated[bool, typer.Option("--precision", help="In doubt, remove.")]
Recall = Annotated[bool, typer.Option("--recall", help="In doubt, keep.")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=0, help="Processes; 0: one a core.")]


@app.command(epilog="Example: dechrome run pages/ -o clean/   ·   dechrome run --config config/nightly.toml --date 2026-11-21")
def run(
    inputs: Annotated[list[str] | None, typer.Argument(metavar="INPUT...", help="Files and folders.")] = None,
    output: Annotated[str, typer.Option("--output", "-o", metavar="OUT", help="Output folder.")] = "",
    config: Config = None,
    to: Annotated[str, typer.Option("--to", metavar="STAGE", help="Stop after this stage.")] = "publish",
    jobs: Jobs = None,
    cache: Cache = None,
    name: Annotated[str, typer.Option("--name", metavar="RUN", help="Name of the run; default: that of OUT.")] = "",
    date: Annotated[str, typer.Option("--date", metavar="DAY", help="The day for {date} in the settings; default: today.")] = "",
    max_reject: Annotated[
        float | None,
        typer.Option("--max-reject", min=0, max=1, help="Share of rejected pages up to which the run counts as good."),
    ] = None,
    rejects_of: Annotated[
        str, typer.Option("--rejects-of", metavar="RUN", help="Clean only what a recorded run rejected, with -o of its own.")
    ] = "",
    no_model: NoModel = False,
    precision: Precision = False,
    recall: Recall = False,
) -> None:
    """Clean files and folders: all stages, each cached; a table at the end. HTML, text, gzip and JSON Lines are read."""
    from pipeline.batch.request import Request
    from pipeline.cli.running import run_batch

    request = Request(
        inputs=tuple(inputs or ()),
        output=output,
        config=str(config) if config else "",
        cache=str(cache) if cache else "",
        name=name,
        date=date,
        jobs=jobs,
        max_reject=max_reject,
        rejects_of=rejects_of,
        no_model=no_model,
        mode=mode_of(precision, recall),
    )
    raise typer.Exit(run_batch(request, to))


@app.command(epilog="Example: dechrome clean page.html   ·   curl -s URL | dechrome clean - --url URL --format json")
def clean(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A page; - reads stdin.")] = "-",
    url: Annotated[str, typer.Option("--url", help="Where the page came from.")] = "",
    media_type: Annotated[str, typer.Option("--media-type", help="Its Content-Type as served.")] = "",
    format_name: Annotated[str, typer.Option("--format", metavar="FORM", help="text, markdown or json.")] = "text",
    title: Annotated[bool, typer.Option("--title/--no-title", help="Print the headline first.")] = True,
    comments: Annotated[bool, typer.Option("--comments", help="Print readers' comments too, behind the text.")] = False,
    links: Annotated[bool, typer.Option("--links", help="With Markdown: links with their addresses.")] = False,
    drop: Drop = None,
    keep: Keep = None,
    no_model: NoModel = False,
    precision: Precision = False,
    recall: Recall = False,
    config: Config = None,
) -> None:
    """Clean one page and print it; no cache."""
    from pipeline.cli.one_page import clean_file

    asked = asked_of(drop, keep, no_model, precision, recall)
    clean_file(file, url, media_type, format_name, title, comments, links, config, asked)


@app.command(epilog="Example: dechrome explain page.txt   ·   dechrome explain pages/a.html --run nightly")
def explain(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A page; - reads stdin.")],
    url: Annotated[str, typer.Option("--url", help="Where the page came from.")] = "",
    run_name: Annotated[str, typer.Option("--run", metavar="NAME", help="Use the site templates of a recorded run.")] = "",
    record: Annotated[int, typer.Option("--record", metavar="N", min=0, help="The record, in a container.")] = 0,
    show_all: Annotated[bool, typer.Option("--all", help="Show all evidence, not the strongest alone.")] = False,
    drop: Drop = None,
    keep: Keep = None,
    no_model: NoModel = False,
    precision: Precision = False,
    recall: Recall = False,
    config: Config = None,
    cache: Cache = None,
) -> None:
    """Show every block of a page with its verdict and the reasons for it."""
    from pipeline.cli.one_page import explain_file

    asked = asked_of(drop, keep, no_model, precision, recall)
    explain_file(file, url, run_name, record, show_all, config, cache, asked)


@app.command(epilog="Example: dechrome status --run nightly")
def status(run_name: RunName = "", config: Config = None, cache: Cache = None) -> None:
    """Show what is cached of a run, stage by stage."""
    from pipeline.cli.debugging import show_status

    show_status(run_name, cache_of(cache, config))


@app.command(epilog="Example: dechrome why chrome")
def why(
    stage: Annotated[str, typer.Argument(metavar="STAGE", help="A stage, e.g. chrome.")] = "publish",
    run_name: RunName = "",
    config: Config = None,
    cache: Cache = None,
) -> None:
    """Say why a stage would run again, or that it would not, before it does."""
    from pipeline.cli.debugging import show_why

    show_why(stage, run_name, config, cache_of(cache, config))


@app.command(epilog="Example: dechrome show chrome --id news/a.html")
def show(
    stage: Annotated[str, typer.Argument(metavar="STAGE", help="A stage, e.g. segment.")],
    page_id: Annotated[str, typer.Option("--id", metavar="ID", help="A page's id or path.")],
    run_name: RunName = "",
    cache: Cache = None,
) -> None:
    """Print one page as a stage left it, as JSON."""
    from pipeline.cli.debugging import show_page

    show_page(stage, page_id, run_name, cache)


@app.command(epilog="Example: dechrome rerun chrome")
def rerun(
    stage: Annotated[str, typer.Argument(metavar="STAGE", help="The stage to make again.")],
    downstream: Annotated[bool, typer.Option("--downstream", help="Make all later stages again, too.")] = False,
    run_name: RunName = "",
    config: Config = None,
    cache: Cache = None,
    jobs: Jobs = None,
) -> None:
    """Make one stage of a run again, nothing above it; later stages follow where its bytes changed."""
    from pipeline.cli.running import rerun_stage

    raise typer.Exit(rerun_stage(stage, downstream, run_name, config, cache_of(cache, config), jobs))


@app.command(epilog="Example: dechrome verify   ·   dechrome verify --sample 0.1")
def verify(
    sample: Annotated[float, typer.Option("--sample", metavar="SHARE", min=0, max=1, help="Look at this share alone.")] = 1.0,
    keep: Annotated[bool, typer.Option("--keep", help="Leave damaged results where they are.")] = False,
    config: Config = None,
    cache: Cache = None,
) -> None:
    """Hold each cached result and the outputs of each recorded run against their digests; exit code 4 if one is damaged.

    Damaged results are put aside, so that the next run makes them again. It may be used while a run is on.
    """
    from pipeline.cli.keeping import verify_cache

    raise typer.Exit(verify_cache(cache_of(cache, config), sample, keep))


@app.command(epilog="Example: dechrome gc --dry-run   ·   dechrome gc --run nightly-2026-11-21 --max-size 20G")
def gc(
    run_names: Annotated[
        list[str] | None,
        typer.Option("--run", metavar="NAME", help="Keep what this run needs; may be repeated; default: all."),
    ] = None,
    max_size: Annotated[
        str,
        typer.Option("--max-size", metavar="SIZE", help="Drop no more than it takes to be that small: 500M, 20G."),
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go, and leave it.")] = False,
    config: Config = None,
    cache: Cache = None,
) -> None:
    """Drop cached results that no kept run needs, least recently used first. It may be used while a run is on."""
    from pipeline.cli.keeping import collect

    collect(cache_of(cache, config), run_names or [], max_size, dry_run)


@rules_app.command("list", epilog="Example: dechrome rules list --language en --family comment")
def rules_list(
    language: Annotated[str, typer.Option("--language", help="Rules of one language, e.g. en.")] = "",
    family: Annotated[str, typer.Option("--family", help="Rules of one family, e.g. comment.")] = "",
    config: Config = None,
) -> None:
    """List the rules: id, weight, scope, and why."""
    from pipeline.cli.rules import list_rules

    list_rules(language, family, config)


@rules_app.command(
    "test", epilog="Example: dechrome rules test my-rules/en/forum.toml   ·   dechrome rules test --line 'Sign Up'"
)
def rules_test(
    files: Annotated[list[str] | None, typer.Argument(metavar="[TABLE...]", help="Rule tables of your own.")] = None,
    line: Annotated[str, typer.Option("--line", help="Say which rules match this line.")] = "",
    config: Config = None,
) -> None:
    """Hold each rule against its own examples, or a line against all rules."""
    from pipeline.cli.rules import test_rules

    raise typer.Exit(test_rules(files or [], line, config))


@sites_app.command("show", epilog="Example: dechrome sites show example.org   ·   dechrome sites show --run nightly")
def sites_show(
    site: Annotated[str, typer.Argument(metavar="[SITE]", help="A site's key, e.g. example.org; none: list the sites.")] = "",
    show_rare: Annotated[bool, typer.Option("--all", help="Also lines that only a few pages carry.")] = False,
    run_name: RunName = "",
    cache: Cache = None,
) -> None:
    """Print a site's template: the lines that its pages share, with the number of pages that carry them."""
    from pipeline.cli.sites import show_site

    show_site(site, show_rare, run_name, cache)


def asked_of(
    drop: list[str] | None, keep: list[str] | None, no_model: bool, precision: bool, recall: bool
) -> dict[str, dict[str, Any]]:
    """Return the settings that options state, laid over those of the settings file; raises UsageError."""
    from pipeline.settings import chrome_asked

    segment = {key: value for key, value in (("drop", drop), ("keep", keep)) if value}
    chrome = chrome_asked(no_model, mode_of(precision, recall))
    return {section: values for section, values in (("segment", segment), ("chrome", chrome)) if values}


def mode_of(precision: bool, recall: bool) -> str:
    """Return the setting `chrome.mode` that the options ask for; "" if none does."""
    if precision and recall:
        raise UsageError("--precision and --recall: choose one")
    return "precision" if precision else "recall" if recall else ""


def cache_of(cache: Path | None, config: Path | None) -> Path | None:
    """Return the cache folder that was named: by its option, or in the settings file."""
    if cache is not None or config is None:
        return cache
    from pipeline.settings import load_settings

    return Path(load_settings(config).run.cache)


def run_command(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; an error that a person can mend is one line on stderr."""
    try:
        app(args=list(arguments), prog_name="dechrome")
    except SystemExit as leave:
        if leave.code == _INTERRUPTED:
            return _say("interrupted; the same command goes on where this one stopped", _INTERRUPTED)
        return leave.code if isinstance(leave.code, int) else 0
    except DechromeError as error:
        return _say(str(error), error.exit_code)
    except Reject as reject:
        return _say(f"not cleaned: {reject}", _REJECTED)
    except KeyboardInterrupt:
        return _say("interrupted; the same command goes on where this one stopped", _INTERRUPTED)
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - who reads us went away; nothing is left to be flushed
        return 0
    except OSError as error:
        where = f"{os.fsdecode(error.filename)}: " if error.filename else ""
        return _say(f"{where}{error.strerror or error}; mend it and give the same command again", EnvironmentFault.exit_code)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a traceback, and the code that says whose fault it is
        print(plain("".join(traceback.format_exception(error))), file=sys.stderr)
        return _say("this is a bug in dechrome; please report it with the lines above", _BUG)
    return 0


def _say(text: str, code: int) -> int:
    say(text)
    return code
