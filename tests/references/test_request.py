from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.activities.models import Activity
from apps.consents.models import Consent
from apps.messaging.models import Message
from apps.messaging.rendering import render
from apps.questions.models import Question, QuestionSet
from apps.references.models import Reference, ReferenceRequest
from apps.references.tasks import contact_held_back, expire_due
from tests.conftest import fill, make_candidate, make_reference, make_request


def test_it_invites_the_candidate_by_email_and_text(reference_request):
    messages = Message.objects.about(reference_request)
    assert {(m.kind, m.channel) for m in messages} == {
        ("request_invitation", "email"),
        ("request_invitation", "sms"),
    }
    assert reference_request.status == "sent"
    assert reference_request.expires_at - reference_request.sent_at == timedelta(days=30)


def test_it_records_the_attestation(reference_request, bob):
    consent = Consent.objects.get(purpose="attestation")
    assert (consent.subject_id, consent.recorded_by) == (reference_request.candidate_id, bob)


def test_it_contacts_the_references_saved_before(bob, candidate, question_set):
    saved = Reference(
        candidate=candidate, first_name="Early", last_name="Bird", email="early@reference.example"
    ).create(bob)
    assert saved.status == "created"
    request = make_request(candidate, question_set)
    saved.refresh_from_db()
    assert (saved.status, saved.reference_request) == ("sent", request)
    assert request.filled, "one was asked for, and one was named"


def test_it_leaves_those_of_another_open_request(bob, reference, candidate):
    other_set = QuestionSet.objects.get(key="technical", language="en")
    make_request(candidate, other_set)
    before = reference.reference_request_id
    reference.refresh_from_db()
    assert reference.reference_request_id == before


def test_it_freezes_the_questions(alice, question_set):
    own = question_set.copy(alice)
    request = make_request(make_candidate(alice), own)
    frozen = len(request.questions["en"])
    Question(question_set=own, text="A later question?").write(alice)
    own.live_questions().first().remove(alice)
    request.refresh_from_db()
    assert len(request.questions["en"]) == frozen


def test_it_freezes_the_translation_beside_them(reference_request):
    en, fr = reference_request.questions["en"], reference_request.questions["fr"]
    assert [q["type"] for q in en] == [q["type"] for q in fr]
    assert en[0]["text"] != fr[0]["text"]


def test_a_set_without_questions_is_refused(alice):
    empty = QuestionSet.objects.create(hiring_firm=alice.hiring_firm, title="Empty", language="en")
    with pytest.raises(ValidationError) as refused:
        make_request(make_candidate(alice), empty)
    assert "question_set" in refused.value.message_dict
    assert not ReferenceRequest.objects.exists()


def test_there_is_one_open_request_per_set(reference_request, question_set, candidate):
    with pytest.raises(ValidationError) as refused:
        make_request(candidate, question_set)
    assert refused.value.error_dict["question_set"][0].code == "request_open"


def test_it_can_be_asked_again_once_closed(reference_request, question_set, candidate, bob):
    reference_request.cancel(bob)
    assert make_request(candidate, question_set).status == "sent"


def test_more_managers_than_references_is_refused(candidate, question_set):
    with pytest.raises(ValidationError):
        make_request(candidate, question_set, min_references=1, min_manager_references=2)


def test_it_is_filled_when_enough_are_named(reference_request):
    make_reference(reference_request, relationship="colleague")
    reference_request.refresh_from_db()
    assert (reference_request.status, reference_request.missing) == ("sent", 1)
    make_reference(reference_request, relationship="colleague", email="c2@reference.example")
    reference_request.refresh_from_db()
    assert reference_request.missing_managers == 1, "two named, no manager among them"
    make_reference(reference_request, email="boss@reference.example")
    reference_request.refresh_from_db()
    assert reference_request.filled
    assert Message.objects.filter(kind="request_filled").exists()


def test_it_waits_again_when_requirements_rise(reference_request, bob):
    for n in range(2):
        make_reference(reference_request, email=f"r{n}@reference.example")
    reference_request.refresh_from_db()
    assert reference_request.filled
    reference_request.change(bob, min_references=3)
    assert not reference_request.filled
    assert reference_request.status == "sent", "they never opened it"


def test_it_waits_again_when_a_reference_falls_out(reference_request):
    reference_request.open()
    first = make_reference(reference_request)
    make_reference(reference_request, email="r2@reference.example")
    first.decline()
    reference_request.refresh_from_db()
    assert reference_request.status == "opened"


