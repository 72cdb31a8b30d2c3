"""Who changes a row that they read before somebody else did takes nothing of that back."""

import pytest

from tests.conftest import fill


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def test_a_user_who_was_shut_out_stays_out(bob, alice):
    stale = fresh(bob.user)
    bob.archive(alice, active=False)
    stale.change(bob, first_name="Robert")
    assert fresh(bob.user).session_version == 2


def test_a_firm_that_was_deleted_stays_deleted(firm, alice):
    stale = fresh(firm)
    firm.remove(alice)
    stale.change(alice, name="Other")
    assert fresh(firm).deleted_at


def test_a_score_that_was_computed_stays(reference, candidate, bob):
    stale = fresh(candidate)
    fill(reference)
    stale.change(bob, notes="x")
    assert (fresh(candidate).score, fresh(candidate).notes) == (4, "x")


def test_a_candidate_who_was_deleted_does_not_come_back(candidate, bob):
    stale = fresh(candidate)
    candidate.remove(bob)
    with pytest.raises(type(candidate).DoesNotExist):
        stale.change(bob, notes="x")
