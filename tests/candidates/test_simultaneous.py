"""What is written about a candidate at the moment at which they are erased or deleted."""

import pytest
from rest_framework.test import APIClient

from apps.activities.models import Activity
from apps.candidates.models import Experience
from apps.documents.actions import erase
from apps.links.tokens import Purpose, sign
from apps.metadata.models import Metadatum
from apps.references.models import Reference
from tests.conftest import answers_to
from tests.references.test_simultaneous import at_once, fresh

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.mark.parametrize("attempt", range(3))
def test_who_is_erased_gets_no_new_line(candidate, bob, attempt):
    lines = [
        lambda n=n: Experience(profile=fresh(candidate).profile).write(
            bob, company_name=f"Acme {n}", job_title="Foreman"
        )
        for n in range(4)
    ]
    outcomes = at_once(*lines, lambda: erase(candidate, bob))
    assert {each for each in outcomes if isinstance(each, str)} <= {"erased"}
    assert not Experience.objects.exists()


@pytest.mark.parametrize("attempt", range(3))
def test_nobody_is_attached_to_who_is_erased(candidate, bob, attempt):
    people = [
        Reference(first_name="A", last_name="B", email=f"new{n}@reference.example").create(bob)
        for n in range(4)
    ]
    outcomes = at_once(
        *(lambda each=each: fresh(each).change(bob, candidate=fresh(candidate)) for each in people),
        lambda: erase(candidate, bob),
    )
    assert {each for each in outcomes if each} <= {"erased"}
    assert not Reference.objects.filter(candidate=candidate).exclude(email="").exists()


@pytest.mark.parametrize("attempt", range(3))
def test_a_line_is_deleted_once(candidate, bob, attempt):
    line = Experience(profile=candidate.profile).write(bob, company_name="A", job_title="B")
    outcomes = at_once(*[lambda: fresh(line).remove(bob)] * 3)
    assert sorted(map(str, outcomes)) == ["DoesNotExist", "DoesNotExist", "None"]
    assert Activity.objects.filter(key="experience.destroy").count() == 1


@pytest.mark.parametrize("attempt", range(3))
def test_who_answers_at_the_moment_of_an_erasure_leaves_no_trace(
    candidate, reference, bob, attempt
):
    link = sign(Purpose.REFERENCE, reference)
    answers = answers_to(reference.questions)
    said = {"data": {"type": "Reference", "id": link, "attributes": {"answers": answers}}}

    def submit():
        path = "/api/v1/public/references"
        return APIClient().post(path, said, format="json").status_code

    def erase_when_answered():
        for _look in range(2000):
            if Reference.objects.filter(pk=reference.pk, status="filled").exists():
                break
        erase(candidate, bob)

    assert set(at_once(submit, erase_when_answered)) <= {200, None}
    assert not Metadatum.objects.exists()
    assert "etienne" not in fresh(reference).search
