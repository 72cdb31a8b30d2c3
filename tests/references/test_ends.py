"""How references and requests end, come back, and are looked at by somebody who is late."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.messaging.models import Message
from apps.references.models import Reference, ReferenceRequest
from apps.references.tasks import expire_due
from tests.conftest import fill, make_reference, make_request

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


def test_nothing_goes_to_who_is_archived(reference, bob):
    reference.change(bob, is_active_hf=False)
    assert not any(reference.wants(message) for message in Message.objects.about(reference))
