"""Twelve at once with one key."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apps.accounts.tokens import ACCESS, issue
from apps.candidates.models import Candidate
from tests.api.world import client
from tests.jsonapi.conftest import data

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def test_one_effect_whoever_comes_first(bob, person):
    token = issue(bob.user, ACCESS)

    def call(_):
        try:
            return client().post(
                "/api/v3/candidates",
                data("Candidate", person),
                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k"},
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(call, range(12)))
    made = [each for each in answers if each.status_code == 200]
    assert {each.status_code for each in answers} <= {200, 409}
    assert made and len({each.content for each in made}) == 1
    assert Candidate.objects.count() == 1
