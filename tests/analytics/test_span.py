"""Of which days the figures are, and what they cost to read."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.conftest import client_of, fill


@pytest.fixture
def ask(alice, firm):
    def ask(**days):
        days = {f"filter[{name}]": day.isoformat() for name, day in days.items()}
        return client_of(alice).get(f"/api/v1/hiring_firms/{firm.pk}/analytics", days)

    return ask


def test_the_days_asked_for_are_all_there(ask):
    today = timezone.localdate()
    answer = ask(**{"from": today - timedelta(days=99)})
    days = answer.json()["data"]["attributes"]["candidate_count_by_date"]
    assert len(days) == 100 and today.isoformat() in days[-1]


@pytest.mark.parametrize(
    ("since", "until"), [(367, None), (367, 0), (9_000, None), (0, 1), (-2, None)]
)
def test_at_most_a_year_also_until_today(ask, since, until):
    today = timezone.localdate()
    days = {"from": today - timedelta(days=since)}
    if until is not None:
        days["to"] = today - timedelta(days=until)
    answer = ask(**days)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["source"] == {"parameter": "filter[to]"}


def test_each_is_read_once(ask, reference):
    fill(reference)
    with CaptureQueriesContext(connection) as queries:
        meta = ask().json()["meta"]
    assert meta["funnel"]["filled"] == 1
    times = [each for each in queries if 'SELECT "references_reference"."sent_at"' in each["sql"]]
    assert len(times) == 1
