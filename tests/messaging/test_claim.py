"""Exactly one worker has a message, and one that lost it writes nothing."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings as conf
from django.db import connection
from django.utils import timezone

from apps.messaging.delivery import deliver
from apps.messaging.gateways import Session
from apps.messaging.models import Message
from tests.messaging.conftest import send_due


def at_once(number: int, act) -> list:
    """Run `act` in threads that start together; what they raised."""
    barrier, raised = threading.Barrier(number), []

    def run():
        try:
            barrier.wait()
            act()
        except Exception as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


@pytest.mark.django_db(transaction=True)
def test_twelve_simultaneous_deliveries_send_one_email(providers, email):
    assert at_once(12, lambda: send_due("email")) == []
    assert [mail.to for mail in providers.mail.kept] == [email.address]


@pytest.mark.django_db(transaction=True)
def test_claims_do_not_overlap(providers, reference):
    claimed, lock = [], threading.Lock()

    def claim():
        mine = Message.objects.claim_due("email", limit=1)
        with lock:
            claimed.extend(message.pk for message in mine)

    assert at_once(6, claim) == []
    assert len(claimed) == len(set(claimed)) == Message.objects.filter(channel="email").count()


def test_a_worker_that_lost_its_lease_writes_nothing(providers, invitation, noon):
    (mine,) = Message.objects.claim_due("sms")
    noon.shift(timedelta(seconds=conf.OUTBOX_LEASE + 1))
    Message.objects.expire_leases()
    assert mine.move(Message.Status.SENT, sent_at=timezone.now()) is False
    invitation.refresh_from_db()
    assert invitation.status == "unknown"


def test_too_short_a_lease_is_handed_back_unsent(providers, invitation, noon):
    (mine,) = Message.objects.claim_due("sms")
    noon.shift(timedelta(seconds=conf.OUTBOX_LEASE - 5))
    with Session() as session:
        deliver(mine, session)
    invitation.refresh_from_db()
    assert (invitation.status, providers.texts.kept) == ("queued", [])


@pytest.mark.parametrize("sent", [True, False])
def test_what_a_dead_worker_held_is_looked_up_first(providers, invitation, noon, sent):
    (mine,) = Message.objects.claim_due("sms")
    if sent:  # killed between the provider's answer and its own note of it
        with Session() as session:
            mine.move = lambda *args, **fields: False
            deliver(mine, session)
    noon.shift(timedelta(seconds=conf.OUTBOX_LEASE + 1))
    send_due("sms")
    noon.shift(timedelta(seconds=conf.OUTBOX_SETTLE + 1))
    send_due("sms")
    invitation.refresh_from_db()
    assert invitation.status == "sent"
    assert len(providers.texts.kept) == 1


def test_the_same_thing_said_twice_goes_once(providers, reference):
    before = Message.objects.count()
    Message.objects.bulk_create(
        [
            Message(**{field: getattr(message, field) for field in FIELDS})
            for message in Message.objects.all()
        ],
        ignore_conflicts=True,
    )
    assert Message.objects.count() == before


FIELDS = [
    *("kind", "channel", "dedupe_key", "about_type", "about_id", "recipient_type", "recipient_id"),
    *("address", "address_hash", "name", "language", "due_at", "expires_at"),
]