def test_it_is_concluded_when_all_are_through(reference_request):
    first = make_reference(reference_request)
    second = make_reference(reference_request, email="r2@reference.example")
    fill(first)
    reference_request.refresh_from_db()
    assert reference_request.status == "filled"
    fill(second)
    reference_request.refresh_from_db()
    assert reference_request.status == "concluded"
    assert Message.objects.filter(kind="request_concluded").count() == 1


def test_concluding_cancels_what_is_open(reference_request, reference, bob):
    reference_request.conclude(bob)
    reference.refresh_from_db()
    assert reference.status == "cancelled"
    assert not reference.link_is_live
    invitation = Message.objects.filter(kind="reference_invitation").first()
    assert invitation.status == "suppressed"


def test_the_candidate_can_decline(reference_request, reference):
    reference_request.decline()
    reference.refresh_from_db()
    assert (reference_request.status, reference.status) == ("declined", "cancelled")
    assert Message.objects.filter(kind="request_declined").exists()


def test_a_closed_request_stays_closed(reference_request, bob):
    reference_request.cancel(bob)
    with pytest.raises(ValidationError) as refused:
        reference_request.decline()
    assert refused.value.code == "state"


def test_it_expires_with_its_unanswered_references(reference_request, reference):
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        expire_due()
    reference.refresh_from_db()
    reference_request.refresh_from_db()
    assert (reference_request.status, reference.status) == ("expired", "expired")


def test_a_filled_request_is_concluded_at_its_end(reference_request):
    fill(make_reference(reference_request))
    make_reference(reference_request, email="silent@reference.example")
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        expire_due()
    reference_request.refresh_from_db()
    assert reference_request.status == "concluded"
    assert set(reference_request.references.values_list("status", flat=True)) == {
        "filled",
        "expired",
    }


def test_extending_brings_an_expired_request_back(reference_request, reference, bob):
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        expire_due()
        reference_request.refresh_from_db()
        reference_request.extend(bob, days=10)
        reference.refresh_from_db()
        assert (reference_request.status, reference.status) == ("sent", "sent")
        assert reference.link_is_live


def test_extending_is_bounded(reference_request, bob):
    with pytest.raises(ValidationError) as refused:
        reference_request.extend(bob, days=91)
    assert "days" in refused.value.message_dict


def test_the_requirements_of_a_closed_one_stay(reference_request, bob):
    reference_request.conclude(bob)
    with pytest.raises(ValidationError) as refused:
        reference_request.change(bob, min_references=5)
    assert refused.value.error_dict["min_references"][0].code == "state"
    reference_request.refresh_from_db()
    reference_request.change(bob, notes="Called on Monday.")


def test_reopening_goes_on(reference_request, reference, bob):
    reference_request.conclude(bob)
    reference_request.reopen(bob)
    reference_request.refresh_from_db()
    assert reference_request.is_open
    make_reference(reference_request, email="another@reference.example")


def test_consent_releases_those_who_waited_for_it(firm, reference_request):
    firm.contact_after_consent = True
    firm.save()
    reference_request.requested_by.hiring_firm.refresh_from_db()
    waiting = make_reference(reference_request)
    assert waiting.status == "created"
    reference_request.hiring_firm.refresh_from_db()
    reference_request.consent(language="en", ip_address="203.0.113.1")
    waiting.refresh_from_db()
    assert waiting.status == "sent"
    reference_request.consent(language="en", ip_address="203.0.113.1")
    assert Consent.objects.filter(purpose="check").count() == 1


@pytest.fixture
def consent_first(firm, bob):
    firm.contact_after_consent = True
    firm.save()
    bob.hiring_firm.refresh_from_db()


def saved(candidate, by, email="early@reference.example"):
    return Reference(
        candidate=candidate, first_name="Early", last_name="Bird", email=email
    ).create(by)  # fmt: skip


def test_people_who_are_saved_wait_for_the_candidates_consent(
    consent_first, candidate, question_set, bob
):
    people = [saved(candidate, bob), saved(candidate, bob, "second@reference.example")]
    request = make_request(candidate, question_set)
    assert (request.status, request.missing) == ("sent", 0), "enough, but nobody may be asked"
    with time_machine.travel(timezone.now() + timedelta(days=2)):
        assert request.remind(bob)
    request.consent(language="en", ip_address="203.0.113.1")
    assert request.filled
    assert {fresh.status for fresh in request.references.all()} == {"sent"}
    assert len(people) == request.references.count()


