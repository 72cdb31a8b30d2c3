from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.links.tokens import Purpose, resolve, sign
from apps.messaging.models import Message, OptOut
from apps.references.models import Reference
from tests.conftest import fill, make_candidate, make_reference


def test_a_named_person_is_contacted_at_once(reference):
    assert reference.status == "sent"
    assert reference.expires_at == reference.reference_request.expires_at
    assert Message.objects.about(reference).filter(kind="reference_invitation").count() == 2


@pytest.mark.parametrize(
    ("contact_type", "channels"),
    [("email", {"email"}), ("text", {"sms"}), ("both", {"email", "sms"}), ("call", set())],
)
def test_it_is_written_to_by_the_channels_asked_for(reference_request, contact_type, channels):
    reference = make_reference(reference_request, contact_type=contact_type)
    invited = Message.objects.about(reference).filter(kind="reference_invitation")
    assert set(invited.values_list("channel", flat=True)) == channels
    assert reference.status == ("call_requested" if contact_type == "call" else "sent")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "", "phone": ""}, "email"),
        ({"email": "not an address"}, "email"),
        ({"phone": "12"}, "phone"),
        ({"country_code": "ZZ"}, "country_code"),
        ({"relationship": "nemesis"}, "relationship"),
        ({"phone": "", "contact_type": "text"}, "phone"),
        ({"first_name": "Eve\r\nBcc: all@example.com"}, "first_name"),
        ({"started_on": date(2020, 1, 1), "ended_on": date(2019, 1, 1)}, "ended_on"),
    ],
)
def test_bad_input_names_its_field_and_saves_nothing(reference_request, wrong, field):
    with pytest.raises(ValidationError) as refused:
        make_reference(reference_request, **wrong)
    assert field in refused.value.message_dict
    assert not Reference.objects.exists()
    assert not Message.objects.filter(kind="reference_invitation").exists()


def test_addresses_are_normalised(reference_request):
    reference = make_reference(
        reference_request, email=" Etienne@Reference.EXAMPLE ", country_code="CA",
        phone="(514) 555-0134",
    )  # fmt: skip
    assert (reference.email, reference.e164) == ("etienne@reference.example", "+15145550134")


def test_a_review_comes_before_any_message(firm, reference_request, bob):
    firm.review_before_contact = True
    firm.save()
    reference_request.requested_by.hiring_firm.refresh_from_db()
    reference = make_reference(reference_request)
    assert reference.is_pending
    assert not Message.objects.about(reference).exists()
    reference.approve(bob)
    assert reference.status == "sent"


def test_opening_is_noted_once(reference):
    reference.open()
    first = reference.opened_at
    reference.open()
    assert (reference.status, reference.opened_at) == ("opened", first)


def test_declining_ends_it_and_tells_the_recruiter(reference):
    reference.decline()
    assert not reference.link_is_live
    assert Message.objects.filter(kind="reference_declined").count() == 1
    with pytest.raises(ValidationError) as refused:
        reference.decline()
    assert refused.value.code == "state"


def test_a_call_stops_the_reminders_but_not_the_answers(reference):
    reference.request_call("After five.")
    assert reference.nothing_to_remind
    fill(reference)
    assert reference.filled


def test_stop_declines_and_opts_out_everywhere(reference):
    reference.stop()
    assert reference.status == "declined"
    assert OptOut.objects.among(reference.addresses) == reference.addresses


def test_another_person_takes_the_place_of_a_silent_one(reference, bob):
    substitute = reference.replace(
        bob, first_name="Second", last_name="Choice", email="second@reference.example"
    )
    reference.refresh_from_db()
    assert (reference.status, substitute.status) == ("replaced", "sent")
    assert substitute.replaces == reference
    assert not reference.link_is_live


def test_a_corrected_address_is_written_to_once_more(reference, bob):
    token = sign(Purpose.REFERENCE, reference)
    reference.change(bob, email="right@reference.example")
    assert resolve(token) is None
    assert Message.objects.filter(address="right@reference.example", ordinal=2).count() == 1


def test_a_bounce_waits_for_another_address(reference_request, bob):
    reference = make_reference(reference_request, phone="")
    invitation = Message.objects.about(reference).get()
    Message.objects.filter(pk=invitation.pk).update(status="sent", sent_at=invitation.created_at)
    assert invitation.receipt("bounced", "550")
    reference.refresh_from_db()
    assert reference.status == "bounced"
    assert Message.objects.filter(kind="message_failed").exists()
    assert Message.objects.filter(kind="reference_unreachable").exists()
    reference.change(bob, email="right@reference.example")
    assert reference.status == "sent"


@pytest.mark.parametrize("rule", ["review_before_contact", "contact_after_consent"])
def test_who_was_written_to_waits_for_no_rule_made_since(reference, firm, bob, rule):
    Reference.objects.update(status="bounced")
    setattr(firm, rule, True)
    firm.save()
    reference = Reference.objects.get(pk=reference.pk)
    reference.change(bob, email="right@reference.example")
    assert reference.status == "sent"
    assert Message.objects.filter(address="right@reference.example").exists()


