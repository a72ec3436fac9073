"""`train`: the learned models made anew from labelled pages; needs the extra `train`."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.errors import UsageError

_HTML_NEEDS = ("lightgbm", "rapidfuzz")
_TEXT_NEEDS = (*_HTML_NEEDS, "sklearn", "inscriptis", "html_text", "resiliparse")

Out = Annotated[Path, typer.Option("--out", "-o", help="Where the weights go.")]
Folds = Annotated[bool, typer.Option("--folds", help="Also fit a model without each fold (NAME-foldN.npz), to score held out.")]
Seed = Annotated[int, typer.Option(help="The same pages and seed give the same bytes.")]

app = typer.Typer(no_args_is_help=True, help="Make the learned models anew from labelled pages (pip install 'dechrome[train]').")


@app.callback()
def _train() -> None:
    pass


@app.command("html")
def train_html(
    folder: Annotated[Path, typer.Argument(help="Labelled pages: gold.jsonl[.gz] and html/ID.html[.gz].")],
    out: Out = Path("html.npz"),
    folds: Folds = False,
    seed: Seed = 1,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes that read pages.")] = 1,
) -> None:
    """Fit the block model for HTML pages."""
    _check_installed(_HTML_NEEDS)
    from pipeline.train.html_model import fit_model
    from pipeline.train.html_pages import read_pages

    pages = read_pages(folder, jobs)
    typer.echo(f"pages={len(pages)} blocks={sum(len(page.words) for page in pages)}", err=True)
    _write(lambda without: fit_model([page for page in pages if page.fold not in without], seed), out, folds)


@app.command("text")
def train_text(
    folders: Annotated[
        list[Path],
        typer.Argument(help="Labelled pages (gold.jsonl[.gz], html/ID.html[.gz]), labelled texts (NAME.labels.tsv), or both."),
    ],
    out: Out = Path("lines.npz"),
    folds: Folds = False,
    seed: Seed = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes that dump and label pages.")] = 1,
) -> None:
    """Fit the line model for dumped text."""
    _check_installed(_TEXT_NEEDS)
    from pipeline.knowledge import rule_book
    from pipeline.train.text_data import labelled_dumps, labelled_texts
    from pipeline.train.text_dumps import dumped_pages
    from pipeline.train.text_model import TextTrainer

    book = rule_book()
    dumps = [dump for folder in folders for dump in labelled_dumps(dumped_pages(folder, jobs), book)]
    if not dumps:
        raise UsageError(f"{', '.join(map(str, folders))}: no gold.jsonl or gold.jsonl.gz with labelled pages")
    dumps += [dump for folder in folders for dump in labelled_texts(folder, book)]
    typer.echo(f"dumps={len(dumps)} lines={sum(len(dump.lines) for dump in dumps)}", err=True)
    _write(TextTrainer(dumps, seed).train, out, folds)


def _check_installed(modules: Sequence[str]) -> None:
    missing = [name for name in modules if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(f"training needs {', '.join(missing)}: pip install 'dechrome[train]'")


def _write(train: Callable[[Collection[int]], Mapping[str, Any]], out: Path, folds: bool) -> None:
    """Write the weights that `train` fits without some folds: without none, and before that, if asked, without each."""
    from pipeline.train.gold import FOLDS
    from pipeline.train.weights import write_weights

    for fold in range(FOLDS) if folds else ():
        held_out = out.with_name(f"{out.stem}-fold{fold}{out.suffix}")
        write_weights(train((fold,)), held_out)
        typer.echo(f"wrote={held_out}", err=True)
    write_weights(train(()), out)
    typer.echo(f"wrote={out} bytes={out.stat().st_size}", err=True)