def test_one_who_is_added_later_waits_for_the_consent_too(reference_request, firm):
    for n in range(2):
        make_reference(reference_request, email=f"r{n}@reference.example")
    firm.contact_after_consent = True  # from now on
    firm.save()
    reference_request = ReferenceRequest.objects.get()
    late = make_reference(reference_request, email="late@reference.example")
    reference_request.refresh_from_db()
    assert (late.status, reference_request.status) == ("created", "sent")


def test_who_waited_is_invited_when_the_firm_asks_for_no_consent_any_more(
    consent_first, candidate, question_set, bob, alice
):
    people = [saved(candidate, bob), saved(candidate, bob, "second@reference.example")]
    request = make_request(candidate, question_set)
    contact_held_back()
    assert {each.status for each in request.references.all()} == {"created"}
    alice.hiring_firm.refresh_from_db()
    alice.hiring_firm.change(alice, contact_after_consent=False)
    contact_held_back()
    contact_held_back()
    request.refresh_from_db()
    assert {each.status for each in request.references.all()} == {"sent"} and request.filled
    for person in people:
        invited = Message.objects.about(person).filter(kind="reference_invitation")
        assert invited.filter(channel="email").count() == 1


def test_nobody_is_written_to_for_an_ended_request_or_a_closed_firm(
    consent_first, candidate, question_set, bob, alice
):
    saved(candidate, bob)
    request = make_request(candidate, question_set)
    alice.hiring_firm.refresh_from_db()
    alice.hiring_firm.change(alice, contact_after_consent=False)
    alice.hiring_firm.set_active(None, active=False)
    contact_held_back()
    alice.hiring_firm.set_active(None, active=True)
    request.cancel(bob)
    contact_held_back()
    assert not Message.objects.filter(kind="reference_invitation").exists()


def test_the_candidate_is_written_to_also_when_enough_are_saved(candidate, question_set, bob):
    saved(candidate, bob)
    request = make_request(candidate, question_set)
    assert request.filled
    for invitation in Message.objects.about(request).filter(kind="request_invitation"):
        assert request.wants(invitation)
        assert "We need the name" not in str(render(invitation, request))
    request.cancel(bob)
    assert not request.wants(invitation)


def test_a_new_address_is_invited_also_when_others_named_enough(candidate, question_set, bob):
    saved(candidate, bob)
    request = make_request(candidate, question_set)
    candidate.change(bob, email="new@candidate.example")
    request.refresh_from_db()
    (invitation,) = Message.objects.filter(address="new@candidate.example")
    assert request.wants(invitation)


def test_a_new_address_ends_the_link_and_invites_once_more(reference_request, candidate, bob):
    version = reference_request.link_version
    candidate.change(bob, email="new@candidate.example")
    reference_request.refresh_from_db()
    assert reference_request.link_version == version + 1
    invitations = Message.objects.about(reference_request).filter(kind="request_invitation")
    assert set(invitations.filter(ordinal=1).values_list("status", flat=True)) == {"suppressed"}
    assert invitations.filter(ordinal=2, address="new@candidate.example").exists()
    assert reference_request.reminder_rate_exceeded


def test_a_new_address_ends_the_link_also_when_enough_are_named(
    reference_request, reference, candidate, bob
):
    reference_request.consent(language="en", ip_address=None)
    reference_request.change(bob, min_references=1)
    assert reference_request.filled
    version = reference_request.link_version
    candidate.change(bob, email="new@candidate.example")
    reference_request.refresh_from_db()
    assert reference_request.link_version == version + 1
    assert not Message.objects.filter(address="new@candidate.example").exists()
    assert not Message.objects.filter(recipient_id=candidate.pk, status="queued").exists()


def test_what_must_never_be_false_is_held_by_the_database(reference_request):
    rows = ReferenceRequest.objects.filter(pk=reference_request.pk)
    for wrong in (
        {"min_manager_references": 3},
        {"status": "filled", "filled_at": None},
        {"status": "concluded", "closed_at": None},
        {"sent_at": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**wrong)


def test_every_act_is_an_activity(reference_request, bob):
    reference_request.change(bob, notes="Call first.")
    reference_request.extend(bob)
    reference_request.cancel(bob)
    keys = list(Activity.objects.visible_to(bob.user).values_list("key", flat=True))
    for key in ("create", "update", "extend", "cancel"):
        assert f"reference_request.{key}" in keys
