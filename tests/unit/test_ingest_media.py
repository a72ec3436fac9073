"""What a body is: HTML, text or no page, by its bytes first."""

from __future__ import annotations

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import Reject
from pipeline.ingest.media import media_of
from pipeline.model import Media

SENTENCE = "The old bridge is closed until the spring, says the mayor. "
TUTORIAL = """How to write your first page

To make a list, write <ul> and inside it <li> for each entry, and close both.
A paragraph begins with <p>; a line is broken with <br>, a picture set with <img>.
Tables take more typing, and beginners should wait with <table> until they know the rest of the language well enough.
"""


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "png"), (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"), (b"GIF89a\x01\x00", "gif"),
        (b"%PDF-1.7\n%\xe2\xe3", "pdf"), (b"PK\x03\x04\x14\x00", "zip"), (gzip.compress(b"x", mtime=0), "gzip"), (b"\xfd7zXZ\x00\x00", "xz"),
        (b"\x28\xb5\x2f\xfd\x04\x00", "zstd"), (b"SQLite format 3\x00", "sqlite"), (b"PAR1\x15\x04\x15", "parquet"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00", "mp3"), (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "riff"), (b"\x7fELF\x02\x01", "elf"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["page.html", "page.txt", "page"])
def test_known_binary_is_no_page_whatever_its_name(body: bytes, what: str, path: str) -> None:
    with pytest.raises(Reject) as reject:
        media_of(body, path, "text/html", is_html=True)
    assert (reject.value.reason, reject.value.detail) == ("not-a-page", what)


@pytest.mark.parametrize(("end", "media"), [("<title>x</title>", Media.HTML), ("<titles>x", Media.TEXT), ("x", Media.TEXT)])
def test_many_comments_before_a_page_are_passed_once(end: str, media: Media) -> None:
    """Once, a page with forty took longer than anybody waits."""
    assert media_of(("<!-- a --> " * 500 + end).encode(), "page") is media


@pytest.mark.parametrize(
    "text",
    [
        "ID3 tags, explained: every song file carries its title in a small table.",
        "RIFF RAFF, a story of two cats, was first told in a harbour bar.",
        "GIF89a is the younger of the two versions of an old picture format.",
    ],
)
def test_text_may_begin_with_the_letters_of_a_format(text: str) -> None:
    assert media_of(text.encode(), "page.txt") is Media.TEXT


@pytest.mark.parametrize("body", [bytes(range(256)) * 4, b"\x00" * 400, b"\x00\x01\x02\x03" * 100, b"ab\x00\x00\x00\x07" * 50])
@pytest.mark.parametrize("is_html", [None, True, False])
def test_binary_data_is_no_page(body: bytes, is_html: bool | None) -> None:
    with pytest.raises(Reject, match="binary data"):
        media_of(body, "page.txt", "text/plain", is_html)


@pytest.mark.parametrize("body", [b"a\x00b " + SENTENCE.encode() * 4, SENTENCE.encode() + b"\x0c\x1b[1m" + SENTENCE.encode()])
def test_a_stray_control_does_not_make_text_binary(body: bytes) -> None:
    assert media_of(body, "page.txt") is Media.TEXT


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(
    ("text", "media"), [(SENTENCE * 3, Media.TEXT), (f"<!DOCTYPE html><html><body><p>{SENTENCE}</p></body></html>", Media.HTML)]
)
def test_unicode_of_every_width_is_read(text: str, media: Media, charset: str) -> None:
    assert media_of(text.encode(charset), "page.txt") is media


@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", ["Старый мост через реку закрыли на ремонт до весны, говорит глава района. "])
def test_utf16_beyond_ascii_is_text(text: str, charset: str) -> None:
    assert media_of((text * 3).encode(charset), "page.txt") is Media.TEXT


@pytest.mark.parametrize(
    "body",
    [
        "<!DOCTYPE html><p>x", "\n\n <!doctype HTML>\n", "<html lang=en>", "<HEAD><title>x</title>", "<title>x</title>",
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html PUBLIC "x">', "<!-- saved -->\n<!-- twice -->\n<html>", "<body class=a>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["page.txt", "page", "style.css", "feed.xml", "page.html"])
def test_html_is_told_by_its_beginning_whatever_its_name(body: str, path: str) -> None:
    assert media_of(body.encode(), path, "text/plain") is Media.HTML


def test_a_fragment_is_told_by_its_many_tags() -> None:
    fragment = "<div><h2>Ferry</h2><p>" + SENTENCE * 3 + '</p><ul class="a"><li>one</li><li>two</li></ul></div>'
    assert media_of(fragment.encode(), "fragment") is Media.HTML


@pytest.mark.parametrize(
    "text",
    [
        SENTENCE,
        f"{SENTENCE}Write <b>so</b>, or <p> where a paragraph begins. {SENTENCE}" * 2,
        "if a < b and c > d then e < f and g > h or i < j > k < l",
        "Jane <jane@example.org> wrote to Bo <bo@example.org>. " * 5,
        "List<String> x = new ArrayList<String>(); Map<A, B> y; Set<C> z; " * 5,
        TUTORIAL,
    ],
)
def test_text_that_quotes_tags_stays_text(text: str) -> None:
    assert media_of(text.encode(), "page.txt") is Media.TEXT


@pytest.mark.parametrize(
    "name", ["style.css", "app.js", "data.json", "feed.xml", "list.csv", "image.svg", "data.json.gz", "A.CSS"]
)
def test_name_of_something_else_is_no_page(name: str) -> None:
    with pytest.raises(Reject) as reject:
        media_of(SENTENCE.encode(), name)
    assert reject.value.reason == "not-a-page"


@pytest.mark.parametrize("name", ["page.txt", "page", "page.txt.gz", "notes.md", "v1.2", "page.dump", "", "folder.css/page"])
def test_name_that_says_little_is_text(name: str) -> None:
    assert media_of(SENTENCE.encode(), name) is Media.TEXT


@pytest.mark.parametrize(
    ("body", "path", "media_type", "media"),
    [
        (SENTENCE, "page", "text/html; charset=utf-8", Media.HTML),
        (SENTENCE, "page", "Application/XHTML+XML", Media.HTML),
        (f"<p>{SENTENCE}</p>" * 9, "page", "text/plain", Media.TEXT),
        (f"<p>{SENTENCE}</p>", "page.html", "", Media.HTML),
        (SENTENCE, "page.html", "", Media.TEXT),
        (f"<p>{SENTENCE}</p>", "page.php", "", Media.HTML),
    ],
)
def test_declared_type_and_name_decide_what_bytes_leave_open(body: str, path: str, media_type: str, media: Media) -> None:
    assert media_of(body.encode(), path, media_type) is media


@pytest.mark.parametrize(("is_html", "media"), [(True, Media.HTML), (False, Media.TEXT)])
def test_the_field_of_a_record_beats_its_looks(is_html: bool, media: Media) -> None:
    assert media_of(f"<html>{SENTENCE}".encode(), "dump.jsonl", "", is_html) is media


@given(st.binary(min_size=1, max_size=300), st.sampled_from(["a.txt", "a.html", "a", "a.css"]))
def test_any_bytes_are_a_page_or_rejected_as_none(body: bytes, path: str) -> None:
    try:
        assert media_of(body, path) in Media
    except Reject as reject:
        assert reject.reason == "not-a-page"
        assert reject.detail
