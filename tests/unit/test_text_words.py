"""Words and sentences in several scripts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.text.words import ends_sentence, is_prose, word_count, words

BRIDGE = {
    "en": "The old bridge over the river will stay closed until the spring, the council said.",
    "de": "Die alte Brücke über den Fluss bleibt bis zum Frühjahr gesperrt, sagte gestern der Bürgermeister.",
    "ru": "Старый мост через реку закрыли на ремонт до весны, и дети встают на час раньше обычного.",
    "ja": "川にかかる古い橋は春まで通行止めになります。",
    "ar": "هل سيبقى الجسر القديم فوق النهر مغلقا حتى الربيع كما قال رئيس البلدية أمس؟",
    "hi": "नदी पर बना पुराना पुल वसंत तक बंद रहेगा और गाँव के बच्चे दूसरी सड़क से विद्यालय जाएँगे।",
}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don’t panic: 42!", ["don’t", "panic", "42"]),
        ("well-known e-mail", ["well-known", "e-mail"]),
        ("snake_case", ["snake", "case"]),
        ("ÉTÉ à l'île", ["été", "à", "l'île"]),
        ("銭湯 ok", ["銭", "湯", "ok"]),
        ("— … »", []),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("two words", 2),
        ("rock-and-roll", 1),
        ("3 400 km", 3),
        ("Привет, мир", 2),
        ("مرحبا بالعالم", 2),
        ("銭湯の湯", 2),
        ("हिन्दी भाषा", 2),
        ("cafe\u0301s here", 2),
        ("מִלִּים טוֹבוֹת", 2),
    ],
)
def test_word_count(text: str, count: int) -> None:
    assert word_count(text) == count


@given(st.text())
def test_words_are_where_letters_or_figures_are(text: str) -> None:
    assert (word_count(text) == 0) == (not any(char.isalnum() for char in text))


@pytest.mark.parametrize(
    "text",
    ["He said no.", "He said “no.”", "Why?", "Stop!)", "Warum?  ", "終わりです。", "क्यों।", "لماذا؟", "And then…", "«Non.»"],
)
def test_ends_as_a_sentence(text: str) -> None:
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["Read more", "Sport:", "", "and so on,", "“Title”", "3.5 km", "(Reuters)"])
def test_does_not_end_as_a_sentence(text: str) -> None:
    assert not ends_sentence(text)


@pytest.mark.parametrize("language", BRIDGE)
def test_a_long_sentence_is_prose(language: str) -> None:
    assert is_prose(BRIDGE[language] * (2 if language == "ja" else 1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Home World News Sport Weather Travel Food Books Music Film Games Letters Archive",
        "It rained.",
        "ホーム ニュース 天気",
        "Über uns Kontakt Impressum Datenschutz",
        "होम समाचार खेल मौसम यात्रा भोजन।",
    ],
)
def test_a_menu_or_a_short_line_is_no_prose(text: str) -> None:
    assert not is_prose(text)
