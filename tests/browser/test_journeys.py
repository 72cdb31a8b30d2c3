"""Whole journeys on a phone: in both languages, without JavaScript, broken off, clicked twice."""

import pytest
from playwright.sync_api import expect

from apps.candidates.models import Experience
from apps.references.models import Reference
from apps.verifications.models import Verification
from tests.browser.conftest import link
from tests.conftest import make_candidate, make_reference, make_request

WAYS = [("en", True), ("fr", True), ("en", False)]
WORDS = {
    "en": {"name": "You have named enough people", "sent": "Thank you, Étienne"},
    "fr": {"name": "Vous avez nommé assez de personnes", "sent": "Merci, Étienne"},
}
as_people_come = pytest.mark.parametrize(
    "language, javascript", WAYS, ids=["english", "french", "without-javascript"]
)


@pytest.fixture
def asked(bob, question_set):
    candidate = make_candidate(bob, language="en")
    return make_request(candidate, question_set, min_references=1)


@pytest.fixture
def person(asked):
    asked.consent(language="en", ip_address=None)
    return make_reference(asked)


def primary(page):
    page.locator(".primary").first.click()
    page.wait_for_load_state()


def switch(page, language):
    if language == "fr":
        page.locator("header nav a").click()
        expect(page.locator("html")).to_have_attribute("lang", "fr-CA")


def name_somebody(page, first_name="Étienne", email="etienne@reference.example"):
    page.locator("#first_name").fill(first_name)
    page.locator("#last_name").fill("Gauvreau")
    page.locator("input[name=relationship][value=manager]").check()
    page.locator("#email").fill(email)
    page.locator("#phone").fill("514 555-0134")
    page.locator("input[name=language][value=fr]").check()
    page.locator("#told").check()


def answer_question(page):
    """Whatever the question is, a good answer to it."""
    if page.locator("textarea[name=answer]").count():
        page.locator("textarea[name=answer]").fill("Calme, juste, présente.")
    elif page.locator("input[type=date]").count():
        page.locator("input[type=date]").fill("2019-05-01")
    else:
        page.locator("input[name=answer]").nth(1).check()


def answer_all(page, until=99):
    number = 0
    while "/q/" in page.url and number < until:
        answer_question(page)
        primary(page)
        number += 1


def send(page, clicks=1):
    page.locator("#permission_share_clients").check()
    page.locator("input[name=permission_share_candidate][value=no]").check()
    button = page.locator(".primary")
    button.dblclick() if clicks == 2 else button.click()
    page.wait_for_load_state()


@as_people_come
def test_the_candidate(open_browser, asked, language, javascript):
    page = open_browser(java_script_enabled=javascript)
    page.goto(link(asked))
    switch(page, language)
    primary(page)
    name_somebody(page)
    primary(page)
    expect(page.locator("h1")).to_have_text(WORDS[language]["name"])
    asked.refresh_from_db()
    assert asked.filled and asked.candidate.message_language == language
    assert Reference.objects.get().status == "sent"


@as_people_come
def test_the_reference(open_browser, person, language, javascript):
    page = open_browser(java_script_enabled=javascript)
    page.goto(link(person))
    switch(page, language)
    primary(page)
    primary(page)
    answer_all(page)
    send(page)
    expect(page.locator("h1")).to_have_text(WORDS[language]["sent"])
    person.refresh_from_db()
    assert person.filled and person.language == language and person.score == 2
    assert person.answer_set.answers.get(position=10).language == language


