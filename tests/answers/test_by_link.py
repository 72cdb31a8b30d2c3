"""What the holder of a link gets from the API: itself, and nothing of the recruiters' own."""

import pytest
from rest_framework.test import APIClient

from apps.activities.models import Activity
from apps.answers.actions import save_answer
from apps.links.tokens import Purpose, sign
from tests.conftest import fill


@pytest.fixture
def token(reference, bob):
    reference.reference_request.change(bob, notes="Between us.")
    reference.change(bob, internal_id="Between us.")
    return sign(Purpose.REFERENCE, reference)


@pytest.fixture
def as_reference(token):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Link {token}")
    return client


def test_no_include_leads_to_the_recruiters_own(reference, token, as_reference):
    answer = fill(reference).answers.first()
    for path in (
        f"public/references/{token}?include=answer_set.answers",
        f"public/references/{token}?include=answer_set.reference.reference_request",
        f"answers/{answer.pk}",
        f"answers/{answer.pk}?include=answer_set.reference",
        f"answers/{answer.pk}/answer_set",
        f"answers/{answer.pk}/answer_set?include=reference",
        "answers?include=answer_set.reference.reference_request",
    ):
        assert b"Between us." not in as_reference.get(f"/api/v1/{path}").content, path


def test_it_reads_its_answers_along_with_itself(reference, token):
    fill(reference)
    got = APIClient().get(f"/api/v1/public/references/{token}?include=answer_set.answers").json()
    assert {"AnswerSet", "Answer"} == {each["type"] for each in got["included"]}


def test_a_head_notes_no_opening(reference, token):
    assert APIClient().head(f"/api/v1/public/references/{token}").status_code == 200
    reference.refresh_from_db()
    assert reference.status == "sent"
    APIClient().get(f"/api/v1/public/references/{token}")
    reference.refresh_from_db()
    assert reference.status == "opened"


@pytest.mark.parametrize("reopened", [False, True])
def test_words_not_sent_yet_are_in_no_list_of_the_recruiters(
    reference, bob, as_reference, as_bob, reopened
):
    if reopened:
        fill(reference)
        reference.reopen(bob)
    else:
        save_answer(reference, 0, "2019-05-01")
    answer = reference.answer_set.answers.first()
    said = {"id": str(answer.pk), "type": "Answer", "attributes": {"comment": "Between us."}}
    changed = as_reference.patch(f"/api/v1/answers/{answer.pk}", {"data": said}, format="json")
    assert changed.status_code == 200
    assert Activity.objects.filter(key="answer.update").exists()
    listed = as_bob.get("/api/activities?filter[key]=answer.update&page[page_size]=100")
    assert listed.json()["pagination"]["total_entries"] == 1
    assert b"Between us." not in listed.content
