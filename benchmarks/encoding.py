"""Encodings, measured: pages declared in every wrong way, files that declare nothing, text damaged before it came, and text
that is well.

    python benchmarks/encoding.py [pages|files|damage|site|clean|speed ...] [--man DIR] [--locale DIR] [--folds]

The sentences in `benchmarks/encoding/sentences` are our own. Manual pages and message catalogues of the distribution are read
where they
are installed (`apt-get install manpages-fr manpages-de …`), as text that nobody here has written or tuned on. Peers that are not
installed are left out. `--folds` learns the letter pairs from one half of the sentences and measures on the other.
"""

from __future__ import annotations

import argparse
import gettext
import glob
import gzip
import html
import re
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from encoding_model import SENTENCES, as_in_1258, learn, sentences

from pipeline import clean
from pipeline.encoding import repair_texts
from pipeline.settings import EncodingSettings
from pipeline.text import detect, letters
from pipeline.text.charsets import decode
from pipeline.text.mojibake import mend_texts
from pipeline.text.plans import MISREAD_AS

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
        before = utf8[:high].decode()
        yield (
            "utf-8, cut inside a character",
            utf8[: high + 1],
            "",
            [x for x in lines if before.count(html.escape(x, quote=False)) > 0],
        )
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
            own = f"<p>{spelt[-1]}</p>\n".encode(codec)
            yield "utf-8, paragraph of the legacy charset", good[:cut] + own + good[cut:], "", [*lines, spelt[-1]]


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


# ── Files that declare nothing ────────────────────────────────────────────────────────────────────────────────────────────────


def files(args: argparse.Namespace) -> None:
    """Legacy files without a declaration: is the text the same, and how long does it take?"""
    tools: dict[str, Callable[[bytes], str]] = {"dechrome decode": lambda body: decode(body).text}
    if args.peers:
        tools |= _detectors()
    good: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter()
    seconds: Counter[str] = Counter()
    failed: Counter[tuple[str, str, str]] = Counter()
    for language, labels in LEGACY.items():
        for text in _documents(language, args):
            for label in labels.split():
                spelt = as_spelt(text, language, label)
                body = spelt.encode(codec_of(label))
                if body.isascii() and label != "iso-2022-jp":
                    continue
                total[label] += 1
                for tool, read in tools.items():
                    started = time.process_time()
                    found = read(body)
                    seconds[tool] += time.process_time() - started
                    same = norm(found) == norm(spelt)
                    good[tool, label] += same
                    if not same and tool == "dechrome decode":
                        failed[language, label, decode(body).charset] += 1
    count = sum(total.values())
    heading(f"Files that declare nothing: {len(total)} charsets, {count} files", tools)
    for label in total:
        row(label, [good[tool, label] / total[label] for tool in tools])
    row("all", [sum(good[tool, label] for label in total) / count for tool in tools])
    row("ms a file", [1e3 * seconds[tool] / count for tool in tools])
    if args.verbose:
        for what, number in failed.most_common(30):
            print("  ", *what, number)


def _documents(language: str, args: argparse.Namespace) -> list[str]:
    """Return texts of a language: manual pages where they are installed, else our own sentences, eight together."""
    found = ["\n".join(lines) for lines in list(_man_pages(language, args.man))[: args.documents] if lines]
    own = TEXTS[language]
    return [text for text in found if not text.isascii()] or ["\n".join(own[at : at + 8]) for at in range(0, len(own), 8)]


_MAN = {"pt": "pt_BR", "zh": "zh_CN", "zh-tw": "zh_TW"}


def _man_pages(language: str, root: str) -> Iterator[list[str]]:
    for path in sorted(glob.glob(f"{root}/{_MAN.get(language, language)}/man*/*.gz")):
        with gzip.open(path) as stream:
            text = stream.read().decode("utf-8", "replace")
        text = re.sub(r"\\f[BIRP]|\\[&-]|^[.'].{0,3}\s?", " ", text, flags=re.MULTILINE)
        yield [" ".join(line.split()) for line in text.split("\n") if line.strip() and "\ufffd" not in line]


def _detectors() -> dict[str, Callable[[bytes], str]]:
    found: dict[str, Callable[[bytes], str]] = {}
    try:
        import cchardet
    except ImportError:
        pass
    else:
        found["cchardet"] = lambda body: _decoded(body, cchardet.detect(body)["encoding"])
    try:
        import chardet
    except ImportError:
        pass
    else:
        found["chardet"] = lambda body: _decoded(body, chardet.detect(body)["encoding"])
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        pass
    else:
        found["charset-normalizer"] = lambda body: str(from_bytes(body).best() or "")
    try:
        from resiliparse.parse.encoding import detect_encoding
    except ImportError:
        pass
    else:
        found["resiliparse"] = lambda body: _decoded(body, detect_encoding(body))
    return found


def _decoded(body: bytes, charset: str | None) -> str:
    try:
        return body.decode(charset or "utf-8", "replace")
    except LookupError:
        return ""


