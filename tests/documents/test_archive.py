"""PDF/A-2a, and what PDF/UA-1 asks: checked on the finished file, by pikepdf and pdfua."""

import io

import pdfua
import pikepdf
import pytest

from apps.documents.issue import issue, sheet
from tests.documents.samples import make_check

pytestmark = pytest.mark.pdf


@pytest.fixture
def check(bob):
    return make_check(bob, 2)


def pdf_of(check, kind="candidates", language="en") -> bytes:
    rows = {
        "candidates": check.candidate,
        "resumes": check.candidate,
        "references": check.references.filter(status="filled").first(),
    }
    found = sheet(kind, rows[kind], audience="recruiter", language=language)
    return issue(found, patient=True).file.read()


def fonts_in(pdf):
    for each in pdf.objects:
        if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font":
            yield each


def tags(element, found):
    """Every structure element beneath, depth first."""
    children = element.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            found.append(child)
            tags(child, found)
    return found


DRAWS = {"TJ", "Tj", "'", '"', "Do", "f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh", "EI"}


def outside_marks(page) -> list[str]:
    """What the page draws neither as content with a tag nor as an artifact."""
    depth, found = 0, []
    for each in pikepdf.parse_content_stream(page):
        name = str(each.operator)
        depth += (name in ("BDC", "BMC")) - (name == "EMC")
        if depth == 0 and name in DRAWS:
            found.append(name)
    return found


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("kind", ["candidates", "references", "resumes"])
def test_it_is_archival_and_tagged(check, kind, language):
    with pikepdf.open(io.BytesIO(pdf_of(check, kind, language))) as pdf:
        with pdf.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "2" and metadata["pdfaid:conformance"] == "A"
            assert metadata["pdfuaid:part"] == "1" and metadata["dc:title"]
        root = pdf.Root
        intent = root.OutputIntents[0]
        assert intent.S == "/GTS_PDFA1" and len(intent.DestOutputProfile.read_bytes()) > 1000
        assert root.MarkInfo.Marked is True or bool(root.MarkInfo.Marked)
        assert str(root.Lang) == f"{language}-CA"
        assert bool(root.ViewerPreferences.DisplayDocTitle)
        assert "/ID" in pdf.trailer
        assert not pdf.is_encrypted
        for forbidden in ("/AcroForm", "/OpenAction", "/AA", "/XFA"):
            assert forbidden not in root
        assert "/JavaScript" not in root.get("/Names", {})
        assert "/EmbeddedFiles" not in root.get("/Names", {})
        for font in fonts_in(pdf):
            if font.Subtype == "/Type0":
                assert "/ToUnicode" in font
                font = font.DescendantFonts[0]
                assert len(font.W) > 0
            if font.Subtype != "/Type3":
                descriptor = font.FontDescriptor
                assert any(f"/FontFile{each}" in descriptor for each in ("", 2, 3)), font.BaseFont
        found = tags(root.StructTreeRoot, [])
        kinds = [str(each.S) for each in found]
        assert "/H1" in kinds and "/Table" in kinds and "/TH" in kinds
        for figure in (each for each in found if str(each.S) == "/Figure"):
            assert str(figure.get("/Alt", "")), "a drawing without its words"
        for header in (each for each in found if str(each.S) == "/TH"):
            assert str(header.A.Scope) in ("/Column", "/Row")
        known = {"/Document", "/Sect", "/Div", "/NonStruct", "/H1", "/H2", "/H3", "/P", "/Span"}
        known |= {"/BlockQuote", "/L", "/LI", "/Lbl", "/LBody", "/Link", "/Figure", "/Caption"}
        known |= {"/Table", "/THead", "/TBody", "/TR", "/TH", "/TD"}
        assert set(kinds) <= known  # which need no role map
        assert {str(each.Lang) for each in found if "/Lang" in each} <= {"en-CA", "fr-CA"}
        for page in pdf.pages:
            assert "/StructParents" in page and page.Tabs == "/S"
            assert outside_marks(page) == []
            for link in page.get("/Annots", []):
                assert str(link.Contents) and "/StructParent" in link
        if kind == "candidates":
            assert "/Outlines" in root


def test_a_quote_speaks_its_own_language(check):
    """The second person answers in English, the third in French; the report is in English."""
    check = make_check(check.requested_by, 3, first_name="Dominique")
    with pikepdf.open(io.BytesIO(pdf_of(check))) as pdf:
        found = tags(pdf.Root.StructTreeRoot, [])
        spoken = [str(each.Lang) for each in found if each.S == "/BlockQuote"]
    assert set(spoken) == {"en-CA", "fr-CA"}


def test_headings_do_not_skip(check):
    with pikepdf.open(io.BytesIO(pdf_of(check))) as pdf:
        levels = [
            int(str(each.S)[2:])
            for each in tags(pdf.Root.StructTreeRoot, [])
            if str(each.S)[:2] == "/H" and str(each.S)[2:].isdigit()
        ]
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in zip(levels, levels[1:], strict=False))


def test_pdfua_finds_nothing(check, tmp_path):
    """16 of the 106 rules of PDF/UA-1 that a machine can check; the others nobody has run here."""
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf_of(check))
    found = pdfua.validate(path).findings
    assert [(each.rule_id, each.message) for each in found] == []
