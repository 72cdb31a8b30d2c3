"""A stored document stands for what it shows: whatever changes of that, the key is another."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.answers.models import Answer, AnswerSet
from apps.candidates.models import Candidate, Experience, Profile
from apps.documents.issue import sheet
from apps.firms.models import HiringFirm
from apps.messaging.models import Message
from apps.metadata.models import Metadatum
from apps.questions.models import QuestionSet
from apps.recruiters.models import Recruiter
from apps.references.models import Reference, ReferenceRequest
from apps.verifications.models import Verification
from tests.conftest import make_reference
from tests.documents.samples import make_check

NOW = timezone.now()


@pytest.fixture
def check(bob):
    check = make_check(bob, 2)
    make_reference(check, first_name="Silent", email="s@b.example", phone="5145550166")
    for each in check.references.filter(status="filled"):
        each.metadatum = Metadatum.objects.create(
            identifiable_type="Reference", identifiable_id=each.pk, source="form",
            ip_address=f"192.0.2.{each.pk.int % 250}", hiring_firm=check.hiring_firm,
        )  # fmt: skip
        each.save()
    return check


def key(kind, row, **fields) -> str:
    """Of what stands in the database now."""
    row = type(row).objects.select_related("hiring_firm").get(pk=row.pk)
    return sheet(kind, row, **{"audience": "recruiter", "language": "en"} | fields).key


def everyone(model, **fields):
    """Behind every rule's back: not even the time of the change is kept."""
    return lambda check: model.objects.update(**fields)


def first(model, where, **fields):
    return lambda check: model.objects.filter(pk=model.objects.filter(**where).first().pk).update(
        **fields
    )


def questions(check):
    frozen = check.questions
    frozen["en"][0]["text"] += " Really?"
    ReferenceRequest.objects.update(questions=frozen)


def labels(check):
    frozen = check.questions
    scale = next(each for each in frozen["en"] if each["type"] == "scale")
    scale["labels"] = [f"{label}!" for label in scale["labels"]]
    ReferenceRequest.objects.update(questions=frozen)


def relationships(check):
    listed = check.hiring_firm.relationships
    for each in listed:
        each["en"] += " once"
    HiringFirm.objects.update(relationships=listed)


def delivered(check):
    """A message that waited goes out: a line of the log."""
    waiting = Message.objects.filter(kind="reference_invitation").first()
    Message.objects.filter(pk=waiting.pk).update(status="delivered", sent_at=NOW)


CHANGES = {
    "answer": first(Answer, {"type": "scale"}, scale=1, value="1"),
    "words": first(Answer, {"type": "text"}, value="Other words."),
    "comment": first(Answer, {"type": "scale"}, comment="Something new."),
    "language of the words": first(Answer, {"type": "text"}, language="fr"),
    "not applicable": first(
        Answer, {"type": "scale"}, scale=None, not_applicable=True, value="n/a"
    ),
    "weight": first(Answer, {"type": "scale"}, weight=3),
    "category": first(Answer, {"type": "scale"}, category="punctuality"),
    "answers in another language": everyone(AnswerSet, language="fr"),
    "typed by a recruiter": lambda check: AnswerSet.objects.update(
        typed_by=Recruiter.objects.first()
    ),
    "question": questions,
    "label of a scale": labels,
    "permission for clients": everyone(Reference, permission_share_clients=None),
    "permission for the candidate": everyone(Reference, permission_share_candidate=None),
    "name": everyone(Reference, last_name="Newname"),
    "company": everyone(Reference, company_name="Newfirm"),
    "address": everyone(Reference, email="a@gmail.com"),
    "telephone": everyone(Reference, phone="5145550199"),
    "relationship": everyone(Reference, relationship="client"),
    "relationship corrected": everyone(Reference, corrected_relationship="client"),
    "period": everyone(Reference, started_on=date(2001, 1, 1)),
    "period corrected": everyone(Reference, corrected_ended_on=date(2002, 1, 1)),
    "score": first(Reference, {"first_name": "Priya"}, score=2),
    "time of the answers": first(
        Reference, {"first_name": "Priya"}, filled_at=NOW - timedelta(days=2)
    ),
    "declined": first(Reference, {"first_name": "Silent"}, status="declined", ended_at=NOW),
    "reminded": first(Reference, {"first_name": "Silent"}, reminder_count=2),
    "what was said on the telephone": first(Reference, {"first_name": "Silent"}, call_note="At 5."),
    "removed": lambda check: check.references.get(first_name="Priya").delete(),
    "added": lambda check: make_reference(check, email="n@b.example", phone="5145550167"),
    "label of a relationship": relationships,
    "same address on the internet": everyone(Metadatum, ip_address="192.0.2.251"),
    "message delivered": delivered,
    "candidate's name": everyone(Candidate, first_name="Dominique"),
    "candidate's address": everyone(Candidate, email="c@b.example"),
    "position": everyone(ReferenceRequest, position="Director of Other Things"),
    "closed": everyone(ReferenceRequest, closed_at=NOW, status="concluded"),
    "consent": everyone(ReferenceRequest, consented_at=NOW),
    "question set's name": everyone(QuestionSet, title="Other questions"),
    "recruiter's name": everyone(User, last_name="Newname"),
    "recruiter's telephone": everyone(User, phone="5145550198", country_code="1"),
    "recruiter's address": lambda check: User.objects.filter(recruiter=check.requested_by).update(
        email="new@b.example"
    ),
    "firm's name": everyone(HiringFirm, name="Newfirm"),
    "firm's colour": everyone(HiringFirm, colour="#aa0000"),
    "firm's logo": everyone(HiringFirm, logo="logos/new.png"),
    "firm's time": everyone(HiringFirm, time_zone="America/Vancouver"),
    "how scores are shown": everyone(HiringFirm, score_display="percent"),
    "retention of a closed request": lambda check: (
        ReferenceRequest.objects.update(closed_at=NOW),
        HiringFirm.objects.update(retention_months=3),
    ),
}