# ── Text that was damaged before it came ──────────────────────────────────────────────────────────────────────────────────────

DAMAGES = {
    "cp1252": ["cp1252"], "latin-1": ["latin-1"], "double": ["cp1252", "cp1252"],
    "latin-1 twice": ["latin-1", "latin-1"], "cp1250": ["cp1250"],
    "cp1251": ["cp1251"], "cp437": ["cp437"], "mac-roman": ["mac-roman"], "cp850": ["cp850"],
    "iso-8859-15": ["iso8859-15"], "cp1254": ["cp1254"],
    "iso-8859-2": ["iso8859-2"], "koi8-r": ["koi8-r"], "cp866": ["cp866"], "cp1253": ["cp1253"],
}  # fmt: skip


def misread(text: str, charset: str) -> str:
    """Return UTF-8 read in a charset, as lenient software does: bytes that it does not define come out as C1 controls."""
    return "".join(_char_of(code, charset) for code in text.encode())


def _char_of(code: int, charset: str) -> str:
    char = bytes([code]).decode(charset, "replace")
    return chr(code) if char == "\ufffd" else char


def damage(args: argparse.Namespace) -> None:
    """Documents of eight lines, damaged: is each line as it was?"""
    import ftfy

    config = ftfy.TextFixerConfig(unescape_html=False, uncurl_quotes=False, normalization=None, fix_latin_ligatures=False)
    tools: dict[str, Callable[[str], str]] = {
        "dechrome": _mended,
        "ftfy (by line)": lambda text: ftfy.fix_text(text, config),
        "ftfy (whole)": lambda text: ftfy.fix_encoding(text, config),
    }
    good: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter()
    failed: Counter[tuple[str, str]] = Counter()
    for language, own in TEXTS.items():
        for at in range(0, min(len(own), args.lines), 8):
            text = "\n".join(own[at : at + 8])
            for name, damaged, right in _damaged(text, language):
                if damaged == right:
                    continue
                total[name] += 1
                for tool, mend in tools.items():
                    same = mend(damaged) == right
                    good[tool, name] += same
                    if not same and tool == "dechrome":
                        failed[name, language] += 1
    heading(f"Documents damaged before they came: {sum(total.values())}", tools)
    for name in total:
        row(f"{name} ({total[name]})", [good[tool, name] / total[name] for tool in tools])
    if args.verbose:
        for (name, language), number in sorted(failed.items()):
            print("  ", name, language, number)


def _mended(text: str) -> str:
    return "\n".join(one.text for one in mend_texts(text.split("\n")))


def _damaged(text: str, language: str) -> Iterator[tuple[str, str, str]]:
    """Return (kind of damage, damaged text, what it was)."""
    for name, steps in DAMAGES.items():
        hurt = text
        for charset in steps:
            hurt = misread(hurt, charset)
        yield name, hurt, text
    lines = text.split("\n")
    yield "cp1252, half the lines", "\n".join(misread(x, "cp1252") if i % 2 else x for i, x in enumerate(lines)), text
    yield "cp1251, half the lines", "\n".join(misread(x, "cp1251") if i % 2 else x for i, x in enumerate(lines)), text
    for label in LEGACY.get(language, "").split():
        if codec_of(label) in ("windows-1252", "iso-8859-1", "iso-8859-15", "mac-roman", "cp850", "iso-2022-jp"):
            continue
        spelt = as_spelt(text, language, label)
        yield "legacy charset read as cp1252", "".join(_char_of(c, "cp1252") for c in spelt.encode(codec_of(label))), spelt


def site(args: argparse.Namespace) -> None:
    """Fragments of damaged text, alone and with other pages of their site known to be damaged so; well lines on such sites."""
    good: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter()
    for own in TEXTS.values():
        for name, steps in DAMAGES.items():
            for text in (" ".join(line.split()[:words]) for line in own for words in (3, 8, 99)):
                damaged = misread(text, steps[0])
                if len(steps) == 1 and damaged != text:
                    total[name] += 1
                    good["alone", name] += mend_texts([damaged])[0].text == text
                    good["its site known", name] += mend_texts([damaged], (), steps)[0].text == text
    tools = ["alone", "its site known"]
    heading(f"Fragments of 3 words, 8 words and a sentence: {sum(total.values())}", tools)
    for name in total:
        row(f"{name} ({total[name]})", [good[tool, name] / total[name] for tool in tools])
    lines = [line for own in TEXTS.values() for line in own]
    lines += sorted({line for _, found in clean_lines(args) for line in found if not line.isascii() and not DEFECT.search(line)})[
        ::12
    ]
    changed = sum(mend_texts([line], (), MISREAD_AS)[0].text != line for line in lines)
    print(f"Well lines changed on a site that is damaged in all {len(MISREAD_AS)} ways: {changed} of {len(lines)}")


# ── Text that is well ─────────────────────────────────────────────────────────────────────────────────────────────────────────


