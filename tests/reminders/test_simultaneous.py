import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from apps.messaging.models import Message
from apps.references.models import Reference
from apps.reminders.models import Reminder
from apps.reminders.tasks import remind_due
from tests.messaging.test_claim import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def due(reference, time_machine):
    time_machine.move_to("2026-11-25T17:00:00Z", tick=True)
    Reference.objects.update(
        last_written_at="2026-11-23T17:00:00Z", expires_at="2026-12-20T17:00:00Z"
    )
    return reference


def test_twenty_at_once_send_one(due, bob):
    refused = at_once(20, lambda: Reference.objects.get(pk=due.pk).remind(bob))
    assert [error.code for error in refused] == ["reminder_rate_exceeded"] * 19
    assert isinstance(refused[0], ValidationError)
    assert Reminder.objects.filter(target_id=due.pk).count() == 1
    assert Message.objects.filter(kind="reference_reminder").count() == 2


@pytest.mark.postgres
def test_a_candidate_is_deleted_while_a_sweep_is_under_way(due, candidate, bob):
    begun = threading.Event()

    def sweep():
        with transaction.atomic():
            Reference.objects.all()._remind([due.pk])
            begun.set()
            time.sleep(0.5)  # the rest of five hundred

    def remove():
        begun.wait(5)
        type(candidate).objects.get(pk=candidate.pk).remove(bob)

    acts = iter([sweep, remove])
    assert at_once(2, lambda: next(acts)()) == []
    assert not type(candidate).objects.exists()


def test_sweeps_at_once_and_a_hand_send_one(due, bob):
    def hand():
        Reference.objects.get(pk=due.pk).remind(bob)

    acts = iter([remind_due, hand] * 4)
    at_once(8, lambda: next(acts)())
    assert Reminder.objects.filter(target_id=due.pk).count() == 1
