"""Dates as pages print them, in the languages whose month names are listed here."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Iterator, Mapping

from pipeline.text.memory import remembered

_MONTHS = {
    1: "january jan januar jänner janvier janv enero ene gennaio gen janeiro januari stycznia января январь ocak "
    "januára ianuarie يناير जनवरी січня ledna tammikuuta ιανουαρίου"
    " január januarja januara siječnja јануар јануара януари gener ינואר জানুয়ারি",
    2: "february feb februar février févr fevrier febrero febbraio fevereiro fev februari lutego февраля февраль "
    "şubat februarie فبراير फरवरी फ़रवरी лютого února helmikuuta φεβρουαρίου"
    " februára február februarja februara veljače фебруар фебруара февруари febrer פברואר ফেব্রুয়ারি",
    3: "march mar märz mars marzo março marco maart marca марта март mart marts maret martie مارس मार्च березня "
    "března maaliskuuta μαρτίου"
    " március ožujka març מרץ মার্চ",
    4: "april apr avril avr abril abr aprile kwietnia апреля апрель nisan aprilie أبريل ابريل إبريل अप्रैल "
    "квітня dubna huhtikuuta απριλίου"
    " apríla április aprila travnja април априла אפריל এপ্রিল",
    5: "may mai mayo maggio mag maio mei maj maja мая май mayıs مايو मई травня května toukokuuta μαΐου"
    " mája május svibnja мај маја maig מאי মে",
    6: "june jun juni juin junio giugno giu junho czerwca июня июнь haziran iunie يونيو जून червня června kesäkuuta ιουνίου"
    " júna június junija juna lipnja јун јуна юни juny יוני জুন",
    7: "july jul juli juillet juil julio luglio lug julho lipca июля июль temmuz iulie يوليو जुलाई липня "
    "července heinäkuuta ιουλίου"
    " júla július julija jula srpnja јул јула юли juliol יולי জুলাই",
    8: "august aug août aout agosto ago augustus augusti sierpnia августа август ağustos agustus أغسطس اغسطس "
    "अगस्त серпня srpna elokuuta αυγούστου"
    " augusta augusztus avgusta avgust kolovoza agost אוגוסט আগস্ট",
    9: "september sep sept septembre septiembre settembre set setembro września сентября сентябрь eylül "
    "septembrie سبتمبر सितंबर सितम्बर вересня září syyskuuta σεπτεμβρίου"
    " septembra szeptember septembar rujna септембар септембра септември setembre ספטמבר সেপ্টেম্বর",
    10: "october oct oktober okt octobre octubre ottobre ott outubro out października октября октябрь ekim "
    "octombrie أكتوبر اكتوبر अक्टूबर अक्तूबर жовтня října lokakuuta οκτωβρίου"
    " októbra október oktobra oktobar октобар октобра октомври אוקטובר অক্টোবর",
    11: "november nov novembre noviembre novembro listopada ноября ноябрь kasım noiembrie نوفمبر नवंबर नवम्बर "
    "листопада listopadu marraskuuta νοεμβρίου"
    " novembra novembar studenoga studenog новембар новембра ноември נובמבר নভেম্বর",
    12: "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro grudnia декабря декабрь "
    "aralık desember decembrie ديسمبر दिसंबर दिसम्बर грудня prosince joulukuuta δεκεμβρίου"
    " decembra decembar prosinca децембар децембра декември desembre דצמבר ডিসেম্বর",
}
# Thai dates count years from the death of the Buddha.
_THAI = "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม".split()
_THAI_SHORT = "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split()
_BUDDHIST_ERA, _LAST_YEAR = 543, 2400  # years before ours; a later one is of that era
_MONTH_OF = {
    unicodedata.normalize("NFKC", name).replace("ı", "i"): number for number, names in _MONTHS.items() for name in names.split()
}
# Months are written in capitals too, where nothing hangs on the dot of an i; digits of other scripts count as ours.
_PLAIN = str.maketrans("İIı٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯๐๑๒๓๔๕๖๗๘๙", "iii" + 5 * "0123456789")
# Letters that normal forms write as two, and pages often as one.
_AS_ONE = {"\u09af\u09bc": "\u09df", "\u09a1\u09bc": "\u09dc", "\u092b\u093c": "\u095e"}
for _two, _one in _AS_ONE.items():
    _MONTH_OF |= {name.replace(_two, _one): number for name, number in _MONTH_OF.items()}
_NAMES = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_HUNGARIAN = "január|február|március|április|május|június|július|augusztus|szeptember|október|november|december"
_SHORT_HUNGARIAN = "jan|febr|márc|ápr|máj|jún|júl|aug|szept|okt|nov|dec"
_HUNGARIAN_MONTHS = dict(zip(_SHORT_HUNGARIAN.split("|"), range(1, 13), strict=True))
_MONTH_OF |= {name: number for name, number in _HUNGARIAN_MONTHS.items() if name not in _MONTH_OF}
_MONTH_OF |= {name: number for number, name in enumerate(_HUNGARIAN.split("|"), start=1)}
_MONTH_OF |= {name: number for names in (_THAI, _THAI_SHORT) for number, name in enumerate(names, start=1)}
_THAI_NAMES = "|".join(map(re.escape, (*_THAI, *_THAI_SHORT)))
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?<!\d)(?P<day>\d\d?)\. (?P<croatian>listopada) {_YEAR}(?!\d)",  # in Polish, without the dot, it is November
        rf"(?<!\d){_YEAR}[-/.](?P<month>\d\d?)[-/.](?P<day>\d\d?)(?!\d)",
        rf"(?<!\d)(?P<day>\d\d?)(?:st|nd|rd|th|er|\.|º)?(?: de| of|,)? ב?(?P<name>{_NAMES})\.?,?(?: de| del)? {_YEAR}(?!\d)",
        rf"(?<!\w)(?P<name>{_NAMES})\.? (?P<day>\d\d?)(?:st|nd|rd|th)?,? {_YEAR}(?!\d)",
        rf"(?<!\d){_YEAR}\. (?P<name>(?:{_HUNGARIAN})|(?:{_SHORT_HUNGARIAN})(?=\.))\.? (?P<day>\d\d?)(?!\d)\.",
        rf"(?<!\d)(?P<day>\d\d?) tháng (?P<month>\d\d?)(?:,| năm|, năm)? {_YEAR}(?!\d)",
        rf"(?<!\d)(?P<day>\d\d?) ?(?P<name>{_THAI_NAMES}) ?(?:พ\.ศ\. ?)?(?P<era>2[05]\d\d)(?!\d)",
        rf"(?<!\d){_YEAR} ?[年년] ?(?P<month>\d\d?) ?[月월] ?(?P<day>\d\d?) ?[日일]",
        rf"(?<!\d)(?P<day>\d\d?)\.(?P<month>\d\d?)\.{_YEAR}(?!\d)",
        rf"(?<![\d/-])(?P<day>1[3-9]|2\d|3[01])(?P<sign>[/-])(?P<month>0?[1-9]|1[0-2])(?P=sign){_YEAR}(?!\d)",
        rf"(?<![\d/-])(?P<month>0?[1-9]|1[0-2])(?P<sign>[/-])(?P<day>1[3-9]|2\d|3[01])(?P=sign){_YEAR}(?!\d)",
    )
)
# What may stand beside the date on a line that is nothing but a date: labels, weekdays, times, zones.
_LABELS = (
    "updated published posted last modified on at am pm gmt utc est edt pst pdt cet cest bst ist date uhr stand "
    "aktualisiert veröffentlicht um publié mis à jour le publicado actualizado el a las pubblicato il alle ore "
    "опубликовано обновлено в г опубліковано оновлено о р публикувано обновена обновено ч објављено ажурирано у "
    "opublikowano dodano aktualizacja dnia godz publikováno aktualizováno vydáno publikované aktualizované "
    "frissítve közzétéve publicat gepubliceerd bijgewerkt op publicerad uppdaterad den kl publiceret opdateret "
    "publisert oppdatert julkaistu päivitetty klo em atualizado às yayınlanma güncelleme tarihi saat objavljeno "
    "ažurirano u sati δημοσιεύτηκε ενημερώθηκε στις diterbitkan diperbarui pukul wib ngày cập nhật lúc đăng công bố "
    "actualitzat בתאריך פורסם עודכן בשעה نشر في بتاريخ تحديث الساعة 입력 수정 등록 "
    "등록일 작성일 게시일 승인 วันที่ เผยแพร่ เวลา น дата प्रकाशित अपडेट"
)
# Where no spaces are written, a label may stand before anything.
_UNSPACED = (
    "公開日時? 更新日時? 投稿日時? 作成日 掲載日 发布时间 发布日期 发布于 更新时间 日期 时间 發布時間 發布日期 更新時間 發佈時間"
)
_WEEKDAYS = (
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday montag dienstag mittwoch "
    "donnerstag freitag samstag sonntag lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves "
    "viernes sábado domingo понедельник вторник среда четверг пятница суббота воскресенье понеділок вівторок середа "
    "четвер пʼятниця п'ятниця п’ятниця субота неділя poniedziałek wtorek środa czwartek piątek sobota niedziela pondělí "
    "úterý středa čtvrtek pátek neděle pondelok utorok streda štvrtok piatok nedeľa ponedjeljak utorak srijeda četvrtak "
    "petak subota nedjelja maandag dinsdag woensdag donderdag vrijdag zaterdag zondag måndag tisdag onsdag torsdag fredag "
    "lördag söndag mandag tirsdag lørdag søndag maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai hétfő "
    "kedd szerda csütörtök péntek szombat vasárnap luni marți miercuri joi vineri sâmbătă duminică lunedì martedì "
    "mercoledì giovedì venerdì sabato domenica segunda-feira terça-feira quarta-feira quinta-feira sexta-feira pazartesi "
    "salı çarşamba perşembe cuma cumartesi pazar senin selasa rabu kamis jumat sabtu minggu"
)
_BESIDE = re.compile(
    r"T?\d{1,2}[:.h]\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?|\d{1,2} ?[ap]\.?m\.?|[月火水木金土日]曜日|[\W_]+|(?<!\w)(?:"
    + "|".join(f"{_LABELS} {_WEEKDAYS}".split())
    + r")(?!\w)|"
    + "|".join(_UNSPACED.split()),
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


def _month_of(parts: Mapping[str, str]) -> int:
    if parts.get("croatian"):
        return 10
    name = parts.get("name")
    if not name:
        return int(parts["month"])
    # A capital of the one alphabet may be taken for a letter of another: then it is no month's name.
    return _MONTH_OF.get(unicodedata.normalize("NFKC", name).lower(), _MONTH_OF.get(name, 0))


def _iso(found: re.Match[str]) -> str:
    parts = found.groupdict()
    year = int(parts.get("era") or parts["year"])
    year -= _BUDDHIST_ERA if year > _LAST_YEAR else 0
    month = _month_of(parts)
    day = int(parts["day"])
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return ""
