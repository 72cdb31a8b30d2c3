"""How long documents take: cold, warm, stored, and next to a naive call; by pages; memory.

    .venv/bin/python bench/documents.py            # in a database of its own, thrown away

Naive is `HTML(string=…, base_url=…).write_pdf()` with fonts and style read afresh each time.
"""

import os
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

from apps.documents import renderer as renderer_module  # noqa: E402
from apps.documents.issue import compose, issue, sheet  # noqa: E402
from apps.documents.models import Document  # noqa: E402
from apps.documents.renderer import Renderer  # noqa: E402
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
    start = time.process_time()
    HTML(string=html, base_url={press!r} + "/").write_pdf(finisher=finish, pdf_variant="pdf/a-2a")
    times.append(time.process_time() - start)
print(min(times))
"""
HEAD = ["people", "pages", "cold", "warm", "naive", "warm/naive", "stored", "HTTP", "peak"]
TICK = os.sysconf("SC_CLK_TCK")


def least(act, times: int, clock=time.process_time) -> float:
    """Milliseconds: the least of several, by a clock that counts our own work and no one else's."""
    spent = []
    for _ in range(times):
        start = clock()
        act()
        spent.append(clock() - start)
    return 1000 * min(spent)


def work_of(pid: int) -> float:
    """Seconds of processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def peak_of(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def naive(html: str, times: int) -> float:
    path = Path(folder.name, "page.html")
    path.write_text(html)
    code = NAIVE.format(press=str(ROOT / "apps/documents/press"))
    command = [sys.executable, "-c", code, str(path), str(times)]
    return 1000 * float(subprocess.run(command, capture_output=True, check=True).stdout)


def measure(by, people: int) -> list:
    check = make_check(by, people)
    client, query = client_of(by), {"type": "candidates", "id": str(check.candidate_id)}

    def found():
        return sheet("candidates", check.candidate, audience="recruiter", language="en")

    html, files = compose(found(), Document(kind="candidates", language="en"))
    press, times = Renderer(), 3 if people > 20 else 7
    press.render(html, files, patient=True)
    pid = press._process.pid
    cold = 1000 * work_of(pid)
    warm = least(lambda: press.render(html, files, patient=True), times, lambda: work_of(pid))
    peak = peak_of(pid)
    press.close()
    slow = naive(html, times)
    pages = len(PdfReader(issue(found(), patient=True).file).pages)
    stored = least(lambda: issue(found()), 30)
    assert client.get("/api/documents", query).status_code == 200
    http = least(lambda: client.get("/api/documents", query), 30)
    return [people, pages, *(round(each) for each in (cold, warm, slow)), round(warm / slow, 2),
            round(stored, 1), round(http, 1), peak]  # fmt: skip


def main() -> None:
    renderer_module.SECONDS = 120  # a busy machine is no reason to kill here
    call_command("migrate", verbosity=0)
    firm = HiringFirm.objects.create(name="Marchand Ouellet", language="en")
    bob = recruiter_of(firm, "Bob")
    print("milliseconds of processor time; peak in MB")
    print("".join(f"{name:>11}" for name in HEAD))
    for people in (0, 1, 3, 12, 55):
        print("".join(f"{each:>11}" for each in measure(bob, people)), flush=True)
    renderer_module.renderer.close()


if __name__ == "__main__":
    main()