def test_a_bounce_with_a_text_on_its_way_keeps_waiting(reference):
    email = Message.objects.about(reference).get(channel="email")
    Message.objects.filter(pk=email.pk).update(status="sent", sent_at=email.created_at)
    email.receipt("bounced")
    reference.refresh_from_db()
    assert reference.status == "sent"


@pytest.mark.parametrize("same", [{"email": "camille@candidate.example"}, {"phone": "5145550123"}])
def test_nobody_is_their_own_reference(reference_request, reference, bob, same):
    for write in (
        lambda: make_reference(reference_request, **same),
        lambda: reference.change(bob, **same),
        lambda: Reference(
            first_name="A", last_name="B", **{"email": "a@reference.example", "phone": ""} | same
        ).create(bob).change(bob, candidate=reference_request.candidate),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused, transaction.atomic():
            write()
        assert list(refused.value.message_dict) == list(same)


def test_reopening_unlocks_the_answers(reference, bob):
    fill(reference, 5)
    reference.reopen(bob)
    reference.candidate.refresh_from_db()
    assert (reference.filled, reference.candidate.score) == (False, None)
    fill(reference, 3)
    reference.candidate.refresh_from_db()
    assert reference.candidate.score == 3


def test_a_reopened_one_is_told_each_time(reference, bob):
    for ordinal in (1, 2):
        fill(reference, ordinal)
        reference.reopen(bob)
        told = Message.objects.filter(kind="reference_reopened", ordinal=ordinal)
        assert {message.channel for message in told} == {"email", "sms"}
        assert all(reference.wants(message) for message in told)
    reference.lock_again(bob)
    assert not any(reference.wants(message) for message in told)
    assert set(told.values_list("status", flat=True)) == {"suppressed"}


def test_a_reopened_one_with_a_new_address_is_told_there(reference, bob):
    fill(reference)
    reference.reopen(bob)
    earlier = list(Message.objects.filter(kind="reference_reopened"))
    invitations = Message.objects.filter(kind="reference_invitation").count()
    version = reference.link_version
    reference.change(bob, email="new@reference.example")
    told = Message.objects.filter(kind="reference_reopened", ordinal=2)
    assert {"new@reference.example"} < {message.address for message in told}
    assert all(reference.wants(message) for message in told)
    assert not any(reference.wants(each) for each in earlier if each.channel == "email")
    assert reference.link_version == version + 1
    assert Message.objects.filter(kind="reference_invitation").count() == invitations


def test_who_asked_for_a_call_has_a_link_at_the_new_address_only(reference, bob):
    reference.request_call("After 16:00")
    version, messages = reference.link_version, Message.objects.count()
    reference.change(bob, email="new@reference.example")
    assert (reference.link_version, Message.objects.count()) == (version + 1, messages)


def test_answers_that_came_again_are_news(reference, bob):
    for scale in (4, 5):
        fill(reference, scale)
        reference.reopen(bob)
    for kind in ("reference_filled", "reference_receipt"):
        assert Message.objects.filter(kind=kind).count() == 2


def test_what_is_locked_is_named(reference, bob):
    fill(reference)
    with pytest.raises(ValidationError) as refused:
        reference.change(bob, first_name="Odile", email="new@reference.example", phone="")
    assert set(refused.value.message_dict) == {"email", "phone"}


def test_deleting_takes_answers_and_score_with_it(reference, candidate, bob):
    fill(reference)
    token = sign(Purpose.REFERENCE, reference)
    reference.remove(bob)
    candidate.refresh_from_db()
    assert candidate.score is None
    assert resolve(token) is None
    assert not Message.objects.filter(address="etienne@reference.example").exists()
    assert Message.objects.filter(address="camille@candidate.example").exists()


def test_an_unattached_one_waits_until_it_is_attached(bob, alice, reference_request):
    kept = Reference(first_name="A", last_name="B", email="ab@reference.example").create(bob)
    assert kept.status == "created"
    assert not Message.objects.about(kept).exists()
    assert Reference.objects.visible_to(alice.user).filter(pk=kept.pk).exists()
    kept.change(bob, candidate=reference_request.candidate)
    assert kept.status == "sent"


def test_it_stays_with_its_candidate(reference, bob):
    with pytest.raises(ValidationError) as refused:
        reference.change(bob, candidate=make_candidate(bob, email="x@candidate.example"))
    assert "candidate" in refused.value.message_dict


def test_who_sees_it(reference, alice, bob, charlie):
    seen = {
        who: Reference.objects.visible_to(who.user).filter(pk=reference.pk).exists()
        for who in (alice, bob, charlie)
    }
    assert seen == {alice: True, bob: True, charlie: False}


def test_an_answered_one_has_its_time(reference):
    with pytest.raises(IntegrityError), transaction.atomic():
        Reference.objects.filter(pk=reference.pk).update(status="filled")
