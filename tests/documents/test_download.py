"""GET /documents: the PDF for who may see it, error documents for everyone else."""

import io

import pytest
from pypdf import PdfReader

from apps.activities.models import Activity
from apps.documents.models import Document
from tests.conftest import fill
from tests.documents.samples import make_check

pytestmark = pytest.mark.pdf


def get(client, path="/api/documents", accept=None, **query):
    headers = {"Accept": accept} if accept else {}
    return client.get(path, query, headers=headers)


def text_of(pdf: bytes) -> str:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]
    return " ".join(" ".join(pages).replace("\u00a0", " ").split())


@pytest.mark.parametrize("path", ["/api/documents", "/api/v3/documents"])
def test_a_recruiter_downloads_the_report(as_bob, reference, path):
    fill(reference)
    answer = get(as_bob, path, type="candidates", id=reference.candidate_id)
    assert answer.status_code == 200, answer.content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith('attachment; filename="candidates-')
    assert answer.content.startswith(b"%PDF-1.7")
    text = text_of(answer.content)
    assert "Camille Desrosiers" in text and "Étienne Gauvreau" in text
    assert Activity.objects.filter(key="document.download").count() == 1


@pytest.mark.parametrize("accept", ["application/pdf", "text/html", "application/vnd.api+json"])
def test_accept_chooses_nothing(as_bob, reference, accept):
    answer = get(as_bob, accept=accept, type="candidates", id=reference.candidate_id)
    assert answer["Content-Type"] == "application/pdf"
    missing = get(as_bob, accept=accept, type="candidates", id=reference.pk)
    assert missing.status_code == 404
    assert missing.json()["errors"][0]["code"] == "not_found"


def test_the_same_content_is_the_same_file_and_any_change_another(as_bob, reference):
    query = {"type": "candidates", "id": reference.candidate_id}
    first = get(as_bob, **query)
    assert get(as_bob, **query)["ETag"] == first["ETag"]
    again = as_bob.get("/api/documents", query, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content
    fill(reference)
    changed = as_bob.get("/api/documents", query, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    old = Document.objects.get(superseded_at__isnull=False)
    assert old.sha256 == first["ETag"].strip('"') and not old.file


def test_who_only_looks_has_downloaded_nothing(as_bob, reference):
    query = {"type": "candidates", "id": reference.candidate_id}
    looked = as_bob.head("/api/documents", query)
    assert looked.status_code == 200 and not looked.content
    assert not Activity.objects.filter(key="document.download").exists()
    assert get(as_bob, **query)["ETag"] == looked["ETag"]


def test_a_file_that_goes_at_this_moment_can_be_asked_for_again(as_bob, reference, monkeypatch):
    query = {"type": "candidates", "id": reference.candidate_id}
    get(as_bob, **query)
    monkeypatch.setattr(Document, "is_there", True)  # as it was when it was looked for
    document = Document.objects.get()
    document.file.storage.delete(document.file.name)
    answer = get(as_bob, **query)
    assert (answer.status_code, answer["Retry-After"]) == (503, "1")


def test_others_see_nothing(as_alice, as_charlie, reference, bob):
    query = {"type": "candidates", "id": reference.candidate_id}
    assert get(as_charlie, **query).status_code == 404
    assert get(as_charlie, type="references", id=reference.pk).status_code == 404
    assert get(as_alice, **query).status_code == 200


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({}, "type"),
        ({"type": "cats"}, "type"),
        ({"type": "candidates"}, "id"),
        ({"type": "candidates", "id": "ID", "audience": "press"}, "audience"),
        ({"type": "candidates", "id": "ID", "lang": "es"}, "lang"),
        ({"type": "resumes", "id": "ID", "audience": "clients"}, "audience"),
    ],
)
def test_bad_parameters_are_named(as_bob, candidate, query, parameter):
    query = {name: str(candidate.pk) if value == "ID" else value for name, value in query.items()}
    answer = get(as_bob, **query)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"] == {"parameter": parameter}


def test_the_reader_chooses_the_language(as_bob, bob, candidate):
    query = {"type": "candidates", "id": candidate.pk}
    assert get(as_bob, **query)["Content-Language"] == "en"
    asked = as_bob.get("/api/documents", query, headers={"Accept-Language": "fr-CA"})
    assert asked["Content-Language"] == "fr"
    assert "Rapport de références" in text_of(asked.content)
    assert get(as_bob, **query, lang="fr")["Content-Language"] == "fr"
    bob.user.language = "fr"
    bob.user.save()
    assert get(as_bob, **query)["Content-Language"] == "fr"


def test_a_request_can_be_chosen(as_bob, bob):
    first = make_check(bob, 1)
    first.conclude(bob)
    candidate = first.candidate
    make_check(bob, 1)
    mine = get(as_bob, type="candidates", id=candidate.pk, reference_request=first.pk)
    assert mine.status_code == 200
    other = make_check(bob, 0, key="technical")
    stranger = get(as_bob, type="candidates", id=candidate.pk, reference_request=other.pk)
    assert stranger.status_code == 404
