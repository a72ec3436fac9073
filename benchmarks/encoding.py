"""Encodings, measured: pages declared in every wrong way, files that declare nothing, text damaged before it came, and text
that is well.

    python benchmarks/encoding.py [pages|files|damage|clean|speed ...] [--man DIR] [--locale DIR] [--folds]

The sentences in `benchmarks/encoding/sentences` are our own. Manual pages and message catalogues of the distribution are read
where they
are installed (`apt-get install manpages-fr manpages-de …`), as text that nobody here has written or tuned on. Peers that are not
installed are left out. `--folds` learns the letter pairs from one half of the sentences and measures on the other.
"""

from __future__ import annotations

import argparse
import html
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from encoding_model import SENTENCES, as_in_1258, learn, sentences

from pipeline import clean
from pipeline.text import detect, letters
from pipeline.text.charsets import decode

LEGACY = {
    "fr": "windows-1252 iso-8859-15 macintosh", "de": "windows-1252 iso-8859-1 ibm850", "es": "windows-1252 iso-8859-1",
    "pt": "windows-1252 iso-8859-1",
    "it": "windows-1252 iso-8859-15", "nl": "windows-1252", "sv": "windows-1252 iso-8859-1", "da": "windows-1252",
    "nb": "windows-1252", "fi": "windows-1252 iso-8859-15",
    "is": "windows-1252", "ca": "windows-1252", "sq": "windows-1252", "pl": "windows-1250 iso-8859-2",
    "cs": "windows-1250 iso-8859-2", "sk": "windows-1250 iso-8859-2",
    "hu": "windows-1250 iso-8859-2", "hr": "windows-1250 iso-8859-2", "sl": "windows-1250 iso-8859-2",
    "ro": "windows-1250 iso-8859-2",
    "ru": "windows-1251 koi8-r iso-8859-5 ibm866 x-mac-cyrillic", "uk": "windows-1251 koi8-u", "bg": "windows-1251",
    "sr": "windows-1251 iso-8859-5", "be": "windows-1251",
    "mk": "windows-1251", "el": "windows-1253 iso-8859-7", "tr": "windows-1254 iso-8859-9", "he": "windows-1255 iso-8859-8",
    "ar": "windows-1256 iso-8859-6",
    "fa": "windows-1256", "lt": "windows-1257 iso-8859-13", "lv": "windows-1257 iso-8859-13", "et": "windows-1257",
    "vi": "windows-1258", "th": "windows-874",
    "ja": "shift_jis euc-jp iso-2022-jp", "zh": "gbk gb18030", "zh-tw": "big5", "ko": "euc-kr",
}  # fmt: skip
CODECS = {
    "macintosh": "mac-roman",
    "ibm850": "cp850",
    "ibm866": "cp866",
    "x-mac-cyrillic": "mac-cyrillic",
    "windows-874": "cp874",
}
SUPERSETS = {  # what a page is really in, and the label it carries
    "windows-1252": "iso-8859-1", "windows-1250": "iso-8859-2", "windows-1254": "iso-8859-9", "windows-874": "tis-620",
    "gb18030": "gb2312", "gbk": "gb2312",
    "windows-1255": "iso-8859-8", "windows-1253": "iso-8859-7", "windows-1257": "iso-8859-13", "cp932": "shift_jis",
    "cp949": "euc-kr", "windows-1251": "windows-1251",
}  # fmt: skip
MISSPELT = {
    "windows-1252": "windows1252", "windows-1250": "cp-1250", "windows-1251": "win-1251", "windows-1253": "windws-1253",
    "windows-1254": "windows 1254",
    "windows-1255": "windows_1255", "windows-1256": "CP1256", "windows-1257": "window-1257", "windows-1258": "windows-l258",
    "windows-874": "win874",
    "shift_jis": "shift-js", "gbk": "GB-K", "gb18030": "gb1803", "big5": "big-5", "euc-kr": "euckr",
}  # fmt: skip
_PLAIN = str.maketrans({
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "–": "-", "—": "-", "…": "...", "ș": "ş", "ț": "ţ",
    "Ș": "Ş", "Ț": "Ţ",
    "ی": "ي", "ٔ": "", "\u200c": " ", "œ": "oe", "€": "EUR",
})  # fmt: skip


def codec_of(label: str) -> str:
    return CODECS.get(label, label)


def as_spelt(text: str, language: str, label: str) -> str:
    """Return a text as people write it in a charset that lacks some of its signs."""
    if language == "vi" and label == "windows-1258":
        text = as_in_1258(text)
    return "".join(char if fits(char, label) else kept(char.translate(_PLAIN), label) for char in text)


