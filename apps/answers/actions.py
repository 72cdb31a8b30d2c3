"""Save a draft, submit once, correct later, and what follows."""

import hashlib
import json

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.answers.cleaning import clean_answer, clean_answers
from apps.answers.models import Answer, AnswerSet
from apps.consents.models import Consent
from apps.jsonapi.resources import type_name


@transaction.atomic
def save_answer(reference, position: int, given) -> Answer:
    """Keep one answer as a draft, as the reference goes from page to page."""
    reference.lock()
    _must_accept(reference)
    question = _question(reference, position)
    cleaned = clean_answer(question, given, final=False)
    draft, _created = AnswerSet.objects.get_or_create(
        reference=reference, defaults={"language": reference.message_language}
    )
    answer, _created = Answer.objects.update_or_create(
        answer_set=draft, position=position, defaults=_columns(draft, question) | cleaned
    )
    reference.start()
    return answer


@transaction.atomic
def answer_in(reference, language: str) -> None:
    """The reference goes on in another language; what it chose so far follows, by its place."""
    reference.lock()
    if reference.filled or language == reference.message_language:
        return
    before = reference.questions
    reference.language = language
    reference.save(update_fields=["language", "updated_at"])
    draft = AnswerSet.objects.filter(reference=reference).first()
    if draft is None:
        return
    draft.language = language
    draft.save(update_fields=["language", "updated_at"])
    for answer in draft.answers.all():
        question = reference.questions[answer.position]
        same = dict(zip(before[answer.position]["choices"], question["choices"], strict=False))
        if answer.type == "choice":
            answer.value = same.get(answer.value, "")
        elif answer.type == "multiple_choice" and answer.value:
            chosen = [same[each] for each in json.loads(answer.value) if each in same]
            answer.value = json.dumps(chosen, ensure_ascii=False)
        for name, value in _columns(draft, question).items():
            setattr(answer, name, value)
        answer.save()


@transaction.atomic
def submit_answers(
    reference,
    given: list,
    *,
    by,
    ip_address: str | None = None,
    language: str = "",
    relationship: str = "",
    permission_share_clients: bool | None = None,
    permission_share_candidate: bool | None = None,
    **corrections,
) -> AnswerSet:
    """All or nothing, once. The same submit again changes nothing; another one is `conflict`.

    `given` holds one answer for each of the frozen questions, by position. ValidationError on
    `answers/<position>`, or of code `already_submitted` or `state`.
    """
    reference.lock()
    if language:
        reference.language = language
    digest = _digest(given, language, relationship, permission_share_clients,
                     permission_share_candidate, corrections)  # fmt: skip
    if reference.filled:
        if reference.answer_set.digest == digest:
            return reference.answer_set
        raise ValidationError(
            _("These answers have been submitted already."), code="already_submitted"
        )
    _must_accept(reference)
    if relationship and reference.hiring_firm.relationship(relationship) is None:
        raise ValidationError(
            {"relationship": ValidationError(reference.relationship_choices, code="invalid")}
        )
    questions = reference.questions
    cleaned = clean_answers(questions, given)
    typed_by = by if type_name(by) == "Recruiter" else None
    answer_set, _created = AnswerSet.objects.update_or_create(
        reference=reference,
        defaults={
            "language": reference.message_language,
            "submitted_at": timezone.now(),
            "typed_by": typed_by,
            "digest": digest,
            "kept": [],
        },
    )
    answers = [
        Answer(answer_set=answer_set, position=at, **_columns(answer_set, question), **columns)
        for at, (question, columns) in enumerate(zip(questions, cleaned, strict=True))
    ]
    Answer.objects.bulk_create(  # drafts and reopened answers keep their ids
        answers,
        update_conflicts=True,
        unique_fields=["answer_set", "position"],
        update_fields=[*_columns(answer_set, questions[0]), *cleaned[0], "updated_at"],
    )
    permissions = {
        Consent.Purpose.SHARE_CLIENTS: permission_share_clients,
        Consent.Purpose.SHARE_CANDIDATE: permission_share_candidate,
    }
    for purpose, allowed in permissions.items():
        if allowed is not None:
            reference.consent(purpose, given=allowed, ip_address=ip_address, recorded_by=typed_by)
    reference.answer_set = answer_set
    if relationship:
        corrections["corrected_relationship"] = relationship
    reference.fill(
        by,
        score=answer_set.score(),
        language=reference.message_language,
        permission_share_clients=permission_share_clients,
        permission_share_candidate=permission_share_candidate,
        **corrections,
    )
    return answer_set


@transaction.atomic
def change_answer(answer: Answer, by, **fields) -> Answer:
    """Change value or comment, where nobody's words are rewritten silently.

    By its link until submit and after a reopening; by a recruiter only what a recruiter typed.
    ValidationError of code `answer_locked` otherwise.
    """
    answer_set = answer.answer_set
    reference = answer_set.reference
    reference.lock()
    reference.candidate.must_not_be_erased()
    answer.refresh_from_db()
    own = type_name(by) == "Reference"
    may = reference.status in reference.WAITING if own else answer_set.typed_by_id is not None
    if not may:
        raise ValidationError(
            _("Submitted answers are locked. Reopen the reference first."), code="answer_locked"
        )
    before = {name: getattr(answer, name) for name in ("value", "comment")}
    given = {"value": answer.value, "comment": answer.comment} | fields
    if answer.not_applicable and "value" not in fields:
        given["value"] = "n/a"
    question = _question(reference, answer.position)
    for name, value in clean_answer(question, given, final=reference.filled).items():
        setattr(answer, name, value)
    answer.save()
    if reference.filled:
        reference.score = answer_set.score()
        reference.save(update_fields=["score", "updated_at"])
        reference.candidate.rescore()
    elif not own:  # reopened: what a recruiter corrects holds, also when it is not sent again
        answer_set.keep()
    # What is not sent yet is the reference's own: that it changed is told, its words are not.
    after = {name: getattr(answer, name) for name in before}
    said = {} if own else {"before": before, "after": after}
    Activity.record(
        by, "answer.update", answer, recipient=reference, candidate=reference.candidate, **said
    )
    return answer


def _columns(answer_set: AnswerSet, question: dict) -> dict:
    reference = answer_set.reference
    name = reference.candidate.first_name
    return {
        "question_text": question["text"].replace("{first_name}", name),
        "category": question["category"],
        "type": question["type"],
        "language": answer_set.language,
        "min": question["min"],
        "max": question["max"],
        "weight": question["weight"],
    }


def _question(reference, position: int) -> dict:
    questions = reference.questions
    if not 0 <= position < len(questions):
        raise ValidationError(
            {"position": ValidationError(_("There is no such question."), code="invalid")}
        )
    return questions[position]


def _must_accept(reference) -> None:
    if reference.status not in reference.CONTACTED or not reference.link_is_live:
        raise ValidationError(
            _("This reference can't be answered: it is %(status)s.")
            % {"status": reference.get_status_display()},
            code="state",
        )


def _digest(*parts) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
