"""The reminder rule, under any sequence of what can happen."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.firms.models import HiringFirm
from apps.messaging import clock
from apps.messaging.models import Message, OptOut
from apps.questions.models import QuestionSet
from apps.reminders.models import Reminder
from apps.reminders.tasks import remind_due
from tests.conftest import make_candidate, make_reference, make_request, recruiter_of

TORONTO, VANCOUVER = "5145550134", "6045550134"
HOUR = timedelta(hours=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ACTS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 200)),  # hours
    st.tuples(st.just("sweep"), st.just(0)),
    st.tuples(st.just("remind"), st.just(0)),
    st.tuples(st.just("new email"), st.integers(0, 10**6)),
    st.tuples(st.just("extend"), st.integers(1, 40)),
    st.sampled_from(
        [("open", 0), ("decline", 0), ("call", 0), ("stop texts", 0), ("stop emails", 0)]
    ),
)


class Rollback(Exception):
    """What an example wrote is undone."""


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    begin=MOMENTS,
    acts=st.lists(ACTS, min_size=1, max_size=25),
    interval=st.integers(1, 4),
    most=st.integers(0, 3),
    skip_weekends=st.booleans(),
    phone=st.sampled_from([TORONTO, VANCOUVER, ""]),
)
def test_it_holds_under_any_sequence(begin, acts, interval, most, skip_weekends, phone):
    with pytest.raises(Rollback), transaction.atomic(), time_machine.travel(begin) as now:
        firm = HiringFirm.objects.create(
            name="Firm",
            language="en",
            reminder_interval_days=interval,
            max_automatic_reminders=most,
            reminders_skip_weekends=skip_weekends,
        )
        bob = recruiter_of(firm, "Bob", is_root=True)
        library = QuestionSet.objects.get(key="general", language="en")
        request = make_request(make_candidate(bob), library, min_references=9)
        reference = make_reference(request, phone=phone)
        ended_at = play(reference, bob, acts, now)
        check(reference, ended_at, ZoneInfo(clock.zone_of(reference.e164, firm.time_zone).key))
        raise Rollback


def play(reference, bob, acts, now):
    """Do one thing after another; when it came to an end, if it did."""
    ended_at = None
    for act, size in acts:
        reference.refresh_from_db()
        try:
            match act:
                case "wait":
                    now.shift(timedelta(hours=size))
                case "sweep":
                    remind_due()
                case "remind":
                    reference.remind(by=bob)
                case "new email":
                    reference.change(bob, email=f"person{size}@reference.example")
                case "extend":
                    reference.reference_request.extend(bob, days=size)
                case "open":
                    reference.open()
                case "decline":
                    reference.decline()
                case "call":
                    reference.request_call()
                case "stop texts":
                    if reference.phone:
                        OptOut.objects.record(reference.e164, "sms", source="text")
                case "stop emails":
                    reference.unsubscribe()
        except ValidationError:
            pass
        now.shift(timedelta(minutes=1))
        reference.refresh_from_db()
        if reference.status not in reference.WAITING and ended_at is None:
            ended_at = datetime.now(UTC)
    return ended_at


def check(reference, ended_at, zone):
    firm = reference.hiring_firm
    reminders = list(Reminder.objects.filter(target_id=reference.pk).order_by("created_at"))
    assert [reminder.ordinal for reminder in reminders] == list(range(1, len(reminders) + 1))
    assert len(reminders) == reference.reminder_count <= 5
    automatic = [reminder for reminder in reminders if reminder.automatic]
    assert len(automatic) == reference.automatic_reminder_count <= firm.max_automatic_reminders

    messages = Message.objects.about(reference)
    written = {reminder.created_at for reminder in reminders} | set(
        messages.filter(kind="reference_invitation").values_list("created_at", flat=True)
    )
    for reminder in reminders:
        before = [at for at in written if at < reminder.created_at - timedelta(seconds=1)]
        waited = reminder.created_at - max(before)
        least = timedelta(days=firm.reminder_interval_days) if reminder.automatic else 24 * HOUR
        assert waited >= least - timedelta(seconds=1)
        assert ended_at is None or reminder.created_at <= ended_at
        if reminder.automatic:
            local = reminder.created_at.astimezone(zone)
            assert 8 <= local.hour < 18
            assert not (firm.reminders_skip_weekends and local.weekday() >= 5)
    for message in messages.filter(kind="reference_reminder"):
        assert 8 <= message.due_at.astimezone(zone).hour < 21
    if ended_at:
        assert not messages.filter(recipient_id=reference.pk, status="queued").exists()
        assert reference.next_scheduled_at is None
