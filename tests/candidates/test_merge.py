"""Two rows that were one person: what becomes of the links, the letters, and a later erasure."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from apps.candidates.actions import merge
from apps.candidates.models import Candidate
from apps.documents.actions import erase
from apps.links.tokens import Purpose, resolve, sign
from apps.messaging.models import Message
from tests.conftest import make_candidate, make_request


@pytest.fixture
def twin(bob):
    return make_candidate(bob, email="twin@candidate.example")


@pytest.mark.parametrize("which", [0, 1])
def test_nobody_is_merged_with_who_was_erased(candidate, twin, staff, which):
    erase((candidate, twin)[which])
    with pytest.raises(ValidationError, match="erased"):
        merge(candidate, twin, staff)
    assert Candidate.objects.count() == 2


def test_what_changed_meanwhile_stays(candidate, twin, bob, staff):
    Candidate.objects.get(pk=candidate.pk).change(bob, email="right@candidate.example")
    merge(candidate, twin, staff)
    candidate.refresh_from_db()
    assert candidate.email == "right@candidate.example"


def test_an_open_request_follows_to_the_address_that_is_kept(candidate, twin, staff, question_set):
    request = make_request(twin, question_set)
    link = sign(Purpose.REQUEST, request)
    merge(candidate, twin, staff)
    assert resolve(link) is None
    queued = Message.objects.about(request).filter(status="queued", channel="email").get()
    request.refresh_from_db()
    assert queued.address == candidate.email and request.wants(queued)
    assert request.message_context(queued)["link"]
    assert not Message.objects.filter(address=twin.email, status="queued").exists()


def test_where_the_address_is_the_same_nothing_is_sent_again(candidate, bob, staff, question_set):
    request = make_request(make_candidate(bob), question_set)
    merge(candidate, request.candidate, staff)
    request.refresh_from_db()
    assert request.invitation_count == 1
    for queued in Message.objects.about(request).filter(status="queued"):
        assert request.wants(queued) and request.message_context(queued)["link"]


def test_an_address_taken_over_is_written_to(bob, staff, question_set):
    kept = make_candidate(bob, email="")
    request = make_request(kept, question_set)
    merge(kept, make_candidate(bob, email="twin@candidate.example", phone=""), staff)
    assert Message.objects.about(request).filter(address="twin@candidate.example").exists()


def test_erasing_who_is_left_erases_both(candidate, twin, staff, question_set):
    make_request(twin, question_set)
    merge(candidate, twin, staff)
    LogEntry.objects.create(
        user=staff,
        content_type=ContentType.objects.get_for_model(Candidate),
        object_id=str(twin.pk),
        object_repr=str(twin),
        action_flag=CHANGE,
    )
    erase(candidate)
    assert not Message.objects.filter(address=twin.email).exists()
    assert not LogEntry.objects.filter(object_repr=str(twin)).exists()