@as_people_come
def test_the_verifier(open_browser, bob, language, javascript):
    job = Experience(profile=make_candidate(bob).profile, started_on="2019-03-01")
    job.write(bob, job_title="Foundry lead", company_name="Atelier Nord")
    job.refresh_from_db()
    who = {"first_name": "Odile", "last_name": "Roy", "email": "odile@atelier.example"}
    verification = Verification(**who, language="en").create(bob, job)
    page = open_browser(java_script_enabled=javascript)
    page.goto(link(verification))
    switch(page, language)
    primary(page)
    for name in verification.claimed:
        page.locator(f"input[name={name}][value=confirmed]").check()
    page.locator("input[name=job_title][value=corrected]").check()
    page.locator("#job_title_is").fill("Foundry head")
    primary(page)
    expect(page.locator(".tick")).to_be_visible()
    verification.refresh_from_db()
    assert verification.status == "discrepancy"
    assert verification.findings["job_title"]["value"] == "Foundry head"


def test_going_on_elsewhere(open_browser, person):
    page = open_browser()
    page.goto(link(person))
    primary(page)
    primary(page)
    answer_all(page, until=4)
    page.context.close()
    elsewhere = open_browser(viewport={"width": 1280, "height": 900})
    elsewhere.goto(link(person))
    primary(elsewhere)
    assert elsewhere.url.endswith("/q/5")
    answer_all(elsewhere)
    send(elsewhere)
    person.refresh_from_db()
    assert person.filled


def test_pressing_twice_does_once(open_browser, asked):
    page = open_browser()
    page.goto(link(asked))
    primary(page)
    name_somebody(page)
    page.locator(".primary").dblclick()
    expect(page.locator("h1")).to_have_text(WORDS["en"]["name"])
    person = Reference.objects.get()
    page.goto(link(person) + "/q/1?lang=en")
    answer_all(page)
    send(page, clicks=2)
    expect(page.locator("h1")).to_have_text(WORDS["en"]["sent"])
    person.refresh_from_db()
    assert person.filled and Reference.objects.count() == 1


def test_the_browsers_back_button(open_browser, person):
    page = open_browser()
    page.goto(link(person) + "/q/3")
    answer_question(page)
    page.locator("#comment").fill("Always on the day.")
    primary(page)
    page.go_back()
    assert page.url.endswith("/q/3")
    expect(page.locator("input[name=answer]").nth(1)).to_be_checked()
    expect(page.locator("#comment")).to_have_value("Always on the day.")
    page.goto(link(person) + "/q/3")
    answer_all(page)
    page.goto(link(person) + "/q/1")
    answer_all(page, until=2)
    page.goto(link(person) + "/review")
    send(page)
    page.go_back()
    page.wait_for_load_state()
    expect(page.locator("h1")).to_have_text(WORDS["en"]["sent"])


def test_by_keyboard_alone(open_browser, person):
    page = open_browser()
    page.goto(link(person) + "/q/3")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    for _stop in range(6):
        page.keyboard.press("Tab")
        if page.locator("#answer").evaluate("each => each === document.activeElement"):
            break
    outlined = "each => getComputedStyle(each.closest('label')).outlineStyle"
    assert page.locator("#answer").evaluate(outlined) == "solid", "the focus is seen"
    page.keyboard.press("ArrowDown")
    expect(page.locator("input[name=answer]").nth(1)).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url("**/q/4")
    page.keyboard.press("Enter")


def test_an_error_takes_the_focus_and_leads_to_its_field(open_browser, person):
    page = open_browser()
    page.goto(link(person) + "/q/3")
    primary(page)
    expect(page.locator(".errors")).to_be_focused()
    assert page.title().startswith("Error: ")
    page.locator(".errors a").press("Enter")
    expect(page.locator("#answer")).to_be_focused()


def test_the_counter_counts(open_browser, person):
    page = open_browser()
    page.goto(link(person) + "/q/9")
    expect(page.locator(".count")).to_have_text("Up to 2000 characters")
    page.locator("#answer").fill("x" * 1999)
    expect(page.locator(".count")).to_have_text("1 character left")


def test_no_token_leaves_by_the_referer(open_browser, person):
    page = open_browser()
    told = []
    page.on("request", lambda request: told.append(request.headers.get("referer", "")))
    page.goto(link(person))
    primary(page)
    primary(page)
    assert told and not any("/r/" in each for each in told)
