"""Calls with one key, at once and after one that died; changes of what several have read."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import close_old_connections, connection, transaction

from apps.accounts.tokens import ACCESS, issue
from apps.answers.models import AnswerSet
from apps.candidates.models import Candidate
from apps.jsonapi.models import IdempotentResponse
from tests.api.world import client
from tests.conftest import fill
from tests.jsonapi.conftest import data

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def call(bob, person):
    """Adds the person under one key, on a connection of its own."""
    token = issue(bob.user, ACCESS)

    def call(_=None):
        try:
            return client().post(
                "/api/v3/candidates",
                data("Candidate", person),
                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k"},
            )
        finally:
            connection.close()

    return call


@pytest.fixture
def pool():
    with ThreadPoolExecutor(12) as pool:
        yield pool


def test_one_effect_whoever_comes_first(call, pool):
    answers = list(pool.map(call, range(12)))
    made = [each for each in answers if each.status_code == 200]
    assert {each.status_code for each in answers} <= {200, 409}
    assert made and len({each.content for each in made}) == 1
    assert Candidate.objects.count() == 1


@pytest.mark.postgres
def test_another_is_told_to_wait_only_while_the_first_lives(call, pool):
    call()
    rows = IdempotentResponse.objects
    rows.update(status=None)
    with transaction.atomic():  # as the first does while it runs
        rows.select_for_update().get()
        meanwhile = pool.submit(call).result()
    assert meanwhile.status_code == 409 and meanwhile.headers["Retry-After"] == "1"
    assert pool.submit(call).result().status_code == 200  # the lock went with the transaction


@pytest.mark.postgres
def test_after_postgresql_was_restarted_the_first_call_succeeds(bob):
    token = issue(bob.user, ACCESS)

    def ask():
        close_old_connections()  # as a server's request begins; the test client leaves it out
        return client().get("/api/v3/candidates", headers={"Authorization": f"Bearer {token}"})

    with ThreadPoolExecutor(1) as thread:
        thread.submit(ask).result()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] >= 1, "there was a connection to lose"
        status = thread.submit(ask).result().status_code
        thread.submit(lambda: connection.close()).result()
    assert status == 200


@pytest.mark.parametrize("kind", ["Candidate", "Profile", "Answer", "Recruiter", "HiringFirm"])
def test_of_several_who_read_the_same_one_changes_it(kind, alice, candidate, reference, pool):
    submitted = fill(reference)
    AnswerSet.objects.update(typed_by=alice)
    path, key, name = {
        "Candidate": ("v3/candidates", candidate.pk, "notes"),
        "Profile": ("v1/profiles", candidate.pk, "bio"),
        "Answer": ("v1/answers", submitted.answers.first().pk, "comment"),
        "Recruiter": ("v1/recruiters", alice.pk, "notifications"),
        "HiringFirm": ("v1/hiring_firms", alice.hiring_firm_id, "address"),
    }[kind]
    path = f"/api/{path}/{key}"
    read = client(alice.user).get(path)["ETag"]

    def change(n):
        value = ("important", "none")[n % 2] if kind == "Recruiter" else f"x{n}"
        try:
            return client(alice.user).patch(
                path, data(kind, {name: value}, key), headers={"If-Match": read}
            )
        finally:
            connection.close()

    statuses = sorted(each.status_code for each in pool.map(change, range(4)))
    assert statuses == [200, 412, 412, 412]
