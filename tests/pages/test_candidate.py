"""The candidate agrees, names people, and sees how far they are."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.consents.models import Consent
from apps.messaging.models import Message
from apps.references.models import Reference
from tests.conftest import fill, make_candidate, make_reference, make_request
from tests.pages.conftest import metadata_of


def test_the_whole_way(visit, reference_request, named):
    page = visit(reference_request)
    assert page.get().title == "Camille, who has seen you work?"
    assert not Consent.objects.filter(purpose="check").exists()

    response = page.post("/consent")
    assert response.at == "/name" and "Reference 1 of 2" in response.words
    ledger = Consent.objects.get(purpose="check")
    assert ledger.text_version and ledger.language == "en" and ledger.ip_address == "127.0.0.1"

    response = page.post("/name", named)
    assert response.at == "/name" and "Reference 2 of 2" in response.words
    first = Reference.objects.get()
    assert (first.first_name, first.email, first.e164) == (
        "Étienne",
        "etienne@reference.example",
        "+15145550134",
    )
    assert first.status == "sent" and first.is_manager and first.language == "fr"
    assert Message.objects.filter(kind="reference_invitation").count() == 2

    second = named | {"first_name": "Priya", "relationship": "colleague", "language": "en"}
    second |= {"email": "priya@reference.example", "phone": ""}
    response = page.post("/name", second)
    assert response.at == "" and response.title == "You have named enough people"
    reference_request.refresh_from_db()
    assert reference_request.filled

    candidate = reference_request.candidate
    candidate.refresh_from_db()
    assert metadata_of(candidate).count() == 2
    assert (candidate.metadatum.os, candidate.metadatum.source) == ("iOS", "page")


def test_it_asks_for_a_manager_when_only_managers_are_missing(visit, agreed, named):
    page = visit(agreed)
    page.post("/name", named | {"relationship": "colleague"})
    assert "This person should be someone who managed you." in page.get("/name").words


def test_naming_the_same_person_twice_names_them_once(visit, agreed, named):
    page = visit(agreed)
    page.post("/name", named)
    response = page.post("/name", named)
    assert response.status_code == 200 and Reference.objects.count() == 1


@pytest.mark.parametrize(
    "wrong, field, words",
    [
        ({"first_name": ""}, "first_name", "Enter the first name."),
        ({"first_name": "A <b@c.example>"}, "first_name", "A name can't hold this character."),
        ({"relationship": ""}, "relationship_0", "Choose how you worked together."),
        ({"relationship": "boss"}, "relationship_0", "Choose how you worked together."),
        ({"email": "nowhere"}, "email", "Enter a valid email address."),
        ({"email": "", "phone": ""}, "email", "Enter an email or a phone."),
        ({"phone": "12"}, "phone", "Enter a valid phone number with its area code."),
        ({"started_on": "31/05/2021"}, "started_on", "Enter a date such as 2021-05-31."),
        ({"ended_on": "2018-01-01"}, "ended_on", "It can't end before it began."),
        ({"language": "de"}, "language_0", "Choose a language."),
        ({"told": ""}, "told", "Tell this person first, then tick the box."),
        ({"contact": "text", "phone": ""}, "phone", "Enter a phone for text messages."),
        ({"email": "camille@candidate.example"}, "email", "This is yours. We need theirs."),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_saved(visit, agreed, named, wrong, field, words):
    response = visit(agreed).post("/name", named | wrong)
    html = response.content.decode()
    assert response.status_code == 422 and Reference.objects.count() == 0
    assert "<title>Error: " in html
    assert f'<a href="#{field}">' in html and words in response.words.replace("’", "'")
    assert 'value="Gauvreau"' in html, "what was typed stays"


def test_another_person_at_the_same_address_is_refused(visit, agreed, named):
    page = visit(agreed)
    page.post("/name", named)
    response = page.post("/name", named | {"first_name": "Priya"})
    assert "You gave this for Étienne Gauvreau already." in response.words


def test_it_names_nobody_before_the_consent(visit, reference_request, named):
    response = visit(reference_request).post("/name", named)
    assert response.at == "" and Reference.objects.count() == 0


def test_progress_tells_who_answered_and_never_what(visit, agreed):
    reference = make_reference(agreed)
    fill(reference, permission_share_candidate=True)
    response = visit(agreed).get()
    assert "Étienne Gauvreau" in response.words and "Has answered" in response.words
    assert "generous" not in response.words


def test_it_reminds_once_a_day(visit, agreed):
    reference = make_reference(agreed)
    page = visit(agreed)
    assert "You can send a reminder tomorrow from" in page.get().words
    Reference.objects.update(last_written_at=timezone.now() - timedelta(hours=25))
    assert "Remind Étienne" in page.get().words
    for _click in range(2):
        page.post(f"/people/{reference.pk}/remind")
    reference.refresh_from_db()
    assert reference.reminder_count == 1


def test_it_corrects_an_address_that_bounced(visit, agreed):
    reference = make_reference(agreed)
    Reference.objects.update(status="bounced")
    page = visit(agreed)
    assert "Not reached" in page.get().words
    step = f"/people/{reference.pk}/correct"
    assert "Our message came back" in page.get(step).words
    data = {"email": reference.email, "country": "CA", "phone": "514 555-0134"}
    assert "This is the address that did not work." in page.post(step, data).words
    page.post(step, data | {"email": "e.gauvreau@reference.example"})
    reference.refresh_from_db()
    assert (reference.status, reference.email) == ("sent", "e.gauvreau@reference.example")
    assert reference.link_version == 2


def test_it_replaces_a_silent_reference_once(visit, agreed, named):
    silent = make_reference(agreed)
    other = named | {"first_name": "Priya", "email": "priya@reference.example", "phone": ""}
    page = visit(agreed)
    assert "Instead of Étienne Gauvreau" in page.get(f"/people/{silent.pk}/replace").words
    for _click in range(2):
        response = page.post(f"/people/{silent.pk}/replace", other)
    silent.refresh_from_db()
    assert response.status_code == 200 and silent.status == "replaced"
    assert silent.replaced_by.first_name == "Priya" and Reference.objects.count() == 2


def test_somebody_who_is_answering_is_not_replaced(visit, agreed, named):
    reference = make_reference(agreed)
    reference.start()
    other = named | {"first_name": "Priya", "email": "priya@reference.example", "phone": ""}
    visit(agreed).post(f"/people/{reference.pk}/replace", other)
    assert Reference.objects.count() == 1


def test_it_fills_the_profile_when_the_firm_asks(visit, agreed):
    page = visit(agreed)
    assert page.get("/profile").at == ""
    firm = agreed.hiring_firm
    firm.asks_for_profile = True
    firm.save()
    job = {"job_title": "Foundry lead", "company_name": "Atelier Nord", "started_on": "2019-03-01"}
    for _click in range(2):
        response = page.post("/profile/experience", job)
    assert response.at == "/profile" and "Foundry lead" in response.words
    profile = agreed.candidate.profile
    line = profile.experiences.get()
    page.post(f"/profile/experience/{line.pk}", job | {"job_title": "Foundry head"})
    assert profile.experiences.get().job_title == "Foundry head"
    response = page.post("/profile/education", {"degree": "DEC", "school_name": ""})
    assert response.status_code == 422 and not profile.educations.exists()
    page.post(f"/profile/experience/{line.pk}", {"remove": "1"})
    assert not profile.experiences.exists()


def test_saying_no_is_a_post(visit, reference_request):
    page = visit(reference_request)
    assert page.get("/decline").title == "Would you rather not go on?"
    reference_request.refresh_from_db()
    assert reference_request.status == "opened"
    assert page.post("/decline").title == "That is fine"
    reference_request.refresh_from_db()
    assert reference_request.status == "declined"
    assert page.post("/decline").status_code == 200


def test_somebody_elses_reference_is_not_theirs(visit, agreed, alice, question_set):
    stranger = make_reference(make_request(make_candidate(alice), question_set))
    Reference.objects.update(last_written_at=timezone.now() - timedelta(hours=25))
    assert visit(agreed).post(f"/people/{stranger.pk}/remind").at == ""
    stranger.refresh_from_db()
    assert stranger.reminder_count == 0


def test_a_missing_address_is_named_with_the_other_faults(visit, agreed):
    response = visit(agreed).post("/name", {"first_name": "Odile"})
    assert response.status_code == 422
    for words in ("Enter the last name.", "Enter an email or a phone."):
        assert words in response.words
