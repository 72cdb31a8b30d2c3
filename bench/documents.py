"""How long documents take: cold, warm, stored, and next to a naive call; by pages; memory.

    .venv/bin/python bench/documents.py            # in a database of its own, thrown away

Naive is `HTML(string=…, base_url=…).write_pdf()` with fonts and style read afresh each time.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
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

from django.core.management import call_command  # noqa: E402
from pypdf import PdfReader  # noqa: E402
from rest_framework.test import APIClient  # noqa: E402

from apps.documents.issue import compose, issue, sheet  # noqa: E402
from apps.documents.models import Document  # noqa: E402
from apps.documents.renderer import Renderer, renderer  # noqa: E402
from apps.firms.models import HiringFirm  # noqa: E402
from tests.conftest import client_of, recruiter_of  # noqa: E402
from tests.documents.samples import make_check  # noqa: E402

NAIVE = """
import sys, time
sys.path.insert(0, {press!r})
from accessible import finish
from weasyprint import HTML
html = open(sys.argv[1]).read()
style = open({press!r} + "/print.css").read()
html = html.replace("</head>", "<style>" + style + "</style></head>")
times = []
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    HTML(string=html, base_url={press!r} + "/").write_pdf(finisher=finish, pdf_variant="pdf/a-2a")
    times.append(time.perf_counter() - start)
print(min(times))
"""


def best(act, times: int) -> float:
    """The least of several: what the machine can do when nobody else is at it."""
    spent = []
    for _ in range(times):
        start = time.perf_counter()
        act()
        spent.append(time.perf_counter() - start)
    return min(spent)


def rss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) // 1024
    return 0


def naive(html: str, times: int) -> float:
    path = Path(folder.name, "page.html")
    path.write_text(html)
    code = NAIVE.format(press=str(ROOT / "apps/documents/press"))
    run = subprocess.run(
        [sys.executable, "-c", code, str(path), str(times)], capture_output=True, check=True
    )
    return float(run.stdout)


def main() -> None:
    call_command("migrate", verbosity=0)
    firm = HiringFirm.objects.create(name="Marchand Ouellet", language="en")
    bob = recruiter_of(firm, "Bob")
    print(f"{'people':>6} {'pages':>5} {'cold':>8} {'warm':>8} {'naive':>8} {'warm/naive':>10} "
          f"{'stored':>8} {'HTTP':>8} {'peak':>7}   (ms; MB)")  # fmt: skip
    for people in (0, 1, 3, 12, 55):
        check = make_check(bob, people)
        client: APIClient = client_of(bob)
        query = {"type": "candidates", "id": str(check.candidate_id)}

        def found(check=check):
            return sheet("candidates", check.candidate, audience="recruiter", language="en")

        html, files = compose(found(), Document(kind="candidates", language="en"))
        press, times = Renderer(), 3 if people > 20 else 7
        cold = best(lambda: press.render(html, files, patient=True), 1)
        warm = best(lambda: press.render(html, files, patient=True), times)
        pages = len(PdfReader(issue(found(), patient=True).file).pages)
        peak = rss(press._process.pid)
        press.close()
        slow = naive(html, times)
        stored = best(lambda: issue(found()), 30)
        assert client.get("/api/documents", query).status_code == 200
        http = statistics.median(
            best(lambda: client.get("/api/documents", query), 1) for _ in range(30)
        )
        print(f"{people:>6} {pages:>5} {cold * 1000:>8.0f} {warm * 1000:>8.0f} {slow * 1000:>8.0f} "
              f"{warm / slow:>10.2f} {stored * 1000:>8.1f} {http * 1000:>8.1f} {peak:>7}")  # fmt: skip
    renderer.close()


if __name__ == "__main__":
    main()