def fits(text: str, label: str) -> bool:
    try:
        text.encode(codec_of(label))
    except UnicodeEncodeError:
        return False
    return True


def kept(text: str, label: str) -> str:
    return text if fits(text, label) else ""


def norm(text: str) -> str:
    import unicodedata

    return " ".join(unicodedata.normalize("NFC", text).split())


# ── Pages: each language in each scenario ──────────────────────────────────────────────────────────────────────────────────


def page_of(lines: list[str], head: str = "", lead: str = "") -> str:
    """Return an article page in HTML; `lead` stands before the head's own lines."""
    body = "\n".join(f"<p>{html.escape(line, quote=False)}</p>" for line in lines)
    top = f"<!DOCTYPE html>\n<html><head>{lead}{head}<title>{lines[0]}</title></head>"
    return f"{top}\n<body><article><h1>{lines[0]}</h1>\n{body}\n</article></body></html>\n"


def cases(language: str, lines: list[str]) -> Iterator[tuple[str, bytes, str, list[str]]]:
    """Return (scenario, bytes, Content-Type, the lines that must come out whole)."""
    page, meta = page_of(lines), '<meta charset="{}">'.format
    latin = "text/html; charset=iso-8859-1"
    utf8 = page.encode()
    yield "utf-8 bare", utf8, "", lines
    yield "utf-8 with BOM", b"\xef\xbb\xbf" + utf8, "", lines
    middle = utf8.index(b"</p>", len(utf8) // 2)
    yield "utf-8, one bad byte", utf8[: middle + 5] + b"\xff" + utf8[middle + 5 :], "", lines
    last = utf8.rindex(b"</p>")
    high = max(at for at in range(last) if utf8[at] >= 0xC0)
    if len(lines) > 1:
        yield "utf-8, cut inside a character", utf8[: high + 1], "", lines[:-1]
    yield "utf-8, meta latin-1", page_of(lines, meta("iso-8859-1")).encode(), "", lines
    yield "utf-8, header latin-1", utf8, latin, lines
    foreign = "„Ça coûte 5 €“, said the naïve señor – déjà vu à l’été."
    cut = utf8.index(b"<p>", len(utf8) // 2)
    yield "utf-8, cp1252 paragraph", utf8[:cut] + f"<p>{foreign}</p>\n".encode("cp1252") + utf8[cut:], "", [*lines, foreign]
    bom = page_of(lines, meta(LEGACY[language].split()[0])).encode("utf-8-sig")
    yield "utf-8 BOM, legacy meta", bom, "", lines
    for order in ("le", "be"):
        yield f"utf-16-{order}", page.encode(f"utf-16-{order}"), "", lines
        yield f"utf-16-{order} with BOM", ("\ufeff" + page).encode(f"utf-16-{order}"), "", lines
    entities = "".join(f"&#{ord(c)};" if i % 7 == 0 and c > "\x7f" else c for i, c in enumerate(page))
    yield "utf-8, entities mixed in", entities.encode(), "", lines
    for label in LEGACY[language].split():
        spelt = [as_spelt(line, language, label) for line in lines]
        codec = codec_of(label)
        page = page_of(spelt)
        other = "koi8-r" if not label.startswith("koi8") else "windows-1251"

        def written(head: str = "", lead: str = "", page: str = page, spelt: list[str] = spelt, codec: str = codec) -> bytes:
            return (page_of(spelt, head, lead) if head or lead else page).encode(codec)

        yield "legacy bare", written(), "", spelt
        yield "legacy, right meta", written(meta(label)), "", spelt
        yield "legacy, right header", written(), f"text/html; charset={label}", spelt
        yield "legacy, XML declaration", f'<?xml version="1.0" encoding="{label}"?>\n'.encode() + written(), "", spelt
        yield "legacy, wrong header, right meta", written(meta(label)), f"text/html; charset={other}", spelt
        yield "legacy, header latin-1, right meta", written(meta(label)), latin, spelt
        yield "legacy, header utf-8", written(), "text/html; charset=utf-8", spelt
        yield "legacy, meta utf-8", written(meta("utf-8")), "", spelt
        for size in (1024, 4096):
            script = f"<script>{'var x = 1;' * (size // 10)}</script>"
            yield f"legacy, meta after {size}", written(meta(label), script), "", spelt
        yield "legacy, misspelt label", written(meta(MISSPELT.get(label, label.replace("-", "")))), "", spelt
        if label in SUPERSETS:
            yield "legacy, named as its subset", written(meta(SUPERSETS[label])), "", spelt
        if label != "iso-2022-jp":
            mixed = page_of(spelt)
            signs = "".join(f"&#{ord(c)};" if i % 9 == 0 and c > "\x7f" else c for i, c in enumerate(mixed))
            yield "legacy, entities mixed in", signs.encode(codec), "", spelt
            good = page_of(lines).encode()
            cut = good.index(b"<p>", len(good) // 2)
            own = f"<p>{spelt[1]}</p>\n".encode(codec)
            yield "utf-8, paragraph of the legacy charset", good[:cut] + own + good[cut:], "", [*lines, spelt[1]]


def ours(body: bytes, media_type: str) -> str:
    """Return a page's headline and text, by the whole chain."""
    from pipeline.errors import Reject

    try:
        found = clean(body, media_type=media_type or None)
    except Reject:
        return ""
    return f"{found.title}\n{found.text}"


def ours_decoded(body: bytes, media_type: str) -> str:
    return decode(body, media_type).text


def by_trafilatura(body: bytes, media_type: str) -> str:  # noqa: ARG001 - it takes no header
    import trafilatura

    return trafilatura.extract(body, include_comments=False, favor_recall=True) or ""


def by_bs4(body: bytes, media_type: str) -> str:
    from bs4 import BeautifulSoup

    charset = re.search(r"charset=([\w-]+)", media_type)
    return BeautifulSoup(body, "lxml", from_encoding=charset[1] if charset else None).get_text()


def by_charset_normalizer(body: bytes, media_type: str) -> str:  # noqa: ARG001
    from charset_normalizer import from_bytes

    best = from_bytes(body).best()
    return str(best) if best else ""


def pages(args: argparse.Namespace) -> None:
    """Whole pages intact: every line of the page is in what comes out."""
    tools: dict[str, Callable[[bytes, str], str]] = {"dechrome (whole chain)": ours, "dechrome decode": ours_decoded}
    if args.peers:
        tools |= {"trafilatura": by_trafilatura, "bs4": by_bs4, "charset-normalizer": by_charset_normalizer}
    good: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter()
    failed: dict[tuple[str, str], list[str]] = defaultdict(list)
    for language in LEGACY:
        own = TEXTS[language]
        for at in range(0, min(len(own), args.lines), 8):
            for scenario, body, media_type, lines in cases(language, own[at : at + 8]):
                total[scenario] += 1
                for tool, read in tools.items():
                    text = norm(html.unescape(read(body, media_type)))
                    intact = all(norm(line) in text for line in lines)
                    good[tool, scenario] += intact
                    if not intact:
                        failed[tool, scenario].append(language)
    heading(f"Whole pages intact: {len(LEGACY)} languages, {len(total)} scenarios, {sum(total.values())} pages", tools)
    for scenario in total:
        row(scenario, [good[tool, scenario] / total[scenario] for tool in tools])
    row("all", [sum(good[tool, s] for s in total) / sum(total.values()) for tool in tools])
    if args.verbose:
        for (tool, scenario), languages in failed.items():
            if tool.startswith("dechrome"):
                print(f"  {tool}, {scenario}: {Counter(languages)}")


def heading(title: str, columns: object) -> None:
    print(f"\n{title}\n{'':42}" + "".join(f"{str(name)[:22]:>24}" for name in columns))  # type: ignore[attr-defined]


def row(name: str, values: list[float]) -> None:
    print(f"{name[:41]:42}" + "".join(f"{value:24.4f}" for value in values), flush=True)


TEXTS = {path.stem: sentences(path.stem) for path in SENTENCES.glob("*.txt")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=list(PARTS))
    parser.add_argument("--man", default="/usr/share/man", help="where manual pages lie, by language")
    parser.add_argument("--locale", default="/usr/share/locale", help="where message catalogues lie, by language")
    parser.add_argument("--lines", type=int, default=40, help="sentences a language")
    parser.add_argument("--folds", action="store_true", help="learn from one half of the sentences, measure on the other")
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    if args.folds:
        _learn_half()
    for part in args.what:
        PARTS[part](args)


def _learn_half() -> None:
    half = {name: lines[0::2] for name, lines in TEXTS.items()}
    tables = letters.unpacked(learn(half))
    letters.scripts = detect.scripts = lambda: tables  # type: ignore[assignment]
    for name in TEXTS:
        TEXTS[name] = TEXTS[name][1::2]


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {"pages": pages}

if __name__ == "__main__":
    main()
