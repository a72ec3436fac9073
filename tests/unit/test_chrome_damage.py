"""Damaged text is looked at mended, and what is found there lies in the text as it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.chrome import find_chrome
from pipeline.chrome.damage import in_places_of, mended_view
from pipeline.knowledge import rule_book
from pipeline.model import SiteTemplate
from pipeline.settings import ChromeSettings

from .builders import against, cut_of, text_document, texts_of


def _damaged(text: str) -> str:
    return text.encode("utf-8").decode("cp1252")


def test_well_text_is_looked_at_as_it_is() -> None:
    document = text_document("La crème\nRead more")
    assert mended_view(document) is document


def test_damaged_lines_are_mended_and_others_stay_the_same() -> None:
    document = text_document(f"{_damaged('La crème brûlée')}\nRead more")
    view = mended_view(document)
    assert texts_of(view) == ["La crème brûlée", "Read more"]
    assert view.blocks[1] is document.blocks[1]
    assert [block.start for block in view.blocks] == [block.start for block in document.blocks]


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_damaged_space_on_a_line_of_its_own_does_not_unsettle_the_page() -> None:
    """It was mended to nothing, and the model's numbers for all lines of the page were none any more."""
    lines = [_damaged("La crème brûlée, à l’été, dans le café du théâtre où l’on dîne."), "Read more", _damaged("\u00a0")]
    document = text_document("\n".join([*lines * 3, "Share on Facebook"]))
    assert all(text.strip() for text in texts_of(mended_view(document)))
    assert texts_of(mended_view(document))[0].startswith("La crème")
    judgement = find_chrome(document, SiteTemplate("", 1, ()), rule_book(), ChromeSettings())
    assert judgement.verdicts[1].action == judgement.verdicts[-1].action == "strip"


def test_evidence_on_a_mended_line_concerns_all_of_the_damaged_one() -> None:
    document = text_document(f"one\n{_damaged('La crème brûlée')}")
    view = mended_view(document)
    [seen] = in_places_of(document, view, [against(view.blocks[1], 3.0)])
    assert (seen.start, seen.end) == (document.blocks[1].start, document.blocks[1].end)


@pytest.mark.parametrize(
    ("line", "piece"),
    [
        ("La crème était brûlée. Lire la suite", "Lire la suite"),
        ("Lire à côté. La crème était brûlée.", "Lire à côté."),
        ("Il a dit « non ». Être à l’été", "Être à l’été"),
        ("été à été à été", "été à été à été"),
        ("Ça. Partagez ça", "Partagez ça"),
    ],
)
def test_cut_lies_at_the_same_words(line: str, piece: str) -> None:
    document = text_document(f"é\n{_damaged(line)}")
    view = mended_view(document)
    assert view.blocks[1].text == line
    [seen] = in_places_of(document, view, [cut_of(view.blocks[1], piece)])
    assert document.text[seen.start : seen.end] == _damaged(piece)


@given(
    st.lists(st.sampled_from(["crème ", "brûlée. ", "Read more", "l’été ", "a", "É", "« ok » "]), min_size=1).map("".join),
    st.data(),
)
def test_any_cut_stays_inside_its_block(line: str, data: st.DataObject) -> None:
    document = text_document(f"x\n{_damaged(line)}")
    view = mended_view(document)
    looked_at = view.blocks[1]
    start = data.draw(st.integers(0, len(looked_at.text) - 1))
    piece = looked_at.text[start : data.draw(st.integers(start + 1, len(looked_at.text)))]
    [seen] = in_places_of(document, view, [cut_of(looked_at, piece)])
    block = document.blocks[1]
    assert block.start <= seen.start <= seen.end <= block.end


@pytest.mark.parametrize(
    "line", ["LireÂ la suite", "Lire\u00a0la suite", "Sâ€™inscrire Ã  la newsletter", "Partager sur Facebook"]
)
def test_rules_of_chrome_match_damaged_lines(line: str) -> None:
    prose = "Le vieux pont a Ã©tÃ© fermÃ© Ã  la circulation jusqu’au printemps, et les Ã©lÃ¨ves prennent l’autocar."
    document = text_document(f"{_damaged('Le pont fermé')}\n\n{prose}\n\n{line}\n\n{prose} Encore.")
    judgement = find_chrome(document, SiteTemplate("", 0, ()), rule_book(), ChromeSettings())
    assert line in [span.text for span in judgement.removed]
