from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from apps.activities.models import Activity
from apps.answers.actions import change_answer, submit_answers
from apps.candidates.models import Candidate, Experience, Profile
from apps.messaging.models import Message
from apps.verifications.models import Verification
from tests.conftest import answers_to, fill, make_candidate, make_reference


def test_a_profile_comes_with_the_candidate(candidate):
    assert Profile.objects.get(pk=candidate.pk).candidate == candidate


def test_an_email_or_a_phone_is_needed(bob):
    with pytest.raises(ValidationError) as refused:
        make_candidate(bob, email="", phone="")
    assert "email" in refused.value.message_dict
    assert make_candidate(bob, email="").e164 == "+15145550123"


@pytest.mark.parametrize(
    ("words", "found"),
    [("desro", 1), ("DESROSIERS cam", 1), ("camille@", 1), ("5550123", 1), ("élodie", 0)],
)
def test_it_is_found_by_any_of_its_words(bob, words, found):
    make_candidate(bob)
    assert Candidate.objects.search(words).count() == found


def test_accents_and_case_do_not_matter(bob):
    make_candidate(bob, first_name="Élodie", last_name="Çağla")
    assert Candidate.objects.search("elodie cagla").exists()
    assert Candidate.objects.search("ÉLODIE").exists()


def test_the_score_is_the_mean_of_the_filled_references(reference_request):
    candidate = reference_request.candidate
    fill(make_reference(reference_request), 5)
    fill(make_reference(reference_request, email="r2@reference.example"), 4)
    candidate.refresh_from_db()
    assert candidate.score == Decimal("4.50")


def test_a_given_score_stands_until_one_is_computed(bob, question_set):
    candidate = make_candidate(bob, given_score=Decimal("2.25"))
    candidate.rescore()
    assert candidate.score == Decimal("2.25")


def test_nothing_changes_when_nothing_is_different(reference, candidate, bob, alice):
    request, firm = reference.reference_request, bob.hiring_firm
    own = request.question_set.copy(alice)
    question = own.live_questions().first()
    job = Experience(profile=candidate.profile, company_name="A", job_title="B").write(bob)
    rows = [candidate, candidate.profile, reference, request, firm, bob.user, own, question, job]
    for row in rows:
        row.refresh_from_db()
    before, acts = [row.updated_at for row in rows], Activity.objects.count()
    candidate.change(bob, notes="", email="CAMILLE@candidate.example", phone="514 555-0123")
    candidate.profile.change(bob, title="")
    reference.change(bob, company_name="", email=reference.email)
    request.change(bob, notes="", min_references=request.min_references)
    firm.change(alice, name=firm.name)
    bob.user.change(bob, first_name=bob.user.first_name)
    own.write(alice, title=own.title)
    question.write(alice, text=question.text)
    job.write(bob, company_name="A")
    for row in rows:
        row.refresh_from_db()
    assert [row.updated_at for row in rows] == before
    assert Activity.objects.count() == acts


def test_deleting_takes_all_beneath_and_stops_the_messages(reference, candidate, alice):
    key, pk = "candidate.destroy", candidate.pk
    candidate.remove(alice)
    assert not Candidate.objects.filter(pk=pk).exists()
    assert not Message.objects.filter(status="queued").exists()
    left = Activity.objects.get(key=key)
    assert (left.trackable_id, left.trackable_type) == (pk, "Candidate")
    assert "Camille" not in left.parameters


def test_deleting_leaves_no_name_address_or_answer(
    reference, candidate, alice, bob, django_capture_on_commit_callbacks
):
    answer = submit_answers(reference, answers_to(reference.questions), by=bob).answers.last()
    change_answer(answer, bob, comment="Said in confidence.")
    job = Experience(profile=candidate.profile).write(bob, company_name="Forge", job_title="Smith")
    claim = Verification(first_name="A", last_name="B", email="ab@school.example")
    claim.create(bob, job)
    claim.document.save("letter.jpg", ContentFile(b"letter"))
    with django_capture_on_commit_callbacks(execute=True):
        candidate.remove(alice)
    rows = [*Message.objects.values(), *Activity.objects.values()]
    said = " ".join(str(value) for row in rows for value in row.values())
    for each in (
        "camille@",
        "etienne@",
        "ab@",
        "5145550134",
        "Desrosiers",
        "Gauvreau",
        "confidence",
    ):
        assert each not in said
    assert "bob@" in said  # to whom the notices went is ours to know
    assert not default_storage.exists(claim.document.name)


def test_the_same_email_twice_is_allowed(bob):
    make_candidate(bob)
    make_candidate(bob)
    assert Candidate.objects.count() == 2
