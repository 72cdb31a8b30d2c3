"""Content negotiation, by the specification's words."""

import pytest

from tests.jsonapi.conftest import STRICT, data

LIST = "/api/v3/candidates"


def test_strict_content_type_carries_no_parameters(strict):
    response = strict("GET", LIST)
    assert response.headers["Content-Type"] == STRICT
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize("accept", [None, "", "*/*", "application/*", "application/json"])
def test_the_documented_shape_is_the_default(as_bob, accept):
    headers = {"Accept": accept} if accept is not None else {}
    response = as_bob.get(LIST, headers=headers)
    assert response.headers["Content-Type"] == "application/json"
    assert "Accept" in response.headers["Vary"]


@pytest.mark.parametrize(
    "accept",
    [
        f"{STRICT}; charset=utf-8",
        f'{STRICT}; ext="https://jsonapi.org/ext/atomic"',
        f"{STRICT}; charset=utf-8, */*",
        "text/html",
        "application/json;q=0",
    ],
)
def test_406(strict, accept):
    assert strict("GET", LIST, accept=accept).status_code == 406


@pytest.mark.parametrize(
    "accept",
    [
        f'{STRICT}; profile="https://example.com/p"',
        f"{STRICT}; charset=utf-8, {STRICT}",
        f"text/html, {STRICT};q=0.5",
        f"application/json;q=0.4, {STRICT};q=0.9",
    ],
)
def test_a_good_instance_is_enough(strict, accept):
    response = strict("GET", LIST, accept=accept)
    assert response.status_code == 200 and response.headers["Content-Type"] == STRICT


@pytest.mark.parametrize(
    "content_type",
    [
        f"{STRICT}; charset=utf-8",
        f'{STRICT}; ext="https://jsonapi.org/ext/atomic"',
        "text/plain",
        "application/json; charset=utf-16",
        "application/x-www-form-urlencoded",
    ],
)
def test_415(strict, person, content_type):
    response = strict("POST", LIST, data("Candidate", person), content_type=content_type)
    assert response.status_code == 415


def test_compressed_bodies_are_not_understood(strict, person):
    response = strict("POST", LIST, data("Candidate", person), **{"Content-Encoding": "gzip"})
    assert response.status_code == 415


def test_a_profile_is_ignored(strict, person):
    kind = f'{STRICT}; profile="https://example.com/p"'
    assert strict("POST", LIST, data("Candidate", person), content_type=kind).status_code == 201


def test_the_two_directions_choose_separately(plain, person):
    response = plain("POST", LIST, {"data": {"attributes": person}}, accept=STRICT)
    assert response.status_code == 201 and response.headers["Content-Type"] == STRICT


def test_login_takes_only_json(client):
    response = client.post("/api/v3/oauth/login", "{}", content_type=STRICT)
    assert response.status_code == 415
