"""How long documents take, by pages: cold, warm, stored, and next to a naive call; and memory.

    .venv/bin/python bench/documents.py            # in a database of its own, thrown away
    .venv/bin/python bench/documents.py 1 4        # only these

Of 1 and 4 pages: one person's sheet. Of 20 and 60: reports on 12 and on 20 people, which is as many
as a candidate may name. People write until the pages are full: exactly as many, or it stops.

cold    the first document of a new renderer process, its start included
warm    the next one in the same process
naive   `HTML(string=…).write_pdf()` with the same template, style, fonts and PDF/A, read afresh;
        in a process that has WeasyPrint loaded, in turn with warm
stored  gathering what the document shows, the key, and the row that has it (`issue`)
HTTP    the whole request of a stored one, through all middleware

Each is the least of several, in milliseconds of the processor; in brackets by the clock.
"""

import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
folder = tempfile.TemporaryDirectory()
os.environ |= {
    "DEBUG": "1",
    "ENV_FILE": "/dev/null",
    "VAR_DIR": folder.name,
    "DJANGO_SETTINGS_MODULE": "vitay.settings",
}

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from pypdf import PdfReader  # noqa: E402

from apps.answers.actions import TEXT_LIMIT  # noqa: E402
from apps.answers.models import Answer  # noqa: E402
from apps.documents import renderer as renderer_module  # noqa: E402
from apps.documents.issue import compose, issue, sheet  # noqa: E402
from apps.documents.models import Document  # noqa: E402
from apps.documents.renderer import Renderer  # noqa: E402
from apps.firms.models import HiringFirm  # noqa: E402
from tests.conftest import client_of, recruiter_of  # noqa: E402
from tests.documents.samples import make_check  # noqa: E402

PAGES = {1: ("references", 1), 4: ("references", 1), 20: ("candidates", 12), 60: ("candidates", 20)}
SENTENCE = "The spring of 2022: a supplier’s late invoices, and a plan before anyone had noticed. "
NAIVE = """
import json, sys, time
sys.path.insert(0, {press!r})
from accessible import finish
from weasyprint import HTML
for line in sys.stdin:
    html = json.loads(line)
    clock, work = time.perf_counter(), time.process_time()
    style = open({press!r} + "/print.css").read()
    html = html.replace("</head>", "<style>" + style + "</style></head>")
    HTML(string=html, base_url={press!r} + "/").write_pdf(finisher=finish, pdf_variant="pdf/a-2a")
    print(json.dumps([time.process_time() - work, time.perf_counter() - clock]), flush=True)
"""
HEAD = ["pages", "people", "cold", "warm", "naive", "warm/naive", "stored", "HTTP", "MB"]


class Naive:
    """The peer: a process that is asked for one document after the other."""

    def __init__(self):
        code = NAIVE.format(press=str(ROOT / "apps/documents/press"))
        self.process = subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def render(self, html: str) -> tuple[float, float]:
        self.process.stdin.write(json.dumps(html) + "\n")
        self.process.stdin.flush()
        work, clock = json.loads(self.process.stdout.readline())
        return 1000 * work, 1000 * clock

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def spent(act, work=time.process_time) -> tuple[float, float]:
    """Milliseconds of the processor, and by the clock."""
    worked, began = work(), time.perf_counter()
    act()
    return 1000 * (work() - worked), 1000 * (time.perf_counter() - began)


def least(pairs) -> tuple[float, float]:
    return tuple(min(each) for each in zip(*pairs, strict=True))


def shown(pair, digits=0) -> str:
    return f"{pair[0]:.{digits}f} ({pair[1]:.{digits}f})"


def work_of(pid: int) -> float:
    """Seconds of processor that a process has used."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def peak_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def write(check, sentences: int) -> None:
    """So many among the people, each filling their three texts before the next one begins."""
    room = TEXT_LIMIT // len(SENTENCE)
    texts = Answer.objects.filter(answer_set__reference__reference_request=check, type="text")
    for answer in texts.order_by("answer_set__reference__created_at", "position"):
        said = min(room, sentences)
        sentences -= said
        Answer.objects.filter(pk=answer.pk).update(value=SENTENCE * said or "Nothing to add.")


def exactly(pages: int, check, made) -> tuple[str, dict]:
    """The HTML of a document of so many pages: by halves, for more words are never fewer pages."""
    low, high = 0, 3 * check.references.count() * (TEXT_LIMIT // len(SENTENCE))
    while low <= high:
        middle = (low + high) // 2
        write(check, middle)
        kept = compose(made(), Document(kind=made().kind, language="en"))
        pdf = renderer_module.renderer.render(*kept, patient=True)
        found = len(PdfReader(BytesIO(pdf)).pages)
        if found == pages:
            return kept
        low, high = (middle + 1, high) if found < pages else (low, middle - 1)
    raise SystemExit(f"No number of words makes {pages} pages.")


def measure(by, pages: int) -> list:
    kind, people = PAGES[pages]
    check = make_check(by, people)
    row = check.candidate if kind == "candidates" else check.references.get()
    client, query = client_of(by), {"type": kind, "id": str(row.pk)}

    def made():
        return sheet(kind, row, audience="recruiter", language="en")

    html, files = exactly(pages, check, made)
    press, naive, times = Renderer(), Naive(), 7 if pages <= 20 else 3
    began = time.perf_counter()
    press.render(html, files, patient=True)
    pid = press._process.pid
    cold = 1000 * work_of(pid), 1000 * (time.perf_counter() - began)
    naive.render(html)  # the first loads WeasyPrint's own
    warms, naives = [], []
    for _ in range(times):
        warms.append(spent(lambda: press.render(html, files, patient=True), lambda: work_of(pid)))
        naives.append(naive.render(html))
    peak = peak_of(pid)
    press.close()
    naive.close()
    warm, slow = least(warms), least(naives)
    issue(made(), patient=True)
    gc.collect()
    gc.freeze()  # as vitay/wsgi.py does
    stored = least(spent(lambda: issue(made())) for _ in range(30))
    assert client.get("/api/documents", query).status_code == 200
    http = least(spent(lambda: client.get("/api/documents", query)) for _ in range(30))
    ratios = f"{warm[0] / slow[0]:.2f} ({warm[1] / slow[1]:.2f})"
    figures = [shown(cold), shown(warm), shown(slow), ratios, shown(stored, 1), shown(http, 1)]
    return [pages, people, *figures, peak]


def main() -> None:
    renderer_module.SECONDS, renderer_module.PATIENCE = 120, 600  # a busy machine kills nothing
    settings.DEBUG = False  # which keeps every query
    call_command("migrate", verbosity=0)
    bob = recruiter_of(HiringFirm.objects.create(name="Marchand Ouellet", language="en"), "Bob")
    print("".join(f"{name:>14}" for name in HEAD))
    for pages in map(int, sys.argv[1:] or PAGES):
        print("".join(f"{each:>14}" for each in measure(bob, pages)), flush=True)
    renderer_module.renderer.close()


if __name__ == "__main__":
    main()
