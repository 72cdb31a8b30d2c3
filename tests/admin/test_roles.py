"""Support sees that there are answers, not what they say; finance, the money; others, nothing."""

import pytest
from django.contrib import admin
from django.urls import reverse

from apps.activities.models import Activity
from apps.activities.words import in_words
from apps.answers.actions import change_answer, submit_answers
from apps.answers.models import Answer
from apps.candidates.models import Candidate, Experience
from apps.firms.models import HiringFirm
from apps.messaging.models import Message
from apps.references.models import Reference
from apps.verifications.models import Verification
from tests.conftest import answers_to, fill

WORDS = "Calm, exact, generous."


def url(model, page="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def everything_to_read(reference):
    """Every page of the admin that could show something of this reference."""
    answer_set = reference.answer_set
    yield f"/admin/answers/answerset/{answer_set.pk}/change/"
    yield f"/admin/references/reference/{reference.pk}/change/"
    yield f"/admin/references/referencerequest/{reference.reference_request_id}/change/"
    yield f"/admin/candidates/candidate/{reference.candidate_id}/change/"
    for activity in Activity.objects.filter(candidate=reference.candidate):
        yield f"/admin/activities/activity/{activity.pk}/change/"
    for model in admin.site._registry:
        yield url(model)
        yield url(model) + "?q=calm"
    yield f"/admin/report/candidates/{reference.candidate_id}/"
    yield f"/admin/report/references/{reference.pk}/pdf/"
    yield f"/admin/as/reference/{reference.pk}/page/"
    for answer in answer_set.answers.all():
        yield f"/admin/find/?q={answer.pk}"


@pytest.fixture
def filled(reference, bob):
    # A recruiter typed them, so that they can be corrected: the activity keeps both words.
    submit_answers(reference, answers_to(reference.questions, 2), by=bob)
    reference.refresh_from_db()
    answer = Answer.objects.filter(type="text").first()
    change_answer(answer, bob, value="Late, loud.")
    return reference


def test_support_never_reads_an_answer(as_support, filled):
    shown = {}
    for page in everything_to_read(filled):
        response = as_support.get(page)
        assert response.status_code in (200, 403, 404), page
        if response.status_code == 200:
            shown[page] = response.content.decode()
    assert any("answerset" in page for page in shown)  # that there are some
    for page, text in shown.items():
        assert WORDS not in text and "Late, loud." not in text, page
    candidate = shown[f"/admin/candidates/candidate/{filled.candidate_id}/change/"]
    assert f"{filled.score}" not in candidate


@pytest.mark.parametrize(
    "question",
    [
        "references/reference/?score__gte=1",
        "references/reference/?answer_set__answers__value__contains=Calm",
        "references/reference/?email__startswith=e",
        "candidates/candidate/?score__isnull=0",
        "candidates/candidate/?references__score__gte=1",
        "activities/activity/?parameters__contains=Calm",
        "verifications/verification/?comment__contains=theft",
        "accounts/user/?password__startswith=a",
    ],
)
def test_an_address_asks_nothing_that_the_page_hides(
    as_support, as_administrator, filled, question
):
    for browser in (as_support, as_administrator):
        assert browser.get(f"/admin/{question}").status_code in (400, 403)


def test_the_lists_of_the_first_page_open(as_administrator):
    for job in as_administrator.get("/admin/").context["jobs"]:
        assert as_administrator.get(job["url"]).status_code == 200, job["url"]


def test_an_administrator_reads_them(as_administrator, filled):
    page = as_administrator.get(f"/admin/answers/answerset/{filled.answer_set.pk}/change/")
    assert WORDS in page.content.decode()
    corrected = Activity.objects.get(key="answer.update")
    page = as_administrator.get(f"/admin/activities/activity/{corrected.pk}/change/")
    assert "Late, loud." in page.content.decode()


def test_support_exports_without_scores(as_support, filled):
    response = as_support.post(
        url(type(filled)), {"action": "export_csv", "_selected_action": [str(filled.pk)]}
    )
    head = b"".join(response.streaming_content).decode().splitlines()[0]
    assert "filled_at" in head and "score" not in head


def test_finance_sees_money_and_firms_only(as_finance):
    seen = {
        model._meta.label
        for model in admin.site._registry
        if as_finance.get(url(model)).status_code == 200
    }
    assert seen == {"billing.Invoice", "firms.HiringFirm", "recruiters.Recruiter"}
    assert as_finance.get("/admin/").status_code == 200
    assert as_finance.get("/admin/onboard/").status_code == 403


def test_finance_changes_no_firm(as_finance, firm):
    page = url(type(firm), "change", firm.pk)
    as_finance.post(page, {"name": "Stolen"})
    firm.refresh_from_db()
    assert firm.name == "Marchand Ouellet"
    response = as_finance.post(
        url(type(firm)), {"action": "suspend", "_selected_action": [firm.pk], "confirmed": "1"}
    )
    firm.refresh_from_db()
    assert firm.is_active, response


def test_support_manages_no_staff(as_support, administrator):
    assert as_support.get("/admin/accounts/user/").status_code == 403
    assert as_support.get("/admin/accounts/user/add/").status_code == 403
    assert as_support.get("/admin/billing/invoice/").status_code == 403


def test_staff_without_a_role_sees_nothing(staff, client):
    staff.is_superuser = False
    staff.save()
    client.force_login(staff)
    page = client.get("/admin/")
    assert page.status_code == 200
    assert page.context["app_list"] == [] and page.context["jobs"] == []
    for model in admin.site._registry:
        assert client.get(url(model)).status_code == 403, model


def test_a_recruiter_is_not_let_in(client, alice):
    client.force_login(alice.user)
    assert client.get("/admin/").status_code == 302
    assert client.get("/admin/find/?q=a").status_code == 302


def test_a_role_needs_is_staff(administrator, client):
    administrator.is_staff = False
    administrator.save()
    assert not administrator.has_perm("candidates.view_candidate")


def test_support_is_not_shown_what_a_filled_reference_sent(as_support, as_administrator, reference):
    fill(reference)
    assert as_support.get(f"/admin/as/reference/{reference.pk}/page/").status_code == 403
    own = url(Reference, "change", reference.pk)  # nor led to the refusal
    assert "/admin/as/" not in as_support.get(own).content.decode()
    assert "/admin/as/" in as_administrator.get(own).content.decode()


def test_support_never_reads_what_a_verifier_said(as_support, as_administrator, candidate, bob):
    """Not on their page, nor in the notice that quotes it, nor in the profile that shows it."""
    job = Experience.objects.create(
        profile=candidate.profile, company_name="Atelier Nord", job_title="Manager"
    )
    verification = Verification(first_name="Hr", last_name="One", email="hr@verifier.example")
    verification.create(bob, job)
    said = {"finding": "corrected", "value": "Night guard"}
    verification.conclude(
        verification,
        findings={"company_name": "confirmed", "job_title": said},
        comment="Left at night.",
    )
    notice = Message.objects.get(kind="verification_done")
    page = f"/admin/messaging/message/{notice.pk}/preview/"
    for address in (page, f"{page}html/"):
        assert "Left at night." in as_administrator.get(address).content.decode()
        assert "Left at night." not in as_support.get(address).content.decode()
    assert "which your role is not shown" in as_support.get(page).content.decode()
    own = as_support.get(url(Verification, "change", verification.pk)).content.decode()
    assert "Night guard" not in own and "Left at night." not in own
    for part in ("", "pdf/"):
        shown = as_support.get(f"/admin/report/resumes/{candidate.pk}/{part}")
        assert shown.status_code == 403
    buttons = as_support.get(url(Candidate, "change", candidate.pk)).content.decode()
    assert "/admin/report/" not in buttons


def test_finance_is_led_nowhere_it_may_not_go(as_finance, alice, firm):
    """What happened to a firm is told, without links to pages that refuse."""
    firm.change(alice, name="Marchand et filles")
    page = as_finance.get(url(HiringFirm, "change", firm.pk)).content.decode()
    assert in_words("hiring_firm.update") in page and "/admin/activities/" not in page
