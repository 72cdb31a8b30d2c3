"""The figures of the first page: whole weeks, of those asked in each, and how fast they were."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from apps.billing.models import Invoice
from apps.documents.models import FailedRender
from apps.firms.models import HiringFirm
from apps.messaging.models import Message
from apps.references.models import Reference, ReferenceRequest
from tests.conftest import make_reference
from vitay.dashboard import WEEKS, charts, jobs


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


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_each_count_is_that_of_its_list(as_administrator, reference, firm):
    """To the second: what is just outside of it is on neither."""
    now = timezone.now()
    first, *others = Message.objects.all()
    Message.objects.filter(pk=first.pk).update(
        status="bounced", created_at=now - timedelta(days=6, hours=23)
    )
    for other in others:
        Message.objects.filter(pk=other.pk).update(
            status="failed", created_at=now - timedelta(days=7, minutes=1)
        )
    request = reference.reference_request
    ends = {-1: 0, 73: 0, 71: 1}  # hours from now, and how many of them are shown
    for hours, shown in ends.items():
        ReferenceRequest.objects.filter(pk=request.pk).update(
            status="opened", expires_at=now + timedelta(hours=hours)
        )
        assert [job["count"] for job in jobs() if "expires_at" in job["url"]] == [shown]
    Reference.objects.update(status="bounced", erasure_requested_at=now)
    HiringFirm.objects.create(name="Kept", deleted_at=now - timedelta(days=29))
    HiringFirm.objects.create(name="Gone", deleted_at=now - timedelta(days=31))
    FailedRender.objects.create(
        kind="candidates", subject_type="Candidate", subject_id=firm.pk, hiring_firm=firm
    )
    for month, days in ((1, None), (2, 1), (3, -1)):  # a draft, one that is due, one past it
        invoice = Invoice.objects.create(
            hiring_firm=firm, period_start=date(2026, month, 1), period_end=date(2026, month, 28)
        )
        if days:
            invoice.lines.create(description="Checks", quantity=1, unit_price=900, amount=900)
            invoice.open()
            due_on = timezone.localdate() + timedelta(days=days)
            QuerySet(Invoice).filter(pk=invoice.pk).update(due_on=due_on)
    seen = {job["url"]: job["count"] for job in jobs()}
    assert sum(seen.values()) >= 7
    for address, count in seen.items():
        page = as_administrator.get(address)
        assert page.status_code == 200, address
        assert page.context["cl"].result_count == count, address
