import json
import threading
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.utils import timezone

from apps.answers.actions import change_answer, save_answer, submit_answers
from apps.answers.cleaning import clean_answer
from apps.answers.models import Answer, AnswerSet
from apps.consents.models import Consent
from apps.messaging.models import Message
from tests.conftest import answers_to, fill, make_reference


def test_answers_keep_the_question_as_asked(reference):
    answer_set = fill(reference)
    answer = answer_set.answers.filter(type="scale").first()
    assert "{first_name}" not in answer.question_text
    assert (answer.scale, answer.value) == (4, "4")
    assert answer_set.answers.count() == len(reference.questions)


def test_it_scores_and_closes(reference, candidate):
    fill(reference, 5)
    reference.refresh_from_db()
    candidate.refresh_from_db()
    assert (reference.status, reference.score, candidate.score) == ("filled", 5, 5)
    assert reference.nothing_to_remind


def test_it_sends_a_receipt_and_tells_the_recruiter(reference):
    fill(reference)
    kinds = set(Message.objects.filter(status="queued").values_list("kind", flat=True))
    assert {"reference_receipt", "reference_filled"} <= kinds
    assert "reference_invitation" not in kinds


def test_the_same_submit_again_changes_nothing(reference):
    first = fill(reference)
    assert fill(reference) == first
    assert AnswerSet.objects.count() == 1


def test_answers_that_came_again_are_new(reference, bob):
    fill(reference, 4)
    before = timezone.now()
    reference.reopen(bob)
    fill(reference, 2)
    answers = Answer.objects.filter(answer_set__reference=reference)
    assert not answers.filter(updated_at__lt=before).exists()
    assert not answers.filter(created_at__gt=before).exists()


def test_another_submit_is_a_conflict(reference):
    fill(reference, 4)
    with pytest.raises(ValidationError) as refused:
        fill(reference, 5)
    assert refused.value.code == "already_submitted"


def test_permissions_are_ledgered(reference):
    fill(reference, permission_share_clients=True, permission_share_candidate=False)
    ledger = Consent.objects.filter(subject_id=reference.pk)
    assert {(c.purpose, c.given) for c in ledger} == {
        ("share_clients", True),
        ("share_candidate", False),
    }
    assert not ledger.exclude(recorded_by=None).exists()


def test_the_ledger_tells_who_typed_a_permission(reference, bob):
    answers = answers_to(reference.questions)
    submit_answers(reference, answers, by=bob, permission_share_clients=True)
    assert Consent.objects.get(purpose="share_clients").recorded_by == bob


def test_one_wrong_answer_saves_none(reference):
    given = answers_to(reference.questions)
    wrong = next(n for n, q in enumerate(reference.questions) if q["type"] == "scale")
    given[wrong] = "9"
    with pytest.raises(ValidationError) as refused:
        submit_answers(reference, given, by=reference)
    assert list(refused.value.message_dict) == [f"answers/{wrong}"]
    assert not AnswerSet.objects.exists()
    reference.refresh_from_db()
    assert reference.status == "sent"


@pytest.mark.parametrize("given", [None, "4", {}, [], ["4"] * 100])
def test_the_list_must_fit(reference, given):
    with pytest.raises(ValidationError) as refused:
        submit_answers(reference, given, by=reference)
    assert "answers" in refused.value.message_dict


def test_drafts_survive_and_are_overwritten(reference):
    position = next(n for n, q in enumerate(reference.questions) if q["type"] == "scale")
    save_answer(reference, position, {"value": "2", "comment": "Late twice."})
    assert reference.status == "started"
    draft = Answer.objects.get()
    fill(reference, 4)
    answer = Answer.objects.get(position=position)
    assert (answer.pk, answer.value) == (draft.pk, "4")


def test_drafts_are_seen_by_nobody_else(reference, bob):
    save_answer(reference, 0, None)
    assert not AnswerSet.objects.visible_to(bob.user).exists()
    fill(reference)
    assert AnswerSet.objects.visible_to(bob.user).exists()


def test_a_recruiter_types_what_was_said(reference, bob):
    answer_set = submit_answers(reference, answers_to(reference.questions), by=bob)
    assert answer_set.typed_by == bob


