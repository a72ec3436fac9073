"""Nothing is fetched: pages that name what lies elsewhere are cleaned by processes that cannot get out, and none of them tries.

A hook sees what Python asks the system for; a server on this machine, to which the pages point, sees what libraries in C would ask.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
WATCHED = Path(__file__).resolve().parent / "no_network"
PROSE = "The ferry left the quay an hour late on Thursday, because the master had gone back for her spectacles. " * 4
LURES = {
    "dtd.html": '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//X//Y" "{url}x.dtd"><html><body><p>{prose}</p></body></html>',
    "entity.html": '<!DOCTYPE x [<!ENTITY e SYSTEM "{url}e">]><html><body><p>&e; {prose}</p></body></html>',
    "parameter-entity.xhtml": (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY % p SYSTEM "{url}p">%p;]>'
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>{prose}</p></body></html>'
    ),
    "stylesheet.html": '<?xml-stylesheet href="{url}x.xsl" type="text/xsl"?><html><body><p>{prose}</p></body></html>',
    "include.html": (
        '<html xmlns:xi="http://www.w3.org/2001/XInclude"><body><xi:include href="{url}i"/><p>{prose}</p></body></html>'
    ),
    "parts.html": (
        '<html><head><base href="{url}"><link rel="stylesheet" href="{url}s.css"><link rel="canonical" href="{url}canonical">'
        '<link rel="amphtml" href="{url}amp"><meta http-equiv="refresh" content="0; url={url}next"><script src="{url}s.js"></script>'
        '<meta property="og:image" content="{url}o.png"><script type="application/ld+json">{{"@context": "{url}context", '
        '"@type": "Article", "url": "{url}"}}</script><style>@import "{url}t.css"; p {{ background: url({url}b.png) }}</style></head>'
        '<body><article><h1>A late ferry</h1><p>{prose}</p><img src="{url}i.png" srcset="{url}j.png 2x"><iframe src="{url}f">'
        '</iframe><object data="{url}d"></object><embed src="{url}m"><video src="{url}v" poster="{url}w"></video>'
        '<svg><use href="{url}u"/><image xlink:href="{url}l"/></svg><a href="{url}a" ping="{url}ping">Link</a><p>{prose}</p>'
        "</article><comments>Comments</comments></body></html>"
    ),
    "frames.html": '<html><head><title>Frames</title></head><frameset><frame src="{url}a"><frame src="{url}b"></frameset></html>',
    "feed.xml": (
        '<?xml version="1.0"?><?xml-stylesheet href="{url}x.xsl"?><!DOCTYPE rss SYSTEM "{url}rss.dtd"><rss><channel>'
        '<item><link>{url}1</link><enclosure url="{url}e"/><description>{prose}</description></item></channel></rss>'
    ),
    "page.txt": "A late ferry\n\n{prose}\n\nSee {url}1 and file:///etc/hostname and \\\\127.0.0.1\\share\\x\n",
    "records.jsonl": '{{"url": "{url}r", "html": "<html><body><p>{prose}</p><img src=\\"{url}i\\"></body></html>"}}\n',
}


class Nowhere:
    """A server that nobody should call, and what was noted of the processes that were watched."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._notes = folder / "notes"
        self._server = socket.create_server(("127.0.0.1", 0))
        self._server.setblocking(False)
        self.url = f"http://127.0.0.1:{self._server.getsockname()[1]}/"

    def run(self, *command: str) -> subprocess.CompletedProcess[bytes]:
        """Run Python in the folder, where it cannot get out."""
        environment = {
            **os.environ,
            "PYTHONPATH": f"{WATCHED}{os.pathsep}{ROOT}",
            "DECHROME_NO_NETWORK": str(self._notes),
            "http_proxy": self.url,
            "https_proxy": self.url,
        }
        return subprocess.run(
            [sys.executable, *command], cwd=self.folder, env=environment, capture_output=True, timeout=300, check=False
        )

    def noted(self) -> list[str]:
        """Return what was noted since the last time, a line "watched" for each process among it."""
        lines = self._notes.read_text("utf-8").splitlines() if self._notes.exists() else []
        self._notes.unlink(missing_ok=True)
        return lines

    def was_called(self) -> bool:
        """Return whether anybody called since the last time."""
        try:
            self._server.accept()[0].close()
        except BlockingIOError:
            return False
        return True

    def close(self) -> None:
        self._server.close()


@pytest.fixture(scope="module")
def nowhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nowhere]:
    place = Nowhere(tmp_path_factory.mktemp("nowhere"))
    inputs = place.folder / "in"
    inputs.mkdir()
    for name, body in LURES.items():
        (inputs / name).write_text(body.format(url=place.url, prose=PROSE), encoding="utf-8")
    yield place
    place.close()


def test_the_watch_sees_who_tries(nowhere: Nowhere) -> None:
    program = f"import urllib.request; urllib.request.urlopen({nowhere.url!r})"
    assert nowhere.run("-c", program).returncode != 0
    assert [line.split()[0] for line in nowhere.noted()][:2] == ["watched", "urllib.Request"]
    socket.create_connection(nowhere._server.getsockname()).close()
    assert nowhere.was_called()
    assert not nowhere.was_called()


COMMANDS = (
    ("run", "in", "-o", "out", "--max-reject", "1", "--jobs", "2"),
    ("clean", "in/parts.html", "--format", "json"),
    ("clean", "in/parts.html", "--format", "markdown", "--keep", "article", "--drop", "iframe", "--url", "{url}page"),
    ("clean", "in/page.txt"),
    ("explain", "in/parts.html", "--all"),
    ("explain", "in/parts.html", "--run", "out"),
    ("sites", "show"),
    ("status",),
    ("why", "publish"),
    ("show", "segment", "--id", "stylesheet.html"),
    ("rerun", "chrome"),
    ("rules", "list"),
    ("verify",),
    ("gc", "--dry-run"),
    ("run", "in", "-o", "mended", "--rejects-of", "out", "--max-reject", "1"),
)


def test_no_command_and_no_stage_goes_out(nowhere: Nowhere) -> None:
    nowhere.noted()
    for command in COMMANDS:
        done = nowhere.run("-m", "pipeline.cli", *(word.format(url=nowhere.url) for word in command))
        assert done.returncode == (1 if "--rejects-of" in command else 0), (command, done.stderr.decode())
        noted = nowhere.noted()
        assert set(noted) == {"watched"}, command
        assert len(noted) >= (2 if command == COMMANDS[0] else 1)  # the workers too
        assert not nowhere.was_called(), command
    cleaned = [json.loads(line)["file_path"] for line in (nowhere.folder / "out/pages.jsonl").read_text("utf-8").splitlines()]
    assert set(LURES) - set(cleaned) <= {"frames.html", "feed.xml"}


def test_the_second_opinion_does_not_go_out(nowhere: Nowhere) -> None:
    nowhere.noted()
    program = (
        "import sys; from pathlib import Path; from pipeline.chrome.opinion import second_opinion; "
        "from pipeline.ingest import ingest; from pipeline.model import RawItem; from pipeline.segment import segment; "
        "from pipeline.settings import Settings; settings = Settings()\n"
        "for path in sorted(Path('in').glob('[!f]*html')):\n"
        "    page = ingest(RawItem(path.name, path.read_bytes()), settings.ingest)\n"
        "    second_opinion(segment(page, settings.segment))\n"
        "print('trafilatura' in sys.modules)"
    )
    done = nowhere.run("-c", program)
    assert done.stdout == b"True\n", done.stderr.decode()
    assert nowhere.noted() == ["watched"]
    assert not nowhere.was_called()