def unseen(changes: dict, check, kind, row) -> list[str]:
    """The changes, each undone again, after which the key was still the old one."""
    found, old = [], key(kind, row)
    for name, change in changes.items():
        with transaction.atomic():
            change(check)
            if key(kind, row) == old:
                found.append(name)
            transaction.set_rollback(True)
    assert key(kind, row) == old
    return found


def test_a_change_to_the_report_makes_another_key(check):
    assert unseen(CHANGES, check, "candidates", check.candidate) == []


def test_what_the_report_shows_is_read_at_once(check, bob, django_assert_num_queries):
    """The request, the references, their answers, the messages; no column by itself, later."""
    AnswerSet.objects.update(typed_by=bob)
    row = Candidate.objects.select_related("hiring_firm").get(pk=check.candidate_id)
    with django_assert_num_queries(4):
        sheet("candidates", row, audience="recruiter", language="en")


def test_a_change_to_a_sheet_makes_another_key(check):
    priya = check.references.get(first_name="Priya")
    Reference.objects.exclude(pk=priya.pk).delete()
    elsewhere = {"declined", "reminded", "what was said on the telephone", "removed", "added"}
    elsewhere |= {"telephone", "same address on the internet", "message delivered"}
    elsewhere |= {"candidate's address"}  # compared with the references', in the report alone
    changes = {name: change for name, change in CHANGES.items() if name not in elsewhere}
    assert unseen(changes, check, "references", priya) == []


def test_a_change_to_a_profile_makes_another_key(candidate, bob):
    line = Experience.objects.create(profile=candidate.profile, company_name="Nord", job_title="VP")
    Verification(first_name="Rita", last_name="Roy", email="r@nord.example").create(bob, line)
    changes = {
        "title": everyone(Profile, title="Other title"),
        "candidate's telephone": everyone(Candidate, phone="5145550197"),
        "claim": everyone(Experience, job_title="Other job"),
        "verifier's words": everyone(Verification, comment="Not quite."),
        "finding": everyone(Verification, findings={"company_name": {"finding": "confirmed"}}),
        "outcome": everyone(Verification, status="unable", closed_at=NOW),
        "firm's name": everyone(HiringFirm, name="Newfirm"),
    }
    assert unseen(changes, None, "resumes", candidate) == []


def test_readers_languages_addresses_and_looks_have_keys_of_their_own(check, settings, monkeypatch):
    keys = {
        key("candidates", check.candidate, audience=audience, language=language)
        for audience in ("recruiter", "clients", "candidate")
        for language in ("en", "fr")
    }
    assert len(keys) == 6
    settings.PUBLIC_URL = "https://elsewhere.example"  # printed, and in the code to scan
    keys.add(key("candidates", check.candidate))
    monkeypatch.setattr("apps.documents.issue.look", lambda: "another look")
    keys.add(key("candidates", check.candidate))
    assert len(keys) == 8


def test_what_is_not_shown_makes_no_other_document(check):
    old = key("candidates", check.candidate)
    ReferenceRequest.objects.update(notes="Between us.", updated_at=NOW)
    Reference.objects.update(link_version=9, updated_at=NOW)
    HiringFirm.objects.update(max_automatic_reminders=0, updated_at=NOW)
    assert key("candidates", check.candidate) == old
