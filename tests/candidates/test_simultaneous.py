"""What is written about a candidate at the moment at which they are erased or deleted."""

import pytest

from apps.activities.models import Activity
from apps.candidates.models import Experience
from apps.documents.actions import erase
from apps.references.models import Reference
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
