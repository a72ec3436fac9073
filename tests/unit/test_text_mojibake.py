"""Mojibake: what must be mended, and what must be left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.mojibake import looks_suspicious, repair_mojibake

WELL = [
    "Now 3,50 € a kilo", "À LA CARTE", "naïve café", "São Paulo", "SÃO JOÃO", "ÎLE DE RÉ", "CHÂTEAU", "“Quoted” — it’s…", "¿Qué pasa, señor?",
    "Привет, мир", "Ελληνικά γράμματα", "日本語の文章です。", "مرحبا بالعالم", "हिन्दी", "½ cup, ± 2 °C", "§ 5 Abs. 2", "«Guillemets»", "Łódź",
    "Übergröße", "Việt Nam", "🙂🚀", "A\u00a0B", "© 2025 Ænima™", "x² + y³", "Ãbroad", "smörgåsbord", "plain ASCII", "",
    "Â votre santé", "Â VOTRE SANTÉ", "“Ã©” is what you see instead of é", "LE CAFÉ\u00a0!", "Ці дії, Сії вії", "[kaˈʃɛ] et ʒœ̃", "Nguyễn Ất Ân",
]  # fmt: skip
DAMAGED = [
    ("L’été est arrivé à l’île", "cp1252"), ("Straße nach Köln", "latin-1"), ("mañana será otro día", "cp1252"), ("It’s fine", "cp1252"),
    ("Zażółć gęślą jaźń", "cp1250"), ("Привет, мир, как дела", "latin-1"), ("Привет, мир, как дела", "cp1251"), ("日本語の文章です", "latin-1"),
    ("“Hello” – he said", "cp1251"), ("Ça coûte 10 €", "mac_roman"), ("crème brûlée à la carte", "cp437"),
]  # fmt: skip


@pytest.mark.parametrize("text", WELL)
def test_repair_leaves_alone(text: str) -> None:
    assert repair_mojibake(text) == (text, "")


@pytest.mark.parametrize(("text", "charset"), DAMAGED)
def test_repair_mends(text: str, charset: str) -> None:
    damaged = text.encode("utf-8").decode(charset)
    assert damaged != text
    mended, plan = repair_mojibake(damaged)
    assert mended == text
    assert plan
    assert looks_suspicious(damaged)


@pytest.mark.parametrize("text", ["L’été à l’île", "naïve", "Привет, мир"])
def test_repair_mends_what_was_damaged_twice(text: str) -> None:
    twice = text.encode("utf-8").decode("latin-1").encode("utf-8").decode("latin-1")
    assert repair_mojibake(twice)[0] == text


def test_each_line_is_mended_by_itself() -> None:
    text, plan = repair_mojibake("cafÃ©\nnaïve café\nĺ ľ\nItâ€™s")
    assert text == "café\nnaïve café\nĺ ľ\nIt’s"
    assert plan == "lines 1,4: cp1252 > utf-8"


def test_quotes_and_entities_are_not_its_work() -> None:
    assert repair_mojibake("cafÃ© &amp; “thÃ©”")[0] == "café &amp; “thé”"


@given(st.text(max_size=60), st.sampled_from(["cp1252", "latin-1", "cp1251", "cp1250"]))
def test_repairing_twice_is_repairing_once(text: str, charset: str) -> None:
    for given_text in (text, text.encode("utf-8").decode(charset, "replace")):
        once = repair_mojibake(given_text)[0]
        assert repair_mojibake(once)[0] == once


@given(st.text())
def test_a_plan_is_stated_for_every_change_and_no_other(text: str) -> None:
    mended, plan = repair_mojibake(text)
    assert (mended != text) == bool(plan)
    assert mended.count("\n") == text.count("\n")


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_ascii_is_never_suspicious(text: str) -> None:
    assert not looks_suspicious(text)
    assert repair_mojibake(text) == (text, "")
