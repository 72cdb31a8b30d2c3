from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.messaging.models import Message, OptOut
from apps.reminders.models import Reminder

# Noon in Toronto on a Wednesday: nothing is quiet, no weekend is near.
NOON = "2026-11-18T17:00:00Z"
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def now(time_machine):
    time_machine.move_to(NOON, tick=False)
    return time_machine


def refusal(target, by) -> str:
    with pytest.raises(ValidationError) as error:
        target.remind(by)
    return error.value.code


def test_it_writes_an_email_and_a_text_that_count_as_one(reference, bob, now):
    now.shift(DAY)
    reference.remind(bob)
    assert reference.reminder_count == 1
    assert Reminder.objects.get().recruiter == bob
    kinds = Message.objects.about(reference).filter(kind="reference_reminder")
    assert sorted(kinds.values_list("channel", flat=True)) == ["email", "sms"]


def test_it_waits_between_reminders(reference, bob, now):
    now.shift(DAY - timedelta(seconds=1))
    with pytest.raises(ValidationError) as error:
        reference.remind(bob)
    assert error.value.code == "reminder_rate_exceeded"
    assert error.value.params["retry_after"] == 1
    now.shift(timedelta(seconds=1))
    reference.remind(bob)
    assert refusal(reference, bob) == "reminder_rate_exceeded"


def test_five_are_enough(reference, bob, now):
    for _ in range(5):
        now.shift(DAY)
        reference.remind(bob)
    now.shift(DAY)
    assert refusal(reference, bob) == "reminder_count_exceeded"
    assert reference.next_scheduled_at is None


def test_nobody_is_reminded_of_what_is_done(reference, bob, now):
    reference.decline()
    now.shift(DAY)
    assert refusal(reference, bob) == "nothing_to_remind"


def test_nobody_is_reminded_of_what_is_over(reference, bob, now):
    now.shift(DAY)
    reference.expires_at = timezone.now()
    reference.save()
    assert refusal(reference, bob) == "nothing_to_remind"


@pytest.mark.parametrize("what", ["declined", "archived", "over before"])
def test_no_reminder_is_announced_that_will_not_go(reference, bob, now, what):
    assert reference.next_scheduled_at
    match what:
        case "declined":
            reference.decline()
        case "archived":
            reference.change(bob, is_active_hf=False)
        case "over before":
            reference.expires_at = reference.next_scheduled_at
    assert reference.next_scheduled_at is None


def test_it_asks_nobody_who_said_stop_to_everything(reference, bob, now):
    now.shift(DAY)
    for address, channel in reference.addresses:
        OptOut.objects.record(address, channel, source="text")
    assert refusal(reference, bob) == "nothing_to_remind"


def test_one_channel_stopped_leaves_the_other(reference, bob, now):
    OptOut.objects.record(reference.e164, "sms", source="text")
    now.shift(DAY)
    assert reference.remind(bob)


def test_in_quiet_hours_it_is_held_and_counts_at_once(reference, bob, now):
    now.move_to("2026-11-20T03:00:00Z", tick=False)  # ten in the evening
    messages = reference.remind(bob)
    assert {message.due_at.isoformat() for message in messages} == {"2026-11-20T08:00:00-05:00"}
    assert reference.reminder_rate_exceeded


def test_a_manual_one_moves_the_next_automatic_one(reference, bob, now):
    first = reference.next_scheduled_at
    now.shift(DAY)
    reference.remind(bob)
    assert reference.next_scheduled_at == first + DAY


def test_the_weekend_is_skipped_if_the_firm_wants(reference, now):
    now.move_to("2026-11-20T17:00:00Z", tick=False)  # a Friday
    reference.invite()
    assert reference.next_scheduled_at.isoformat() == "2026-11-23T08:00:00-05:00"
    reference.hiring_firm.reminders_skip_weekends = False
    assert reference.next_scheduled_at == timezone.now() + DAY


@pytest.mark.parametrize("setting", [0, 1, 3])
def test_the_firm_says_how_many_go_by_themselves(reference, firm, now, setting):
    reference.hiring_firm.max_automatic_reminders = setting
    reference.automatic_reminder_count = setting
    assert reference.next_scheduled_at is None
