"""Which language a text is in."""

from __future__ import annotations

import pytest

from pipeline.segment.language import identify

TEXTS = {
    "en": "The old bridge over the river will stay closed until the spring, the council said on Monday.",
    "de": "Die alte Brücke über den Fluss bleibt bis zum Frühjahr gesperrt, sagte der Bürgermeister am Montag.",
    "fr": "Le vieux pont sur la rivière restera fermé jusqu'au printemps, a annoncé lundi la mairie du village.",
    "es": "El viejo puente sobre el río permanecerá cerrado hasta la primavera, dijo el lunes el alcalde.",
    "ru": "Старый мост через реку останется закрытым до весны, сообщил в понедельник глава района.",
    "ja": "川にかかる古い橋は春まで通行止めになると、村長が月曜日に話しました。",
    "ar": "قال رئيس البلدية يوم الاثنين إن الجسر القديم فوق النهر سيبقى مغلقا حتى الربيع.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_language_of_a_sentence(language: str) -> None:
    found, score = identify([TEXTS[language]])
    assert found == language
    assert 0.5 < score <= 1


def test_a_long_text_outweighs_many_short_ones() -> None:
    menu = ["Startseite", "Nachrichten", "Wetter", "Über uns", "Kontakt", "Impressum"] * 30
    assert identify([*menu, TEXTS["en"] * 50])[0] == "en"


@pytest.mark.parametrize(
    ("stated", "language"), [("en-GB", "en"), (" pt_BR ", "pt"), ("DE", "de"), ("", ""), ("x", ""), ("12", ""), ("english", "")]
)
def test_too_few_letters_leave_what_the_page_states(stated: str, language: str) -> None:
    assert identify(["12:30", "5 €"], stated) == (language, 0.0)


def test_letters_beat_what_the_page_states() -> None:
    assert identify([TEXTS["ru"]], "en")[0] == "ru"


@pytest.mark.parametrize("texts", [[], ["", ""], ["🙂" * 50], ["\u0301" * 50]])
def test_nothing_to_read_is_no_language(texts: list[str]) -> None:
    assert identify(texts) == ("", 0.0)