def test_a_request_that_ended_takes_no_answers(reference, bob):
    reference.reference_request.cancel(bob)
    with pytest.raises(ValidationError) as refused:
        fill(reference)
    assert refused.value.code == "state"


def test_it_answers_in_the_references_language(reference_request):
    reference = make_reference(reference_request, language="fr")
    answer_set = fill(reference)
    assert answer_set.language == "fr"
    assert answer_set.answers.first().question_text.startswith(
        reference_request.questions["fr"][0]["text"][:10]
    )


SCALE = {"type": "scale", "min": 1, "max": 5, "required": True, "choices": []}
CHOICES = {"type": "multiple_choice", "required": True, "choices": ["a", "b", "c"]}


@pytest.mark.parametrize("given", ["0", "6", "4.5", "٣", "four", True, [4], {"value": "9"}, 99])
def test_what_is_no_point_of_a_scale(given):
    with pytest.raises(ValidationError):
        clean_answer(SCALE, given, final=True)


@pytest.mark.parametrize("given", [4, 4.0, "4", " 4 "])
def test_a_point_of_a_scale_however_it_is_typed(given):
    assert clean_answer(SCALE, given, final=True)["scale"] == 4


@pytest.mark.parametrize("given", [4.5, 1e300, float("inf")])
def test_what_lies_between_two_points(given):
    with pytest.raises(ValidationError):
        clean_answer(SCALE, given, final=True)


def test_not_applicable_counts_as_answered():
    assert clean_answer(SCALE, "n/a", final=True)["not_applicable"]


@pytest.mark.parametrize("given", [["b", "a"], '["a", "b"]', ["a", "b"]])
def test_several_choices_are_a_list_in_the_questions_order(given):
    assert json.loads(clean_answer(CHOICES, given, final=True)["value"]) == ["a", "b"]


def test_one_text_alone_is_a_list_of_one():
    assert json.loads(clean_answer(CHOICES, "c", final=True)["value"]) == ["c"]


@pytest.mark.parametrize("given", ["", None])
def test_only_optional_questions_may_stay_empty(given):
    with pytest.raises(ValidationError) as refused:
        clean_answer(SCALE, given, final=True)
    assert refused.value.code == "required"
    assert clean_answer(SCALE | {"required": False}, given, final=True)["scale"] is None


def test_the_score_is_a_weighted_mean_normalised_to_five(reference):
    answer_set = AnswerSet.objects.create(reference=reference, language="en")
    for position, (scale, top, weight) in enumerate([(10, 10, 1), (1, 5, 3), (None, 5, 9)]):
        Answer.objects.create(
            answer_set=answer_set, position=position, question_text="?", type="scale",
            language="en", scale=scale, min=1 if top == 5 else 0, max=top, weight=weight,
        )  # fmt: skip
    assert answer_set.score() == Decimal("2.00")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_submits_at_once_make_one(reference):
    outcomes = []

    def submit(scale):
        try:
            fill(type(reference).objects.get(pk=reference.pk), scale)
            outcomes.append("filled")
        except ValidationError as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=submit, args=(scale,)) for scale in (2, 3, 4, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["already_submitted"] * 3 + ["filled"]
    assert AnswerSet.objects.count() == 1


@pytest.mark.parametrize("given", ["[" * 200_000, "a\0b", {"value": "", "comment": "\0"}])
def test_what_is_no_answer_at_all(given):
    for question in (CHOICES, {"type": "text", "required": True}):
        with pytest.raises(ValidationError):
            clean_answer(question, given, final=True)


def test_what_the_reference_corrected_stays(reference, bob):
    reference.correct(relationship="colleague")
    submit_answers(reference, answers_to(reference.questions), by=bob)
    reference.refresh_from_db()
    assert reference.corrected_relationship == "colleague"


def test_two_corrections_of_one_answer_are_both_kept(reference, bob):
    answer_set = submit_answers(reference, answers_to(reference.questions), by=bob)
    first, second = (answer_set.answers.filter(type="scale").first() for _ in range(2))
    change_answer(first, bob, value="2")
    change_answer(second, bob, comment="Said twice.")
    second.refresh_from_db()
    assert (second.value, second.comment) == ("2", "Said twice.")
