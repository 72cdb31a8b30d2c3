"""What the holder of a link reaches through the API: its own thing, and nothing by a bad link."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import PasswordReset
from apps.jsonapi.models import Throttle
from apps.links.tokens import Purpose, sign
from tests.api.operations import World, ask, operations
from tests.api.world import client

OPEN = {
    ("GET", "/api/v3/ping"),
    ("GET", "/api/v3/api/postman"),
    ("GET", "/api/v3/api/postman/collection"),
    ("POST", "/api/v3/oauth/login"),
    ("POST", "/api/v3/oauth/refresh"),
    ("GET", "/api/v3/oauth/reset"),
    ("POST", "/api/v3/oauth/reset"),
    ("PATCH", "/api/v3/oauth/reset"),
}


@pytest.fixture
def world(alice, bob, charlie, staff, question_set, firm):
    return World(alice, bob, charlie, staff, question_set, firm)


def reached(world, link) -> dict:
    """The status of every operation that is not open to everybody, asked with this link."""
    world.tokens["link"] = client(link=link)
    return {
        (method, path): ask(world, method, path, "link")[1]
        for method, path in sorted(operations() - OPEN)
    }


OWN = {
    "request": {("GET", "/api/v1/answers"), ("GET", "/api/v1/public/reference_requests")},
    "verification": {("GET", "/api/v1/answers"), ("GET", "/api/v1/public/reference_requests")},
    "reference": {
        ("GET", "/api/v1/answers"),
        ("GET", "/api/v1/public/reference_requests"),
        ("GET", "/api/v1/public/references/{id}"),
        ("POST", "/api/v1/public/references"),
    },
}


def good(world) -> dict:
    return {
        "request": sign(Purpose.REQUEST, world.request),
        "reference": sign(Purpose.REFERENCE, world.waiting),
        "verification": sign(Purpose.VERIFICATION, world.verification),
    }


@pytest.mark.parametrize("kind", OWN)
def test_a_link_reaches_its_own_thing_only(world, kind):
    answers = reached(world, good(world)[kind])
    assert {key for key, each in answers.items() if each.status_code < 400} == OWN[kind]
    assert {each.status_code for each in answers.values()} <= {200, 403, 404}


INCLUDED = (
    "references", "candidate", "candidate.references", "hiring_firm", "recruiter", "question_set",
    "answer_set", "answer_set.reference", "metadatum", "added_by",
)  # fmt: skip


@pytest.mark.parametrize("kind", OWN)
def test_whatever_is_asked_for_beside_it(world, kind):
    """Nothing of who else was asked, of the recruiter's notes, or of other answers."""
    type(world.request).objects.update(notes="private-note")
    private = ["done@reference", "wait@reference", "private-note", "hr@acme", "bob@marchand"]
    private += ["camille@candidate", "5145550123"] if kind == "reference" else []
    holder = client(link=good(world)[kind])
    for path in ("/api/v1/public/reference_requests", "/api/v1/answers"):
        for include in ("", *(f"?include={name}" for name in INCLUDED)):
            words = holder.get(path + include).content.decode()
            assert not [each for each in private if each in words], (path, include)


def test_nothing_is_reached_by_a_link_that_is_none(world, bob):
    links = good(world) | {
        "password": PasswordReset.objects.request(bob.user).reset_key,
        "unsubscribe": sign(Purpose.UNSUBSCRIBE_REFERENCE, world.waiting),
        "tampered": world.link[:-2] + ("AA" if world.link[-2:] != "AA" else "BB"),
        "other purpose": "Ag" + good(world)["request"][2:],
        "an id": str(world.waiting.pk),
        "two": f"{world.link} {world.link}",
        "a null byte": world.link[:-1] + chr(0),
    }
    type(world.request).objects.filter(pk=world.request.pk).update(link_version=2)
    now = timezone.now()
    gone = type(world.verification).objects.filter(pk=world.verification.pk)
    gone.update(expires_at=now - timedelta(seconds=1))
    type(world.waiting).objects.filter(pk=world.waiting.pk).update(status="cancelled", ended_at=now)
    for name, link in links.items():
        for key in sorted(operations() - OPEN):
            Throttle.objects.all().delete()
            world.tokens["link"] = client(link=link)
            status = ask(world, *key, "link")[1].status_code
            assert status == 401, (name, key, status)
