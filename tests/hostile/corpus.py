"""Writes a corpus of hostile inputs: `python -m tests.hostile.corpus FOLDER`. The same bytes each time.

`DECHROME_HOSTILE=long` in the environment makes the largest pages ten times as large: the sizes that their names say. Each group
is a folder; GROUPS says what is in it. `write` returns how many inputs each file counts for.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import socket
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

PROSE = (
    "The ferry left the quay an hour late on Thursday, because the master had gone back for her spectacles, and nobody on "
    "board would hear of leaving without her. "
)
PART = 1 if os.environ.get("DECHROME_HOSTILE") == "long" else 10
Body = bytes | str
Bodies = Iterator[tuple[str, Body]]


def html(body: str, head: str = "<title>A page</title>") -> str:
    """Return a page round a body."""
    return f"<!DOCTYPE html><html><head>{head}</head><body><h1>A headline of the page</h1>{body}<p>{PROSE * 2}</p></body></html>"


def many(count: int) -> int:
    """Return how often something stands on a page: as often as its name says, or in the short form a tenth of that."""
    return count // PART


def html_pages() -> Bodies:
    """Markup: depth, breadth, attributes, entities, broken tags."""
    for depth in (200, 239, 241, 256, 257, 1_000, 5_000, 20_000):
        yield f"div-{depth}.html", html("<div>" * depth + PROSE + "</div>" * depth)
        yield f"unclosed-{depth}.html", html("<b><i>" * (depth // 2) + PROSE)
    for tag in ("table", "ul", "blockquote", "a", "p", "td", "select", "noscript", "form"):
        yield f"nested-{tag}.html", html(f"<{tag}>" * 400 + PROSE + f"</{tag}>" * 400)
    yield "million-tags.html", html("<p>a</p>" * many(333_000))
    yield "empty-tags-300000.html", html("<br>" * many(300_000))
    yield "spans-in-one-block.html", html("<p>" + "<span>a</span>" * many(50_000) + "</p>")
    yield "rows-20000.html", html("<table>" + "<tr><td>1</td><td>2</td></tr>" * many(20_000) + "</table>")
    yield "one-row-of-100000-cells.html", html("<table><tr>" + "<td>1</td>" * many(100_000) + "</tr></table>")
    yield "nested-tables-in-rows.html", html("<table><tr><td>" * 150 + PROSE + "</td></tr></table>" * 150)
    yield "attributes-200000.html", html("<p " + " ".join(f"a{n}=1" for n in range(many(200_000))) + f">{PROSE}</p>")
    yield "attribute-of-5-mb.html", html(f'<p class="{"x " * many(2_500_000)}">{PROSE}</p>')
    yield "attribute-without-end.html", html(f'<p class="{PROSE * 2_000}')
    yield "comment-without-end.html", html(f"{PROSE}<!-- {PROSE * 2_000}")
    yield "comments-100000.html", html("<!---->" * many(100_000) + PROSE)
    yield "script-without-end.html", html(f"{PROSE}<script>{'var a = 1; ' * many(50_000)}")
    yield "cdata.html", html("<![CDATA[" * 5_000 + PROSE)
    yield "less-than-signs.html", html("<" * many(500_000) + PROSE)
    yield "greater-than-signs.html", html(">" * many(500_000) + PROSE)
    yield "ampersands.html", html("<p>" + "&" * many(500_000) + PROSE + "</p>")
    yield "entities-200000.html", html("<p>" + "&amp;#60;" * many(200_000) + "</p>")
    yield "entities-nested.html", html("<p>&" + "amp;" * many(100_000) + "lt;</p>")
    yield "entities-of-numbers.html", html("<p>&#0;&#x110000;&#xD800;&#99999999999999999999;&#x80;&#-1;" + PROSE + "</p>")
    yield (
        "billion-laughs.html",
        (
            '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">'
            + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
            + f"]><html><body><p>&i; {PROSE}</p></body></html>"
        ),
    )
    yield (
        "external-entity.html",
        (
            '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
            f"<html><body><p>&e; {PROSE}</p></body></html>"
        ),
    )
    yield "external-dtd.html", f'<!DOCTYPE html SYSTEM "http://127.0.0.1:9/x.dtd"><html><body><p>{PROSE}</p></body></html>'
    yield "processing-instructions.html", html("<?php echo 1 ?>" * many(20_000) + PROSE)
    yield "nul-in-tags.html", html(f"<p\x00 cl\x00ass='a'>{PROSE}\x00{PROSE}</\x00p>")
    yield "frames-only.html", "<html><frameset><frame src='a'><frame src='b'></frameset></html>"
    yield "script-only.html", html("<script>document.write('x')</script>").replace(PROSE, "")
    yield "json-ld-deep.html", html(PROSE, f'<script type="application/ld+json">{"[" * many(100_000)}</script>')
    yield (
        "json-ld-odd.html",
        html(
            PROSE,
            '<script type="application/ld+json">{"@type": [1, null, {"a": []}], "author": [[[]]], "headline": {"x": 1}}</script>',
        ),
    )
    yield "json-ld-1000.html", html(PROSE, '<script type="application/ld+json">{"@type": "Article"}</script>' * 1_000)
    yield "metas-50000.html", html(PROSE, "".join(f'<meta name="a{n}" content="b">' for n in range(many(50_000))))
    yield "title-of-2-mb.html", html(PROSE, f"<title>{'word ' * many(400_000)}</title>")
    yield "canonical-odd.html", html(PROSE, '<link rel="canonical" href="http://[::1/%00\x1b]2;x\x07">')
    yield "headings-20000.html", html("<h2>A heading</h2>" * many(20_000))
    yield "links-20000.html", html("<a href='/x'>link</a> " * many(20_000))
    yield "equal-paragraphs-3000.html", html(f"<p>{PROSE}</p>" * 3_000)
    yield "svg.html", html("<svg>" + "<g><title>x</title>" * 2_000 + "</svg>" + PROSE)
    yield "template.html", html("<template>" * 300 + PROSE + "</template>" * 300)
    yield "plaintext.html", html(f"<plaintext>{PROSE * 100}")
    yield "base-loop.html", html(f'<base href="base"><iframe src="base-loop.html"></iframe>{PROSE}')


def text_pages() -> Bodies:
    """Plain text: long lines, many lines, odd characters."""
    yield "one-line-of-10-mb.txt", PROSE * many(65_000)
    yield "one-word-of-2-mb.txt", "x" * many(2_000_000)
    yield "lines-1000000.txt", "a\n" * many(1_000_000)
    yield "lines-of-prose-5000.txt", (PROSE + "\n") * 5_000
    yield "blank-lines-2000000.txt", PROSE + "\n" * many(2_000_000) + PROSE
    yield "short-lines-30000.txt", "".join(f"Item {n}\n" for n in range(many(30_000)))
    yield "spaces-5-mb.txt", PROSE + " " * many(5_000_000) + PROSE
    yield "tabs.txt", "\t" * many(500_000) + PROSE
    yield "carriage-returns.txt", PROSE + "\r" * many(500_000) + PROSE
    yield "form-feeds.txt", f"{PROSE}\f\v\x1c\x1d\x1e\x85\u2028\u2029" * 2_000
    yield "nuls.txt", "\x00".join([PROSE] * 50)
    yield "controls.txt", "".join(map(chr, range(1, 32))) + PROSE * 20
    yield "escapes.txt", f"\x1b]0;title\x07\x1b[2J\x1b[31m{PROSE}\x1b[0m\x9b31m\n" * 20
    yield "zalgo.txt", "".join(char + "\u0301\u0317\u0489" * 30 for char in PROSE) * 20
    yield "combining-1000000.txt", PROSE + "e" + "\u0301" * many(1_000_000)
    yield "right-to-left-overrides.txt", f"\u202e{PROSE}\u202c\u2066" * 500
    yield "zero-width.txt", "\u200b\u200c\u200d\ufeff".join(PROSE * 200)
    yield "private-use.txt", "\ue000\uf8ff\U0010fffd" * many(50_000) + PROSE
    yield "noncharacters.txt", "\uffff\ufdd0\U0001ffff" * 1_000 + PROSE
    yield "emoji.txt", "👩‍👩‍👧‍👦🏳️‍🌈" * many(20_000) + PROSE
    yield "full-width.txt", "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in PROSE * 100)
    yield "ligatures.txt", "\ufdfa\ufb01\u3300" * many(50_000)
    yield "quotes-open.txt", "“‘«„" * many(100_000) + PROSE
    yield "entities-as-text.txt", "&amp;amp;amp;#8217;&lt;b&gt; " * many(50_000)
    yield "mojibake-deep.txt", mojibake(PROSE + "“Été à l’île” ", 5) * 50
    yield "mojibake-long-line.txt", mojibake("“Été à l’île” ", 2) * many(20_000)
    yield "urls.txt", "".join(f"https://a.example/{'x/' * 50}{n}?q=%00\n" for n in range(5_000))
    yield "dates.txt", "1 January 99999 31/02/2020 2020-13-45T99:99:99+99:99 " * many(20_000)
    yield "formulas.txt", "".join(f"{sign}cmd|' /C calc'!A0\n" for sign in "=+-@") + PROSE
    yield "separators.txt", ("-" * 2_000 + "\n") * 2_000 + PROSE
    yield "pipes.txt", (" | ".join(["Home"] * 500) + "\n") * 500 + PROSE


def mojibake(text: str, times: int) -> str:
    """Return text damaged so many times by being read as cp1252."""
    for _ in range(times):
        text = text.encode("utf-8").decode("cp1252", "replace")
    return text


def encodings() -> Bodies:
    """Bytes: wrong and unknown charsets, cut sequences, wide ones without a mark."""
    text = (PROSE + "Été à l’île, Ærø, Łódź. ") * 30
    for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-7", "cp037", "cp1252", "iso2022_jp", "gb18030"):
        yield f"{name}.txt", text.encode(name, "ignore")
    for label in (
        "utf-8",
        "utf8;",
        "x-user-defined",
        "iso-8859-99",
        "\x00",
        "utf-16",
        "utf-7",
        "hz-gb-2312",
        "rot13",
        "zlib",
        "a" * 5_000,
    ):
        name = "".join(char if char.isalnum() else "_" for char in label)[:20]
        yield f"meta-{name}.html", html(f"<p>{text}</p>", f'<meta charset="{label}">').encode("cp1252", "ignore")
    yield (
        "meta-late.html",
        html(f"<p>{text}</p>", "<!-- " + "x" * 70_000 + ' --><meta charset="cp1252">').encode("cp1252", "ignore"),
    )
    yield "utf-8-cut.txt", text.encode()[:-1] + b"\xe2\x80"
    yield "utf-8-overlong.txt", b"\xc0\x80\xc1\xbf\xe0\x80\x80" * 500 + text.encode()
    yield "utf-8-surrogates.txt", b"\xed\xa0\x80\xed\xb0\x80" * 500 + text.encode()
    yield "utf-8-too-high.txt", b"\xf5\x80\x80\x80\xff\xfe\xfd" * 500 + text.encode()
    yield "utf-8-and-cp1252.txt", b"".join((text.encode() + b"\n", text.encode("cp1252", "ignore") + b"\n")) * 20
    yield "utf-16-odd.txt", text.encode("utf-16")[:-1]
    yield "utf-16-lone-surrogates.txt", b"\xff\xfe" + b"\x00\xd8" * 2_000 + text.encode("utf-16-le")
    yield "two-marks.txt", b"\xef\xbb\xbf\xff\xfe" + text.encode()
    yield "only-a-mark.txt", b"\xef\xbb\xbf"
    yield "high-bytes.txt", bytes(range(128, 256)) * 3_000
    yield "all-bytes.html", html("@").encode().replace(b"@", bytes(range(256)) * 200)
    noise = random.Random(1).randbytes(300_000)
    yield "noise.txt", noise
    yield "noise.html", b"<html><body><p>" + noise


def patterns() -> Bodies:
    """Lines that make a careless regular expression go back for ever."""
    for name, line in {
        "spaces-then-x": " " * 100_000 + "x", "dots": "." * 200_000, "a-bang": "a" * 200_000 + "!", "digits": "1" * 200_000 + "x",
        "commas": "1,234," * 50_000, "mail": "a@" * 100_000, "slashes": "/" * 200_000, "copyright": "© " * 50_000 + "2020",
        "share-on": "Share on " * 30_000, "by-by": "By By " * 50_000, "read-more": "Read more" * 30_000,
        "cookies": "We use cookies " * 20_000, "times": "12:00 " * 40_000, "brackets": "(" * 100_000 + ")" * 100_000,
        "breadcrumb": "Home > " * 50_000, "hyphens": "- " * 100_000, "names": "John Smith and " * 20_000, "months": "Jan Feb " * 30_000,
        "quotes": "\"'" * 100_000, "entity-starts": "&#" * 100_000, "tag-starts": "<a <" * 50_000, "camel": "aA" * 100_000,
    }.items():  # fmt: skip
        yield f"{name}.txt", f"A headline of the page\n\n{PROSE}\n{line}\n{PROSE}\n"
        yield f"{name}.html", html(f'<p class="{line[:5_000]}">{line.replace("<", "&lt;")}</p>')


def containers() -> Bodies:
    """Packed files and JSON Lines."""
    page = html(PROSE).encode()
    packed = gzip.compress(page, mtime=0)
    yield "good.html.gz", packed
    yield "twice.html.gz", gzip.compress(packed, mtime=0)
    yield "four-times.html.gz", gzip.compress(gzip.compress(gzip.compress(packed, mtime=0), mtime=0), mtime=0)
    yield "bomb.gz", gzip.compress(bytes(200_000_000), 9, mtime=0)
    yield "bomb-twice.gz", gzip.compress(gzip.compress(bytes(400_000_000), 9, mtime=0), 9, mtime=0)
    yield "members-20000.gz", gzip.compress(b"a", mtime=0) * 20_000
    yield "cut.html.gz", packed[: len(packed) // 2]
    yield "flipped.html.gz", packed[:40] + bytes([packed[40] ^ 0xFF]) + packed[41:]
    yield "stray.html.gz", packed + b"stray bytes"
    yield "header-alone.gz", packed[:10]
    yield "zlib.html", zlib.compress(page)
    yield "lines.jsonl", "".join(json.dumps({"text": PROSE, "id": f"l{n}"}) + "\n" for n in range(50))
    yield "lines.jsonl.gz", gzip.compress("".join(json.dumps({"html": html(PROSE)}) + "\n" for _ in range(20)).encode(), mtime=0)
    yield "cut.jsonl.gz", gzip.compress(b'{"text": "' + os.fsencode(PROSE) + b'"}\n' * 20_000, mtime=0)[:-200]
    yield "same-id.jsonl", (json.dumps({"id": "same", "text": PROSE}) + "\n") * 20
    yield "odd-fields.jsonl", "\n".join(
        ('{"text": 1}', '{"text": null}', '{"text": ["a"]}', '{"id": {}, "text": "' + PROSE + '"}', "[]", '"x"', "1e999999", "NaN",
         '{"text": "' + PROSE + '", "url": ["x"], "added": 5}', "{}", '{"text": ""}', '{"text": "\\ud800' + PROSE + '"}', "null")
    )  # fmt: skip
    yield "deep.jsonl", '{"text": ' + "[" * 200_000 + "\n" + json.dumps({"text": PROSE}) + "\n"
    yield "wide.jsonl", '{"a": [' + "{}," * 1_000_000 + '{}], "text": "' + PROSE + '"}\n' + json.dumps({"text": PROSE}) + "\n"
    yield "long-number.jsonl", '{"id": ' + "1" * 100_000 + ', "text": "' + PROSE + '"}\n'
    yield "no-line-end.jsonl", json.dumps({"text": PROSE})
    yield "mark.jsonl", "\ufeff" + json.dumps({"text": PROSE}) + "\n"
    yield "path-as-id.jsonl", json.dumps({"id": "../../etc/passwd", "text": PROSE}) + "\n"
    yield "escapes.jsonl", json.dumps({"id": "\x1b[2J\x07", "text": PROSE, "url": "https://a.example/\x1b]0;x\x07"}) + "\n"
    yield "blank.jsonl", "\n" * 1_000
    for name, magic in {"png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-1.7\n", "zip": b"PK\x03\x04", "elf": b"\x7fELF"}.items():
        yield f"{name}.html", magic + bytes(2_000)
    yield (
        "feed.xml",
        '<?xml version="1.0"?><rss><channel>' + f"<item><description>{PROSE}</description></item>" * 100 + "</channel></rss>",
    )


def names() -> Bodies:
    """Names of files, as a file system may hold them."""
    page = f"A headline\n\n{PROSE}\n"
    yield "new\nline.txt", page
    yield "tab\tand\x1b[31mred\x07.txt", page
    yield "n" * 251 + ".txt", page
    yield "ö" * 125 + ".txt", page
    yield "-rf.txt", page
    yield "--help.txt", page
    yield "back\\slash.txt", page
    yield "..dots..txt", page
    yield "...txt", page
    yield "a b  c .txt", page
    yield "quote'\".txt", page
    yield "[bold]rich[/bold].txt", page
    yield "{date}.txt", page
    yield "\u202etxt.exe.txt", page
    yield "con.txt", page
    yield "case.txt", page
    yield "CASE.txt", page
    yield "é.txt", page
    yield "e\u0301.txt", page
    yield "*.txt", page
    yield "no-ending", page
    yield "same.txt", page
    yield "same.txt.txt", page
    yield os.fsdecode(b"not-utf8-\xff\xfe.txt"), page
    yield "deep/" * 40 + "page.txt", page
    yield "same.txt.d/page.txt", page
    yield "empty.txt", ""
    yield "blank.txt", " \n\t \n"


GROUPS: dict[str, Callable[[], Bodies]] = {
    "html": html_pages,
    "text": text_pages,
    "encodings": encodings,
    "patterns": patterns,
    "containers": containers,
    "files": names,
}


def write(folder: Path) -> dict[str, int]:
    """Write the corpus below `folder`; returns how many files each group has."""
    counts = {}
    for group, bodies in GROUPS.items():
        counts[group] = 0
        for name, body in bodies():
            path = folder / group / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body)
            counts[group] += 1
    counts["files"] += _odd_files(folder / "files")
    return counts


def _odd_files(folder: Path) -> int:
    """Make what is no regular file, and files that cannot be read to their end."""
    before = sum(len(files) for _, _, files in os.walk(folder))
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as made:
        here = Path.cwd()
        os.chdir(folder)  # a socket's path may not be long
        made.bind("socket.txt")
        os.chdir(here)
    (folder / "loop-a.txt").symlink_to("loop-b.txt")
    (folder / "loop-b.txt").symlink_to("loop-a.txt")
    (folder / "dangling.txt").symlink_to("nowhere.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    (folder / "folder.txt").symlink_to(".")
    (folder / "proc.txt").symlink_to("/proc/self/mem")
    with (folder / "sparse.txt").open("wb") as file:
        file.truncate(50_000_000_000)
    return sum(len(files) for _, _, files in os.walk(folder)) - before + 1  # `folder.txt` counts among folders


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
