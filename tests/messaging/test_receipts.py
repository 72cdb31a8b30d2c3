"""What providers tell us afterwards."""

import pytest
from anymail.signals import AnymailTrackingEvent
from twilio.request_validator import RequestValidator

from apps.messaging.models import Message, OptOut
from apps.messaging.webhooks import email_tracked
from tests.messaging.conftest import send_due
from tests.servers.texts import TOKEN


def post(client, settings, path: str, form: dict, token: str = TOKEN):
    settings.TWILIO_AUTH_TOKEN = TOKEN
    signature = RequestValidator(token).compute_signature(f"{settings.PUBLIC_URL}{path}", form)
    return client.post(path, form, headers={"X-Twilio-Signature": signature})


def tell(client, settings, message, status: str, **form) -> str:
    form = {"MessageStatus": status, "MessageSid": "SM1"} | form
    post(client, settings, f"/hooks/twilio/status/{message.pk}", form)
    message.refresh_from_db()
    return message.status


def test_a_text_arrived(client, settings, invitation):
    assert tell(client, settings, invitation, "sent") == "sent"
    assert invitation.provider_id == "SM1"
    assert tell(client, settings, invitation, "delivered") == "delivered"


def test_receipts_only_move_forward(client, settings, invitation):
    tell(client, settings, invitation, "delivered")
    assert tell(client, settings, invitation, "sent") == "delivered"
    assert tell(client, settings, invitation, "undelivered") == "delivered"


def test_a_text_that_did_not_arrive_is_told_to_the_recruiter(client, settings, invitation):
    assert tell(client, settings, invitation, "undelivered", ErrorCode="30003") == "failed"
    assert invitation.error_code == "30003"
    assert Message.objects.filter(kind="message_failed").exists()


def test_a_carrier_that_says_stop_is_believed(client, settings, invitation):
    tell(client, settings, invitation, "failed", ErrorCode="21610")
    assert OptOut.objects.of(invitation.address, "sms").exists()


def test_a_receipt_ends_the_doubt(client, settings, providers, invitation, noon):
    providers.go_wrong("cut")
    send_due()
    assert tell(client, settings, invitation, "delivered") == "delivered"
    noon.shift(3600)
    send_due()
    assert len(providers.texts.kept) == 1


@pytest.mark.parametrize("path", ["/hooks/twilio/inbound", "/hooks/twilio/status/x"])
def test_only_twilio_may_tell(client, settings, path):
    assert client.post(path, {"From": "+15145550134"}).status_code == 403
    assert post(client, settings, path, {"From": "+1"}, token="another").status_code == 403
    assert client.get(path).status_code == 405


def test_without_a_token_nobody_may_tell(client, settings):
    path, form = "/hooks/twilio/inbound", {"From": "+15145550134", "Body": "STOP"}
    settings.TWILIO_AUTH_TOKEN = ""
    signature = RequestValidator("").compute_signature(f"{settings.PUBLIC_URL}{path}", form)
    assert client.post(path, form, headers={"X-Twilio-Signature": signature}).status_code == 403
    assert not OptOut.objects.exists()


def test_an_unknown_message_is_nobodys(client, settings):
    assert post(client, settings, "/hooks/twilio/status/x", {"a": "b"}).status_code == 204


def event(message, kind: str, **fields) -> str:
    said = {"metadata": {"message": str(message.pk)}, "message_id": "", "reject_reason": None}
    email_tracked(sender=None, event=AnymailTrackingEvent(event_type=kind, **said | fields))
    message.refresh_from_db()
    return message.status


def test_an_email_was_delivered_and_opened(email):
    assert event(email, "delivered") == "delivered"
    assert event(email, "opened") == "opened"


def test_an_email_bounced(email, reference):
    Message.objects.filter(pk=email.pk).update(provider_id="from-the-provider")
    found = {"metadata": {}, "message_id": "from-the-provider", "reject_reason": "invalid"}
    assert event(email, "bounced", **found) == "bounced"
    assert email.error_code == "invalid"
    reference.refresh_from_db()
    assert reference.status == "bounced"


def test_what_a_provider_could_not_send_is_no_verdict_on_the_address(email, reference):
    assert event(email, "failed") == "failed"
    reference.refresh_from_db()
    assert reference.status == "sent"
    assert Message.objects.filter(kind="message_failed").exists()


def test_a_complaint_ends_reminders(email):
    event(email, "complained")
    assert OptOut.objects.of(email.address, "email").exists()
