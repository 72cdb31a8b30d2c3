"""The reference answers page by page, looks it over, sends it once, keeps a copy."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from apps.answers.models import Answer, AnswerSet
from apps.consents.models import Consent
from apps.documents.tasks import erase_expired
from apps.messaging.models import Message, OptOut
from apps.messaging.rendering import render
from apps.references.models import Reference, ReferenceRequest
from tests.conftest import fill, make_reference
from tests.pages.conftest import Reader, answers_on_pages, metadata_of

SHARING = {"permission_share_clients": "yes", "permission_share_candidate": "no"}


def test_the_whole_way(visit, reference):
    page = visit(reference)
    response = page.get()
    assert response.title == "Camille Desrosiers gave us your name"
    for words in ("Marchand Ouellet", "Bob Tremblay", "514 555-0101", "24 months", "12 questions"):
        assert words in response.words
    reference.refresh_from_db()
    assert reference.status == "opened" and not Consent.objects.filter(purpose="answer").exists()

    assert page.post("/begin").title == "How did you and Camille work together?"
    assert Consent.objects.filter(purpose="answer", given=True).count() == 1
    tie = {"relationship": "colleague", "started_on": "2019-04-01", "ended_on": ""}
    assert page.post("/you", tie).at == "/q/1"

    response = answers_on_pages(page, reference.questions)
    assert response.at == "/review" and response.title == "Look it over, then send it"
    assert "We were colleagues" in response.words and "4 – Usually" in response.words
    assert reference.answer_set.submitted_at is None

    response = page.post("/review", SHARING)
    assert response.at == "" and response.title == "Thank you, Étienne"
    reference.refresh_from_db()
    answer_set = reference.answer_set
    assert answer_set.receipt in response.words
    assert reference.status == "filled" and reference.score == 4
    assert reference.corrected_relationship == "colleague"
    assert (reference.relationship, reference.corrected_started_on) == ("manager", date(2019, 4, 1))
    assert reference.permission_share_clients is True
    assert reference.permission_share_candidate is False
    assert reference.metadatum.os == "iOS" and metadata_of(reference).count() == 1
    assert Message.objects.filter(kind="reference_receipt").count() == 1

    response = page.get("/copy")
    assert "Calm, exact, generous." in response.words and answer_set.receipt in response.words


def test_each_answer_is_saved_as_it_is_given_and_resumed_elsewhere(visit, reference):
    page = visit(reference)
    page.post("/q/1", {"answer": "2019-05-01", "go": "on"})
    page.post("/q/2", {"answer": "", "go": "on"})
    page.post("/q/3", {"answer": "5", "comment": "Always on the day.", "go": "on"})
    elsewhere = visit(reference)
    response = elsewhere.get()
    assert "3 answers are saved." in response.words and f"{page.link}/q/4" in response.hrefs
    html = elsewhere.get("/q/3").content.decode()
    assert "Always on the day." in html and 'value="5" checked' in html
    reference.refresh_from_db()
    assert reference.status == "started"


def test_going_back_saves_without_insisting(visit, reference):
    page = visit(reference)
    assert page.post("/q/3", {"answer": "", "comment": "Half a th", "go": "back"}).at == "/q/2"
    assert "Half a th" in page.get("/q/3").content.decode()
    assert page.post("/q/1", {"answer": "", "go": "back"}).at == "/you"


def test_a_change_from_the_look_over_goes_back_to_it(visit, reference):
    page = visit(reference)
    assert page.post("/q/3?to=review", {"answer": "2", "go": "on"}).at == "/review"


@pytest.mark.parametrize(
    "number, data, words",
    [
        (3, {}, "Choose one answer, or “I did not see this”."),
        (3, {"answer": "9"}, "Choose one answer, or “I did not see this”."),
        (9, {"answer": "   "}, "Write a few words."),
        (9, {"answer": "x" * 5001}, "Shorten your answer: it is too long."),
        (11, {"answer": "Perhaps"}, "Choose one answer."),
        (1, {"answer": "31/05/2021"}, "Enter a date such as 2021-05-31."),
    ],
)
def test_an_answer_that_does_not_fit_is_named(visit, reference, number, data, words):
    response = visit(reference).post(f"/q/{number}", data | {"go": "on"})
    html = response.content.decode()
    assert response.status_code == 422 and "<title>Error: " in html
    assert f'<a href="#answer">{words}</a>' in html
    assert not Answer.objects.exists()


def test_cannot_say_is_an_answer(visit, reference):
    page = visit(reference)
    assert page.post("/q/3", {"answer": "n/a", "go": "on"}).at == "/q/4"
    assert Answer.objects.get().not_applicable


def test_what_is_missing_is_listed_and_nothing_is_sent(visit, reference):
    page = visit(reference)
    page.post("/q/3", {"answer": "4", "go": "on"})
    response = page.post("/review", SHARING)
    assert response.status_code == 422 and "Question 4 needs an answer." in response.words
    reference.refresh_from_db()
    assert reference.status == "started" and not metadata_of(reference).exists()


def test_it_asks_who_may_read_before_it_sends(visit, reference):
    page = visit(reference)
    answers_on_pages(page, reference.questions)
    response = page.post("/review", {"permission_share_clients": "yes"})
    assert response.status_code == 422
    assert "Choose whether Camille may read your answers." in response.words
    assert 'value="yes" id="permission_share_clients" checked' in response.content.decode()


def test_sending_twice_sends_once(visit, reference):
    page = visit(reference)
    answers_on_pages(page, reference.questions)
    page.post("/review", SHARING)
    response = page.post("/review", {**SHARING, "permission_share_candidate": "yes"})
    assert response.title == "Thank you, Étienne"
    reference.refresh_from_db()
    assert reference.permission_share_candidate is False
    assert AnswerSet.objects.count() == 1 and metadata_of(reference).count() == 1
    assert page.post("/q/3", {"answer": "1", "go": "on"}).at == ""
    assert reference.score == 4


def test_the_language_changes_half_way_and_keeps_the_choices(visit, reference):
    page = visit(reference)
    page.post("/q/11", {"answer": "Yes, with reservations", "go": "on"})
    response = page.post("/q/3", {"answer": "4", "comment": "Still typing", "go": "fr"})
    assert response.at == "/q/3?lang=fr" and "Continuer" in response.words
    html = response.content.decode()
    assert "Still typing" in html and '<html lang="fr-CA">' in html
    reference.refresh_from_db()
    assert reference.language == "en", "looking chooses nothing"
    page.post("/q/4?lang=fr", {"answer": "4", "go": "on"})
    reference.refresh_from_db()
    assert reference.language == "fr"
    chosen = Answer.objects.get(position=10)
    assert chosen.value == "Oui, avec des réserves" and chosen.language == "fr"
    html = page.get("/q/11").content.decode()
    assert 'value="Oui, avec des réserves" checked' in html


def test_it_says_no(visit, reference):
    page = visit(reference)
    assert page.get("/decline").title == "You would rather not?"
    reference.refresh_from_db()
    assert reference.status == "opened"
    response = page.post("/decline")
    assert response.title == "That is fine" and "Camille is not told why" in response.words
    reference.refresh_from_db()
    assert reference.status == "declined"
    assert page.post("/q/3", {"answer": "4", "go": "on"}).title == "That is fine"


def test_it_is_not_me(visit, reference):
    page = visit(reference)
    assert page.get("/wrong-person").title == "You do not know Camille Desrosiers?"
    assert page.post("/wrong-person").title == "Thank you for telling us"
    reference.refresh_from_db()
    assert reference.status == "wrong_person"


def test_call_me_instead_and_in_writing_after_all(visit, reference):
    page = visit(reference)
    assert page.get("/call").title == "Would you rather talk?"
    assert page.post("/call", {"note": "After 16:00"}).title == "Bob Tremblay will call you"
    reference.refresh_from_db()
    assert (reference.status, reference.call_note) == ("call_requested", "After 16:00")
    page.post("/begin")
    answers_on_pages(page, reference.questions)
    assert page.post("/review", SHARING).title == "Thank you, Étienne"


def test_stop_writing_to_me(visit, reference):
    page = visit(reference)
    page.get("/stop")
    assert not OptOut.objects.exists()
    assert page.post("/stop").title == "That is fine"
    reference.refresh_from_db()
    assert reference.status == "declined" and OptOut.objects.count() == 2


@pytest.mark.parametrize("end", ["cancel", "fill", "wrong_person"])
def test_stop_is_heard_when_it_ended_meanwhile(visit, reference, bob, end):
    page = visit(reference)
    page.get("/stop")
    {"cancel": lambda: reference.cancel(bob), "fill": lambda: fill(reference)}.get(
        end, reference.wrong_person
    )()
    before = reference.status
    response = page.post("/stop")
    assert "No firm that uses Vitay sends you reminders" in response.words
    assert ("What you sent stays" in response.words) == (end == "fill")
    reference.refresh_from_db()
    assert reference.status == before and OptOut.objects.count() == 2


def test_stop_when_reopened_keeps_what_was_sent(visit, reference, bob):
    fill(reference)
    reference.reopen(bob)
    page = visit(reference)
    said = Message.objects.filter(kind="reference_declined").count()
    for step in ("/stop", "/decline"):
        words = page.get(step).words
        assert "What you sent stays as it is." in words and "you declined" not in words
    assert "What you sent stays as it is." in page.post("/stop").words
    reference.refresh_from_db()
    assert reference.filled and OptOut.objects.count() == 2
    assert Message.objects.filter(kind="reference_declined").count() == said
    assert page.get().title == "Thank you, Étienne"


def test_a_set_in_one_language_is_asked_in_it(visit, reference):
    questions = reference.reference_request.questions
    ReferenceRequest.objects.update(questions={"en": questions["en"]})
    html = visit(reference).get("/q/3?lang=fr").content.decode()
    assert '<h1 lang="en">When Camille promised a date' in html and "Continuer" in html


def test_a_filled_one_offers_its_copy_and_no_form(visit, agreed):
    reference = make_reference(agreed)
    fill(reference, permission_share_clients=False)
    page = visit(reference)
    response = page.get()
    assert f"{page.link}/copy" in response.hrefs and "nobody else may read them" in response.words
    assert page.get("/q/1").at == "" and page.get("/decline").at == ""


def test_it_can_have_its_data_erased(visit, reference, bob):
    page = visit(reference)
    assert page.get("/erase").at == "" and page.post("/erase").at == ""  # while it is asked: no
    fill(reference)
    assert f"{page.link}/erase" in page.get().hrefs
    assert page.get("/erase").title == "Should we erase what is kept about you?"
    reference.refresh_from_db()
    assert reference.erasure_requested_at is None

    day = date_format(timezone.localdate() + timedelta(days=30), "j F Y")
    for response in (page.post("/erase"), page.post("/erase"), page.get("/erase")):
        assert response.at == "" and f"is erased by {day}" in response.words
    assert Consent.objects.filter(purpose="answer", given=False).count() == 1
    notice = Message.objects.get(kind="reference_erasure_requested")
    assert notice.address == bob.user.email
    text = " ".join(render(notice, notice.about).text.split())
    assert f"else it is erased on {day}" in text

    erase_expired()
    assert page.get().status_code == 200
    Reference.objects.update(erasure_requested_at=timezone.now() - timedelta(days=30))
    erase_expired()
    assert not Reference.objects.exists() and page.get().status_code == 404
    notice.refresh_from_db()
    assert notice.status == "suppressed"


@pytest.mark.parametrize("step", ["/decline", "/wrong-person"])
def test_who_says_no_can_be_erased_too(visit, reference, step):
    page = visit(reference)
    page.post(step)
    response = page.get("/erase")
    assert "Your name and your addresses." in response.words
    assert "is erased by" in page.post("/erase").words


def test_who_may_change_the_answers_is_told_so_and_what_happens_else(visit, reference, bob):
    fill(reference)
    reference.refresh_from_db()
    reference.reopen(bob)
    page = visit(reference)
    response = page.get()
    assert response.title == "Your answers are open again"
    assert "If you do not send it again, what you sent stays." in response.words
    assert f"{page.link}/review" in response.hrefs and f"{page.link}/decline" not in response.hrefs
    assert page.post("/review", SHARING).title == "Thank you, Étienne"


@pytest.mark.parametrize("step", ["/you", "/q/2", "/review"])
def test_each_page_on_the_way_has_a_way_out(visit, reference, step):
    page = visit(reference)
    assert f"{page.link}/decline" in Reader(page.get(step).content.decode()).hrefs
    page.post("/decline")
    assert page.get(step).title == "That is fine"


def test_what_was_sent_stays_when_it_is_open_again(visit, reference):
    fill(reference)
    reference.reopen(reference.requested_by)
    page = visit(reference)
    assert f"{page.link}/decline" not in Reader(page.get("/review").content.decode()).hrefs
