"""Programs in a browser on another origin: only those that the operator names, only the API."""

import pytest

ORIGIN = "https://ats.example"
LIST = "/api/v3/candidates"


@pytest.fixture(autouse=True)
def _allowed(settings):
    settings.CORS_ALLOWED_ORIGINS = [ORIGIN]


def ask_first(client, method, *headers, path=LIST, origin=ORIGIN):
    return client.options(
        path,
        headers={
            "Origin": origin,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": ", ".join(headers),
        },
    )


@pytest.mark.parametrize("name", ["authorization", "idempotency-key", "if-match", "x-request-id"])
def test_it_may_send_what_the_api_understands(client, name):
    answer = ask_first(client, "PATCH", name)
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert name in answer.headers["Access-Control-Allow-Headers"]
    assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]


def test_it_may_read_what_the_api_says_beside_the_body(as_bob, candidate):
    answer = as_bob.get(f"{LIST}/{candidate.pk}", headers={"Origin": ORIGIN})
    exposed = answer.headers["Access-Control-Expose-Headers"].split(", ")
    told = {"ETag", "RateLimit", "RateLimit-Policy", "X-Request-Id"}
    assert told <= set(exposed) and told <= set(answer.headers)
    assert {"Location", "Retry-After", "Vitay-Ignored", "Idempotent-Replayed"} <= set(exposed)
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_nobody_else_may(client, as_bob):
    assert (
        "Access-Control-Allow-Origin"
        not in ask_first(client, "GET", origin="https://else.example").headers
    )
    page = client.get("/help", headers={"Origin": ORIGIN})
    assert page.status_code == 200 and "Access-Control-Allow-Origin" not in page.headers
