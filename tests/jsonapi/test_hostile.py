"""Input that means harm or nothing: an error that says so, and never a 500."""

import pytest

from apps.candidates.models import Candidate
from apps.jsonapi.errors import described


def document(kind, attributes, **relationships):
    return {"data": {"type": kind, "attributes": attributes, "relationships": relationships}}


PERSON = {"first_name": "Odile", "last_name": "Roy", "email": "odile@reference.example"}


@pytest.mark.parametrize(
    "path, kind, name",
    [
        ("v2/references", "Reference", "candidate"),
        ("v1/verifications", "Verification", "claim"),
        ("v3/metadata", "Metadatum", "identifiable"),
    ],
)
@pytest.mark.parametrize("count", [0, 1])
def test_a_list_where_one_is_linked(as_bob, candidate, path, kind, name, count):
    linkage = [{"type": "Candidate", "id": str(candidate.pk)}] * count
    attributes = {} if kind == "Metadatum" else PERSON
    body = document(kind, attributes, **{name: linkage})
    assert as_bob.post(f"/api/{path}", body, format="json").status_code == 400


def test_a_claim_is_a_line_of_the_profile(as_bob, candidate):
    claim = {"type": "Candidate", "id": str(candidate.pk)}
    body = document("Verification", PERSON, claim=claim)
    assert as_bob.post("/api/v1/verifications", body, format="json").status_code == 409


def test_metadata_about_the_library(as_alice, question_set, firm):
    named = {"type": "QuestionSet", "id": str(question_set.pk)}
    body = document("Metadatum", {}, identifiable=named)
    assert as_alice.post("/api/v3/metadata", body, format="json").status_code == 200
    assert firm.metadata.count() == 1


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        ("0001-01-01T00:00:00%2B14:00", 1),
        ("0001-01-01T00:00:00", 1),
        ("9999-12-31T23:59:59-14:00", 0),
    ],
)
def test_a_moment_without_a_date(as_bob, candidate, moment, found):
    answer = as_bob.get(f"/api/v3/candidates?filter[updated_since]={moment}")
    assert len(answer.json()["data"]) == found


def test_an_include_in_circles(as_bob, reference):
    path = ".".join(["references", "candidate"] * 180)
    assert as_bob.get(f"/api/v3/candidates?include={path}").status_code == 400
    path = ".".join(["references", "candidate"] * 2)
    assert as_bob.get(f"/api/v3/candidates?include={path}").status_code == 200


@pytest.mark.parametrize("second", [5, {}, {"key": 5}, None])
def test_a_relationship_that_is_none(as_alice, firm, second):
    first = {"key": "manager", "en": "Manager", "fr": "Gestionnaire", "is_manager": True}
    body = document("HiringFirm", {"relationship_choices": [first, second]})
    got = as_alice.patch(f"/api/v1/hiring_firms/{firm.pk}", body, format="json")
    assert got.status_code == 422


def test_what_was_deleted_since_it_was_looked_up_is_missing():
    errors, _headers = described(Candidate.DoesNotExist(), None)
    assert [each["status"] for each in errors] == ["404"]
