"""The figures of the first page: whole weeks, of those asked in each, and how fast they were."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from apps.references.models import Reference
from tests.conftest import make_reference
from vitay.dashboard import WEEKS, charts


def monday(back: int) -> datetime:
    today = timezone.localdate()
    first = today - timedelta(days=today.weekday(), weeks=back)
    return timezone.make_aware(datetime.combine(first, time()))


@pytest.fixture
def asked(reference_request):
    """Somebody asked then, who answered after so many hours, or never."""

    def asked(sent_at, hours=None):
        number = Reference.objects.count()
        row = make_reference(reference_request, email=f"r{number}@reference.example")
        facts = {"sent_at": sent_at}
        if hours is not None:
            facts |= {"status": "filled", "filled_at": sent_at + timedelta(hours=hours)}
        Reference.objects.filter(pk=row.pk).update(**facts)

    return asked


def drawn(chart) -> dict:
    return {point["words"].split(":")[0]: point["value"] for point in chart["points"]}


def test_how_many_of_those_asked_that_week(asked):
    for hours in (1, 2, None, None, None):
        asked(monday(2) + timedelta(days=3), hours)
    asked(monday(1), None)
    asked(monday(WEEKS) - timedelta(minutes=1), 1)  # too long ago
    asked(monday(0), 1)  # this week is not over
    answered, _within = charts()
    weeks = {f"{monday(2):%Y-%m-%d}": "40", f"{monday(1):%Y-%m-%d}": "0"}
    assert drawn(answered) == weeks


def test_the_half_that_answered_first(asked):
    for hours in (1, 2, 30):
        asked(monday(3), hours)
    for hours in (10, 4, 20, 6):
        asked(monday(2) + timedelta(days=2), hours)
    asked(monday(1), 5)
    asked(monday(1), None)
    _answered, within = charts()
    assert drawn(within) == {
        f"{monday(3):%Y-%m-%d}": "2",
        f"{monday(2):%Y-%m-%d}": "8",
        f"{monday(1):%Y-%m-%d}": "5",
    }


def test_a_week_is_that_of_its_answer(asked):
    asked(monday(2) - timedelta(hours=1), 2)  # asked on Sunday night, answered on Monday
    answered, within = charts()
    assert list(drawn(answered)) == [f"{monday(3):%Y-%m-%d}"]
    assert drawn(within) == {f"{monday(2):%Y-%m-%d}": "2"}


def test_nothing_yet(db):
    assert [chart["points"] for chart in charts()] == [[], []]
