"""The command line as a user meets it: what is printed where, exit codes, and messages that say how to cure."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.cache.disk import is_alive

ROOT = Path(__file__).resolve().parent.parent.parent
SEEDS = ROOT / "seeds"
VERBS = ("run", "clean", "explain", "status", "why", "show", "rerun", "verify", "gc", "rules list", "rules test", "sites show")


def dechrome(*arguments: str | Path, stdin: bytes = b"", cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "pipeline.cli", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120"}
    return subprocess.run(command, input=stdin, capture_output=True, cwd=cwd, env=environment, timeout=180, check=False)


def said(done: subprocess.CompletedProcess[bytes]) -> str:
    return done.stderr.decode("utf-8")


def test_clean_prints_the_headline_and_the_body_and_nothing_else() -> None:
    done = dechrome("clean", SEEDS / "text" / "en-trap-village-hall.txt")
    assert done.returncode == 0
    assert done.stderr == b""
    assert done.stdout == (ROOT / "tests/golden/seeds/text/en-trap-village-hall.txt.txt").read_bytes()


def test_clean_reads_stdin_and_knows_html_by_its_bytes() -> None:
    html = (SEEDS / "html" / "en-news-library.html").read_bytes()
    assert dechrome("clean", "-", stdin=html).stdout == dechrome("clean", SEEDS / "html" / "en-news-library.html").stdout


def test_clean_without_title() -> None:
    whole = dechrome("clean", SEEDS / "text" / "en-dump-bus.txt").stdout.decode("utf-8")
    body = dechrome("clean", "--no-title", SEEDS / "text" / "en-dump-bus.txt").stdout.decode("utf-8")
    assert whole.partition("\n\n")[2] == body


def test_clean_as_json_holds_metadata_and_reasons() -> None:
    done = dechrome("clean", SEEDS / "html" / "en-news-ferry.html", "--format", "json")
    record = json.loads(done.stdout)
    assert record["url"].startswith("https://harbour-gazette.example/") or "harbour-gazette" in record["url"]
    assert record["title"]
    assert record["author"]
    assert record["date"].count("-") == 2
    assert record["language"] == "en"
    assert all(span["rule"] and span["family"] and span["text"] for span in record["removed"])


def test_clean_as_markdown_has_headings_lists_tables_and_code() -> None:
    markdown = dechrome("clean", SEEDS / "html" / "en-docs-tidelog.html", "--format", "markdown").stdout.decode("utf-8")
    assert markdown.startswith("# ")
    for sign in ("\n## ", "\n- ", "\n| ", "\n| --- |", "\n```\n"):
        assert sign in markdown, sign


def test_clean_as_markdown_with_links_adds_their_addresses_alone() -> None:
    page = b'<h1>Tides</h1><p>The harbour office prints them in <a href="/book">a small green book</a> each year, at its own cost.</p>'
    asked = ("clean", "-", "--url", "https://harbour.example/", "--format", "markdown")
    plain = dechrome(*asked, stdin=page).stdout.decode("utf-8")
    links = dechrome(*asked, "--links", stdin=page).stdout.decode("utf-8")
    assert links == plain.replace("a small green book", "[a small green book](https://harbour.example/book)")
    assert "a small green book" in plain


def test_clean_imports_what_it_needs_alone() -> None:
    program = (
        "import sys; from pipeline.cli.app import run_command; run_command(sys.argv[1:]); "
        "print(sorted({'luigi', 'pyarrow', 'trafilatura', 'bs4'} & set(sys.modules)), file=sys.stderr)"
    )
    command = [sys.executable, "-c", program, "clean", str(SEEDS / "text" / "en-dump-bus.txt")]
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    assert done.stderr == "[]\n"


def test_explain_names_a_reason_for_each_removed_line() -> None:
    lines = dechrome("explain", SEEDS / "text" / "en-dump-glasshouse.txt").stdout.decode("utf-8").splitlines()
    stripped = [number for number, line in enumerate(lines) if line.startswith("strip")]
    assert len(stripped) > 20
    assert all(lines[number + 1].split()[0].startswith("+") for number in stripped)
    assert any("cut  en.related.read-more: Read more" in line for line in lines)


def test_selectors_are_obeyed_and_told() -> None:
    page = SEEDS / "html" / "en-news-ferry.html"
    whole = dechrome("clean", page).stdout.decode("utf-8")
    less = dechrome("clean", page, "--drop", "article p:last-of-type", "--drop", "nav").stdout.decode("utf-8")
    assert less != whole
    assert set(less.splitlines()) < set(whole.splitlines())
    told = dechrome("explain", page, "--keep", "article", "--drop", "p.none", "--drop", "h1").stdout.decode("utf-8").splitlines()
    assert "kept by selector: article: 1" in told
    assert "dropped by selector: p.none: 0, h1: 1" in told


def test_a_wrong_selector_is_one_line() -> None:
    done = dechrome("clean", SEEDS / "html" / "en-news-ferry.html", "--drop", "div[")
    assert done.returncode == 2
    assert said(done).startswith("dechrome: settings: 'segment.drop': 'div[' is no CSS selector (")
    assert said(done).count("\n") == 1


def test_model_and_mode_can_be_chosen() -> None:
    page = SEEDS / "html" / "en-news-ferry.html"
    with_model = dechrome("explain", "--all", page).stdout.decode("utf-8")
    without = dechrome("explain", "--all", "--no-model", page).stdout.decode("utf-8")
    assert "model.unlikely-main-text" in with_model
    assert "model.unlikely-main-text" not in without
    removed = {
        option: len(json.loads(dechrome("clean", option, "--format", "json", page).stdout)["removed"])
        for option in ("--precision", "--recall")
    }
    assert removed["--precision"] > removed["--recall"]
    both = dechrome("clean", "--precision", "--recall", page)
    assert (both.returncode, said(both)) == (2, "dechrome: --precision and --recall: choose one\n")


def test_a_run_remembers_its_model_and_mode(tmp_path: Path) -> None:
    asked = dechrome("run", SEEDS / "html", "-o", "out", "--no-model", "--recall", "--max-reject", "1", "-j", "1", cwd=tmp_path)
    assert asked.returncode == 0, said(asked)
    request = json.loads((tmp_path / ".dechrome" / "runs" / "out.json").read_text(encoding="utf-8"))["request"]
    assert (request["no_model"], request["mode"]) == (True, "recall")
    assert dechrome("run", SEEDS / "html", "-o", "out", "--precision", "--recall", cwd=tmp_path).returncode == 2


def test_explain_obeys_no_escape_that_a_page_sends() -> None:
    page = b"A headline to read\n\n\x1b[31mRed\x1b[0m text \x07 that rings, and goes on for long enough to count as a paragraph of prose here."
    done = dechrome("explain", "-", stdin=page)
    assert b"\x1b" not in done.stdout
    assert b"\x07" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("run", "missing", "-o", "out"), 2, "missing: no such file or folder"),
        (("run", "empty", "-o", "out"), 2, "nothing to clean there"),
        (("run", "-o", "out"), 2, "no inputs"),
        (("run", "page.txt"), 2, "no output folder"),
        (("run", "page.txt", "-o", "out", "--to", "chorme"), 2, "no stage is called 'chorme'; there are ingest, segment"),
        (("run", "page.txt", "-o", "page.txt"), 2, "must be a folder"),
        (("run", "page.txt", "-o", "taken"), 2, "holds files that dechrome did not write"),
        (("run", "page.txt", "-o", "foreign"), 2, "holds files that dechrome did not write"),
        (("run", "page.txt", "-o", "taken", "--config", "text-only.toml"), 2, "holds files that dechrome did not write"),
        (("run", "taken", "-o", "taken"), 2, "is an input too"),
        (("run", "page.txt", "-o", "out", "--config", "no-sink.toml"), 2, "must name one or more of jsonl, text"),
        (("run", "page.txt", "-o", "out", "--config", "no.toml"), 2, "no such settings file"),
        (
            ("run", "page.txt", "-o", "out", "--config", "bad.toml"),
            2,
            "unknown setting 'chrome.treshold'; did you mean 'chrome.threshold'?",
        ),
        (("run", "page.txt", "-o", "out", "--date", "21.11.2026"), 2, "must be a day like 2026-11-21"),
        (("run", "page.txt", "-o", "out", "--max-reject", "7"), 2, "max-reject"),
        (("clean", "missing.html"), 2, "missing.html: no such file"),
        (("clean", "page.txt", "--format", "pdf"), 2, "must be one of text, markdown, json"),
        (("clean", "page.txt", "--links"), 2, "ask for --format markdown"),
        (("clean", "picture.png"), 1, "not cleaned: not-a-page: png"),
        (("status",), 2, "no run is recorded here"),
        (("why", "chrome"), 2, "no run is recorded here"),
        (("frobnicate",), 2, "No such command"),
    ],
)
def test_a_wrong_call_says_what_is_wrong_and_how_to_cure_it(
    arguments: tuple[str, ...], code: int, message: str, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "pages.jsonl").write_text("mine", encoding="utf-8")
    (tmp_path / "foreign").mkdir()
    (tmp_path / "foreign" / "run.json").write_text('{"mine": 1}', encoding="utf-8")
    (tmp_path / "text-only.toml").write_text('[publish]\nsinks = ["text"]\n', encoding="utf-8")
    (tmp_path / "no-sink.toml").write_text("[publish]\nsinks = []\n", encoding="utf-8")
    (tmp_path / "page.txt").write_text("A page of text.", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    (tmp_path / "bad.toml").write_text("[chrome]\ntreshold = 1.0\n", encoding="utf-8")
    done = dechrome(*arguments, cwd=tmp_path)
    assert (done.returncode, message in said(done)) == (code, True), said(done)
    assert "Traceback" not in said(done)
    assert done.stdout == b""
    assert (tmp_path / "taken" / "pages.jsonl").read_text("utf-8") == "mine"


def test_run_prints_its_table_to_stderr_and_accounts_for_every_input(tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    (inputs / "good.txt").write_bytes((SEEDS / "text" / "en-dump-bus.txt").read_bytes())
    (inputs / "blank.txt").write_text(" \n", encoding="utf-8")
    (inputs / "picture.jpg").write_bytes(b"\xff\xd8\xff" + bytes(99))
    (inputs / "noise.bin").write_bytes(bytes(range(256)) * 9)
    (inputs / "cut.html.gz").write_bytes((SEEDS / "html" / "en-news-lifeboat.html.gz").read_bytes()[:500])
    (inputs / "records.jsonl").write_text(
        '{"id": "a", "text": "Some text of a record."}\n{"broken\n[1]\n{"id": "b"}\n', encoding="utf-8"
    )
    (inputs / ".hidden").write_text("no input", encoding="utf-8")
    os.mkfifo(inputs / "pipe")
    done = dechrome("run", "in", "-o", "out", cwd=tmp_path)
    assert done.returncode == 1, said(done)
    assert "more than --max-reject 5.0%" in said(done)
    assert done.stdout == b""
    cleaned = [json.loads(line)["id"] for line in (tmp_path / "out/pages.jsonl").read_text("utf-8").splitlines()]
    rejects = [json.loads(line) for line in (tmp_path / "out/rejects.jsonl").read_text("utf-8").splitlines()]
    found = {(row["path"], row["record"]): (row["stage"], row["reason"], row["is_page"]) for row in rejects}
    assert len(cleaned) == 2
    assert "a" in cleaned
    assert found == {
        ("blank.txt", 0): ("ingest", "empty", True),
        ("cut.html.gz", 0): ("ingest", "damaged-gzip", True),
        ("noise.bin", 0): ("ingest", "not-a-page", False),
        ("picture.jpg", 0): ("ingest", "not-a-page", False),
        ("pipe", 0): ("ingest", "not-a-file", False),
        ("records.jsonl", 2): ("ingest", "bad-json", True),
        ("records.jsonl", 3): ("ingest", "bad-record", True),
        ("records.jsonl", 4): ("ingest", "bad-record", True),
    }
    assert dechrome("run", "in", "-o", "out", "--max-reject", "0.9", cwd=tmp_path).returncode == 0


def test_the_verbs_for_debugging(tmp_path: Path) -> None:
    assert dechrome("run", SEEDS / "text", "-o", "out", "--name", "texts", cwd=tmp_path).returncode == 0
    status = said(dechrome("status", cwd=tmp_path))
    assert "run texts" in status
    assert status.count("cached") >= 7
    assert dechrome("why", "chrome", cwd=tmp_path).stdout.decode().splitlines() == [
        f"{stage}: cached" for stage in ("ingest", "segment", "survey", "chrome")
    ]
    for stage in ("ingest", "segment", "chrome", "encoding", "normalise", "publish"):
        shown = dechrome("show", stage, "--id", "en-dump-bus.txt", cwd=tmp_path)
        assert shown.returncode == 0, said(shown)
        row = json.loads(shown.stdout)
        assert dechrome("show", stage, "--id", row["id"], cwd=tmp_path).stdout == shown.stdout
    assert "no page has the id or path" in said(dechrome("show", "chrome", "--id", "nobody", cwd=tmp_path))
    assert "keeps no pages" in said(dechrome("show", "survey", "--id", "en-dump-bus.txt", cwd=tmp_path))
    assert "no run is called 'other'; there are texts" in said(dechrome("status", "--run", "other", cwd=tmp_path))
    assert dechrome("rerun", "chrome", cwd=tmp_path).returncode == 0
    with_run = dechrome("explain", SEEDS / "text" / "en-dump-bus.txt", "--run", "texts", cwd=tmp_path)
    assert with_run.returncode == 0, said(with_run)


def test_run_to_a_stage_stops_there(tmp_path: Path) -> None:
    assert dechrome("run", SEEDS / "text", "--to", "segment", cwd=tmp_path).returncode == 0
    assert sorted(os.listdir(tmp_path / ".dechrome" / "entries")) == ["ingest", "segment"]
    assert not (tmp_path / "out").exists()


def test_rules_list_and_test(tmp_path: Path) -> None:
    lines = dechrome("rules", "list", "--language", "en", "--family", "captcha").stdout.decode().splitlines()
    assert lines
    assert all(line.startswith("en.captcha.") and line.count("\t") == 3 for line in lines)
    done = dechrome("rules", "test")
    assert done.returncode == 0, said(done)
    assert done.stdout.decode().endswith(" 0 wrong\n")
    assert b"en.account.sign-up" in dechrome("rules", "test", "--line", "Sign Up").stdout
    wrong = tmp_path / "en" / "mine.toml"
    wrong.parent.mkdir()
    wrong.write_text(
        '[[rule]]\nid = "en.mine.one"\nscope = "line"\npattern = "abc"\nweight = 3.0\nbecause = "Mine."\n'
        'matches = ["abd"]\nspares = ["x"]\n',
        encoding="utf-8",
    )
    done = dechrome("rules", "test", wrong)
    assert done.returncode == 2
    assert "en.mine.one misses its own example 'abd'" in said(done)


@pytest.mark.parametrize("verb", VERBS)
def test_help_has_an_example(verb: str) -> None:
    done = dechrome(*verb.split(), "--help")
    assert done.returncode == 0
    assert f"Example: dechrome {verb}" in done.stdout.decode()


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_is_in_the_docs(verb: str) -> None:
    docs = "".join(path.read_text("utf-8") for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))])
    assert f"dechrome {verb}" in docs


def test_a_second_run_on_a_cache_is_refused(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys, pathlib; from pipeline.cache.lock import locked\n"
            "with locked(pathlib.Path('.dechrome'), 'a test'):\n    print('held', flush=True); sys.stdin.read()",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    with holder:
        assert holder.stdout.readline() == b"held\n"
        done = dechrome("run", SEEDS / "text", "-o", "out", cwd=tmp_path)
        holder.stdin.close()
    assert done.returncode == 3
    assert f"held by another run (a test, process {holder.pid}" in said(done)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_so_and_can_go_on(number: signal.Signals, tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    page = (SEEDS / "html" / "en-news-ferry.html").read_bytes()
    for count in range(300):
        (inputs / f"{count}.html").write_bytes(page.replace(b"Ferry", b"Ferry %d" % count))
    command = [sys.executable, "-m", "pipeline.cli", "run", "in", "-o", "out", "--jobs", "1"]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - background jobs of a shell ignore SIGINT
    )
    try:
        for _ in range(3_000):
            if list((tmp_path / ".dechrome" / "entries").glob("segment/*/*")):
                break
            time.sleep(0.05)
        workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("ascii").split()
        assert workers
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130, errors.decode()
    for _ in range(600):  # Python's own helper, which is among them, ends when it sees that we are gone
        if not any(map(is_alive, workers)):
            break
        time.sleep(0.05)
    assert not any(map(is_alive, workers))
    assert b"goes on where this one stopped" in errors
    assert not (tmp_path / "out" / "pages.jsonl").exists()
    assert dechrome("run", "in", "-o", "out", cwd=tmp_path).returncode == 0
    assert len((tmp_path / "out" / "pages.jsonl").read_text("utf-8").splitlines()) == 300
