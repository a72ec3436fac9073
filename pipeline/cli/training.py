"""`train`: the learned models made anew from labelled pages; needs the extra `train`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Annotated

import typer

from pipeline.errors import UsageError

_TEXT_NEEDS = ("lightgbm", "rapidfuzz", "sklearn", "inscriptis", "html_text", "resiliparse")

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


@app.command("text")
def train_text(
    folders: Annotated[
        list[Path],
        typer.Argument(help="Labelled pages (gold.jsonl[.gz], html/ID.html[.gz]), labelled texts (NAME.labels.tsv), or both."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Where the weights go.")] = Path("lines.npz"),
    folds: Annotated[
        bool, typer.Option("--folds", help="Also fit a model without each fold (NAME-foldN.npz), to score held out.")
    ] = False,
    seed: Annotated[int, typer.Option(help="The same pages and seed give the same bytes.")] = 0,
    jobs: Annotated[int, typer.Option("--jobs", "-j", help="Processes that dump and label pages.")] = 1,
) -> None:
    """Fit the line model for dumped text."""
    missing = [name for name in _TEXT_NEEDS if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(f"training needs {', '.join(missing)}: pip install 'dechrome[train]'")
    from pipeline.knowledge import rule_book
    from pipeline.learned.lines import to_bytes
    from pipeline.train.html_pages import FOLDS
    from pipeline.train.text_data import labelled_dumps, labelled_texts
    from pipeline.train.text_dumps import dumped_pages
    from pipeline.train.text_model import TextTrainer

    book = rule_book()
    dumps = [dump for folder in folders for dump in labelled_dumps(dumped_pages(folder, jobs), book, FOLDS)]
    if not dumps:
        raise UsageError(f"{', '.join(map(str, folders))}: no gold.jsonl or gold.jsonl.gz with labelled pages")
    dumps += [dump for folder in folders for dump in labelled_texts(folder, book, FOLDS)]
    typer.echo(f"dumps={len(dumps)} lines={sum(len(dump.lines) for dump in dumps)}", err=True)
    trainer = TextTrainer(dumps, seed)
    for fold in range(FOLDS) if folds else ():
        held_out = out.with_name(f"{out.stem}-fold{fold}{out.suffix}")
        held_out.write_bytes(to_bytes(trainer.train((fold,))))
        typer.echo(f"wrote={held_out}", err=True)
    out.write_bytes(to_bytes(trainer.train()))
    typer.echo(f"wrote={out} bytes={out.stat().st_size}", err=True)
