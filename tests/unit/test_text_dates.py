"""Dates as pages print them: found, told from other lines, and never invented."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.text.dates import date_of_line, find_date

FORMS = [
    "2025-10-05", "2025/10/5", "2025.10.05", "2025-10-05T09:05:00Z", "5 October 2025", "October 5, 2025", "Oct. 5, 2025",
    "5th of October, 2025", "October 5th 2025", "OCT 5 2025", "5 oct. 2025", "05.10.2025", "5. Oktober 2025", "5 octobre 2025",
    "5 de octubre de 2025", "5 ottobre 2025", "5 de outubro de 2025", "5 oktober 2025", "5 października 2025",
    "5 октября 2025 г.", "5 Ekim 2025", "5 EKİM 2025", "2025年10月5日", "2025년 10월 5일",
]  # fmt: skip


@pytest.mark.parametrize("text", FORMS)
def test_find_date_reads(text: str) -> None:
    assert find_date(text) == "2025-10-05"
    assert find_date(f"Harbour Gazette, {text} - page 3") == "2025-10-05"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1er janvier 2024", "2024-01-01"), ("3. März 2024", "2024-03-03"), ("15 août 2024", "2024-08-15"), ("9 mayıs 2024", "2024-05-09"),
        ("5 MAYIS 2024", "2024-05-05"), ("7 ARALIK 2024", "2024-12-07"), ("8 KASIM 2024", "2024-11-08"), ("6 NİSAN 2024", "2024-04-06"),
        ("2 ДЕКАБРЯ 2024", "2024-12-02"), ("11 FÉVRIER 2024", "2024-02-11"), ("29 February 2024", "2024-02-29"), ("31 maja 2024", "2024-05-31"),
        ("12 مارس 2024", "2024-03-12"), ("١٢ أكتوبر ٢٠٢٤", "2024-10-12"), ("5 फ़रवरी 2023", "2023-02-05"), ("१५ अगस्त २०२३", "2023-08-15"),
        ("17 листопада 2022", "2022-11-17"), ("5. ledna 2021", "2021-01-05"), ("3. joulukuuta 2021", "2021-12-03"),
        ("4 Μαρτίου 2022", "2022-03-04"), ("10 Agustus 2020", "2020-08-10"), ("7. marts 2019", "2019-03-07"), ("2 iulie 2018", "2018-07-02"),
        ("2024. március 5.", "2024-03-05"), ("5. ožujka 2024.", "2024-03-05"), ("12. јануара 2024.", "2024-01-12"), ("3 януари 2023", "2023-01-03"),
        ("20 มกราคม 2566", "2023-01-20"), ("๒๐ ม.ค. ๒๕๖๖", "2023-01-20"), ("5 tháng 3, 2024", "2024-03-05"), ("ngày 5 tháng 3 năm 2024", "2024-03-05"),
        ("৫ মার্চ ২০২৪", "2024-03-05"), ("12 בינואר 2024", "2024-01-12"), ("5. novembra 2022", "2022-11-05"), ("2 de març de 2021", "2021-03-02"),
        ("2024. márc. 5.", "2024-03-05"), ("5. listopada 2024.", "2024-10-05"), ("5 listopada 2024", "2024-11-05"),
        ("৫ ফেব্রুয়ারি ২০২৪", "2024-02-05"), ("৫ ফেব্রু\u09dfারি ২০২৪", "2024-02-05"), ("20 มกราคม 2023", "2023-01-20"),
        ("วันที่ 20 มกราคม 2566", "2023-01-20"), ("发布时间：2024年3月5日", "2024-03-05"), ("Дата: 5 мая 2024", "2024-05-05"),
        ("п’ятниця, 5 січня 2024", "2024-01-05"), ("प्रकाशित 5 मार्च 2024", "2024-03-05"), ("8. srpnja 2021", "2021-07-08"), ("8. srpna 2021", "2021-08-08"), ("10/31/2024", "2024-10-31"), ("15/12/2025", "2025-12-15"), ("31-10-2024", "2024-10-31"),
    ],
)  # fmt: skip
def test_find_date_reads_months_of_other_languages(text: str, day: str) -> None:
    assert find_date(text) == day
    assert date_of_line(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "", "3/4/2025", "October 2025", "2025", "Call 2025-10-055", "version 12025-10-05", "45 October 2025", "2025-13-40",
        "30 February 2025", "2025-02-30", "31 June 2024", "2 tháng 13, 2024", "20 มกราคม 2366", "Built in 2023. May 5 people tell", "SINCE 2019. MAY 20% more", "5 αυγούςτου 2022", "5 янᲀаря 2020", "ราคา 2566", "May 5 people 2025", "the march of 5 2025 soldiers", "1825-10-05",
    ],
)  # fmt: skip
def test_find_date_invents_none(text: str) -> None:
    assert find_date(text) == ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("It was finished in 2024. March 3, 2025 was the opening", "2025-03-03"),
        ("Posted 5 May 2024, updated 2024-06-01", "2024-05-05"),
        ("Posted 2024-05-05, updated 1 June 2024", "2024-05-05"),
        ("Release 2024.15.3 of 5 May 2024", "2024-05-05"),
        ("On 30 February 2024, as a joke; really 5 May 2024", "2024-05-05"),
    ],
)
def test_the_first_real_day_of_a_text_counts(text: str, day: str) -> None:
    assert find_date(text) == day


@pytest.mark.parametrize(
    "line",
    [
        *FORMS,
        "Updated: Sunday, 5 OCT 2025 12:20", "Published on October 5, 2025 at 9:05 am GMT", "Stand: 05.10.2025, 12:20 Uhr",
        "Veröffentlicht am 5. Oktober 2025", "Publié le dimanche 5 octobre 2025 à 10h30", "Mis à jour le 5 octobre 2025",
        "Publicado el domingo, 5 de octubre de 2025", "Опубликовано 5 октября 2025, 12:20", "2025年10月5日 日曜日", "| 5 October 2025 |",
    ],
)  # fmt: skip
def test_line_that_is_only_a_date(line: str) -> None:
    assert date_of_line(line) == "2025-10-05"


@pytest.mark.parametrize(
    "line",
    [
        "", "On 5 October 2025 she left.", "5 October 2025: the day the bridge fell", "Minutes of 5 October 2025", "12:20", "Sunday",
        "Le 5 octobre 2025 restera dans les mémoires", "5 October 2025 " + "and so on " * 20, "31.02.2025",
    ],
)  # fmt: skip
def test_line_that_says_more_or_less_than_a_date(line: str) -> None:
    assert date_of_line(line) == ""


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)))
def test_every_day_is_read_back(day: datetime.date) -> None:
    for form in ("%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "%d.%m.%Y", "%Y年%m月%d日"):
        assert find_date(day.strftime(form)) == day.isoformat()
        assert date_of_line(day.strftime(form)) == day.isoformat()


_PIECES = st.sampled_from(
    [
        "5 ",
        "31",
        ".",
        "/",
        "-",
        " ",
        "2025",
        "1999",
        "ARALIK",
        "MAYIS",
        "Kasım",
        "auguſt",
        "May",
        "12",
        "0",
        "年",
        "月",
        "日",
        "x",
    ]
)


@given(st.lists(_PIECES, max_size=8).map("".join))
@example("5 ARALIK 2025")
@example("5 auguſt 2025")
@example("0 May 2025")
def test_what_is_found_is_a_day_of_the_calendar(text: str) -> None:
    for found in (find_date(text), date_of_line(text)):
        assert found == "" or datetime.date.fromisoformat(found).isoformat() == found
