from datetime import timedelta

import psycopg
import pytest
from django.conf import settings as conf
from django.db import IntegrityError, connection
from django.utils import timezone

from apps.activities.models import Activity
from apps.messaging import delivery, gateways, outbox, rendering
from apps.messaging.delivery import TRIES
from apps.messaging.models import Message, OptOut
from apps.messaging.optouts import text_refusal
from apps.references.models import Reference
from tests.messaging.conftest import only, send_due

HOUR = timedelta(hours=1)


def state(message) -> str:
    message.refresh_from_db()
    return message.status


def later(noon, message) -> None:
    """To the moment when the message is due again."""
    message.refresh_from_db()
    noon.move_to(message.due_at + timedelta(seconds=1))
    send_due()
    message.refresh_from_db()


def test_an_email_goes_as_text_and_html_from_the_firm(providers, email, bob):
    send_due()
    (mail,) = providers.mail.kept
    assert state(email) == "sent"
    assert mail.message_id == email.message_id
    assert mail.parsed["From"].addresses[0].display_name.startswith("Marchand Ouellet")
    assert mail.parsed["Reply-To"] == bob.user.email
    parts = {part.get_content_type() for part in mail.parsed.walk()}
    assert {"text/plain", "text/html"} <= parts
    assert "List-Unsubscribe" not in mail.parsed


def test_a_reminder_offers_to_unsubscribe_in_one_click(providers, reference, bob, noon):
    noon.shift(timedelta(hours=24))
    reference.remind(bob)
    only(reference, "reference_reminder", "email")
    send_due()
    (mail,) = providers.mail.kept
    assert mail.parsed["List-Unsubscribe"].strip().startswith("<http://localhost:8000/r/")
    assert mail.parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_text_names_firm_and_candidate_and_links(providers, invitation):
    send_due()
    (text,) = providers.texts.kept
    assert state(invitation) == "sent"
    assert invitation.provider_id == text.sid
    assert "Camille" in text.body and "Marchand Ouellet" in text.body and "/r/" in text.body
    assert text.callback.endswith(f"/hooks/twilio/status/{invitation.pk}")


def test_many_emails_share_a_connection(providers, reference, bob):
    for n in range(12):
        outbox.send("reference_declined", to=bob.user, about=reference, language="en", ordinal=n)
    send_due()
    assert len(providers.mail.kept) >= 12
    assert providers.mail.connections == 1


def test_what_nobody_wants_any_more_stays_here(providers, invitation, reference):
    Message.objects.filter(pk=invitation.pk).update(status="queued")
    type(reference).objects.filter(pk=reference.pk).update(status="declined")
    send_due()
    assert state(invitation) == "suppressed"
    assert not providers.texts.kept


def test_nothing_goes_for_a_firm_that_is_closed(providers, reference, firm):
    type(firm).objects.filter(pk=firm.pk).update(is_active=False)
    send_due()
    assert not providers.mail.kept and not providers.texts.kept


def test_who_stopped_reminders_by_email_gets_an_invitation(providers, email, reference):
    reference.unsubscribe()
    send_due()
    assert state(email) == "sent"


def test_an_opted_out_number_gets_no_text_and_email_goes_on(providers, reference):
    OptOut.objects.record(reference.e164, "sms", source="text")
    send_due()
    assert reference.e164 not in {text.to for text in providers.texts.kept}
    assert reference.email in {mail.to for mail in providers.mail.kept}


def test_a_text_waits_for_the_morning(providers, invitation, noon):
    noon.move_to("2026-11-19T03:30:00Z")  # half past ten in the evening
    send_due()
    assert not providers.texts.kept
    assert state(invitation) == "queued"
    assert invitation.due_at.isoformat() == "2026-11-19T13:00:00+00:00"
    later(noon, invitation)
    assert invitation.status == "sent"


def test_too_late_is_an_end_that_the_recruiter_hears_of(providers, invitation, noon, reference):
    type(reference).objects.update(expires_at=timezone.now() + timedelta(days=90))
    noon.shift(timedelta(days=31))
    send_due()
    assert state(invitation) == "expired"
    assert Message.objects.filter(kind="message_failed").exists()


def test_what_cannot_be_rendered_fails_alone(providers, reference, monkeypatch):
    broken = Message.objects.filter(channel="email").first()
    type(broken).objects.filter(pk=broken.pk).update(language="en", kind="no_such_kind")
    # A kind without words is a fault of ours.
    from apps.messaging.kinds import INVITATION, KINDS  # noqa: PLC0415

    monkeypatch.setitem(KINDS, "no_such_kind", INVITATION)
    others = list(Message.objects.filter(channel="email").exclude(pk=broken.pk))
    send_due()
    assert state(broken) == "failed"
    assert {state(other) for other in others} == {"sent"}


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_busy_is_tried_again_later(providers, reference, noon, channel):
    message = only(reference, "reference_invitation", channel)
    providers.go_wrong("busy")
    send_due()
    assert state(message) == "queued" and message.tries == 1
    assert timedelta(seconds=20) < message.due_at - timezone.now() < timedelta(seconds=40)
    later(noon, message)
    assert message.status == "sent"


