"""`train`: the learned models made anew from labelled pages; needs the extra `train`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import UsageError

app = typer.Typer(no_args_is_help=True, help="Make the learned models anew from labelled pages (pip install 'dechrome[train]').")


@app.callback()
def _train() -> None:
    pass


@app.command("html")
def train_html(
    folder: Annotated[Path, typer.Argument(help="Labelled pages: gold.jsonl[.gz] and html/ID.html[.gz].")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the weights go.")] = Path("html.npz"),
    folds: Annotated[
        bool, typer.Option("--folds", help="Also fit a model without each fold (NAME-foldN.npz), to score held out.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same pages and seed give the same bytes.")] = 1,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes that read pages.")] = 1,
) -> None:
    """Fit the block model for HTML pages."""
    if importlib.util.find_spec("lightgbm") is None or importlib.util.find_spec("rapidfuzz") is None:
        raise UsageError("training needs LightGBM and RapidFuzz: pip install 'dechrome[train]'")
    from pipeline.train.html_model import fit_model, write_model
    from pipeline.train.html_pages import FOLDS, read_pages

    pages = read_pages(folder, jobs)
    typer.echo(f"pages={len(pages)} blocks={sum(len(page.words) for page in pages)}", err=True)
    for fold in range(FOLDS) if folds else ():
        held_out = out.with_name(f"{out.stem}-fold{fold}{out.suffix}")
        write_model(fit_model([page for page in pages if page.fold != fold], seed), held_out)
        typer.echo(f"wrote={held_out}", err=True)
    write_model(fit_model(pages, seed), out)
    typer.echo(f"wrote={out} bytes={out.stat().st_size}", err=True)
