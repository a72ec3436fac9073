"""Dates as pages print them, in the languages whose month names are listed here."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator

from pipeline.text.memory import remembered

_MONTHS = {
    1: "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari stycznia января январь ocak "
    "januára ianuarie يناير जनवरी січня ledna tammikuuta ιανουαρίου",
    2: "february feb februar février févr fevrier febrero febbraio fevereiro fev februari lutego февраля февраль "
    "şubat februarie فبراير फरवरी फ़रवरी лютого února helmikuuta φεβρουαρίου",
    3: "march mar märz mars marzo março marco maart marca марта март mart marts maret martie مارس मार्च березня "
    "března maaliskuuta μαρτίου",
    4: "april apr avril avr abril abr aprile kwietnia апреля апрель nisan aprilie أبريل ابريل إبريل अप्रैल "
    "квітня dubna huhtikuuta απριλίου",
    5: "may mai mayo maggio mag maio mei maj maja мая май mayıs مايو मई травня května toukokuuta μαΐου",
    6: "june jun juni juin junio giugno giu junho czerwca июня июнь haziran iunie يونيو जून червня června kesäkuuta ιουνίου",
    7: "july jul juli juillet juil julio luglio lug julho lipca июля июль temmuz iulie يوليو जुलाई липня "
    "července heinäkuuta ιουλίου",
    8: "august aug août aout agosto ago augustus augusti sierpnia августа август ağustos agustus أغسطس اغسطس "
    "अगस्त серпня srpna elokuuta αυγούστου",
    9: "september sep sept septembre septiembre settembre set setembro września сентября сентябрь eylül "
    "septembrie سبتمبر सितंबर सितम्बर вересня září syyskuuta σεπτεμβρίου",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out października октября октябрь ekim "
    "octombrie أكتوبر اكتوبر अक्टूबर अक्तूबर жовтня října lokakuuta οκτωβρίου",
    11: "november nov novembre noviembre novembro listopada ноября ноябрь kasım noiembrie نوفمبر नवंबर नवम्बर "
    "листопада listopadu marraskuuta νοεμβρίου",
    12: "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro grudnia декабря декабрь "
    "aralık desember decembrie ديسمبر दिसंबर दिसम्बर грудня prosince joulukuuta δεκεμβρίου",
}
_MONTH_OF = {
    unicodedata.normalize("NFKC", name).replace("ı", "i"): number for number, names in _MONTHS.items() for name in names.split()
}
# Months are written in capitals too, where nothing hangs on the dot of an i; digits of other scripts count as ours.
_PLAIN = str.maketrans("İIı٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९", "iii" + 3 * "0123456789")
_NAMES = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d){_YEAR}[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?!\d)",
        rf"(?<!\d)(?P<day>\d\d?)(?:st|nd|rd|th|er|\.|º)?(?: de| of|,)? (?P<name>{_NAMES})\.?,?(?: de| del)? {_YEAR}(?!\d)",
        rf"(?<!\w)(?P<name>{_NAMES})\.? (?P<day>\d\d?)(?:st|nd|rd|th)?,? {_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR} ?[年년] ?(?P<month>\d\d?) ?[月월] ?(?P<day>\d\d?) ?[日일]",
        rf"(?<!\d)(?P<day>\d\d?)\.(?P<month>\d\d?)\.{_YEAR}(?!\d)",
        rf"(?<![\d/-])(?P<day>1[3-9]|2\d|3[01])(?P<sign>[/-])(?P<month>0?[1-9]|1[0-2])(?P=sign){_YEAR}(?!\d)",
        rf"(?<![\d/-])(?P<month>0?[1-9]|1[0-2])(?P<sign>[/-])(?P<day>1[3-9]|2\d|3[01])(?P=sign){_YEAR}(?!\d)",
    )
)
# What may stand beside the date on a line that is nothing but a date: labels, weekdays, times, zones.
_LABELS = (
    "updated published posted last modified on at am pm gmt utc est edt pst pdt cet cest bst ist date "
    "uhr stand aktualisiert veröffentlicht am um publié mis à jour le publicado actualizado el a las pubblicato il alle ore "
    "опубликовано обновлено в г"
)
_WEEKDAYS = (
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday "
    "montag dienstag mittwoch donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche "
    "lunes martes miércoles jueves viernes sábado domingo понедельник вторник среда четверг пятница суббота воскресенье"
)
_BESIDE = re.compile(
    r"T?\d{1,2}[:.h]\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?|\d{1,2} ?[ap]\.?m\.?|[月火水木金土日]曜日|[\W_]+|\b(?:"
    + "|".join(f"{_LABELS} {_WEEKDAYS}".split())
    + r")\b",
    re.IGNORECASE,
)
_LONGEST = 80
_DIGIT = re.compile(r"\d")


@remembered
def find_date(text: str) -> str:
    """Return the first day that a text names as YYYY-MM-DD, else "". A form that leaves the month open, 3/4/2025, is passed over.

    >>> find_date("Moscow, 16 October 2025 - 09:05"), find_date("2025年10月5日"), find_date("3/4/2025")
    ('2025-10-16', '2025-10-05', '')
    """
    if not _DIGIT.search(text):
        return ""
    found = [(match.start(), day) for match, day in _days(text)]
    return min(found, default=(0, ""))[1]


@remembered
def date_of_line(line: str) -> str:
    """Return the day if a line is nothing but a date (labels, weekday and time aside), else "".

    >>> date_of_line("Updated: Wednesday, 15 OCT 2025 12:20"), date_of_line("On 15 Oct 2025 she left.")
    ('2025-10-15', '')
    """
    if len(line) > _LONGEST or not _DIGIT.search(line):
        return ""
    for match, day in _days(line):
        if not _BESIDE.sub("", line[: match.start()] + " " + line[match.end() :]):
            return day
    return ""


def days_apart(one: str, other: str) -> int:
    """Return how many days lie between two days, YYYY-MM-DD each.

    >>> days_apart("2024-02-28", "2024-03-01")
    2
    """
    return abs((datetime.date.fromisoformat(one) - datetime.date.fromisoformat(other)).days)


def _days(text: str) -> Iterator[tuple[re.Match[str], str]]:
    """Return each match of a form that names a day of the calendar, with that day."""
    plain = text.translate(_PLAIN)
    for form in _FORMS:
        for match in form.finditer(plain):
            if day := _iso(match):
                yield match, day


def _iso(found: re.Match[str]) -> str:
    parts = found.groupdict()
    month = _MONTH_OF[unicodedata.normalize("NFKC", parts["name"]).lower()] if parts.get("name") else int(parts["month"])
    day = int(parts["day"])
    try:
        return datetime.date(int(parts["year"]), month, day).isoformat()
    except ValueError:
        return ""
