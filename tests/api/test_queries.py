"""Lists cost the same number of queries whatever the page holds."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.candidates.models import Education, Experience
from apps.metadata.models import Metadatum
from apps.verifications.models import Verification
from tests.api.operations import _visit
from tests.billing.test_invoices import make_invoice
from tests.conftest import client_of, fill, make_candidate, make_reference, make_request

# The most that each may take: authentication with its recruiter and firm is one, the count one,
# and one for each kind that is reminded: who of them asked for no more.
LISTS = {
    "/api/v1/public/reference_requests": 5,
    "/api/v1/public/reference_requests?include=candidate,question_set,references": 12,
    "/api/activities": 3,
    "/api/v1/users": 4,
    "/api/v1/users?include=identifiable": 5,
    "/api/v1/hiring_firms": 3,
    "/api/v1/questions": 3,
    "/api/v1/questions?include=question_set": 5,
    "/api/v2/recruiters": 4,
    "/api/v2/recruiters?include=candidates,user,hiring_firm": 9,
    "/api/v3/candidates": 5,
    "/api/v3/candidates?include=references": 7,
    "/api/v3/candidates?include=references.answer_set.answers,reference_requests,added_by": 12,
    "/api/v1/question_sets": 4,
    "/api/v1/question_sets?include=questions": 4,
    "/api/v2/references": 5,
    "/api/v2/references?include=candidate,answer_set,metadatum,reference_request": 13,
    "/api/v3/metadata": 3,
    "/api/v1/answers": 3,
    "/api/v1/answers?include=answer_set": 5,
    "/api/v1/answer_sets": 4,
    "/api/v1/answer_sets?include=answers,reference": 6,
    "/api/v1/profiles": 5,
    "/api/v1/experiences": 3,
    "/api/v1/educations": 3,
    "/api/v1/reference_requests": 5,
    "/api/v1/verifications": 4,
    "/api/v1/messages": 3,
    "/api/v1/invoices": 3,
}


@pytest.fixture
def many(alice, question_set):
    """Ten of everything beneath ten candidates."""
    for number in range(10):
        candidate = make_candidate(alice, email=f"c{number}@candidate.example")
        request = make_request(candidate, question_set, min_references=3)
        for each in range(2):
            reference = make_reference(request, email=f"r{number}{each}@reference.example")
            if each == 0:
                fill(reference)
                Metadatum.take(_visit(), reference, candidate=candidate)
        experience = Experience(profile=candidate.profile).write(
            alice, company_name="Acme", job_title="Foreman"
        )
        make_invoice(alice.hiring_firm, start=date(2025, number + 1, 1)).open()
        Education(profile=candidate.profile).write(alice, school_name="Laval", degree="DEC")
        Verification(first_name="Ana", last_name="Roy", email="hr@acme.example").create(
            alice, experience
        )


def counted(client, path) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(path)
    assert response.status_code == 200, response.content
    return len(queries)


def test_lists_are_constant(many, alice, capsys):
    client, told = client_of(alice), []
    for path, most in LISTS.items():
        sign = "&" if "?" in path else "?"
        client.get(path)  # plans are compiled at first use
        few = counted(client, f"{path}{sign}page[size]=2")
        full = counted(client, f"{path}{sign}page[size]=10")
        told.append(f"{few} {path}")
        assert few == full, path
        assert full <= most, (path, full)
    with capsys.disabled():
        print("\nqueries: " + "; ".join(told))
