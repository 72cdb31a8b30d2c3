"""What is said of a verification at the moment at which its candidate goes."""

import pytest

from apps.candidates.models import Experience
from apps.documents.actions import erase
from apps.messaging.models import Message
from apps.verifications.models import Verification
from tests.references.test_simultaneous import at_once, fresh

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def verifications(candidate, bob):
    def asked(n):
        claim = Experience(profile=candidate.profile).write(
            bob, company_name=f"Acme {n}", job_title="Foreman"
        )
        fields = {"first_name": "Ana", "last_name": "Roy", "email": f"hr{n}@acme.example"}
        return Verification(**fields).create(bob, claim)

    return [asked(n) for n in range(4)]


def said(verification, bob, what):
    found = fresh(verification)
    if what == "conclude":
        confirmed = dict.fromkeys(found.claimed, "confirmed")
        return found.conclude(bob, findings=confirmed, comment="On time.")
    if what == "cancel":
        return found.cancel(bob)
    return getattr(found, what)()


@pytest.mark.parametrize("attempt", range(2))
@pytest.mark.parametrize("what", ["conclude", "decline", "cancel", "expire"])
def test_a_candidate_is_deleted_whatever_is_said(candidate, bob, verifications, what, attempt):
    outcomes = at_once(
        *(lambda each=each: said(each, bob, what) for each in verifications),
        lambda: fresh(candidate).remove(bob),
    )
    assert set(outcomes) <= {None, "DoesNotExist"}
    assert not type(candidate).objects.exists() and not Verification.objects.exists()


@pytest.mark.parametrize("attempt", range(2))
@pytest.mark.parametrize("what", ["conclude", "decline"])
def test_a_candidate_is_erased_whatever_is_said(candidate, bob, verifications, what, attempt):
    outcomes = at_once(
        *(lambda each=each: said(each, bob, what) for each in verifications),
        lambda: erase(candidate, bob),
    )
    assert set(outcomes) <= {None, "state"}
    assert fresh(candidate).erased_at is not None
    for each in Verification.objects.all():
        assert (each.comment, each.findings, each.claimed, each.first_name) == ("", {}, {}, "—")
    assert not Message.objects.filter(candidate=candidate, status="queued").exists()
