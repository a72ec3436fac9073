"""Makes sites of invented words: chrome that no rule and no language model can know, and content that repeats.

    python -m tests.templates.made_sites FOLDER     writes the sites as JSON Lines (text) and HTML files, with their labels

Each site has a menu, banners, teasers and a footer of its own, some of them in changing order and with counters, and texts with
what repeats in texts: series titles, disclaimers, "Photograph by …", heads of tables, refrains, the words of lists.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path

CHROME, CONTENT = "C", "K"
_ALPHABETS = {
    "latin": ("bdfglmnprstvz", "aeiou"),
    "cyrillic": ("бвгджзклмнпрст", "аеиоуы"),
    "greek": ("βγδζκλμνπρσ", "αεηιου"),
    "georgian": ("ბგდვზკლმნპრს", "აეიოუ"),
    "devanagari": ("कगचजटडतदनपबमर", "ािीुेो"),
}


@dataclass(frozen=True)
class Labelled:
    """A line of a page: what it is, and whether it is a link in HTML."""

    text: str
    label: str
    link: bool = False


@dataclass(frozen=True)
class MadePage:
    """One page of a made site."""

    site: str
    name: str
    lines: tuple[Labelled, ...]

    @property
    def url(self) -> str:
        return f"https://{self.site}/{self.name}"

    def as_text(self) -> str:
        return "\n".join(line.text for line in self.lines) + "\n"

    def as_html(self) -> str:
        """Return the page in tags that say nothing of what a line is."""
        rows = (
            f'<div><a href="/{number}">{escape(line.text)}</a></div>' if line.link else f"<div>{escape(line.text)}</div>"
            for number, line in enumerate(self.lines)
        )
        return f"<!DOCTYPE html><html><head></head><body>{''.join(rows)}</body></html>"


@dataclass(frozen=True)
class Plan:
    """How a site is built. Shares say on what part of the pages something stands."""

    name: str
    alphabet: str = "latin"
    menu: int = 9
    shuffled_menu: bool = False
    banners: int = 0
    buttons: int = 0
    box: int = 0
    teasers: int = 4
    teaser_pool: int = 12
    footer: int = 7
    counters: bool = True
    series: int = 0
    disclaimer_share: float = 0.0
    photographs: bool = False
    table: bool = False
    refrain: bool = False
    list_words: bool = False
    prose: bool = True


PLANS = (
    Plan("gazette.example", banners=4, photographs=True, disclaimer_share=0.6, series=3),
    Plan("verses.example", alphabet="cyrillic", shuffled_menu=True, refrain=True, menu=6, teasers=3, teaser_pool=8),
    Plan("league.example", alphabet="greek", table=True, disclaimer_share=1.0, buttons=3, counters=False),
    Plan("kitchen.example", alphabet="georgian", list_words=True, series=2, box=2, menu=14, banners=3),
    Plan("letters.example", alphabet="devanagari", series=2, disclaimer_share=0.4, teaser_pool=16, buttons=2, footer=10),
    Plan("harbour.example", shuffled_menu=True, photographs=True, refrain=True, table=True, list_words=True, box=3, footer=5),
)


class _Words:
    """Invented words of one alphabet."""

    def __init__(self, chance: random.Random, alphabet: str) -> None:
        self.chance = chance
        self.consonants, self.vowels = _ALPHABETS[alphabet]

    def word(self) -> str:
        return "".join(
            self.chance.choice(self.consonants) + self.chance.choice(self.vowels) for _ in range(self.chance.randint(2, 4))
        )

    def label(self, fewest: int = 1, most: int = 3) -> str:
        return " ".join(self.word() for _ in range(self.chance.randint(fewest, most))).capitalize()

    def sentence(self, fewest: int = 9, most: int = 16) -> str:
        return self.label(fewest, most) + "."

    def paragraph(self) -> str:
        return " ".join(self.sentence() for _ in range(self.chance.randint(2, 3)))


def make_site(plan: Plan, pages: int, seed: int = 0) -> list[MadePage]:
    """Return the pages of one site."""
    chance = random.Random(f"{plan.name} {seed}")
    words = _Words(chance, plan.alphabet)
    menu = [words.label(1, 2) for _ in range(plan.menu)]
    banners = [[words.label(3, 5), words.label(1, 2)] for _ in range(plan.banners)]
    buttons = [words.label(1, 2) for _ in range(plan.buttons)]
    box = [words.label(2, 6) for _ in range(plan.box)]
    teasers = [words.label(4, 7) for _ in range(plan.teaser_pool)]
    related, counter = words.label(1, 2), words.word().capitalize()
    footer = [words.label(1, 3) for _ in range(plan.footer - 1)] + [f"© 20{chance.randint(10, 24)} {words.label(2, 3)}"]
    series = [words.label(2, 4) for _ in range(plan.series)]
    disclaimer = words.sentence(13, 18)
    photographers = [f"{words.label(2, 2)} {words.label(2, 2)}." for _ in range(3)]
    head = [words.label(1, 1) for _ in range(4)]
    refrain = [words.label(4, 6), words.label(3, 5)]
    things = [words.label(1, 2) for _ in range(8)]

    def content() -> Iterator[str]:
        yield words.paragraph()
        if plan.photographs and chance.random() < 0.8:
            yield chance.choice(photographers)
        yield words.paragraph()
        if plan.disclaimer_share and chance.random() < plan.disclaimer_share:
            yield disclaimer
        yield words.paragraph()
        if plan.refrain:
            for _ in range(3):
                yield from (words.label(4, 6) for _ in range(2))
                yield from refrain
            yield words.paragraph()
        if plan.list_words:
            yield from chance.sample(things, 4)
            yield words.paragraph()
        if plan.table:
            yield from head
            for place in range(1, chance.randint(4, 7)):
                yield from (words.label(1, 2), str(place * 3), str(chance.randint(0, 40)), str(chance.randint(0, 9)))
            yield words.paragraph()

    made = []
    for number in range(pages):
        lines: list[Labelled] = []
        for banner in chance.sample(banners, min(2, len(banners))):
            lines += [Labelled(text, CHROME, True) for text in banner]
        items = chance.sample(menu, len(menu)) if plan.shuffled_menu else menu
        lines += [Labelled(text, CHROME, True) for text in items]
        if series:
            lines.append(Labelled(series[number % len(series)], CONTENT))
        lines.append(Labelled(words.label(6, 9), CONTENT))
        lines += [Labelled(text, CHROME, True) for text in buttons]
        texts = list(content())
        between = [i for i in range(1, len(texts)) if texts[i].count(".") > 1 and texts[i - 1].count(".") > 1]
        lines += [Labelled(text, CONTENT) for text in texts]
        if box and between:
            place = len(lines) - len(texts) + chance.choice(between)
            lines[place:place] = [Labelled(text, CHROME, True) for text in box]
        if plan.counters:
            lines.append(Labelled(f"{counter} {chance.randint(2, 9999)}", CHROME))
        lines.append(Labelled(related, CHROME))
        lines += [Labelled(text, CHROME, True) for text in chance.sample(teasers, plan.teasers)]
        lines += [Labelled(text, CHROME, True) for text in footer]
        made.append(MadePage(plan.name, f"page-{number:03}", tuple(lines)))
    return made


def without_first(page: MadePage, count: int) -> MadePage:
    """Return a page without its first lines: a dump that begins later."""
    return replace(page, lines=page.lines[count:])


def write(folder: Path, pages: int = 24) -> None:
    """Write all sites: `text.jsonl`, `html.jsonl` and `labels.jsonl`."""
    folder.mkdir(parents=True, exist_ok=True)
    made = [page for plan in PLANS for page in make_site(plan, pages)]
    rows = {
        "text": [{"id": page.url, "url": page.url, "text": page.as_text()} for page in made],
        "html": [{"id": page.url, "url": page.url, "html": page.as_html()} for page in made],
        "labels": [{"id": page.url, "labels": [[line.label, line.text] for line in page.lines]} for page in made],
    }
    for name, records in rows.items():
        lines = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
