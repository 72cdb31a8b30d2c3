"""How references and requests end, come back, and are looked at by somebody who is late."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.activities.models import Activity
from apps.answers.actions import change_answer, save_answer, submit_answers
from apps.consents.models import Consent
from apps.messaging.models import Message
from apps.messaging.rendering import render
from apps.metadata.models import Metadatum
from apps.references.models import Reference, ReferenceRequest
from apps.references.tasks import expire_due
from apps.reminders.models import write_reminders
from tests.conftest import answers_to, fill, make_reference, make_request

OTHER = {"first_name": "Odile", "last_name": "Roy", "email": "odile@reference.example"}


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def late(request):
    """The same request, its time over."""
    ReferenceRequest.objects.filter(pk=request.pk).update(expires_at=timezone.now())
    return fresh(request)


def test_the_last_silent_one_can_be_replaced(candidate, question_set, bob):
    request = make_request(candidate, question_set, min_references=1)
    answered, silent = make_reference(request), make_reference(request, **OTHER, phone="")
    fill(answered)
    substitute = fresh(silent).replace(bob, **OTHER)
    assert (substitute.status, fresh(request).status) == ("sent", "filled")


def test_who_was_never_asked_is_not_replaced(alice):
    saved = Reference(**OTHER).create(alice)
    with pytest.raises(ValidationError) as refused:
        saved.replace(alice, **OTHER)
    assert refused.value.code == "state"


@pytest.mark.parametrize("verb", ["reopen", "extend"])
def test_what_ended_comes_back_beside_no_other(candidate, question_set, bob, verb):
    request = make_request(candidate, question_set)
    if verb == "reopen":
        request.cancel(bob)
    else:
        late(request)
        expire_due()
    make_request(candidate, question_set)
    with pytest.raises(ValidationError) as refused:
        getattr(fresh(request), verb)(bob)
    assert refused.value.code == "request_open"


def test_a_review_outlives_the_end(candidate, question_set, bob):
    candidate.hiring_firm.review_before_contact = True
    candidate.hiring_firm.save()
    request = make_request(fresh(candidate), question_set, min_references=2)
    reference = make_reference(request)
    late(request).expire()
    fresh(request).extend(bob)
    assert fresh(reference).is_pending


def test_the_sweep_sees_an_extension(reference_request, bob):
    stale = late(reference_request)
    fresh(reference_request).extend(bob)
    stale.expire()
    assert fresh(reference_request).status == "sent"


def test_an_old_page_takes_nothing_back(reference):
    stale = fresh(reference)
    reference.start()
    stale.open()
    assert stale.status == fresh(reference).status == "started"


def test_what_was_said_stays_when_the_firms_list_changes(reference, bob, firm):
    firm.relationships = [each for each in firm.relationships if each["key"] != "manager"]
    firm.save()
    reference = fresh(reference)
    reference.change(bob, email="other@reference.example")
    assert (reference.relationship, reference.is_manager) == ("manager", True)
    with pytest.raises(ValidationError):
        reference.change(bob, relationship="cousin")


def test_who_answered_is_not_unreachable(reference):
    invitations = Message.objects.filter(kind="reference_invitation")
    invitations.filter(channel="sms").update(status="failed")
    invitations.filter(channel="email").update(status="sent", sent_at=timezone.now())
    fill(reference)
    invitations.get(channel="email").receipt("bounced")
    assert not Message.objects.filter(kind="reference_unreachable").exists()


def test_who_unsubscribed_is_not_unreachable(reference):
    """The reminder's text failed, and its email was not wanted: the address still reads us."""
    write_reminders([reference])
    reminders = Message.objects.filter(kind="reference_reminder")
    reminders.filter(channel="email").update(status="suppressed", error="opted out")
    reminders.get(channel="sms").receipt("failed")
    assert fresh(reference).status == "sent"


def test_nothing_goes_to_who_is_archived(reference, bob):
    reference.change(bob, is_active_hf=False)
    assert not any(reference.wants(message) for message in Message.objects.about(reference))