def test_after_the_last_try_the_recruiter_is_told(providers, email, noon):
    providers.go_wrong(*["busy"] * TRIES)
    send_due()
    for _ in range(TRIES - 1):
        assert state(email) == "queued"
        later(noon, email)
    assert email.status == "failed"
    assert Message.objects.filter(kind="message_failed").exists()


def test_after_the_last_fault_of_ours_the_recruiter_is_told(providers, email, monkeypatch):
    Message.objects.update(tries=TRIES - 1)
    monkeypatch.setattr(delivery, "_refusal", lambda message, about: 1 / 0)
    send_due()
    assert state(email) == "failed" and email.error == "ZeroDivisionError"
    assert Message.objects.filter(kind="message_failed").exists()


@pytest.mark.parametrize("error", [ZeroDivisionError, IntegrityError])
def test_who_cant_be_told_holds_up_nothing(providers, email, monkeypatch, error):
    def fail(*args):
        raise error

    Message.objects.update(tries=TRIES - 1)
    monkeypatch.setattr(delivery, "_refusal", fail)
    monkeypatch.setattr(Reference, "message_changed", fail)
    send_due()
    assert state(email) == "failed"


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_what_kills_its_workers_ends_and_holds_up_nothing(
    providers, reference, noon, monkeypatch, channel
):
    first, *others = Message.objects.filter(channel=channel).order_by("due_at", "id")

    def die(message, about):
        if message.pk == first.pk:
            raise SystemExit
        return rendering.render(message, about)

    monkeypatch.setattr(delivery, "render", die)
    for deaths in range(50):
        try:
            send_due(channel)
        except SystemExit:
            noon.shift(timedelta(seconds=conf.OUTBOX_LEASE + 1))
        else:
            noon.shift(timedelta(seconds=conf.OUTBOX_SETTLE + 1))
        if deaths == 6:
            assert others and {state(each) for each in others} == {"sent"}
        if state(first) == "failed":
            break
    assert state(first) == "failed"
    assert Message.objects.filter(kind="message_failed").exists()


@pytest.mark.parametrize("fault", ["cut", "lost", "garbled"])
def test_a_text_that_went_is_found_and_not_sent_again(providers, invitation, noon, fault):
    providers.go_wrong(fault)
    send_due()
    assert state(invitation) == "unknown"
    later(noon, invitation)
    assert invitation.status == "sent"
    assert invitation.provider_id == providers.texts.kept[0].sid
    assert len(providers.texts.kept) == 1


def test_a_text_that_did_not_go_is_sent_again(providers, invitation, noon):
    providers.go_wrong("broken")
    send_due()
    assert state(invitation) == "unknown"
    later(noon, invitation)
    assert invitation.status == "sent"
    assert len(providers.texts.kept) == 1


def test_an_email_whose_answer_was_lost_goes_again_under_its_name(providers, email, noon):
    providers.go_wrong("cut")
    send_due()
    assert state(email) == "unknown"
    later(noon, email)
    assert email.status == "sent"
    assert {mail.message_id for mail in providers.mail.kept} == {email.message_id}
    assert len(providers.mail.kept) == 2


def test_an_email_whose_worker_died_with_the_answer_goes_once(providers, email, noon, monkeypatch):
    def die(*args, **fields):
        raise SystemExit

    with monkeypatch.context() as patch, pytest.raises(SystemExit):
        patch.setattr(delivery, "_note_sent", die)
        send_due("email")
    assert state(email) == "sending"
    noon.shift(HOUR)  # its lease runs out
    send_due("email")
    assert (state(email), len(providers.mail.kept)) == ("unknown", 1)
    later(noon, email)
    assert (email.status, len(providers.mail.kept)) == ("sent", 1)
    assert not list(gateways.TAKEN.glob(str(email.pk)))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_went_is_written_down_when_the_database_is_back(providers, email):
    def cut_the_worker_off():
        with psycopg.connect(**connection.get_connection_params()) as another:
            another.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    providers.mail.faults = cut_the_worker_off  # while it hands the email over
    send_due("email")
    assert state(email) == "sent" and len(providers.mail.kept) == 1


def test_while_nobody_can_say_an_invitation_goes_once_more(providers, invitation, noon):
    providers.go_wrong("cut")
    providers.texts.blind = True
    send_due()
    for _ in range(2 * TRIES):
        if state(invitation) != "unknown":
            break
        later(noon, invitation)
    assert invitation.status == "sent"
    assert len(providers.texts.kept) == 2


