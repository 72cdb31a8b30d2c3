"""Links: what opens, what does not, and what opening never does."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone
from PIL import Image

from apps.activities.models import Activity
from apps.answers.models import AnswerSet
from apps.consents.models import Consent
from apps.links.tokens import Purpose, sign
from apps.pages.site import server_error
from apps.references.models import Reference, ReferenceRequest
from tests.conftest import make_reference

STEPS = ["", "/you", "/q/1", "/review", "/decline", "/wrong-person", "/call", "/stop", "/begin"]


def state_of(reference):
    row = Reference.objects.filter(pk=reference.pk).values().get()
    return {name: row[name] for name in row if name not in ("status", "opened_at", "updated_at")}


@pytest.mark.parametrize("step", STEPS)
def test_opening_changes_nothing_that_matters(visit, reference, step):
    before, acts = state_of(reference), Activity.objects.count()
    page = visit(reference)
    page.client.head(page.link + step)
    reference.refresh_from_db()
    assert reference.status == "sent" and reference.opened_at is None
    page.get(step)
    reference.refresh_from_db()
    assert reference.status == "opened" and state_of(reference) == before
    assert Activity.objects.count() == acts
    assert not AnswerSet.objects.exists() and not Consent.objects.filter(purpose="answer").exists()


@pytest.mark.parametrize("step", ["", "/consent", "/decline", "/name"])
def test_opening_the_candidates_pages_consents_to_nothing(visit, reference_request, step):
    page = visit(reference_request)
    page.client.head(page.link + step)
    page.get(step)
    reference_request.refresh_from_db()
    assert reference_request.status == "opened" and reference_request.consented_at is None


@pytest.mark.parametrize("step", [*STEPS, "/nowhere", "/q/99"])
def test_nothing_is_cached_indexed_or_told_to_other_sites(visit, reference, step):
    page = visit(reference)
    response = page.client.get(page.link + step)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    policy = response["Content-Security-Policy"]
    for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"):
        assert part in policy
    assert "unsafe" not in policy and "*" not in policy
    assert not response.cookies


def test_pages_load_only_our_own(visit, reference):
    html = visit(reference).get("/q/3").content.decode()
    assert re.findall(r'(?:src|href)="((?:https?:)?//[^"]*)', html) == []
    assert "<script>" not in html and "onclick" not in html and 'style="' not in html


def test_the_firms_colour_is_let_in_by_a_nonce(visit, reference):
    response = visit(reference).get()
    nonce = re.search(r'<style nonce="([^"]+)"', response.content.decode())[1]
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]


@pytest.mark.parametrize("token", ["x" * 44, "short", "A" * 43 + "=", "é" * 44, "a/b/c"])
def test_a_wrong_link_says_what_to_do(token):
    response = Client().get(f"/r/{token}")
    assert response.status_code == 404
    assert "This link opens nothing" in response.content.decode()
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "language, words", [("en", "There is no such page"), ("fr", "Cette page n’existe pas")]
)
def test_an_unknown_address_is_a_page_of_ours(language, words):
    response = Client().get("/nothing", headers={"Accept-Language": language})
    assert response.status_code == 404 and words in response.content.decode()


@pytest.fixture
def no_database(reference):
    """Whatever is asked of it, it is away; as while PostgreSQL restarts."""

    def away(*_call):
        raise OperationalError("the connection is lost")

    with connection.execute_wrapper(away):
        yield


@pytest.mark.parametrize(
    "language, words", [("en", "This did not work"), ("fr", "Quelque chose n’a pas fonctionné")]
)
def test_while_the_database_is_away_a_person_reads_so(reference, no_database, language, words):
    link = f"/r/{sign(Purpose.REFERENCE, reference)}"
    for response in (
        Client().get(link, headers={"Accept-Language": language}),
        Client().post(f"{link}/q/1?lang={language}", {"answer": "4"}),
    ):
        assert response.status_code == 503 and words in response.content.decode()
        assert response["Retry-After"] and "no-store" in response["Cache-Control"]


@pytest.mark.parametrize(
    "language, words", [("en", "This could not be read"), ("fr", "L’envoi n’a pas pu être lu")]
)
def test_what_is_too_large_is_refused_in_words(reference, language, words):
    response = Client().post(
        f"/r/{sign(Purpose.REFERENCE, reference)}/q/1",
        "answer=" + "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE,
        content_type="application/x-www-form-urlencoded",
        headers={"Accept-Language": language},
    )
    assert response.status_code == 400 and words in response.content.decode()


@pytest.mark.parametrize("path, kind", [("/r/x", "text/html"), ("/api/x", "application/json")])
def test_our_own_fault_is_a_page_for_people_and_a_document_for_programs(rf, path, kind):
    request = rf.get(path)
    CSPMiddleware(lambda request: None).process_request(request)
    response = server_error(request)
    assert response.status_code == 500 and response["Content-Type"].startswith(kind)


def test_wrong_links_are_counted(reference):
    client = Client()
    forged = sign(Purpose.REFERENCE, reference)[:-4] + "AAAA"
    codes = [client.get(f"/r/{forged}").status_code for _try in range(21)]
    assert codes == [404] * 20 + [429]
    response = client.get(f"/r/{forged}")
    assert int(response["Retry-After"]) <= 60 and "Too many tries" in response.content.decode()
    assert "Wait 1 minute, then try again." in response.content.decode()
    french = client.get(f"/r/{'x' * 44}?lang=fr")
    assert "Attendez 1\xa0minute, puis réessayez." in french.content.decode()
    assert client.get(f"/r/{sign(Purpose.REFERENCE, reference)}").status_code == 200


def test_a_new_address_ends_the_old_link(visit, reference):
    page = visit(reference)
    reference.change(reference.requested_by, email="new@reference.example")
    assert page.get().title == "This link opens nothing"


def test_a_link_opens_one_thing_only(reference_request, reference):
    """The candidate's token is none of the reference's, and the other way round."""
    asked = sign(Purpose.REQUEST, reference_request)
    assert Client().get(f"/r/{asked}/review").status_code == 404
    assert Client().get(f"/r/{sign(Purpose.REFERENCE, reference)}/name").status_code == 404


@pytest.mark.parametrize(
    "status, title",
    [
        ("expired", "This link closed on"),
        ("cancelled", "Your answer is no longer needed"),
        ("replaced", "Your answer is no longer needed"),
    ],
)
def test_an_ended_one_says_what_to_do(visit, reference, status, title):
    Reference.objects.update(status=status)
    response = visit(reference).get()
    assert response.status_code == 410 and response.title.startswith(title)
    assert "514 555-0101" in response.words
    assert visit(reference).post("/q/1", {"answer": "2019-05-01"}).status_code == 410


def test_time_ends_a_link_before_the_sweep_does(visit, agreed):
    reference = make_reference(agreed)
    Reference.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert visit(reference).get("/q/1").status_code == 410
    ReferenceRequest.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert visit(agreed).get("/name").status_code == 410


def test_a_form_from_another_site_is_refused(visit, reference):
    page = visit(reference)
    response = page.post("/decline", headers={"Sec-Fetch-Site": "cross-site"})
    reference.refresh_from_db()
    assert response.status_code == 403 and reference.status == "sent"


def test_no_csrf_cookie_is_needed(visit, reference):
    """A mail program's browser may keep no cookies: the token in the address is the proof."""
    page = visit(reference)
    page.client.cookies.clear()
    assert page.post("/decline").title == "That is fine"