def reopened(reference, bob):
    fill(reference)
    fresh(reference).reopen(bob)
    save_answer(fresh(reference), 2, "1")  # begins to change its answers, and never sends them
    return fresh(reference)


def assert_holds(reference):
    reference = fresh(reference)
    answers = reference.answer_set
    assert (reference.status, reference.score) == ("filled", 4)
    assert reference.filled_at == answers.submitted_at and answers.kept == []
    assert answers.answers.get(position=2).scale == 4
    assert fresh(reference.candidate).score == 4


def test_what_was_reopened_and_never_sent_holds_as_it_was_sent(candidate, question_set, bob):
    request = make_request(candidate, question_set)
    reference = make_reference(request)
    reference = reopened(reference, bob)
    assert fresh(request).status == "concluded" and fresh(candidate).score is None
    expire_due()
    assert fresh(reference).status == "started"
    Reference.objects.update(expires_at=timezone.now())
    expire_due()
    assert_holds(reference)
    expire_due()
    assert Activity.objects.filter(key="reference.lock").count() == 1


def test_who_has_answered_once_is_not_replaced(reference, bob):
    reference = reopened(reference, bob)
    with pytest.raises(ValidationError) as refused:
        reference.replace(bob, **OTHER)
    assert refused.value.code == "state"
    fresh(reference).cancel(bob)
    assert_holds(reference)


def test_an_extension_leaves_who_is_reopened_the_time_they_have(reference_request, reference, bob):
    reference = reopened(reference, bob)
    had = fresh(reference).expires_at
    late(reference_request).extend(bob, days=1)
    assert fresh(reference_request).expires_at < fresh(reference).expires_at == had


def test_who_asked_to_be_erased_is_not_asked_again(reference_request, reference, bob):
    answered = make_reference(reference_request, **OTHER, phone="")
    fill(answered)
    fresh(reference_request).change(bob, min_references=3)  # who is missing lets it expire
    late(reference_request)
    expire_due()
    for each in (reference, answered):
        fresh(each).request_erasure()
    fresh(reference_request).extend(bob)
    assert fresh(reference).status == "expired"
    with pytest.raises(ValidationError) as refused:
        fresh(answered).reopen(bob)
    assert (refused.value.code, fresh(answered).status) == ("state", "filled")


@pytest.mark.parametrize("end", ["conclude", "cancel", "the reference", "rather not"])
def test_a_reopening_ends_with_what_it_is_part_of(reference_request, reference, bob, end):
    reference = reopened(reference, bob)
    if end == "the reference":
        reference.cancel(bob)
    elif end == "rather not":
        reference.decline()
        assert not Message.objects.filter(kind="reference_declined").exists()
    else:
        getattr(fresh(reference_request), end)(bob)
    assert_holds(reference)


def test_who_has_answered_is_not_reminded_to(reference, bob):
    reference = reopened(reference, bob)
    Reference.objects.update(last_written_at=reference.last_written_at - timedelta(days=4))
    assert fresh(reference).next_scheduled_at is None
    assert Reference.objects.waiting().remind_due() == 0
    with pytest.raises(ValidationError) as refused:
        fresh(reference).remind(bob)
    assert refused.value.code == "nothing_to_remind"


def test_answers_sent_again_are_the_ones_that_hold(reference, bob):
    reference = reopened(reference, bob)
    fill(reference, scale=5)
    assert fresh(reference).score == 5 and fresh(reference).answer_set.kept == []
    Reference.objects.update(expires_at=timezone.now())
    expire_due()
    assert fresh(reference).score == 5


def test_what_a_recruiter_corrects_meanwhile_stays(reference, bob):
    typed = submit_answers(reference, answers_to(reference.questions), by=bob)
    fresh(reference).reopen(bob)
    change_answer(typed.answers.get(position=2), bob, value="2")
    fresh(reference).cancel(bob)
    assert fresh(reference).answer_set.answers.get(position=2).scale == 2


