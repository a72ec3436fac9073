"""Lines that name authors, and lines that only begin like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.bylines import authors_of_line


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Jane Quill", ("Jane Quill",)),
        ("BY JANE QUILL", ("JANE QUILL",)),
        ("by Jane Quill and Bo Ash", ("Jane Quill", "Bo Ash")),
        ("By Ann Bee, Cy Dee and Eve O’Fee", ("Ann Bee", "Cy Dee", "Eve O’Fee")),
        ("By J. R. Quill-Ash", ("J. R. Quill-Ash",)),
        ("Author: Jane Quill", ("Jane Quill",)),
        ("Von Jörg Ärmel und Grete Öhler", ("Jörg Ärmel", "Grete Öhler")),
        ("Par Zoé Lebrun et Éric Noir", ("Zoé Lebrun", "Éric Noir")),
        ("Por María de la Cruz y José Peña", ("María de la Cruz", "José Peña")),
        ("Door Piet van der Meer en An Smit", ("Piet van der Meer", "An Smit")),
        ("Av Åsa Öberg och Nils Ek", ("Åsa Öberg", "Nils Ek")),
        ("Автор: Анна Лесная", ("Анна Лесная",)),
        ("Piše: Ana Babić", ("Ana Babić",)),
        ("Írta: Kovács Béla", ("Kovács Béla",)),
        ("Oleh Siti Rahma", ("Siti Rahma",)),
        ("מאת: דנה כהן", ("דנה כהן",)),
        ("Penulis: Siti Rahma", ("Siti Rahma",)),
    ],
)
def test_byline_names_its_authors(line: str, names: tuple[str, ...]) -> None:
    assert authors_of_line(line) == names


@pytest.mark.parametrize(
    "line",
    [
        "", "By", "By noon the rain had stopped", "By Jane Quill, who lives here.", "By the way", "Bystanders Jane Quill",
        "Jane Quill", "By 2025", "by jane quill", "Von Montag bis Freitag geöffnet", "Par exemple", "Por fin llegó María",
        "نویسنده معروف درگذشت", "Penulis Buku Laris", "Teksti Kuva Video", "Από Αθήνα", "By Jane Quill | Politics", "By Jane Quill said Bo Ash", "By " + "Jane " * 13, "Автор неизвестен",
    ],
)  # fmt: skip
def test_line_that_is_no_byline(line: str) -> None:
    assert authors_of_line(line) == ()


@given(st.text())
def test_names_stand_in_the_line(line: str) -> None:
    assert all(name in line and name for name in authors_of_line(f"By {line}"))