# Lines that are defective as they come: with controls, zero-width signs or marks of direction; and UTF-8 read as latin-1, since
# in no language does a sign or control of U+0080 to U+00BF stand behind Ã or Â.
DEFECT = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[ÃÂ][\x80-\xbf]"
)


def clean_lines(args: argparse.Namespace) -> list[tuple[str, list[str]]]:
    """Return (where from, lines) of text that is well: our sentences, manual pages, message catalogues."""
    found = list(TEXTS.items())
    for folder in sorted(Path(args.man).glob("*/man1")):
        found += [(f"man {folder.parent.name}", lines) for lines in _man_pages(folder.parent.name, args.man)]
    for path in sorted(Path(args.locale).glob("*/LC_MESSAGES/*.mo")):
        try:
            with path.open("rb") as stream:
                catalogue = gettext.GNUTranslations(stream)
        except (OSError, UnicodeDecodeError, LookupError):
            continue
        texts = [text for key, text in catalogue._catalog.items() if key and isinstance(text, str)]  # type: ignore[attr-defined]
        lines = [line.strip() for text in texts for line in text.split("\n") if line.strip()]
        found.append((f"messages {path.parts[-3]}", lines))
    return found


def clean_text(args: argparse.Namespace) -> None:
    """Text that is well must stay equal to the byte: as documents, and each hard line by itself."""
    import ftfy

    config = ftfy.TextFixerConfig(uncurl_quotes=False, normalization=None, fix_latin_ligatures=False)
    changed: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter()
    for name, lines in clean_lines(args):
        kind = name.split()[0] if " " in name else "sentences"
        for line, mended in zip(lines, _repaired(lines), strict=True):
            row_of = "defective as they come" if DEFECT.search(line) else kind
            total[row_of] += 1
            if line != mended:
                changed["dechrome", row_of] += 1
                if args.verbose:
                    print(f"  {name}: {line!r} → {mended!r}")
            if args.peers:
                changed["ftfy", row_of] += ftfy.fix_text(line, config) != line
    hard = (SENTENCES.parent / "hard.txt").read_text(encoding="utf-8").splitlines()
    total["hard"] = len(hard)
    for line in hard:
        [mended] = _repaired([line])
        changed["dechrome", "hard"] += mended != line
        changed["ftfy", "hard"] += ftfy.fix_text(line, config) != line
        if mended != line and args.verbose:
            print(f"  hard: {line!r} → {mended!r}")
    tools = ["dechrome", "ftfy"] if args.peers else ["dechrome"]
    heading("Lines of well text changed", [*tools, "of"])
    for kind in total:
        print(f"{kind:42}" + "".join(f"{changed[tool, kind]:24}" for tool in tools) + f"{total[kind]:24}")


def _repaired(lines: list[str]) -> list[str]:
    """Return lines as the encoding stage leaves them, all its repairs on."""
    return repair_texts(lines, EncodingSettings())[0]


# ── Speed ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def speed(args: argparse.Namespace) -> None:
    """Seconds on clean text against `ftfy.fix_text`, and milliseconds to decode files of 10 to 300 kB."""
    import ftfy

    documents = ["\n".join(lines * (1 + 400 // len(lines))) for name, lines in TEXTS.items()]
    if glob.glob(f"{args.man}/*/man1"):
        documents += ["\n".join(lines) for name, lines in clean_lines(args) if name.startswith("man")][:1500:5]
    chars = sum(map(len, documents))
    for text in documents[::7]:  # tables are read once
        _repaired(text.split("\n"))
        ftfy.fix_text(text)
    own = theirs = float("inf")
    for _ in range(3):  # in turn, the best of three: machines are busy
        own = min(own, _seconds(lambda: [_repaired(text.split("\n")) for text in documents]))
        theirs = min(theirs, _seconds(lambda: [ftfy.fix_text(text) for text in documents]))
    rates = f"dechrome {chars / own / 1e6:.1f} M/s, ftfy {chars / theirs / 1e6:.1f} M/s"
    print(f"\nClean text, {chars} characters: {rates}: {theirs / own:.1f}×")
    bodies = []
    for language, labels in LEGACY.items():
        for size, label in zip((10_000, 60_000, 300_000), ["utf-8", *labels.split()], strict=False):
            text = page_of((TEXTS[language] * (1 + size // sum(map(len, TEXTS[language]))))[: max(8, size // 60)])
            bodies.append(as_spelt(text, language, label).encode(codec_of(label)))
    decode(bodies[1])
    spent = min(_seconds(lambda: [decode(body) for body in bodies]) for _ in range(3))
    mean_kb = sum(map(len, bodies)) / len(bodies) / 1e3
    print(f"Decoding {len(bodies)} files of {mean_kb:.0f} kB: {1e3 * spent / len(bodies):.2f} ms a file")


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


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
    parser.add_argument("--documents", type=int, default=40, help="manual pages a language")
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


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "pages": pages,
    "files": files,
    "damage": damage,
    "site": site,
    "clean": clean_text,
    "speed": speed,
}

if __name__ == "__main__":
    main()
