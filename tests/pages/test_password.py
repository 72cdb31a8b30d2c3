"""Recruiters choose a password from the link of an email, once."""

from django.test import Client

from apps.accounts.models import LONGEST_PASSWORD, PasswordReset
from apps.messaging.models import Message
from tests.conftest import PASSWORD

NEW = PASSWORD + "-new"


def test_the_whole_way(visit, alice):
    reset = PasswordReset.objects.request(alice.user)
    page = visit(reset)
    page.client.head(page.link)
    for _look in range(2):
        response = page.get()
        assert response.title == "Choose a password" and alice.user.email in response.words
    response = page.post("", {"password": NEW, "again": NEW})
    assert response.title == "Your password is saved"
    alice.user.refresh_from_db()
    assert alice.user.check_password(NEW) and alice.user.session_version == 2
    assert page.get().title == "This link has done its work"
    response = page.post("", {"password": "another-good-one", "again": "another-good-one"})
    assert response.status_code == 410
    alice.user.refresh_from_db()
    assert alice.user.check_password(NEW)


def test_weak_and_different_passwords_are_named(visit, alice):
    page = visit(PasswordReset.objects.request(alice.user))
    response = page.post("", {"password": "short", "again": "short"})
    assert response.status_code == 422 and '<a href="#password">' in response.content.decode()
    response = page.post("", {"password": NEW, "again": PASSWORD})
    assert "The two passwords are not the same." in response.words
    assert NEW not in response.content.decode()
    alice.user.refresh_from_db()
    assert alice.user.check_password(PASSWORD)


def test_the_longest_password_signs_in(visit, alice):
    page = visit(PasswordReset.objects.request(alice.user))
    longest = (NEW * LONGEST_PASSWORD)[:LONGEST_PASSWORD]
    too_long = {"password": longest + "x", "again": longest + "x"}
    assert page.post("", too_long).status_code == 422
    assert page.post("", {"password": longest, "again": longest}).status_code == 200
    body = {"email": alice.user.email, "password": longest}
    signed_in = Client().post("/api/v3/oauth/login", body, content_type="application/json")
    assert signed_in.status_code == 200


def test_an_ended_link_offers_another(visit, alice):
    reset = PasswordReset.objects.request(alice.user)
    PasswordReset.objects.update(expires_at=reset.created_at)
    response = visit(reset).get()
    assert response.status_code == 410 and "/password?lang=en" in response.hrefs


def test_asking_answers_alike_for_everybody(alice):
    answers = {
        Client().post("/password", {"email": email}).content.split(b"<main")[1]
        for email in (alice.user.email, "nobody@firm.example")
    }
    assert len(answers) == 1
    assert Message.objects.filter(kind="password_reset").count() == 1