def test_a_request_reopened_with_nobody_missing_waits_for_nobody(candidate, question_set, bob):
    request = make_request(candidate, question_set)
    fill(make_reference(request))
    fresh(request).reopen(bob)
    assert fresh(request).status == "filled" and fresh(request).next_scheduled_at is None
    with pytest.raises(ValidationError) as refused:
        fresh(request).remind(bob)
    assert refused.value.code == "nothing_to_remind"
    fresh(request).change(bob, notes="One more, please.")
    assert fresh(request).is_open  # until its requirements are said to be met
    fresh(request).change(bob, min_references=2)
    assert fresh(request).status == "sent" and fresh(request).next_scheduled_at
    make_reference(fresh(request), **OTHER)
    assert fresh(request).status == "filled"


def test_what_happens_again_is_told_again(candidate, question_set, bob):
    request = make_request(candidate, question_set)
    fill(make_reference(request))
    fresh(request).reopen(bob)
    fresh(request).change(bob, min_references=2)
    fill(make_reference(fresh(request), **OTHER))
    assert fresh(request).status == "concluded"
    for kind in ("request_filled", "request_concluded"):
        notices = Message.objects.filter(kind=kind, recipient_id=bob.user_id)
        assert sorted(notices.values_list("ordinal", flat=True)) == [1, 2]


def test_the_recruiter_hears_of_a_request_that_expires(candidate, question_set, bob):
    request = make_request(candidate, question_set, min_references=3)
    fill(make_reference(request))
    make_reference(request, email="second@reference.example", phone="")
    late(request).expire()
    notice = Message.objects.get(kind="request_expired")
    assert notice.recipient_id == bob.user_id
    text = render(notice, fresh(request)).text
    assert "References named: 2 (3 asked for)\nAnswers received: 1" in text
    assert "extend the request" in text


@pytest.mark.parametrize("status", ["sent", "opened", "started", "call_requested", "bounced"])
def test_what_expired_comes_back_as_what_it_was(candidate, question_set, bob, status):
    request = make_request(candidate, question_set, min_references=2)
    reference = make_reference(request)
    Reference.objects.update(status=status)
    late(request).expire()
    assert fresh(reference).status == "expired"
    fresh(request).extend(bob)
    assert fresh(reference).status == status and fresh(reference).ended_at is None
    assert Message.objects.filter(kind="reference_invitation", channel="email").count() == 1


def test_a_deleted_reference_leaves_no_trace_of_where_it_was_or_its_name(
    rf, reference_request, reference, bob
):
    Metadatum.take(rf.get("/"), reference, candidate=reference.candidate)
    fresh(reference).consent("answer", given=True, ip_address="192.0.2.7")
    for invitation in Message.objects.filter(kind="reference_invitation"):
        invitation.receipt("bounced")
    notice = Message.objects.get(kind="reference_unreachable")
    assert "Gauvreau" in notice.parameters["reference_name"]
    fresh(reference).remove(bob)
    assert not Metadatum.objects.exists()
    assert Consent.objects.get(purpose="answer").ip_address is None
    notice.refresh_from_db()
    assert (notice.status, notice.parameters, notice.address) == ("suppressed", {}, "")
    invitation = Message.objects.filter(kind="request_invitation").first()
    assert invitation.address  # the request's other messages stay


@pytest.mark.parametrize("how", ["suspended", "deleted"])
def test_nobody_is_waited_for_while_the_firm_is_closed(reference, firm, how):
    firm.is_active = how != "suspended"
    firm.deleted_at = timezone.now() if how == "deleted" else None
    firm.save()
    Reference.objects.update(last_written_at=reference.last_written_at - timedelta(days=9))
    assert Reference.objects.waiting().remind_due() == 0
    late_one = fresh(reference)
    assert (late_one.next_scheduled_at, late_one.link_is_live) == (None, False)
    with pytest.raises(ValidationError) as refused:
        late_one.remind()
    assert refused.value.code == "nothing_to_remind"
