"""Text that was decoded with the wrong charset before it reached us: found with the evidence of the whole page, mended line by
line.

One line that is surely damaged says how; then the same plan mends each line that it fits to the byte. A line for itself is mended
where ftfy sees damage and nothing speaks for the author having meant it.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

from pipeline.text.detect import SINGLE, east_asian, rank, reads_well, sample_of, score
from pipeline.text.ideographs import EVERY_COMMON
from pipeline.text.letters import fluency, folded_letter, scripts
from pipeline.text.plans import MISREAD_AS, misreading, readable_as, reread, stands_in_word, undone, undone_in_part, unread
from pipeline.text.unicode import signs_of

_PASSES = 4  # text can be damaged more than once
_EVIDENCE_LINES = 400
_PROOF = 3  # letters that one plan restores in lines that it fits wholly
_CLOSE = 0.8
_FLUENCY_CHARS = 3_000
_UNREADABLE = -12.0  # of languages whose letters nobody taught us, all that can be said is that damage reads worse
_ABOUT = re.compile(
    r"\b(?:mojibake|charset|unicode|utf-?8|utf-?16|latin-?1|iso[- ]?8859|windows-?125\d|cp-?125\d|code ?pages?|ftfy)\b|"
    r"encod|codifica|kodier|zeichensatz|kódová|kodowan|karakter kodla|"
    r"кодиров|кодуван|文字化け|文字コード|乱码|亂碼|编码|編碼|인코딩",
    re.IGNORECASE,
)
_QUOTED = "\"'`“”„‘’«»‹›()[]{}<>=/|*"
_DANGLING = re.compile(r"(?<=[a-zß-ÿ.!?:;,»”’)])Â(?=[ \u00a0\n]|$)|(?<=[ \u00a0])Â(?=[:;!?»])|(?<=«)Â(?= )")
_C1 = re.compile("[\u0080-\u009f]")
_ODD_IN_WORD = re.compile("[¡-©«-´¶¸¹»-¿×÷](?:(?<=[A-Za-z].)[a-z]|(?<=[A-Za-z].)[¡-©«-´¶¸¹»-¿×÷])")
_WESTERN_CHARS = frozenset(bytes(range(0xA1, 0x100)).decode("latin-1") + "ŒœŠšŸŽžƒ")
_NOT_WESTERN_CHAR = re.compile(
    "[^\x00-\x7f\u0080-\u00ff\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]"
)


@dataclass(frozen=True, slots=True)
class Damage:
    """What was done to a page as a whole: the charsets through which its UTF-8 was read, the one its letters are really in,
    the lines that may be damaged, and the charsets that damaged other pages of the site.
    """

    misread_as: tuple[str, ...] = ()
    really: str = ""
    suspects: frozenset[str] = frozenset()
    on_site: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mended:
    """A text with its damage mended and the steps that did it; `replay` makes the one of the other."""

    text: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Family:
    """Charsets that misread alike: a quick pattern for what may begin a damaged letter, and the exact beginnings."""

    number: int
    leads: frozenset[str]
    continuations: frozenset[str]
    pattern: re.Pattern[str]
    pairs: frozenset[str]
    triples: frozenset[str]
    signs: frozenset[str]


# Charsets that misread alike, and signs of which a page that they damaged has one at least (all, if none are named).
_FAMILIES = (
    ("cp1252 latin-1 iso8859-15 cp1254", ""),
    ("cp1250 cp1257", ""),
    ("cp1251 mac-cyrillic", ""),
    ("cp1253", ""),
    ("cp1255 cp1256", "§©«°±¶»"),
    ("mac-roman mac-latin2", "√¬ƒ≈∆–—“”‚◊Ÿ⁄‹›‡·„"),
    ("cp437 cp850 cp852 cp866", "├┬┼─╨╤╬╧╪┘┌╫└┴╠═╦╩ΓπΣσµτΦΘΩδ∞φαðÐþÞÓÔÕõã¤ıđĐ"),
    ("koi8-r koi8-u", "─│┌┐└┘├┤┬┴┼▀▄█▌▐░▒▓⌠■∙√≈≤≥⌡°²·÷═║╒╓╔"),
    ("iso8859-2 iso8859-7 iso8859-5 cp874 cp1258", "".join(map(chr, range(0x80, 0xA0)))),
)


@cache
def _families() -> tuple[_Family, ...]:
    made = []
    for number, (names, signs) in enumerate(_FAMILIES):
        tables = [misreading(charset) for charset in names.split()]
        pairs = frozenset().union(*(table.pairs for table in tables))
        triples = frozenset().union(*(table.triples for table in tables))
        leads = frozenset().union(*(table.leads for table in tables))
        seconds = frozenset(pair[1] for pair in (*pairs, *triples))
        conts = frozenset().union(*(table.continuations for table in tables))
        pattern = re.compile(f"[{re.escape(''.join(leads))}](?=[{re.escape(''.join(seconds))}])")
        made.append(_Family(number, leads, conts, pattern, pairs, triples, frozenset(signs)))
    return tuple(made)


_LONG_TEXT = 4_000  # from here on arrays are quicker than patterns
_CAPITAL_IN_WORD = re.compile("[a-z][ĂĆĹ][^\x00-\x7f]")  # "configuraciĂłn": what follows may be any letter of the language
_LONE = re.compile("[ÂÃ][ \u00a0\ufffd]|Â$|â€|Â[:;!?]", re.MULTILINE)
# All damage puts characters outside ASCII beside each other, but for what lost its second half.
_HINT = re.compile(f"[^\x00-\x7f][^\x00-\x7f]|[\x80-\x9f]|{_LONE.pattern}", re.MULTILINE)
_CONTROLS = frozenset(map(chr, range(0x80, 0xA0)))


def looks_suspicious(text: str) -> bool:
    """Return whether a text may be mojibake; a quick check that lets most texts pass."""
    return _HINT.search(text) is not None and _is_suspicious(text, signs_of(text))


def _suspects(lines: Iterable[str], signs: set[str]) -> frozenset[str]:
    """Return those lines of a page that may be mojibake; `signs` are the characters that the page consists of."""
    families = _families_of(signs)
    hinted = {line for line in lines if _HINT.search(line)}
    return frozenset(line for line in hinted if _is_suspicious(line, signs_of(line), families))


def _families_of(signs: set[str], among: Sequence[_Family] | None = None) -> tuple[_Family, ...]:
    """Return the families that may have damaged a text of these characters."""
    return tuple(
        family
        for family in (_families() if among is None else among)
        if not signs.isdisjoint(family.leads)
        and not signs.isdisjoint(family.continuations)
        and (not family.signs or not signs.isdisjoint(family.signs))
    )


def _is_suspicious(text: str, signs: set[str], among: Sequence[_Family] | None = None) -> bool:
    """Return whether a text of these characters holds what damage begins with."""
    if not signs.isdisjoint(_CONTROLS):
        return True
    families = _families_of(signs, among)
    if families:
        places: Iterable[int]
        if len(text) >= _LONG_TEXT and max(signs) < "\ud800":
            places = _places(text, sum(1 << family.number for family in families))
        else:
            places = (found.start() for family in families for found in family.pattern.finditer(text))
        for at in places:
            pair, third = text[at : at + 2], text[at + 2 : at + 3]
            for family in families:
                if pair in family.pairs or (pair in family.triples and third in family.continuations):
                    return True
    if "â" in signs and "€" in signs and "â€" in text:
        return True
    if not signs.isdisjoint("ĂĆĹ") and _CAPITAL_IN_WORD.search(text):
        return True
    return ("Â" in signs or "Ã" in signs) and _LONE.search(text) is not None


def _places(text: str, families: int) -> Iterable[int]:
    """Return where a character that begins damage stands before one that goes on with it, for the families of these bits."""
    import numpy as np

    codes = np.frombuffer(text.encode("utf-16-le"), dtype="<u2")
    leads, seconds = _bits()
    places = np.flatnonzero(codes[:-1] >= 0x80)  # nothing in ASCII begins damage
    places = places[(leads[codes[places]] & seconds[codes[places + 1]] & families) > 0]
    found: list[int] = places.tolist()
    return found


@cache
def _bits() -> tuple[Any, Any]:
    """Return for each UTF-16 unit the families in which it begins damage, and in which it stands second."""
    import numpy as np

    leads, seconds = np.zeros(0x10000, dtype=np.int16), np.zeros(0x10000, dtype=np.int16)
    for family in _families():
        leads[list(map(ord, family.leads))] |= 1 << family.number
        seconds[[ord(pair[1]) for pair in (*family.pairs, *family.triples)]] |= 1 << family.number
    return leads, seconds


@lru_cache(maxsize=4)
def is_well(whole: str) -> bool:
    """Return whether the text of a page needs no closer look; two stages ask."""
    if whole.isascii():
        return True
    signs = signs_of(whole)
    return not _is_suspicious(whole, signs) and not _may_be_misread(whole, signs)


def mend_texts(texts: Sequence[str], others: Sequence[str] = (), on_site: Sequence[str] = ()) -> list[Mended]:
    """Return each text of a page with its mojibake mended; well text comes back as it is, and mending again changes nothing.

    `others` are texts of the page that are evidence alone; `on_site` names the charsets through which other pages of its site
    were damaged, the likeliest first.
    """
    mended = [Mended(text) for text in (*texts, *others)]
    whole = "\n".join((*texts, *others))
    for _ in range(_PASSES):
        if whole.isascii():
            break
        signs = signs_of(whole)
        suspicious = _is_suspicious(whole, signs)
        if not suspicious and not on_site and not _may_be_misread(whole, signs):
            break
        damage = replace(_damage_of(whole, signs, suspicious), on_site=tuple(on_site))
        if not damage.suspects and not damage.really and not on_site:
            break
        again = [_mended_once(one, damage) for one in mended]
        if again == mended:
            break
        mended = again
        whole = "\n".join(one.text for one in mended)
    return mended[: len(texts)]


def repair_mojibake(text: str) -> tuple[str, str]:
    """Return a text with its mojibake mended, its lines being all the evidence, and the plan; well text comes back as it is.

    >>> repair_mojibake("cafÃ©"), repair_mojibake("naïve café")
    (('café', 'cp1252 > utf-8'), ('naïve café', ''))
    """
    [mended] = mend_texts([text])
    return mended.text, "; ".join(mended.steps)


def replay(text: str, plan: str) -> str:
    """Return what the steps of a plan make of the text that they were made for.

    >>> replay("cafÃ©", "cp1252 > utf-8")
    'café'
    """
    lines = text.split("\n")
    for step in filter(None, plan.split("; ")):
        where, _, what = step.rpartition(": ")
        chosen = [int(number) - 1 for number in where.removeprefix("lines ").split(",")] if where else range(len(lines))
        for at in chosen:
            lines[at] = _apply(lines[at], what)
    return "\n".join(lines)


def _apply(line: str, step: str) -> str:
    if step == _DROP_DANGLING:
        return _DANGLING.sub("", line)
    if step.startswith("ftfy "):
        import ftfy

        steps: Any = [ftfy.ExplanationStep(*name.split(" ", 1)) for name in step.removeprefix("ftfy ").split(", ")]
        return str(ftfy.apply_plan(line, steps))
    was, _, right = step.removesuffix(_ON_SITE).partition(" > ")
    if right == "utf-8 in part":
        return undone_in_part(line, was)
    found = undone(line, was) if right == "utf-8" else reread(line, was, right)
    return line if found is None else found


_ON_SITE = " as on other pages of the site"
_DROP_DANGLING = "drop Â of a lost NBSP"


def _damage_of(whole: str, signs: set[str], suspicious: bool) -> Damage:
    """Return what was done to a page of these characters, by the lines that are surely damaged."""
    lines = tuple(sorted(line for line in whole.split("\n") if not line.isascii()))
    return _damage_in(lines, suspicious, _may_be_misread(whole, signs), _ABOUT.search(whole) is not None)


@lru_cache(maxsize=4)
def _damage_in(lines: tuple[str, ...], suspicious: bool, may_be_misread: bool, is_about: bool) -> Damage:
    """Return what was done to a page with these lines, in any order: two stages ask, each with an order of its own."""
    suspects = _suspects(lines, signs_of("\n".join(lines))) if suspicious else frozenset()
    telling = [line for line in lines if line in suspects and not _ABOUT.search(line)][:_EVIDENCE_LINES]
    if telling and (proven := _proven(telling, is_about)):
        return Damage(proven, suspects=suspects)
    return Damage(really=_really(lines) if may_be_misread else "", suspects=suspects)


def _proven(lines: Sequence[str], is_about: bool) -> tuple[str, ...]:
    """Return the charsets that undo the damage of enough lines, the best first.

    Three letters are enough, or one inside a word where it could not be, unless the page is about such things (`is_about`).
    Where two undo as much (iso-8859-15 and cp1252 share most letters), the one whose letters read better is right.
    """
    readings: dict[str, list[str]] = {}
    signs = [(line, frozenset(char for char in line if not char.isascii())) for line in lines]
    for charset in MISREAD_AS:
        able = readable_as(charset)
        pairs = [
            (line, mended)
            for line, used in signs
            if used <= able and (mended := undone(line, charset, is_strict=True)) and _is_plausible(line, mended)
        ]
        found = [mended for _, mended in pairs]
        is_enough = sum(map(_restored, found)) >= _PROOF or (
            not is_about and any(stands_in_word(line, charset) and not _is_quoted(line, mended) for line, mended in pairs)
        )
        if is_enough and _reads_better([line for line, _ in pairs], found):
            readings[charset] = found
    if len(readings) < 2:
        return tuple(readings)
    most = max(sum(map(_restored, found)) for found in readings.values())
    close = [charset for charset, found in readings.items() if sum(map(_restored, found)) >= _CLOSE * most]
    if len({tuple(readings[charset]) for charset in close}) > 1:
        close.sort(key=lambda charset: -_sense("\n".join(readings[charset])[:_FLUENCY_CHARS]))
    others = sorted((charset for charset in readings if charset not in close), key=lambda charset: -len(readings[charset]))
    return (*close, *others)


def _reads_better(before: Sequence[str], after: Sequence[str]) -> bool:
    """Return whether lines read better mended: what is well reads well already."""
    mended = "\n".join(after)[:_FLUENCY_CHARS]
    usual = _usual_ideographs(mended)
    if usual is not None:
        return usual > 0.3
    was, now = fluency("\n".join(before)[: 2 * _FLUENCY_CHARS]), fluency(mended)
    return now > was or was < _UNREADABLE


def _usual_ideographs(text: str) -> float | None:
    """Return the share of the characters of an East Asian text that all such texts use; None for a text in letters."""
    wide = [char for char in text if _kind(char) == "east"]
    return sum(char in EVERY_COMMON for char in wide) / len(wide) if len(wide) * 2 > _restored(text) else None


def _sense(text: str) -> float:
    """Return how much sense one reading of a text makes beside others of it."""
    usual = _usual_ideographs(text)
    return fluency(text, by_ascii=True) if usual is None else 10.0 * (usual - 1.0)


def _restored(text: str) -> int:
    return sum(1 for char in text if char > "\u00a0")


def _mended_once(one: Mended, damage: Damage) -> Mended:
    if one.text.isascii():
        return one
    lines = one.text.split("\n")
    done: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        mended, step = _mended_line(line, damage)
        if step and mended != line:
            lines[at] = mended
            done.setdefault(step, []).append(at + 1)
    if not done:
        return one
    steps = [step if len(lines) == 1 else f"lines {','.join(map(str, numbers))}: {step}" for step, numbers in done.items()]
    return Mended("\n".join(lines), (*one.steps, *steps))


def _mended_line(line: str, damage: Damage) -> tuple[str, str]:
    """Return a line with one layer of damage mended, and the step; ("", "") if it is well."""
    if line.isascii():
        return "", ""
    if damage.really:
        return (reread(line, "cp1252", damage.really) or "", f"cp1252 > {damage.really}") if _all_western(line) else ("", "")
    for charset in damage.misread_as:
        found = undone(line, charset)
        if found is not None and _is_plausible(line, found):
            return found, f"{charset} > utf-8"
    if (line not in damage.suspects and not damage.on_site) or _ABOUT.search(line):
        return "", ""
    if as_on_site := _as_on_site(line, damage):
        return as_on_site
    if line not in damage.suspects:
        return "", ""
    for charset in damage.misread_as[:1]:
        found = undone_in_part(line, charset)
        if found != line and _is_plausible(line, found) and not _is_quoted(line, found):
            return found, f"{charset} > utf-8 in part"
    return _by_itself(line)


def _as_on_site(line: str, damage: Damage) -> tuple[str, str] | None:
    """Return a line that would prove nothing by itself, mended as other pages of the site were, if it is wholly so damaged and
    reads better then.
    """
    for charset in damage.on_site:
        found = undone(line, charset, is_strict=True)
        if found is not None and _is_plausible(line, found) and not _is_quoted(line, found) and _reads_better([line], [found]):
            return found, f"{charset} > utf-8{_ON_SITE}"
    return None


def proven_damage(whole: str) -> tuple[str, ...]:
    """Return the charsets through which a page was surely misread, the likeliest first; () for one that may be well."""
    if whole.isascii() or not _is_suspicious(whole, signs := signs_of(whole)):
        return ()
    return _damage_of(whole, signs, suspicious=True).misread_as


def _by_itself(line: str) -> tuple[str, str]:
    """Return a line that only ftfy speaks for, unless what it would mend was meant."""
    import ftfy

    for charset in MISREAD_AS[:2]:
        found = undone(line, charset, is_strict=True)
        if found is not None and _restored(found) >= 2 and _is_plausible(line, found) and not _is_quoted(line, found):
            return found, f"{charset} > utf-8"
    fixed = ftfy.fix_encoding_and_explain(line, _config())
    if (
        fixed.text != line
        and _is_plausible(line, fixed.text)
        and not _is_quoted(line, fixed.text)
        and not _only_drops(line, fixed.text)
    ):
        for charset in MISREAD_AS:  # the shorter plan, where it does the same
            if undone(line, charset) == fixed.text:
                return fixed.text, f"{charset} > utf-8"
        return fixed.text, "ftfy " + ", ".join(f"{step.action} {step.parameter}" for step in fixed.explanation or ())
    if _DANGLING.search(line):
        return _DANGLING.sub("", line), _DROP_DANGLING
    return "", ""


def _only_drops(line: str, mended: str) -> bool:
    """Return whether all that a repair does is to take a capital Â away, which French and Romanian need."""
    return "Ã" not in line and "".join(line.replace("Â", "").split()) == "".join(mended.replace("Â", "").split())


@lru_cache(maxsize=1)
def _config() -> Any:
    import ftfy

    return ftfy.TextFixerConfig(unescape_html=False, uncurl_quotes=False, normalization=None)


def _is_quoted(line: str, mended: str) -> bool:
    """Return whether damage stands alone between quotes, or beside its mended form: then somebody writes about it."""
    start = next((at for at, (a, b) in enumerate(zip(line, mended, strict=False)) if a != b), 0)
    end = next((at for at, (a, b) in enumerate(zip(reversed(line), reversed(mended), strict=False)) if a != b), 0)
    damaged = line[start : len(line) - end]
    before, after = line[start - 1 : start], line[len(line) - end : len(line) - end + 1]
    if before and after and before in _QUOTED and after in _QUOTED:
        return True
    was, now = Counter(_TOKENS.findall(line)), Counter(_TOKENS.findall(mended))
    is_beside = any(now[word] > was[word] > 0 for word in now if len(word) > 2 and not word.isascii())
    return is_beside and len(damaged) < len(line) / 2


_TOKENS = re.compile(r"\w+")


# ── What mended text may look like ──────────────────────────────────────────────────────────────────────────────────────────


def _is_plausible(before: str, after: str) -> bool:
    """Return whether a mended line is text: letters of one script to a word, usual signs, no small letter behind capitals."""
    fresh = set(after) - set(before)
    for char in fresh:
        if char > "\x7f" and not _is_usual(char):
            return False
    if any(_is_mixed(word) for word in _WORDS.findall(after)):
        return False
    return not (fresh & _LOWER and _CAPITALS_AND_SMALL.search(after) and not _CAPITALS_AND_SMALL.search(before))


def _is_mixed(word: str) -> bool:
    """Return whether a word has letters of two scripts; "URL에" and "بAltGr" are usual where small letters have no capitals."""
    kinds = {kind for char in word if char.isalpha() and (kind := _kind(char))}
    return len(kinds) > 1 and not (len(kinds) == 2 and "latin" in kinds and kinds & _WITHOUT_CASE and _ascii_or_caseless(word))


def _ascii_or_caseless(word: str) -> bool:
    return all(char.isascii() or _kind(char) != "latin" for char in word)


_WITHOUT_CASE = frozenset("east arabic hebrew thai indic khmer burmese ethiopic tibetan syriac".split())
_WORDS = re.compile(r"(?<![^\W\d_])[A-Za-z]*+[^\x00-\x7f\W\d_][^\W\d_]*")
_LOWER = frozenset(map(chr, range(0xDF, 0x100)))
_CAPITALS_AND_SMALL = re.compile("[A-Z]{2}[ß-ÿ](?![a-z])")


@lru_cache(maxsize=4096)
def _is_usual(char: str) -> bool:
    category = unicodedata.category(char)
    if category[0] == "L":
        return _kind(char) != "odd"
    return (category[0] in "MNPSZ" and (_kind(char) not in ("", "odd") or _SIGNS.match(char) is not None)) or char in _JOINERS


_SIGNS = re.compile("[\u00a0-\u00bf×÷\u02b0-\u036f\u2000-\u2bff\u3000-\u303f\ufe00-\ufe0f\ufffc\ufffd\U0001f000-\U0001faff]")
_JOINERS = frozenset("\u00ad\u200b\u200c\u200d\u200e\u200f\ufeff")


@lru_cache(maxsize=4096)
def _kind(char: str) -> str:
    """Return the script of a letter, coarsely; "odd" for letters that text hardly has."""
    code = ord(char)
    for first, last, kind in _KINDS:
        if first <= code <= last:
            return kind
    return "odd" if unicodedata.category(char)[0] == "L" else ""


_KINDS = (
    (0x41, 0x1DC, "latin"), (0x1E6, 0x1EB, "latin"), (0x218, 0x21F, "latin"),
    (0x1E00, 0x1EFF, "latin"), (0x250, 0x2AF, "latin"), (0x2B0, 0x36F, ""),
    (0x370, 0x3FF, "greek"), (0x1F00, 0x1FFF, "greek"), (0x400, 0x52F, "cyrillic"), (0x530, 0x58F, "armenian"),
    (0x590, 0x5FF, "hebrew"), (0x600, 0x6FF, "arabic"), (0x750, 0x77F, "arabic"), (0xFB50, 0xFDFF, "arabic"),
    (0xFE70, 0xFEFF, "arabic"), (0x900, 0xDFF, "indic"), (0xE00, 0xEFF, "thai"), (0x10A0, 0x10FF, "georgian"),
    (0x1100, 0x11FF, "east"), (0x3040, 0x30FF, "east"), (0x4E00, 0x9FFF, "east"), (0xAC00, 0xD7AF, "east"),
    (0xFF00, 0xFFEF, "east"), (0x1780, 0x17FF, "khmer"), (0x1000, 0x109F, "burmese"), (0x1200, 0x139F, "ethiopic"),
    (0xF00, 0xFFF, "tibetan"), (0x700, 0x74F, "syriac"), (0x780, 0x7BF, "thaana"), (0x3100, 0x31FF, "east"),
    (0x3400, 0x4DBF, "east"), (0xF900, 0xFAFF, "east"), (0x1800, 0x18AF, "mongolian"), (0x13A0, 0x13FF, "cherokee"),
    (0x1400, 0x167F, "syllabics"), (0x2C60, 0x2C7F, "latin"), (0x2D30, 0x2D7F, "tifinagh"), (0x1C90, 0x1CBF, "georgian"),
    (0xA000, 0xA4CF, "yi"), (0xA720, 0xA7FF, "latin"), (0xA960, 0xA97F, "east"), (0xAA00, 0xAADF, "indic"),

)  # fmt: skip


# ── Text in an older charset that was read as cp1252 ────────────────────────────────────────────────────────────────────────


def _may_be_misread(whole: str, signs: set[str]) -> bool:
    """Return whether the letters of a page are Western ones that no language has together, or signs stand inside words."""
    odd = signs & _WESTERN_CHARS
    if not odd:
        return False
    used = {char for char in odd if char.isalpha()} - _NO_LETTERS
    if used and _strange_share(whole, used) > _STRANGE_SHARE:
        return True
    return not signs.isdisjoint(_ODD_SIGNS) and _ODD_IN_WORD.search(whole) is not None


def _strange_share(whole: str, used: set[str]) -> float:
    """Return the share of the letters outside ASCII that the language which lacks fewest of them lacks."""
    folded = {folded_letter(char) for char in used}
    missing = min((folded - alphabet for alphabet in scripts()["latin"].alphabets.values()), key=len)
    if not missing:
        return 0.0
    strange = sum(whole.count(char) for char in used if folded_letter(char) in missing)
    return strange / sum(map(whole.count, used)) if strange >= _LEAST_STRANGE else 0.0


_STRANGE_SHARE, _LEAST_STRANGE = 0.1, 2
_NO_LETTERS = frozenset("ªºµ")
_ODD_SIGNS = frozenset("¡¢£¤¥¦§¨©«¬®¯°±²³´¶¸¹»¼½¾¿×÷")


def _all_western(line: str) -> bool:
    return _NOT_WESTERN_CHAR.search(line) is None


def _really(lines: Iterable[str]) -> str:
    """Return the charset in which lines that were read as cp1252 make sense, if they make far more sense there; else ""."""
    western = (line for line in lines if _all_western(line) and not _ABOUT.search(line))
    whole = b"\n".join(body for line in itertools.islice(western, _EVIDENCE_LINES) if (body := unread(line, "cp1252")))
    sample = sample_of(whole)
    if sample.high_count < _LEAST_BYTES:
        return ""
    own = score(sample, "cp1252")
    own_score = own.score if own else -_NOT_WESTERN * sample.high_count
    wide, share = east_asian(sample)
    if wide and share >= 0.55 and sample.high_count >= 2 * _LEAST_BYTES and own_score < -9.0 * sample.high_count:
        return wide
    guess = next((guess for guess in rank(sample) if guess.charset not in _READ_ALIKE), None)
    if guess is None:
        return ""
    in_latin = SINGLE[guess.charset][0] == "latin"
    if not in_latin and len(_BESIDE_LATIN.findall(whole)) > 0.3 * sample.high_count:
        return ""  # words of another script are not half Latin
    lead = guess.score - own_score
    return guess.charset if reads_well(sample, guess) and lead > 15.0 and lead > 2.2 * sample.high_count else ""


_LEAST_BYTES = 6
_NOT_WESTERN = 25.0
_BESIDE_LATIN = re.compile(rb"[A-Za-z](?=[\x80-\xff])|[\x80-\xff](?=[A-Za-z])")
_READ_ALIKE = frozenset(
    "cp1252 iso8859-15 mac-roman mac-turkish cp850 cp437 cp857 cp775 cp864 cp862 cp869 iso8859-14 iso8859-3 iso8859-10".split()
)
