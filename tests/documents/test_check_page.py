"""/d/<number>: says what was issued and whether a file is that; nothing about anybody."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.documents.issue import issue, sheet
from apps.documents.models import Document
from tests.conftest import fill

pytestmark = pytest.mark.pdf


@pytest.fixture
def document(reference):
    fill(reference)
    found = sheet("candidates", reference.candidate, audience="recruiter", language="en")
    return issue(found, patient=True)


def test_anyone_can_see_that_it_was_issued(client, document):
    answer = client.get(f"/d/{document.printed_number}")
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in (document.printed_number, document.sha256, "Reference report", "is current"):
        assert words in page
    for personal in ("Camille", "Desrosiers", "Gauvreau", "Marchand", str(document.subject_id)):
        assert personal not in page
    assert answer["Referrer-Policy"] == "no-referrer" and "no-store" in answer["Cache-Control"]
    french = client.get(f"/d/{document.printed_number}?lang=fr").content.decode()
    assert "Ce document a été émis et il est à jour" in french


def test_numbers_are_read_as_people_write_them(client, document):
    for text in (document.number, document.printed_number.lower()):
        assert client.get(f"/d/{text}").status_code == 200


def test_it_says_when_it_was_replaced(client, document):
    """And no more than that: a new look replaces what shows the same."""
    Document.objects.filter(pk=document.pk).supersede()
    Document.objects.update(superseded_at="2026-10-01T12:00:00Z")
    page = client.get(f"/d/{document.number}").content.decode()
    assert "has been replaced" in page
    assert "A newer version was issued on 1\u00a0October\u00a02026" in page
    french = client.get(f"/d/{document.number}?lang=fr").content.decode()
    assert "Une version plus récente a été émise le 1er\u00a0octobre\u00a02026\u00a0:" in french


def test_a_file_is_compared_and_not_kept(client, document, settings, tmp_path):
    pdf = document.file.read()

    def post(data):
        upload = SimpleUploadedFile("a.pdf", data, "application/pdf")
        return client.post(f"/d/{document.number}", {"file": upload}).content.decode()

    files = Document.objects.count()
    assert "The file is unaltered" in post(pdf)
    assert "is not the one that was issued" in post(pdf + b" ")
    assert "is not the one that was issued" in post(io.BytesIO(b"x" * 3_000_000).read())
    assert Document.objects.count() == files


def test_unknown_numbers_are_unknown(client, document):
    for number in ("AAAA-BBBB-CCCC-DDDD", "x", "'--", "%00", "é" * 40):
        answer = client.get(f"/d/{number}")
        assert answer.status_code == 404
        assert "There is no such document" in answer.content.decode()


def test_numbers_cannot_be_guessed(document):
    numbers = {Document().number for _ in range(1000)}
    assert len(numbers) == 1000 and all(len(number) == 16 for number in numbers)
