"""Headers, rates, outages."""

import time
import uuid

import pytest
import time_machine
from django.core.cache import cache
from django.db import OperationalError
from rest_framework.exceptions import Throttled

from apps.jsonapi.fold import fold
from apps.jsonapi.ids import parse, uuid7
from apps.jsonapi.models import Throttle
from apps.jsonapi.throttling import Rate

LIST = "/api/v3/candidates"


def test_ids_rise_and_name_their_time():
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(made) and len(set(made)) == 5000
    assert {each.version for each in made} == {7}
    assert {each.variant for each in made} == {uuid.RFC_4122}


BRACED = "{8f06d812-5466-4a41-b7e3-576dafaafa44}"


@pytest.mark.parametrize("text", ["", "zzz", "1", None, 5, BRACED])
def test_what_is_no_id(text):
    assert parse(text) is None


def test_fold():
    assert fold("  Éloïse ", "ŒUVRE", None, "Straße") == "eloise oeuvre strasse"


def test_a_request_id(plain):
    assert plain("GET", LIST, **{"X-Request-Id": "mine-1"}).headers["X-Request-Id"] == "mine-1"
    given = plain("GET", LIST, **{"X-Request-Id": "x" * 65}).headers["X-Request-Id"]
    assert given != "x" * 65 and given


def test_the_rate_is_told(plain, settings):
    cache.clear()
    settings.API_RATE = 2
    with time_machine.travel(time.time(), tick=False):  # all within one minute
        first, _second, third = (plain("GET", LIST) for _ in range(3))
    assert first.headers["RateLimit-Policy"] == '"default";q=2;w=60'
    assert '"default";r=1;t=' in first.headers["RateLimit"]
    assert third.status_code == 429 and 0 < int(third.headers["Retry-After"]) <= 60
    cache.clear()


def test_without_the_cache_everybody_passes(plain, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_timeout": 0.1, "socket_connect_timeout": 0.1},
        }
    }
    assert plain("GET", LIST).status_code == 200


def test_attempts_are_counted_per_who():
    rate = Rate("test", 2, 60)
    for _ in range(2):
        rate.take("a")
    with pytest.raises(Throttled):
        rate.take("a")
    rate.take("b")
    assert not Throttle.objects.filter(key__contains="a@").exists()
    assert rate.allows("b") and not rate.allows("b")


def test_login_failures_are_counted_before_the_hash(client, bob):
    def attempt(password):
        return client.post(
            "/api/v3/oauth/login",
            {"email": bob.user.email, "password": password},
            content_type="application/json",
        )

    answers = [attempt("wrong") for _ in range(5)]
    assert {each.status_code for each in answers} == {401}
    refused = attempt("correct-horse-battery")
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) <= 900
    [name, policy] = refused.headers["RateLimit-Policy"].split(";", 1)
    assert policy == "q=5;w=900"
    assert refused.headers["RateLimit"] == f"{name};r=0;t={refused.headers['Retry-After']}"
    unknown = client.post(
        "/api/v3/oauth/login",
        {"email": "nobody@x.example", "password": "wrong"},
        content_type="application/json",
    )
    assert unknown.content == answers[0].content


def test_errors_speak_french_to_who_asks_for_it(plain):
    path = "/api/v3/candidates?page[page]=0"
    english, french = plain("GET", path), plain("GET", path, **{"Accept-Language": "fr-CA"})
    [said], [dit] = english.json()["errors"], french.json()["errors"]
    assert said["detail"] == "Give a whole number from 1."
    assert dit["detail"] == "Donnez un nombre entier à partir de 1."
    assert said["code"] == dit["code"] == "bad_parameter"


def test_wrong_links_are_counted(client):
    # Of our form, but signed by nobody.
    link = "Ag" + "A" * 42
    statuses = [client.get(f"/api/v1/public/references/{link}").status_code for _ in range(21)]
    assert statuses[:20] == [404] * 20 and statuses[20] == 429


def test_wrong_links_in_the_header_are_counted_with_those_in_the_path(client):
    header = {"Authorization": "Link " + "A" * 44}
    path = "/api/v1/public/reference_requests"
    statuses = [client.get(path, headers=header).status_code for _ in range(21)]
    assert statuses[:20] == [401] * 20 and statuses[20] == 429
    assert client.get("/api/v1/public/references/Ag" + "A" * 42).status_code == 429


def test_a_database_that_is_away_is_503(plain, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr("apps.candidates.views.CandidateViews.list", away)
    response = plain("GET", LIST)
    assert response.status_code == 503 and response.headers["Retry-After"] == "5"
    assert response.json()["errors"][0]["code"] == "unavailable"


def test_a_fault_is_an_error_document_and_is_logged(plain, monkeypatch, caplog):
    def fault(*args, **kwargs):
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("apps.candidates.views.CandidateViews.list", fault)
    response = plain("GET", LIST)
    assert response.status_code == 500
    assert response.json()["errors"][0]["status"] == "500"
    assert b"secret" not in response.content
    assert "unhandled" in caplog.text


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/", "/api/v3/candidates/x/y/z"])
def test_unrouted_addresses_answer_documents(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert response.json()["errors"][0]["code"] == "not_found"
