"""Personas. Alice runs a firm, Bob works for her; Charlie runs another and must see nothing."""

import pytest
from django.db import connection
from rest_framework.test import APIClient

from apps.accounts.models import User
from apps.accounts.tokens import ACCESS, issue
from apps.answers.actions import submit_answers
from apps.candidates.models import Candidate
from apps.firms.models import HiringFirm
from apps.questions.models import QuestionSet
from apps.recruiters.models import Recruiter
from apps.references.models import Reference, ReferenceRequest

PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _database(django_db_serialized_rollback, db):
    """Every test may use the database; what migrations filled is there after a flush, too."""


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """The real hasher is slow on purpose; hundreds of personas need not wait for it."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(items):
    if connection.vendor != "postgresql":
        skip = pytest.mark.skip(reason="only means something on PostgreSQL")
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(skip)


@pytest.fixture
def firm():
    return HiringFirm.objects.create(name="Marchand Ouellet", language="en")


@pytest.fixture
def other_firm():
    return HiringFirm.objects.create(name="Other Firm", language="en")


def recruiter_of(firm, first_name, *, is_root=False):
    user = User.objects.create_user(
        f"{first_name.lower()}@{firm.name.split()[0].lower()}.example",
        PASSWORD,
        first_name=first_name,
        last_name="Tremblay",
        country_code="1",
        phone="5145550101",
    )
    return Recruiter.objects.create(user=user, hiring_firm=firm, is_root=is_root)


@pytest.fixture
def alice(firm):
    return recruiter_of(firm, "Alice", is_root=True)


@pytest.fixture
def bob(firm):
    return recruiter_of(firm, "Bob")


@pytest.fixture
def charlie(other_firm):
    return recruiter_of(other_firm, "Charlie", is_root=True)


@pytest.fixture
def staff():
    return User.objects.create_superuser("staff@vitay.example", PASSWORD)


def client_of(recruiter) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {issue(recruiter.user, ACCESS)}")
    return client


@pytest.fixture
def as_alice(alice):
    return client_of(alice)


@pytest.fixture
def as_bob(bob):
    return client_of(bob)


@pytest.fixture
def as_charlie(charlie):
    return client_of(charlie)


@pytest.fixture
def question_set():
    """The library's general set, in English."""
    return QuestionSet.objects.get(key="general", language="en")


def make_candidate(by, **fields) -> Candidate:
    fields = {
        "first_name": "Camille",
        "last_name": "Desrosiers",
        "email": "camille@candidate.example",
        "country_code": "1",
        "phone": "5145550123",
        "language": "en",
    } | fields
    return Candidate(**fields).create(by)


def make_request(candidate, question_set, *, by=None, **fields) -> ReferenceRequest:
    request = ReferenceRequest(candidate=candidate, question_set=question_set, **fields)
    return request.create(by or candidate.added_by)


def make_reference(request, **fields) -> Reference:
    fields = {
        "first_name": "Étienne",
        "last_name": "Gauvreau",
        "email": "etienne@reference.example",
        "country_code": "1",
        "phone": "5145550134",
        "language": "en",
        "relationship": "manager",
    } | fields
    reference = Reference(candidate=request.candidate, reference_request=request, **fields)
    return reference.create(request.candidate, requested_by=request.requested_by)


def answers_to(questions: list[dict], scale: int = 4) -> list:
    """One good answer for each question."""
    good = {
        "scale": lambda question: str(min(scale, question["max"])),
        "text": lambda question: "Calm, exact, generous.",
        "choice": lambda question: question["choices"][0],
        "multiple_choice": lambda question: question["choices"][:2],
        "boolean": lambda question: "true",
        "date": lambda question: "2019-05-01",
    }
    return [good[question["type"]](question) for question in questions]


def fill(reference, scale: int = 4, **kwargs):
    return submit_answers(reference, answers_to(reference.questions, scale), by=reference, **kwargs)


@pytest.fixture
def candidate(bob):
    return make_candidate(bob)


@pytest.fixture
def reference_request(candidate, question_set):
    """Bob's request about Camille: two references, one of them a manager."""
    return make_request(candidate, question_set, min_references=2, min_manager_references=1)


@pytest.fixture
def reference(reference_request):
    return make_reference(reference_request)