def test_the_language_is_asked_for_by_address_and_kept_by_saving(visit, reference):
    page = visit(reference)
    response = page.get("?lang=fr")
    assert response.title == "Camille Desrosiers nous a donné votre nom"
    assert response["Content-Language"] == "fr"
    assert f"{page.link}/decline?lang=fr" in response.hrefs
    page.post("/begin?lang=fr")
    assert visit(reference).get().title == "Camille Desrosiers nous a donné votre nom"


def test_a_dead_link_chooses_no_language(visit, reference, agreed, bob):
    agreed.cancel(bob)
    visit(agreed).post("/name?lang=fr")
    visit(reference).post("/decline?lang=fr")
    agreed.candidate.refresh_from_db()
    reference.refresh_from_db()
    assert (agreed.candidate.language, reference.language) == ("en", "en")


@pytest.mark.parametrize("path", ["/", "/privacy", "/help", "/password"])
@pytest.mark.parametrize("language", ["en", "fr"])
def test_pages_that_belong_to_nobody(path, language):
    response = Client(headers={"Accept-Language": language}).get(path)
    assert response.status_code == 200 and response["Content-Language"] == language
    assert f'<html lang="{language}-CA">' in response.content.decode()


def test_a_logo_stands_at_the_top(visit, reference, alice):
    picture = BytesIO()
    Image.new("RGB", (40, 10)).save(picture, "PNG")
    alice.hiring_firm.change_logo(alice, SimpleUploadedFile("logo.png", picture.getvalue()))
    assert re.search(r'<img src="/[^"]+" alt="">', visit(reference).get().content.decode())


@pytest.mark.parametrize("how", ["suspended", "deleted"])
def test_while_a_firm_is_closed_its_links_take_nothing_and_say_so(visit, reference, firm, how):
    visit(reference).post("/q/1", {"answer": "2019-05-01", "go": "on"})
    if how == "suspended":
        firm.set_active(None, active=False)
    else:
        firm.remove(None)
    page = visit(reference)
    words = "is not collecting references" if how == "suspended" else "no longer uses Vitay"
    for response in (
        page.get(),
        page.post("/decline"),
        page.post("/q/2", {"answer": "4", "go": "on"}),
        visit(reference.reference_request).post("/consent"),
    ):
        assert response.status_code == 410 and words in response.words
    reference.refresh_from_db()
    assert reference.status == "started" and reference.answer_set.answers.count() == 1
    assert reference.reference_request.consented_at is None
    assert "Français" in response.words
    token = page.link.removeprefix("/r/")
    assert page.client.get(f"/api/v1/public/references/{token}").status_code == 404
    if how == "suspended":
        firm.refresh_from_db()
        firm.set_active(None, active=True)
        assert "1 answer is saved" in page.get().words
