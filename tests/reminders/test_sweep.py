from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.firms.models import HiringFirm
from apps.messaging.models import Message, OptOut
from apps.recruiters.models import Recruiter
from apps.references.models import ReferenceRequest
from apps.references.tasks import expire_due
from apps.reminders.models import RemindableQuerySet, Reminder
from apps.reminders.tasks import remind_due
from tests.conftest import fill, make_candidate, make_reference, make_request

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to("2026-11-17T17:00:00Z", tick=False)  # a Tuesday, noon in Toronto
    return time_machine


def reminded() -> int:
    return Reminder.objects.count()


def test_what_is_due_is_written_once(reference, now):
    remind_due()
    assert reminded() == 0
    now.shift(DAY)
    remind_due()
    remind_due()
    assert reminded() == 2  # the candidate's request and the reference
    assert set(Reminder.objects.values_list("automatic", flat=True)) == {True}


def test_who_said_stop_to_everything_is_passed_over(reference, now):
    for address, channel in reference.addresses:
        OptOut.objects.record(address, channel, source="text")
    now.shift(DAY)
    remind_due()
    assert Reminder.objects.get().target_type == "ReferenceRequest"
    reference.refresh_from_db()
    assert reference.reminder_count == 0


def test_who_may_change_its_answers_is_passed_over(reference, bob, now):
    fill(reference)
    reference.reopen(bob)
    now.shift(DAY)
    remind_due()
    assert not Reminder.objects.filter(target_id=reference.pk).exists()


def test_three_days_bring_three_and_no_more(reference, now):
    for _ in range(9):
        now.shift(DAY)
        remind_due()
    assert Reminder.objects.filter(target_id=reference.pk).count() == 3


def test_a_scheduler_that_was_down_for_days_sends_once_and_spread_out(reference_request, now):
    people = [
        make_reference(reference_request, email=f"p{n}@reference.example", phone="")
        for n in range(20)
    ]
    now.shift(3 * DAY)  # three would have been due
    remind_due()
    remind_due()
    messages = Message.objects.filter(kind="reference_reminder")
    assert messages.count() == len(people)
    moments = sorted(messages.values_list("due_at", flat=True))
    assert len(set(moments)) > 15
    assert moments[-1] - moments[0] <= timedelta(minutes=30)


def test_what_comes_late_comes_before_the_hours_end(reference_request, now):
    for n in range(20):
        make_reference(reference_request, email=f"p{n}@reference.example", phone="")
    now.move_to("2026-11-19T22:55:00Z", tick=False)  # five to six in Toronto
    remind_due()
    moments = Message.objects.filter(kind="reference_reminder").values_list("due_at", flat=True)
    assert len(set(moments)) > 15
    assert max(moments).isoformat() < "2026-11-19T23:00:00"


def test_a_late_sweep_waits_for_the_morning(reference, now):
    now.move_to("2026-11-19T01:00:00Z", tick=False)  # eight in the evening, due since noon
    remind_due()
    assert reminded() == 0
    now.move_to("2026-11-19T13:00:00Z", tick=False)  # eight in the morning
    remind_due()
    assert reminded() == 2


@pytest.mark.parametrize("skip", [True, False])
def test_a_late_sweep_waits_for_monday_if_the_firm_wants(reference, firm, now, skip):
    HiringFirm.objects.filter(pk=firm.pk).update(reminders_skip_weekends=skip)
    now.move_to("2026-11-21T17:00:00Z", tick=False)  # Saturday at noon, due since Wednesday
    remind_due()
    assert reminded() == (0 if skip else 2)
    now.move_to("2026-11-23T13:00:00Z", tick=False)  # Monday at eight
    remind_due()
    assert reminded() == (2 if skip else 4)


def test_one_that_cant_be_reminded_stops_no_other(reference, charlie, question_set, now):
    theirs = make_request(make_candidate(charlie, phone=""), question_set)
    HiringFirm.objects.filter(pk=charlie.hiring_firm_id).update(time_zone="Nowhere/Land")
    ReferenceRequest.objects.filter(pk=theirs.pk).update(id=UUID(int=1))  # the first that is found
    now.shift(DAY)
    remind_due()
    assert reminded() == 2  # the candidate's request and the reference


def test_one_that_cant_be_ended_stops_no_other(reference, charlie, question_set, now):
    theirs = make_request(make_candidate(charlie), question_set)
    ReferenceRequest.objects.filter(pk=theirs.pk).update(status="filled", filled_at=theirs.sent_at)
    Recruiter.objects.filter(pk=charlie.pk).update(notifications="sometimes")
    now.shift(40 * DAY)
    expire_due()
    assert not ReferenceRequest.objects.exclude(pk=theirs.pk).exclude(status="expired").exists()


def test_queries_and_memory_do_not_grow_with_the_number(reference_request, now, monkeypatch):
    monkeypatch.setattr(RemindableQuerySet, "BATCH", 10)
    for n in range(30):
        make_reference(reference_request, email=f"p{n}@reference.example", phone="")
    now.shift(DAY)
    with CaptureQueriesContext(
        connection,
    ) as few:
        remind_due()
    assert reminded() == 30
    assert len(few) < 60  # a dozen for each batch of ten
