"""Signing in, refreshing, signing out, a new password."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from apps.accounts.models import PasswordReset
from apps.messaging.models import Message
from tests.conftest import PASSWORD

LOGIN, RESET = "/api/v3/oauth/login", "/api/v3/oauth/reset"
REFRESH = "/api/v3/oauth/refresh"


def post(client, path, body, **headers):
    return client.post(path, body, content_type="application/json", headers=headers)


def log_in(client, user):
    response = post(client, LOGIN, {"email": user.email.upper(), "password": PASSWORD})
    assert response.status_code == 200, response.content
    return response.json()["data"]


def ask(client, token):
    return client.get("/api/v1/users/me", headers={"Authorization": f"Bearer {token}"})


def test_login(client, bob):
    data = log_in(client, bob.user)
    assert data["type"] == "User" and data["id"] == str(bob.user.pk)
    assert ask(client, data["attributes"]["token"]).json()["data"]["id"] == str(bob.user.pk)


def test_a_login_is_flat_and_so_are_its_pointers(client, bob):
    given = {"email": bob.user.email, "password": PASSWORD}
    for body, where in (({"data": {"attributes": given}}, ""), (given | {"email": 5}, "/email")):
        error = post(client, LOGIN, body).json()["errors"][0]
        assert error["source"] == {"pointer": where} and error["meta"] == {"field": "email"}


def test_a_refresh_token_opens_nothing_but_a_new_token(client, bob):
    attributes = log_in(client, bob.user)["attributes"]
    assert ask(client, attributes["refresh_token"]).status_code == 401
    fresh = post(client, "/api/v3/oauth/refresh", {"refresh_token": attributes["refresh_token"]})
    assert ask(client, fresh.json()["data"]["attributes"]["token"]).status_code == 200
    wrong = post(client, "/api/v3/oauth/refresh", {"refresh_token": attributes["token"]})
    assert wrong.status_code == 401


def test_a_session_ends_however_often_it_is_refreshed(client, bob):
    token, start = log_in(client, bob.user)["attributes"]["refresh_token"], timezone.now()
    for day in range(10, 100, 10):
        with time_machine.travel(start + timedelta(days=day, minutes=-1), tick=False):
            answer = post(client, REFRESH, {"refresh_token": token})
            assert answer.status_code == 200, day
            token = answer.json()["data"]["attributes"]["refresh_token"]
    with time_machine.travel(start + timedelta(days=90, minutes=1)):
        assert post(client, REFRESH, {"refresh_token": token}).status_code == 401


def test_tokens_are_not_refreshed_without_end(client, bob):
    body = {"refresh_token": log_in(client, bob.user)["attributes"]["refresh_token"]}
    statuses = [post(client, REFRESH, body).status_code for _ in range(101)]
    assert statuses == [200] * 100 + [429]


def test_the_last_sign_in_is_kept(client, bob):
    log_in(client, bob.user)
    bob.user.refresh_from_db()
    assert timezone.now() - bob.user.last_login < timedelta(minutes=1)


def test_logout_ends_every_token(client, bob):
    attributes = log_in(client, bob.user)["attributes"]
    bearer = {"Authorization": f"Bearer {attributes['token']}"}
    assert client.post("/api/v3/oauth/logout", headers=bearer).status_code == 200
    assert ask(client, attributes["token"]).status_code == 401
    again = post(client, "/api/v3/oauth/refresh", {"refresh_token": attributes["refresh_token"]})
    assert again.status_code == 401


def test_a_refresh_of_a_deleted_user_is_401(client, alice, bob):
    attributes = log_in(client, bob.user)["attributes"]
    bob.remove(alice)
    again = post(client, "/api/v3/oauth/refresh", {"refresh_token": attributes["refresh_token"]})
    assert again.status_code == 401


def test_staff_are_pointed_to_the_admin(client, staff):
    response = post(client, LOGIN, {"email": staff.email, "password": PASSWORD})
    assert response.status_code == 403 and "admin" in response.json()["errors"][0]["detail"]


def test_an_archived_recruiter_is_refused(client, alice, bob):
    bob.archive(alice, active=False)
    response = post(client, LOGIN, {"email": bob.user.email, "password": PASSWORD})
    assert response.status_code == 403


@pytest.mark.parametrize("body", [{}, {"email": 1}, {"email": "x"}, {"password": "x"}, []])
def test_a_wrong_login_body(client, body):
    assert post(client, LOGIN, body).status_code in (400, 422)


def test_asking_for_a_reset_tells_nothing(client, bob):
    known = post(client, RESET, {"email": bob.user.email}).json()["data"]
    unknown = post(client, RESET, {"email": "nobody@x.example"}).json()["data"]
    assert known.keys() == unknown.keys() == {"type", "id", "key", "attributes"}
    assert known["key"] == known["id"] == str(PasswordReset.objects.get().pk)
    assert client.get(f"{RESET}?email=nobody@x.example").json()["data"]["attributes"]["token"]
    assert Message.objects.filter(kind="password_reset").count() == 1


def test_a_head_sends_nothing(client, bob):
    assert client.head(f"{RESET}?email={bob.user.email}").status_code == 200
    assert not PasswordReset.objects.exists()


def test_at_most_three_an_hour_and_nobody_is_told(client, bob):
    answers = [post(client, RESET, {"email": bob.user.email}) for _ in range(5)]
    assert {each.status_code for each in answers} == {200}
    assert PasswordReset.objects.count() == 3


def test_who_asks_for_many_is_stopped_wherever_they_ask(client):
    for n in range(10):
        assert post(client, RESET, {"email": f"a{n}@x.example"}).status_code == 200
        assert client.get(f"{RESET}?email=b{n}@x.example").status_code == 200
    stopped = post(client, RESET, {"email": "c@x.example"})
    assert stopped.status_code == 429 and int(stopped["Retry-After"]) > 0
    assert client.post("/password", {"email": "c@x.example"}).status_code == 429
    elsewhere = client.post("/password", {"email": "c@x.example"}, REMOTE_ADDR="192.0.2.7")
    assert elsewhere.status_code == 200


def test_who_has_a_network_of_addresses_is_counted_once(client, bob):
    def attempt(address, password="wrong"):
        body = {"email": bob.user.email, "password": password}
        return client.post(LOGIN, body, content_type="application/json", REMOTE_ADDR=address)

    tried = [attempt(f"2001:db8:1:2:{n}::1").status_code for n in range(6)]
    assert tried == [401] * 5 + [429]
    assert attempt("2001:db8:1:3::1", PASSWORD).status_code == 200, "a neighbour is another"
    tried = [attempt(f"::ffff:192.0.2.{n}").status_code for n in range(6)]
    assert tried == [401] * 6, "these are addresses of IPv4"


def test_wrong_links_of_one_network_are_counted_together(client):
    wrong = {"Authorization": f"Link {'x' * 44}"}
    tried = [
        client.get(
            "/api/v1/public/reference_requests", headers=wrong, REMOTE_ADDR=f"2001:db8::{n}"
        ).status_code
        for n in range(1, 22)
    ]
    assert tried == [401] * 20 + [429]


def test_a_new_password_ends_all_tokens(client, bob):
    token = log_in(client, bob.user)["attributes"]["token"]
    post(client, RESET, {"email": bob.user.email})
    reset = PasswordReset.objects.get()
    body = {"email": bob.user.email, "password": "brand-new-word-9", "reset_key": reset.reset_key}
    for wrong in (
        {"reset_key": str(reset.pk)},
        {"reset_key": "x"},
        {"email": "other@x.example"},
        {"password": "short"},
    ):
        refused = client.patch(RESET, body | wrong, content_type="application/json")
        assert refused.status_code == 422, wrong
    done = client.patch(RESET, body, content_type="application/json")
    assert done.json()["data"]["attributes"] == {"email": bob.user.email}
    assert ask(client, token).status_code == 401
    assert client.patch(RESET, body, content_type="application/json").status_code == 422
    assert post(client, LOGIN, body).status_code == 200
