from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from apps.messaging.models import Message
from tests.messaging.conftest import send_due


def run(*arguments) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_it_shows_what_is_there(providers, reference):
    assert "queued" in run("outbox")
    send_due()
    assert "waited for 0 s" in run("outbox")


def test_a_stuck_outbox_fails_the_check(reference, noon):
    run("outbox", "--check")
    noon.shift(timedelta(minutes=6))
    with pytest.raises(CommandError):
        run("outbox", "--check")


def test_a_dead_workers_rows_count_as_stuck(providers, invitation, noon):
    Message.objects.claim_due("sms")
    noon.shift(timedelta(minutes=10))
    with pytest.raises(CommandError):
        run("outbox", "--check")


def test_it_retries_what_failed_once_it_is_sure(providers, invitation):
    providers.go_wrong("cut")
    send_due()
    Message.objects.update(status="failed", error_code="unknown")
    run("outbox", "--retry", "--kind", "reference_reminder")
    assert Message.objects.get(pk=invitation.pk).status == "failed"
    run("outbox", "--retry")
    send_due()
    invitation.refresh_from_db()
    assert invitation.status == "sent"
    assert len(providers.texts.kept) == 1


def test_every_message_can_be_looked_at(tmp_path):
    assert "60 messages" in run("messages", "--out", str(tmp_path))
    names = {path.name for path in tmp_path.iterdir()}
    assert {"index.html", "reference_invitation.email.fr.html"} <= names
    assert "donne en référence" in (tmp_path / "reference_invitation.sms.fr.txt").read_text()


def test_what_went_before_a_restore_does_not_go_again(providers, reference, noon):
    """Whatever it was doing when the backup was made; what is due later still goes."""
    rows = list(Message.objects.about(reference).order_by("channel"))
    email, text = rows
    assert "0 messages" in run("outbox", "--suppress", "--kind", "reference_reminder")
    Message.objects.exclude(pk__in=[email.pk, text.pk]).delete()
    stopped = f"{timezone.now():%Y-%m-%dT%H:%M:%SZ}"
    later = timezone.now() + timedelta(minutes=30)
    Message.objects.filter(pk=text.pk).update(due_at=later)
    [claimed] = Message.objects.claim_due("email")
    noon.shift(timedelta(hours=1))
    assert "1 messages will not be sent" in run("outbox", "--suppress", "--until", stopped)
    assert not claimed.move("sent")  # should its worker live after all
    send_due()
    states = dict(Message.objects.values_list("channel", "status"))
    assert states == {"email": "suppressed", "sms": "sent"}
    Message.objects.filter(channel="sms").update(status="unknown", due_at=timezone.now())
    assert "1 messages" in run("outbox", "--suppress")


def test_the_moment_has_a_zone():
    with pytest.raises(CommandError, match="--until"):
        run("outbox", "--suppress", "--until", "2026-11-23T14:05")