def test_while_nobody_can_say_a_reminder_does_not(providers, reference, bob, noon):
    noon.shift(timedelta(hours=24))
    reference.remind(bob)
    reminder = only(reference, "reference_reminder", "sms")
    providers.go_wrong("cut")
    providers.texts.blind = True
    send_due()
    for _ in range(2 * TRIES):
        if state(reminder) != "unknown":
            break
        later(noon, reminder)
    assert (reminder.status, reminder.error_code) == ("failed", "unknown")
    assert len(providers.texts.kept) == 1


def test_a_refused_address_is_marked_and_the_recruiter_told(providers, reference):
    reference.change(reference.requested_by, email="nobody@reference.example", phone="")
    send_due("email")
    reference.refresh_from_db()
    bounced = Message.objects.get(about_id=reference.pk, address=reference.email)
    assert (bounced.status, bounced.error_code) == ("bounced", "550")
    assert reference.status == "bounced"
    assert Message.objects.filter(kind="message_failed").exists()
    assert Activity.objects.filter(key="message.bounced").exists()


def test_a_refused_sender_is_no_verdict_on_the_address(providers, email, reference, noon):
    providers.mail.refuses_sender = True
    send_due("email")
    assert state(email) == "queued"
    providers.mail.refuses_sender = False
    later(noon, email)
    assert email.status == "sent"


RELAY = "554 5.7.1 <etienne@reference.example>: Relay access denied"
SENDER = "550 5.1.8 <no-reply@vitay.example>: Sender address rejected: Domain not found"


@pytest.mark.parametrize("answer", [RELAY, SENDER, "550 relay not permitted", "530 Log in first"])
def test_a_mail_servers_word_on_us_is_no_verdict(providers, email, reference, noon, answer):
    providers.mail.refuses = answer
    tried_till_it_fails(email, noon)
    codes = " ".join(word for word in answer.split()[:2] if word[0].isdigit())
    assert email.error == f"SMTPRecipientsRefused {codes}"  # for who is to mend it
    reference.refresh_from_db()
    assert reference.status == "sent"
    assert Message.objects.filter(kind="message_failed").exists()
    assert not Message.objects.filter(kind="reference_unreachable").exists()


@pytest.mark.parametrize("code", [20404, 21212, 21408, 21603, 21606, 21608, 21660])
def test_twilios_word_on_us_is_no_verdict(providers, invitation, reference, noon, code):
    providers.go_wrong(*[code] * TRIES)
    tried_till_it_fails(invitation, noon)
    reference.refresh_from_db()
    assert reference.status == "sent"
    assert Message.objects.filter(kind="message_failed").exists()
    assert not Message.objects.filter(kind="reference_unreachable").exists()


@pytest.mark.parametrize("code", [21211, 21614])
def test_a_number_that_takes_no_texts_is_told_at_once(providers, invitation, reference, code):
    providers.go_wrong(code)
    send_due()
    assert (state(invitation), invitation.error_code) == ("failed", str(code))
    reference.refresh_from_db()
    assert reference.status == "bounced"


def tried_till_it_fails(message, noon) -> None:
    send_due()
    for _ in range(TRIES - 1):
        assert state(message) == "queued"
        later(noon, message)
    assert (message.status, message.error_code) == ("failed", "tries")


def test_refused_words_are_no_verdict_on_the_address(providers, email, reference):
    providers.go_wrong("spam")
    send_due("email")
    assert (state(email), email.error_code) == ("failed", "554")
    reference.refresh_from_db()
    assert reference.status == "sent"


def test_an_address_with_accents_in_its_domain_is_written_to(providers, reference):
    reference.change(reference.requested_by, email="etienne@référence.example", phone="")
    send_due("email")
    message = Message.objects.get(about_id=reference.pk, address=reference.email)
    assert message.status == "sent"


def test_correcting_a_bounced_address_invites_anew(providers, reference):
    reference.change(reference.requested_by, email="nobody@reference.example", phone="")
    send_due("email")
    reference.refresh_from_db()
    assert reference.status == "bounced"
    reference.change(reference.requested_by, email="right@reference.example")
    send_due("email")
    assert reference.status == "sent"
    assert "right@reference.example" in {mail.to for mail in providers.mail.kept}


def test_a_changed_address_stops_what_is_queued_for_the_old_one(providers, reference):
    reference.change(reference.requested_by, email="new@reference.example")
    send_due("email")
    to = [mail.to for mail in providers.mail.kept]
    assert "etienne@reference.example" not in to
    assert to.count("new@reference.example") == 1


def test_a_channel_that_is_no_longer_wanted_gets_nothing(providers, reference, bob, noon):
    noon.shift(timedelta(hours=24))
    reference.remind(bob)
    only(reference, "reference_reminder", "sms")
    reference.change(bob, contact_type="email")
    send_due()
    assert not [text for text in providers.texts.kept if text.to == reference.e164]


