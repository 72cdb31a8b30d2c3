"""What people type can fetch nothing, break nothing, and take neither time nor memory."""

import base64
import io
import os
import re
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pypdf import PdfReader

from apps.answers.models import Answer
from apps.candidates.models import Candidate
from apps.documents import renderer as renderer_module
from apps.documents.contents.words import clean, long_text
from apps.documents.issue import compose, issue, sheet
from apps.documents.models import Document
from apps.documents.renderer import Busy, Renderer, RenderError
from apps.firms.models import HiringFirm
from apps.references.models import Reference
from tests.documents.samples import make_check

pytestmark = pytest.mark.pdf


@pytest.fixture
def check(bob):
    return make_check(bob, 1)


@pytest.fixture
def press():
    press = Renderer()
    yield press
    press.close()


@pytest.fixture
def server():
    """Writes down whoever comes."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    httpd = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}", asked
    httpd.shutdown()


def text_of(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def report(check, **fields) -> bytes:
    """The report after somebody wrote this everywhere it can be written."""
    for name, text in fields.items():
        Candidate.objects.update(**{name: text})
        Reference.objects.update(**{name: text})
    candidate = Candidate.objects.get()
    return issue(sheet("candidates", candidate, audience="recruiter", language="en")).file.read()


ATTACKS = [
    '<img src="{url}/img">',
    '<link rel="stylesheet" href="{url}/css">',
    "<style>@import url({url}/import); body {{ background: url({url}/bg) }}</style>",
    '<svg><image href="{url}/svg"/><script>1</script></svg>',
    '<object data="file:///etc/passwd"></object><iframe src="file:///etc/passwd"></iframe>',
    '<a rel="attachment" href="file:///etc/passwd">x</a>',
    "<img src=\"data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>\">",
    "</style></title></body><base href='{url}/'><img src=x>",
    "{{{{ settings.SECRET_KEY }}}} {{% load static %}}",
]


@pytest.mark.parametrize("attack", ATTACKS)
def test_markup_is_printed_not_obeyed(check, server, attack):
    url, asked = server
    text = attack.format(url=url)
    Answer.objects.filter(type="text").update(value=text, comment=text)
    HiringFirm.objects.update(name=text[:200], address=text[:200])
    check.position = text[:200]
    check.save()
    pdf = report(check, first_name=text[:100])
    assert asked == []
    assert b"/EmbeddedFile" not in pdf and b"/JavaScript" not in pdf and b"root:x" not in pdf
    printed = re.sub(r"\s+", "", text_of(pdf))
    assert re.sub(r"\s+", "", text) in printed


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="{url}/a" alt="x">',
        '<link rel=stylesheet href="{url}/b">',
        "<style>@import '{url}/c'; @font-face {{ font-family: x; src: url({url}/d) }}"
        " p {{ font-family: x }}</style>",
        '<svg><image href="{url}/e"/></svg>',
        '<p style="background: url({url}/f)">x</p>',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        '<img src="file:///etc/passwd" alt="x">',
        '<img src="fonts/../../../../etc/passwd" alt="x">',
        '<img src="data:image/png;base64,{bomb}" alt="x">',
        '<object data="{url}/g"></object>',
    ],
)
def test_even_obeyed_it_fetches_nothing(server, markup):
    """The press has no way out: were a template ever to let markup through, nothing is served."""
    url, asked = server
    bomb = base64.b64encode(b"\x89PNG" + b"\0" * 100_000).decode()
    html = f"<html lang=en><title>t</title><body>{markup.format(url=url, bomb=bomb)}<p>end</p>"
    pdf = renderer_module.renderer.render(html, {})
    assert asked == []
    assert "end" in text_of(pdf) and b"/EmbeddedFile" not in pdf


def test_a_million_characters(check):
    """A megabyte in one answer (the rules stop at 5,000) is cut, and lays out in time."""
    Answer.objects.filter(type="text").update(value="word " * 200_000)
    pdf = report(check)
    assert len(PdfReader(io.BytesIO(pdf)).pages) < 30
    Answer.objects.filter(type="text").update(value="W" * 1_000_000)
    assert len(PdfReader(io.BytesIO(report(check))).pages) < 30
    Answer.objects.filter(type="text").update(value="line\n" * 200_000)
    assert len(PdfReader(io.BytesIO(report(check))).pages) < 30


@pytest.mark.parametrize("letter", "Wa=漢")
def test_one_word_without_end_costs_little_more_than_many(check, press, letter):
    """What has no place to break was set anew, whole, for each of its lines."""
    html = {}
    for text in ("word " * 1200, letter * 1_000_000):
        Answer.objects.filter(type="text").update(value=text)
        found = sheet("candidates", Candidate.objects.get(), audience="recruiter", language="en")
        html[text], _files = compose(found, Document(kind="candidates", language="en"))
    spent = []
    for each in [html["word " * 1200], *html.values()]:  # the first one starts the process
        before = work(press)
        press.render(each, {})
        spent.append(work(press) - before)
    assert spent[2] < 3 * spent[1]


def work(press) -> float:
    """Seconds of processor time of its process: a busy machine changes them little."""
    if press._process is None:
        return 0
    stat = Path(f"/proc/{press._process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


NAMES = [
    "\x01\x08bell\x07\x1b[31m",
    "مُحَمَّد بن سلمان",
    "דוד בן־גוריון",
    "王小明",
    "Ольга Щербакова",
    "Ελένη Παπαδοπούλου",
    "Nguyễn Thị Ánh",
    "\u202eevil\u202c \u2066x\u2069",
    "😀👩‍👩‍👧‍👦🇨🇦",
    "Ł" * 100,
    "a\u0301\u0302\u0303" * 20,
    "\ud83d lone".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_script_fit(check, name):
    pdf = report(check, first_name=name[:100], last_name="Z")
    pages = PdfReader(io.BytesIO(pdf)).pages
    assert len(pages) < 9
    assert all(float(page.mediabox.width) < 600 for page in pages)


def test_words_are_cleaned():
    assert clean("a\x00b\x1b\u202e c\nd\ud800") == "ab cd"[:2] + " c d"
    assert long_text("\n a\r\n \n\n b \x0b c\n") == "a\n\nb\nc"
    assert len(long_text("x\n" * 1000).split("\n")) == 60
    long = "Ab" * 60
    assert clean(long).replace("\u200b", "") == long and clean(long).count("\u200b") == 2
    assert clean("x" * 39 + "e\u0301\u0302" + "y") == (
        "x" * 39 + "\u00e9\u0302\u200by"  # marks stay on their letters
    )
    assert clean("« Oui ! » : 20 % à 9 h, 1 500 $") == (
        "«\u00a0Oui\u00a0!\u00a0»\u00a0: 20\u00a0% à 9\u00a0h, 1\u00a0500\u00a0$"
    )


def test_a_render_that_never_ends_is_killed(press, monkeypatch):
    monkeypatch.setattr(renderer_module, "SECONDS", 2)
    endless = "<table><tr><td>" * 3000
    with pytest.raises(RenderError):
        press.render(endless, {})
    monkeypatch.undo()
    assert press.render("<html lang=en><title>t</title><p>well", {}).startswith(b"%PDF")


def test_a_render_that_hangs_is_killed(press, monkeypatch):
    press.render("<p>one", {})
    os.kill(press._process.pid, signal.SIGSTOP)
    monkeypatch.setattr(renderer_module, "PATIENCE", 0.5)
    with pytest.raises(RenderError):
        press.render("<p>two", {})
    monkeypatch.undo()
    assert press.render("<p>three", {}).startswith(b"%PDF")


def test_a_slow_machine_is_waited_for_where_nobody_waits(press, monkeypatch):
    press.render("<p>one", {})
    process = press._process
    os.kill(process.pid, signal.SIGSTOP)
    monkeypatch.setattr(renderer_module, "PATIENCE", 2)
    threading.Timer(3, os.kill, (process.pid, signal.SIGCONT)).start()
    assert press.render("<p>two", {}, patient=True).startswith(b"%PDF")
    assert press._process is process


def test_memory_and_pages_are_bounded(press, monkeypatch):
    monkeypatch.setattr(renderer_module, "BYTES", 200_000_000)
    with pytest.raises(RenderError):
        press.render("<p>x" * 60_000, {})
    monkeypatch.undo()
    long = "<html lang=en><title>t</title>" + "<p style='break-before: page'>x" * 401
    with pytest.raises(RenderError, match="400 pages"):
        press.render(long, {})
    assert press.render("<p>well", {}).startswith(b"%PDF")


def test_one_that_cannot_be_started_is_an_error_of_rendering(press, monkeypatch):
    """No memory to fork, no files left: 503 and not 500."""
    monkeypatch.setattr(renderer_module.sys, "executable", "/nowhere/python")
    with pytest.raises(RenderError, match="can't be started"):
        press.render("<p>x", {})
    monkeypatch.undo()
    assert press.render("<p>x", {}).startswith(b"%PDF")


def test_a_killed_process_is_replaced(press):
    press.render("<p>one", {})
    press._process.kill()
    press._process.wait()
    assert press.render("<p>two", {}).startswith(b"%PDF")


def test_what_dies_while_it_writes_has_made_nothing(press, monkeypatch, tmp_path):
    """Half a PDF begins like a whole one."""
    (tmp_path / "__main__.py").write_text(
        "import sys; sys.stdout.buffer.write(b'K' + (99).to_bytes(4, 'big') + b'%PDF-1.7 half')"
    )
    monkeypatch.setattr(renderer_module, "PRESS", tmp_path)
    with pytest.raises(RenderError, match="ended over this document"):
        press.render("<p>x", {})


def test_after_many_renders_it_is_retired(press, monkeypatch):
    monkeypatch.setattr(renderer_module, "RENDERS", 2)
    press.render("<p>one", {})
    first = press._process.pid
    press.render("<p>two", {})
    press.render("<p>three", {})
    assert press._process.pid != first


def test_when_too_many_wait_the_next_is_told(press):
    """One renders, four stand in line, the sixth is refused at once."""
    press.render("<p>warm", {})
    refused, done = [], []

    def one():
        try:
            done.append(press.render("<p>x" * 800, {}))
        except Busy:
            refused.append(time.monotonic())

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 5 and len(refused) == 3


def test_the_api_says_when_to_come_back(check, as_bob, monkeypatch):
    monkeypatch.setattr(renderer_module.renderer, "_line", threading.BoundedSemaphore(1))
    renderer_module.renderer._line.acquire()
    answer = as_bob.get("/api/documents", {"type": "candidates", "id": check.candidate_id})
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer.json()["errors"][0]["code"] == "documents_unavailable"


def test_the_logo_is_the_only_picture(check, firm):
    firm.logo = "../../../etc/passwd"
    found = sheet("candidates", check.candidate, audience="recruiter", language="en")
    found.shown["firm"]["logo"] = "logos/none.png"
    _html, files = compose(found, Document(kind="candidates", language="en"))
    assert files == {}
