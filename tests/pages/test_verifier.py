"""The verifier confirms, corrects or leaves open each field, or says no."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.candidates.models import Experience
from apps.verifications.models import Verification
from tests.pages.conftest import metadata_of


@pytest.fixture
def verification(candidate, bob):
    job = Experience(profile=candidate.profile).write(
        bob, job_title="Foundry lead", company_name="Atelier Nord", started_on="2019-03-01"
    )
    job.refresh_from_db()
    person = {"first_name": "Odile", "last_name": "Roy", "email": "odile@atelier.example"}
    return Verification(**person, language="en").create(bob, job)


GOOD = {"company_name": "confirmed", "job_title": "confirmed", "started_on": "unknown"}


def picture(side=40):
    data = BytesIO()
    Image.new("RGB", (side, side)).save(data, "PNG")
    return SimpleUploadedFile("letter.png", data.getvalue(), "image/png")


def test_the_whole_way(visit, verification):
    page = visit(verification)
    response = page.get()
    assert response.title == "Did Camille Desrosiers work with you?"
    assert "Foundry lead" in response.words and "1 March 2019" in response.words
    response = page.post("/check", GOOD | {"comment": "A pleasure.", "document": picture()})
    assert response.title == "Thank you, Odile" and "A pleasure." in response.words
    verification.refresh_from_db()
    assert verification.status == "verified" and verification.document.name.endswith(".jpg")
    assert metadata_of(verification).count() == 1
    response = page.post("/check", GOOD | {"job_title": "unknown"})
    assert response.title == "Thank you, Odile"
    verification.refresh_from_db()
    assert verification.findings["job_title"]["finding"] == "confirmed"


def test_a_correction_makes_a_discrepancy(visit, verification):
    given = {"started_on": "corrected", "started_on_is": "2020-03-01"}
    visit(verification).post("/check", GOOD | given)
    verification.refresh_from_db()
    assert verification.status == "discrepancy"
    assert verification.findings["started_on"]["value"] == "2020-03-01"


@pytest.mark.parametrize(
    "wrong, field, words",
    [
        ({"job_title": ""}, "job_title_0", "Job: Choose one answer."),
        ({"job_title": "corrected"}, "job_title_0", "Job: Enter what is right."),
        ({"started_on": "corrected", "started_on_is": "2020"}, "started_on_0", "From: Enter the"),
    ],
)
def test_what_is_missing_is_named(visit, verification, wrong, field, words):
    response = visit(verification).post("/check", GOOD | wrong)
    assert response.status_code == 422
    assert f'<a href="#{field}">{words}' in response.content.decode()
    verification.refresh_from_db()
    assert verification.status == "sent"


def test_only_pictures_are_taken(visit, verification):
    upload = SimpleUploadedFile("letter.png", b"MZ not a picture", "image/png")
    response = visit(verification).post("/check", GOOD | {"document": upload})
    assert response.status_code == 422 and "Send a PNG, JPEG or WebP picture." in response.words
    verification.refresh_from_db()
    assert verification.status == "sent" and not verification.document


@pytest.mark.parametrize(
    "lang, words",
    [("en", "over 8 megapixels: send a smaller one"), ("fr", "dépasse 8 mégapixels : envoyez-en")],
)
def test_who_sends_too_large_a_picture_is_told_what_to_do(visit, verification, lang, words):
    response = visit(verification).post(f"/check?lang={lang}", GOOD | {"document": picture(2900)})
    assert response.status_code == 422 and 'href="#document"' in response.content.decode()
    assert words in response.words.replace("\xa0", " ")
    verification.refresh_from_db()
    assert verification.status == "sent"


def test_what_is_typed_is_cleaned_before_it_is_kept(visit, verification):
    given = {"job_title": "corrected", "job_title_is": "  Foreman ", "comment": "  Since March. "}
    visit(verification).post("/check", GOOD | given)
    verification.refresh_from_db()
    assert verification.findings["job_title"] == {"finding": "corrected", "value": "Foreman"}
    assert verification.comment == "Since March."


def test_what_was_typed_stands_beside_its_error(visit, verification):
    given = {"started_on": "", "job_title": "corrected", "job_title_is": "Foreman"}
    response = visit(verification).post("/check", GOOD | given | {"comment": "Since March."})
    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="Foreman"' in page and "Since March." in page


@pytest.mark.parametrize(
    "step, given, field",
    [
        ("/check", GOOD | {"comment": "a\0b"}, "comment"),
        ("/check", GOOD | {"job_title": "corrected", "job_title_is": "a\0b"}, "job_title_0"),
        ("/decline", {"comment": "a\0b"}, "comment"),
    ],
)
def test_what_no_database_holds_is_refused(visit, verification, step, given, field):
    response = visit(verification).post(step, given)
    assert response.status_code == 422 and f'href="#{field}"' in response.content.decode()
    verification.refresh_from_db()
    assert verification.status == "sent"


def test_saying_no(visit, verification):
    page = visit(verification)
    assert page.get("/decline").title == "You would rather not?"
    assert page.post("/decline", {"comment": "Ask Head Office"}).title == "That is fine"
    verification.refresh_from_db()
    assert (verification.status, verification.comment) == ("declined", "Ask Head Office")


def test_in_french(visit, verification):
    assert visit(verification).get("?lang=fr").title == "Camille Desrosiers a travaillé chez vous?"
