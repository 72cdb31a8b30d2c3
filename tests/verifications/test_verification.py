from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.candidates.models import Experience
from apps.messaging.models import Message
from apps.messaging.rendering import render
from apps.verifications.models import Verification
from apps.verifications.tasks import expire_due


@pytest.fixture
def experience(candidate):
    return Experience.objects.create(
        profile=candidate.profile,
        company_name="Atelier Nord",
        job_title="Plant manager",
        started_on=date(2019, 5, 1),
    )


@pytest.fixture
def verification(experience, bob):
    verifier = Verification(
        first_name="Human", last_name="Resources", email="hr@verifier.example", language="en"
    )
    return verifier.create(bob, experience)


def test_the_verifier_is_invited(verification):
    assert verification.status == "sent"
    assert Message.objects.about(verification).filter(kind="verification_invitation").count() == 1


def test_who_has_answered_keeps_the_address_that_was_written_to(verification, bob):
    verification.conclude(bob, findings=dict.fromkeys(verification.claimed, "confirmed"))
    with pytest.raises(ValidationError) as raised:
        verification.change(bob, email="other@verifier.example", organization="Acme")
    assert raised.value.error_dict["email"][0].code == "locked"
    verification.refresh_from_db()
    assert (verification.email, verification.organization) == ("hr@verifier.example", "")
    verification.change(bob, organization="Acme")


def test_the_claim_is_frozen(verification, experience):
    experience.job_title = "Director"
    experience.save()
    verification.refresh_from_db()
    assert verification.claimed == {
        "company_name": "Atelier Nord",
        "job_title": "Plant manager",
        "started_on": "2019-05-01",
    }


@pytest.mark.parametrize(
    ("job_title", "status"),
    [
        ("confirmed", "verified"),
        ({"finding": "corrected", "value": "Foreman"}, "discrepancy"),
        ("unknown", "verified"),
    ],
)
def test_the_findings_decide_the_result(verification, job_title, status):
    verification.conclude(
        verification,
        findings={"company_name": "confirmed", "started_on": "unknown", "job_title": job_title},
    )
    assert verification.status == status
    assert Message.objects.filter(kind="verification_done").count() == 1


def test_nothing_known_is_unable(verification):
    verification.conclude(verification, findings=dict.fromkeys(verification.claimed, "unknown"))
    assert verification.status == "unable"


@pytest.mark.parametrize(
    ("findings", "field"),
    [
        (None, "findings"),
        ({"salary": "confirmed"}, "findings"),
        ({"job_title": "maybe"}, "findings.job_title"),
        ({"job_title": {"finding": "corrected", "value": ""}}, "findings.job_title"),
        ({"job_title": {"finding": "corrected", "value": "Plant manager"}}, "findings.job_title"),
        ({"started_on": {"finding": "corrected", "value": "May"}}, "findings.started_on"),
    ],
)
def test_bad_findings_name_their_field(verification, findings, field):
    with pytest.raises(ValidationError) as refused:
        verification.conclude(verification, findings=findings)
    assert field in refused.value.message_dict
    verification.refresh_from_db()
    assert verification.status == "sent"


def test_a_recruiter_may_record_what_was_said(verification, bob):
    verification.conclude(bob, findings=dict.fromkeys(verification.claimed, "confirmed"))
    assert verification.recorded_by == bob


def test_it_is_done_once(verification):
    verification.decline("By post only.")
    with pytest.raises(ValidationError) as refused:
        verification.decline()
    assert refused.value.code == "state"


def test_one_is_open_per_claim(verification, experience, bob):
    again = Verification(first_name="Other", last_name="Person", email="o@verifier.example")
    with pytest.raises(ValidationError) as refused:
        again.create(bob, experience)
    assert refused.value.message_dict == {"claim": ["Somebody has been asked about this already."]}


def test_a_state_reads_as_words(verification):
    verification.status = "discrepancy"
    assert verification.why_not_remindable.endswith("is done, with a discrepancy.")


def test_it_expires_and_the_recruiter_hears_of_it(verification, bob):
    with time_machine.travel(timezone.now() + timedelta(days=30, minutes=1)):
        expire_due()
        verification.refresh_from_db()
    assert verification.status == "expired"
    told = Message.objects.about(verification)
    assert told.get(recipient_id=verification.pk).status == "suppressed"
    notice = told.get(recipient_id=bob.user_id)
    assert "did not answer in time" in render(notice, verification).text


def test_who_sees_it(verification, alice, bob, charlie):
    seen = [Verification.objects.visible_to(who.user).exists() for who in (alice, bob, charlie)]
    assert seen == [True, True, False]


def test_it_is_not_reached_when_no_message_arrives(experience, bob):
    both = {"email": "hr@verifier.example", "country_code": "1", "phone": "5145550135"}
    verification = Verification(first_name="Human", last_name="Resources", **both)
    verification.create(bob, experience)
    sent = Message.objects.about(verification).filter(kind="verification_invitation")
    sent.update(status="sent", sent_at=timezone.now())
    for channel, status in (("email", "sent"), ("sms", "bounced")):
        sent.get(channel=channel).receipt("bounced" if channel == "email" else "failed")
        verification.refresh_from_db()
        assert verification.status == status
