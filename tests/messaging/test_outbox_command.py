from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

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
    assert "58 messages" in run("messages", "--out", str(tmp_path))
    names = {path.name for path in tmp_path.iterdir()}
    assert {"index.html", "reference_invitation.email.fr.html"} <= names
    assert "donné votre nom" in (tmp_path / "reference_invitation.sms.fr.txt").read_text()


def test_what_went_before_a_restore_does_not_go_again(providers, reference):
    assert Message.objects.about(reference).filter(status="queued").count() == 2
    assert "0 messages" in run("outbox", "--suppress", "--kind", "reference_reminder")
    waiting = Message.objects.filter(status="queued").count()
    assert f"{waiting} messages will not be sent" in run("outbox", "--suppress")
    send_due()
    assert not Message.objects.filter(status="sent").exists()
