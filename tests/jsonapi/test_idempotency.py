"""Idempotency-Key: once, however often it is sent."""

from datetime import timedelta

from django.utils import timezone

from apps.candidates.models import Candidate
from apps.jsonapi.models import IdempotentResponse
from apps.jsonapi.tasks import purge
from apps.links.tokens import Purpose, sign
from tests.conftest import answers_to, client_of
from tests.jsonapi.conftest import data

LIST = "/api/v3/candidates"


def test_the_same_call_is_answered_again(strict, person):
    first = strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": "k"})
    again = strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": "k"})
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"]
    assert Candidate.objects.count() == 1


def test_a_deletion_without_content_stays_without_content(strict, candidate):
    path = f"{LIST}/{candidate.pk}"
    first, again = (strict("DELETE", path, **{"Idempotency-Key": "k"}) for _ in range(2))
    assert first.status_code == again.status_code == 204
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Content-Type" not in first.headers and "Content-Type" not in again.headers


def test_another_body_is_422(strict, person):
    strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": "k"})
    other = strict(
        "POST", LIST, data("Candidate", {**person, "notes": "x"}), **{"Idempotency-Key": "k"}
    )
    assert other.status_code == 422
    assert other.json()["errors"][0]["code"] == "idempotency_key_reused"


def test_a_key_is_the_callers_own(strict, person, alice):
    strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": "k"})
    as_alice = client_of(alice)
    response = as_alice.post(
        LIST, {"data": {"attributes": person}}, headers={"Idempotency-Key": "k"}
    )
    assert response.status_code == 200 and Candidate.objects.count() == 2


def test_a_refusal_is_kept_too(strict):
    for _ in range(2):
        response = strict("POST", LIST, data("Candidate", {}), **{"Idempotency-Key": "k"})
        assert response.status_code == 422
    assert response.headers["Idempotent-Replayed"] == "true"


def test_what_is_meant_to_be_retried_is_not_kept(plain, reference):
    path = f"/api/v1/reminders/reference/{reference.pk}"
    for _ in range(2):
        response = plain("POST", path, **{"Idempotency-Key": "k"})
        assert response.status_code == 429 and int(response.headers["Retry-After"]) > 0
    assert not IdempotentResponse.objects.exclude(status=None).exists()


def test_what_a_call_that_died_left_is_taken_over(strict, person):
    strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": "k"})
    IdempotentResponse.objects.update(status=None)
    again = strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": "k"})
    assert again.status_code == 201 and "Idempotent-Replayed" not in again.headers
    again = strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": "k"})
    assert again.headers["Idempotent-Replayed"] == "true"


def test_after_a_day_it_is_forgotten(strict, person):
    strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": "k"})
    IdempotentResponse.objects.update(created_at=timezone.now() - timedelta(hours=25))
    purge()
    assert not IdempotentResponse.objects.exists()


def test_a_body_that_signs_in_can_be_keyed(client, reference):
    link = sign(Purpose.REFERENCE, reference)
    body = data("Reference", {"answers": answers_to(reference.questions)}, link)
    answers = [
        client.post(
            "/api/v1/public/references",
            body,
            content_type="application/json",
            headers={"Idempotency-Key": "k"},
        )
        for _ in range(2)
    ]
    assert [each.status_code for each in answers] == [200, 200]
    assert answers[1].headers["Idempotent-Replayed"] == "true"


def test_bad_keys_are_400(strict, person):
    for key in ("", "x" * 256):
        response = strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": key})
        assert response.status_code == 400


def test_passwords_are_not_kept(client, bob):
    body = {"email": bob.user.email, "password": "correct-horse-battery"}
    client.post(
        "/api/v3/oauth/login",
        body,
        content_type="application/json",
        headers={"Idempotency-Key": "k"},
    )
    assert not IdempotentResponse.objects.exists()


def test_what_was_deleted_is_not_answered_again(strict, person, client, bob):
    made = strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": "k"}).json()
    Candidate.objects.get(pk=made["data"]["id"]).remove(bob)
    again = strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": "k"})
    assert (again.status_code, again.json()["errors"][0]["code"]) == (409, "gone")
    assert not Candidate.objects.exists(), "nor made again"


def test_a_deletion_is_answered_again_and_keeps_nothing_of_who_was_deleted(plain, candidate):
    path = f"{LIST}/{candidate.pk}"
    first = plain("DELETE", path, **{"Idempotency-Key": "k"})
    assert first.json()["data"]["attributes"]["email"] == candidate.email
    again = plain("DELETE", path, **{"Idempotency-Key": "k"})
    assert again.status_code == 200 and again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == {"data": {"type": "Candidate", "id": str(candidate.pk)}}
    assert candidate.email not in IdempotentResponse.objects.get().body


def test_answers_that_name_a_person_can_be_found(strict, person):
    made = strict("POST", LIST, data("Candidate", person), **{"Idempotency-Key": "k"}).json()
    assert IdempotentResponse.objects.naming(made["data"]["id"]).count() == 1
