"""Verbs about one candidate at the same moment: one after the other, and none in vain."""

import threading
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction
from django.utils import timezone

from apps.candidates.actions import merge
from apps.messaging.models import Message
from apps.references.models import Reference, ReferenceRequest
from apps.references.tasks import expire_due
from tests.conftest import fill, make_candidate, make_reference, make_request

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def at_once(*verbs) -> list:
    """What came of them: a result, or the error's code or kind."""
    outcomes, ready = [], threading.Barrier(len(verbs))

    def run(verb):
        try:
            ready.wait()
            outcomes.append(verb())
        except ValidationError as error:
            outcomes.append(getattr(error, "code", None) or "invalid")
        except Exception as error:  # a deadlock is what these tests look for
            outcomes.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def several(request, count: int) -> list[Reference]:
    return [
        make_reference(request, email=f"person{n}@reference.example", phone="")
        for n in range(count)
    ]


def test_the_score_counts_all_who_answer_at_once(reference_request, candidate):
    people = several(reference_request, 4)
    scales = [1, 2, 4, 5]
    at_once(
        *(
            lambda person=person, scale=scale: fill(fresh(person), scale)
            for person, scale in zip(people, scales, strict=True)
        )
    )
    candidate.refresh_from_db()
    reference_request.refresh_from_db()
    assert (candidate.score, reference_request.status) == (3, "concluded")


@pytest.mark.parametrize("attempt", range(5))
def test_a_submit_and_a_cancel_do_not_block_each_other(reference_request, bob, attempt):
    people = several(reference_request, 3)
    verbs = [lambda person=person: bool(fill(fresh(person))) for person in people]
    verbs += [lambda: fresh(reference_request).cancel(bob)]
    assert set(at_once(*verbs)) <= {True, None, "state"}


@pytest.mark.parametrize("attempt", range(3))
@pytest.mark.parametrize("what", ["submit", "cancel", "add", "approve"])
def test_a_candidate_is_deleted_whatever_happens_beneath(
    candidate, reference_request, bob, what, attempt
):
    people = several(reference_request, 3)

    def add(n):
        fields = {"first_name": "A", "last_name": "B", "email": f"new{n}@reference.example"}
        Reference(candidate=fresh(candidate), **fields).create(bob)

    def approve(person):
        Reference.objects.filter(pk=person.pk).update(status="pending_review")
        fresh(person).approve(bob)

    verbs = {
        "submit": [lambda person=person: fill(fresh(person)) for person in people],
        "cancel": [lambda: fresh(reference_request).cancel(bob)],
        "add": [lambda n=n: add(n) for n in range(3)],
        "approve": [lambda person=person: approve(person) for person in people],
    }[what]
    outcomes = at_once(*verbs, lambda: fresh(candidate).remove(bob))
    assert "OperationalError" not in outcomes, "a deadlock"
    assert not type(candidate).objects.exists()
    assert not Reference.objects.exists()


def test_people_are_added_to_one_request_at_once(reference_request, bob):
    def add(n):
        fields = {"first_name": "A", "last_name": "B", "email": f"new{n}@reference.example"}
        request = fresh(reference_request)
        return Reference(
            candidate=request.candidate, reference_request=request, **fields
        ).create(bob).status  # fmt: skip

    assert at_once(*(lambda n=n: add(n) for n in range(6))) == ["sent"] * 6


@pytest.mark.parametrize("attempt", range(5))
def test_who_is_saved_while_a_request_is_made_is_asked(candidate, question_set, bob, attempt):
    def save():
        fields = {"first_name": "A", "last_name": "B", "email": "new@reference.example"}
        Reference(candidate=fresh(candidate), **fields).create(bob)

    at_once(save, lambda: make_request(fresh(candidate), question_set))
    assert Reference.objects.get().status == "sent"


@pytest.mark.parametrize("attempt", range(5))
def test_nobody_joins_a_request_that_is_being_cancelled(reference_request, bob, attempt):
    request = fresh(reference_request)
    fields = {"first_name": "A", "last_name": "B", "email": "new@reference.example"}
    person = Reference(candidate=request.candidate, reference_request=request, **fields)
    at_once(lambda: person.create(bob), lambda: fresh(reference_request).cancel(bob))
    assert not Reference.objects.live().exists()
    assert ReferenceRequest.objects.get().status == "cancelled"


@pytest.mark.parametrize("attempt", range(5))
def test_a_new_address_and_a_merge_at_once_lose_nothing(
    candidate, bob, question_set, staff, attempt
):
    twin = make_candidate(bob, email="twin@candidate.example")
    request = make_request(twin, question_set)
    outcomes = at_once(
        lambda: fresh(candidate).change(bob, email="right@candidate.example"),
        lambda: merge(candidate, twin, staff),
    )
    assert outcomes == [None, None]
    request = fresh(request)
    assert (request.candidate, request.candidate.email) == (candidate, "right@candidate.example")
    queued = Message.objects.about(request).filter(status="queued", channel="email")
    assert [message.address for message in queued] == ["right@candidate.example"]


@pytest.mark.parametrize("attempt", range(3))
def test_a_recruiter_is_deleted_whoever_answers(alice, bob, question_set, attempt):
    """Who asked about another's candidates, too: both lock the candidates first."""
    people = []
    for n in range(6):
        theirs = make_candidate(alice, email=f"candidate{n}@candidate.example")
        people += several(make_request(theirs, question_set, by=bob, min_references=1), 1)
    answering = [lambda each=each: bool(fill(fresh(each))) for each in people]
    assert set(at_once(*answering, lambda: fresh(bob).remove(alice))) == {True, None}
    assert set(Reference.objects.values_list("requested_by", "status")) == {(alice.pk, "filled")}


@pytest.mark.parametrize("attempt", range(3))
def test_a_recruiter_is_deleted_once(alice, bob, attempt):
    seen = [fresh(bob) for _ in range(3)]
    outcomes = at_once(*(lambda each=each: each.remove(alice) for each in seen))
    assert sorted(map(str, outcomes)) == ["DoesNotExist", "DoesNotExist", "None"]


@pytest.mark.parametrize("attempt", range(3))
def test_a_candidate_is_deleted_whatever_bounces(candidate, reference_request, bob, attempt):
    several(reference_request, 4)
    Message.objects.update(status="sent", sent_at=timezone.now())
    invitations = Message.objects.filter(kind="reference_invitation")
    bounced = [lambda each=each: each.receipt("bounced") for each in invitations]
    assert set(at_once(*bounced, lambda: fresh(candidate).remove(bob))) <= {True, None}
    assert not Reference.objects.exists()


def test_a_sweep_passes_over_who_is_deleted_meanwhile(bob, question_set):
    older, newer = (
        make_request(make_candidate(bob, email=f"candidate{n}@candidate.example"), question_set)
        for n in range(2)
    )
    last = make_request(make_candidate(bob, email="last@candidate.example"), question_set)
    ReferenceRequest.objects.update(expires_at=timezone.now())
    with transaction.atomic():
        last.candidate.lock()  # the sweep has read all three, and waits for this one
        sweep = threading.Thread(target=lambda: (expire_due(), connections.close_all()))
        sweep.start()
        with connection.cursor() as cursor:
            for _look in range(100):
                cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
                if cursor.fetchone():
                    break
                time.sleep(0.05)
        newer.candidate.remove(bob)
    sweep.join()
    assert {fresh(older).status, fresh(last).status} == {"expired"}
