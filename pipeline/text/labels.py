"""What pages call their charsets, and the codec that reads what they mean by it.

Browsers read a label as the superset that pages really are in (https://encoding.spec.whatwg.org/#names-and-labels); a label is
known by its letters and digits alone, and a misspelt one by being a slip of the keyboard away from a right one.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FAMILIES = {
    "utf-8": "utf8 unicode11utf8 unicode20utf8 xunicode20utf8 utf utf8mb4 utf8bom utf8unicode unicode",
    "cp1252": "ascii usascii ansi ansix341968 csisolatin1 cp819 ibm819 iso88591 iso885911987 isoir100 l1 latin1 latin "
    "xcp1252 windows1252 cp1252 win1252 1252 iso646us western westerneuropean xuserdefined userdefined",
    "iso8859-2": "csisolatin2 iso88592 iso885921987 isoir101 l2 latin2",
    "iso8859-3": "csisolatin3 iso88593 iso885931988 isoir109 l3 latin3",
    "iso8859-4": "csisolatin4 iso88594 iso885941988 isoir110 l4 latin4",
    "iso8859-5": "csisolatincyrillic cyrillic iso88595 iso885951988 isoir144",
    "iso8859-6": "arabic asmo708 csiso88596e csiso88596i csisolatinarabic ecma114 iso88596 iso885961987 iso88596e "
    "iso88596i isoir127",
    "iso8859-7": "csisolatingreek ecma118 elot928 greek greek8 iso88597 iso885971987 isoir126 suneugreek",
    "iso8859-8": "csiso88598e csisolatinhebrew hebrew iso88598 iso885981988 iso88598e isoir138 visual "
    "csiso88598i iso88598i logical",
    "iso8859-10": "csisolatin6 iso885910 isoir157 l6 latin6",
    "iso8859-13": "iso885913 l7 latin7",
    "iso8859-14": "iso885914 l8 latin8",
    "iso8859-15": "csisolatin9 iso885915 l9 latin9 latin0",
    "iso8859-16": "iso885916 l10 latin10",
    "koi8-r": "cskoi8r koi koi8 koi8r",
    "koi8-u": "koi8u koi8ru",
    "mac-roman": "csmacintosh mac macintosh xmacroman macroman",
    "mac-cyrillic": "xmaccyrillic xmacukrainian maccyrillic",
    "mac-latin2": "maclatin2 xmacce xmaccentraleurroman maccentraleurope",
    "mac-greek": "macgreek xmacgreek",
    "mac-turkish": "macturkish xmacturkish",
    "cp874": "dos874 iso885911 tis620 windows874 cp874 thai",
    "cp1250": "cp1250 windows1250 xcp1250 easteurope 1250",
    "cp1251": "cp1251 windows1251 xcp1251 1251 winkoi",
    "cp1253": "cp1253 windows1253 xcp1253 1253",
    "cp1254": "cp1254 windows1254 xcp1254 csisolatin5 iso88599 iso885991989 isoir148 l5 latin5 turkish 1254",
    "cp1255": "cp1255 windows1255 xcp1255 1255",
    "cp1256": "cp1256 windows1256 xcp1256 1256",
    "cp1257": "cp1257 windows1257 xcp1257 baltic 1257",
    "cp1258": "cp1258 windows1258 xcp1258 vietnamese 1258",
    "cp437": "cp437 ibm437 437 cspc8codepage437",
    "cp775": "cp775 ibm775",
    "cp850": "cp850 ibm850 850 dos850",
    "cp852": "cp852 ibm852 852 dos852",
    "cp855": "cp855 ibm855",
    "cp857": "cp857 ibm857",
    "cp862": "cp862 ibm862 dos862",
    "cp864": "cp864 ibm864",
    "cp866": "866 cp866 csibm866 ibm866 dos866",
    "cp737": "cp737 ibm737",
    "gb18030": "gb18030 chinese csgb2312 csiso58gb231280 gb2312 gb231280 gbk isoir58 xgbk gb euccn cp936 ms936 windows936 936",
    "hz": "hz hzgb2312 hzgb",
    "big5hkscs": "big5 big5hkscs cnbig5 csbig5 xxbig5 big5tw cp950 windows950 950",
    "euc_jp": "cseucpkdfmtjapanese eucjp xeucjp ujis",
    "iso2022_jp": "csiso2022jp iso2022jp jis",
    "cp932": "csshiftjis ms932 mskanji shiftjis sjis windows31j xsjis cp932 windows932 932 shifjis shiftjis2004",
    "cp949": "cseuckr csksc56011987 euckr isoir149 korean ksc56011987 ksc56011989 ksc5601 windows949 cp949 949 uhc ksc",
    "iso2022_kr": "csiso2022kr iso2022kr",
    "johab": "johab cp1361",
}
_LABELS = {label: charset for charset, labels in _FAMILIES.items() for label in labels.split()}
_NOISE = re.compile(r"[^a-z0-9]+")
_REAL_LABELS = tuple(label for label in _LABELS if len(label) >= 6 or label == "utf8")
_NO_CHARSET = frozenset(("utf7", "utf32", "utf32le", "utf32be", "base64", "rot13", "idna", "cesu8"))


@lru_cache(maxsize=1024)
def known_charset(label: str) -> str:
    """Return Python's codec for a declared label, widened to the superset that browsers use; "" for an unknown one.

    >>> known_charset("ISO-8859-1"), known_charset("windws-1251"), known_charset("x-unheard-of")
    ('cp1252', 'cp1251', '')
    """
    squashed = _NOISE.sub("", label.lower())
    if not squashed or squashed in _NO_CHARSET or len(squashed) > 40:
        return ""
    for name in (squashed, squashed.removeprefix("x"), squashed.removeprefix("charset"), squashed.removesuffix("charset")):
        if name in _LABELS:
            return _LABELS[name]
    page = re.fullmatch(
        r"(?:x|ms|ibm|dos|win|windows|windowscp|cp|ansi|codepage|mswindows)+(125[0-8]|874|93[26]|949|950)", squashed
    )
    if page:
        return _LABELS.get("windows" + page[1], "") or _LABELS.get("cp" + page[1], "")
    close = {_LABELS[name] for name in _REAL_LABELS if _is_a_slip(squashed, name)}
    return close.pop() if len(close) == 1 else ""


def _is_a_slip(typed: str, meant: str) -> bool:
    """Return whether a label is another with one letter wrong, missing, added, or two exchanged; its digits may only be
    exchanged.
    """
    if abs(len(typed) - len(meant)) > 1 or len(typed) < 4:
        return False
    at = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    a, b = typed[at:], meant[at:]
    if a[:2] == b[:2][::-1] and a[2:] == b[2:]:
        return True
    if a[:1].isdigit() and b[:1].isdigit() and a[1:] == b[1:]:
        return False
    if a and b and a[1:] == b[1:]:
        return True
    return (a[1:] == b and a[:1].isalpha()) or (a == b[1:] and b[:1].isalpha())