def test_one_invitation_a_day_to_an_address(providers, reference, noon):
    first = reference.email
    send_due("email")
    reference.change(reference.requested_by, email="other@reference.example")
    reference.change(reference.requested_by, email=first)
    send_due("email")
    assert [mail.to for mail in providers.mail.kept].count(first) == 1
    noon.shift(24 * HOUR)
    send_due("email")
    assert [mail.to for mail in providers.mail.kept].count(first) == 2


@pytest.mark.parametrize(
    ("phone", "country", "why"),
    [("9005550123", "1", "premium number"), ("612345678", "33", "country not allowed")],
)
def test_dear_numbers_get_no_text(providers, invitation, phone, country, why):
    type(invitation).objects.update(address=f"+{country}{phone}")
    reference = invitation.about
    type(reference).objects.update(phone=phone, country_code=country)
    send_due()
    assert state(invitation) == "suppressed"
    assert invitation.error in (why, "country not allowed")
    assert not providers.texts.kept


def copies(message, number: int, **fields) -> list[Message]:
    """More of the same, to the same address."""
    rows = []
    for _ in range(number):
        row = Message.objects.get(pk=message.pk)
        row.id = Message._meta.pk.default()
        row.dedupe_key = f"copy {row.id}"
        for name, value in fields.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        rows.append(row)
    return rows


def test_a_number_gets_four_texts_a_day(providers, invitation, noon):
    copies(invitation, 6)
    for _ in range(8):  # one at a time
        send_due("sms")
        noon.shift(10)
    assert len(providers.texts.kept) == 4
    assert Message.objects.filter(error="too many texts today").count() == 3


def test_a_text_that_ends_meanwhile_is_counted(providers, invitation, monkeypatch):
    """Another worker's goes out between two looks at the number: the fifth waits for its turn."""
    (other,) = copies(invitation, 1)
    now = timezone.now()
    sent = copies(invitation, 3)
    Message.objects.filter(pk__in=[row.pk for row in sent]).update(status="sent", sent_at=now)
    claimed = {row.pk: row for row in Message.objects.claim_due("sms")}

    def slow(message, firm):
        said = text_refusal(message, firm)
        claimed[other.pk].move("sent", sent_at=now)
        return said

    monkeypatch.setattr(delivery, "text_refusal", slow)
    with gateways.Session() as session:
        delivery.deliver(claimed[invitation.pk], session)
    assert not providers.texts.kept and state(invitation) == "queued"


def test_a_text_that_may_have_gone_is_counted(providers, invitation, noon):
    now = timezone.now()
    unknown = {"status": "unknown", "first_tried_at": now, "due_at": now + HOUR}
    copies(invitation, 4, **unknown)
    send_due("sms")
    assert state(invitation) == "suppressed" and invitation.error == "too many texts today"


def test_a_bounced_invitation_is_none_of_the_day(providers, reference, noon):
    send_due("email")
    Message.objects.about(reference).filter(channel="email").update(status="bounced")
    reference.resend(reference.requested_by)
    send_due("email")
    assert [mail.to for mail in providers.mail.kept].count(reference.email) == 2


def test_reminders_held_up_by_a_provider_go_as_one(providers, reference, bob, noon):
    Message.objects.all().delete()
    for _ in range(2):
        noon.shift(timedelta(days=1, minutes=1))
        reference.refresh_from_db()
        reference.remind(bob)  # and nobody could send for all that time
    send_due()
    sent = Message.objects.filter(kind="reference_reminder", status="sent")
    assert set(sent.values_list("channel", "ordinal")) == {("email", 2), ("sms", 2)}
    assert len(providers.mail.kept) == len(providers.texts.kept) == 1


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_a_reminder_keeps_its_distance_from_an_invitation(providers, reference, bob, noon, channel):
    """Of one channel: the other's invitation went a day ago, and its reminder goes."""
    other = {"email": "sms", "sms": "email"}[channel]
    send_due(other)
    noon.shift(timedelta(hours=24))
    reference.refresh_from_db()
    reference.remind(bob)  # and nobody could send the invitation until now
    for _ in range(3):  # texts to one number go one at a time
        send_due()
        noon.shift(10)
    sent = Message.objects.about(reference).filter(
        status="sent", sent_at__gte=timezone.now() - HOUR
    )
    assert set(sent.values_list("kind", "channel")) == {
        ("reference_invitation", channel),
        ("reference_reminder", other),
    }
    noon.shift(timedelta(hours=24))
    reference.refresh_from_db()
    reference.remind(bob)
    send_due()
    reminded = sent.filter(kind="reference_reminder", ordinal=2)
    assert set(reminded.values_list("channel", flat=True)) == {"email", "sms"}
