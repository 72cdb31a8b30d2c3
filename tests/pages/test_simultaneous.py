"""What somebody sends from a page at the moment at which something else is done about it."""

import pytest
from django.test import Client
from rest_framework.test import APIClient

from apps.answers.actions import save_answer
from apps.candidates.actions import merge
from apps.links.tokens import Purpose, sign
from apps.messaging.models import Message
from apps.metadata.models import Metadatum
from apps.references.models import Reference
from tests.conftest import answers_to, make_candidate, make_request
from tests.references.test_simultaneous import at_once, fresh, several

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


def sent(purpose, target, step, **form):
    path = f"/r/{sign(purpose, target)}{step}"
    return lambda: Client().post(path, form).status_code


@pytest.mark.parametrize("attempt", range(3))
def test_a_merge_loses_nothing_that_is_said_meanwhile(candidate, bob, question_set, staff, attempt):
    twin = make_candidate(bob, email="twin@candidate.example")
    people = several(make_request(twin, question_set, min_references=5), 4)
    saying_no = [sent(Purpose.REFERENCE, each, "/decline") for each in people[:2]]

    def answered(reference):
        said = {"id": sign(Purpose.REFERENCE, reference), "type": "Reference"}
        said["attributes"] = {"answers": answers_to(reference.questions)}
        submit = APIClient().post("/api/v1/public/references", {"data": said}, format="json")
        return submit.status_code

    answering = [lambda each=each: answered(each) for each in people[2:]]
    outcomes = at_once(*saying_no, *answering, lambda: merge(candidate, twin, staff))
    assert sorted(map(str, outcomes)) == ["200", "200", "302", "302", "None"]
    said = Reference.objects.filter(candidate=candidate).order_by("status")
    assert [each.status for each in said] == ["declined"] * 2 + ["filled"] * 2


@pytest.mark.parametrize("attempt", range(3))
def test_what_is_deleted_meanwhile_is_gone_and_no_fault(candidate, reference_request, bob, attempt):
    saying_no = [
        sent(Purpose.REFERENCE, each, "/decline") for each in several(reference_request, 4)
    ]
    consenting = sent(Purpose.REQUEST, reference_request, "/consent")
    outcomes = at_once(*saying_no, consenting, lambda: fresh(candidate).remove(bob))
    assert set(outcomes) <= {None, 302, 404}


def test_answers_sent_many_times_at_once_are_sent_once(reference):
    for position, answer in enumerate(answers_to(reference.questions)):
        save_answer(reference, position, answer)
    shares = {"permission_share_clients": "yes", "permission_share_candidate": "no"}
    send = sent(Purpose.REFERENCE, reference, "/review", **shares)
    assert at_once(*[send] * 12) == [302] * 12
    assert Metadatum.objects.count() == 1
    assert Message.objects.filter(kind="reference_receipt", channel="email").count() == 1


def test_nor_do_they_come_many_times_from_a_program(reference):
    said = {"id": sign(Purpose.REFERENCE, reference), "type": "Reference"}
    said["attributes"] = {"answers": answers_to(reference.questions)}

    def submit():
        path = "/api/v1/public/references"
        return APIClient().post(path, {"data": said}, format="json").status_code

    assert at_once(*[submit] * 12) == [200] * 12
    assert Metadatum.objects.count() == 1
