"""Support sees that there are answers, not what they say; finance, the money; others, nothing."""

import re
from datetime import date
from html import unescape
from urllib.parse import urljoin

import pytest
from django.contrib import admin
from django.urls import reverse

from apps.activities.models import Activity
from apps.activities.words import in_words
from apps.answers.actions import change_answer, submit_answers
from apps.answers.models import Answer
from apps.billing.models import Invoice
from apps.candidates.models import Candidate, Experience
from apps.firms.models import HiringFirm
from apps.messaging.models import Message
from apps.references.models import Reference
from apps.verifications.models import Verification
from tests.admin.conftest import signed_in, staff_of
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


def october(firm):
    return Invoice.objects.create(
        hiring_firm=firm, period_start=date(2026, 10, 1), period_end=date(2026, 10, 31)
    )


def links_of(client, page):
    html = client.get(page).content.decode()
    found = {
        urljoin(page, unescape(each)).partition("?")[0]
        for each in re.findall(r'href="([^"#]+)"', html)
    }
    return {each for each in found if each.startswith("/admin/")}


@pytest.mark.parametrize("role", ["Support", "Finance"])
def test_no_link_leads_to_a_refusal(role, administrator, filled, alice, firm):
    """What a reader may not open is told in words, on every page that they may."""
    firm.change(alice, name="Marchand et filles")
    Activity.record(administrator, "invoice.open", october(firm))
    client = signed_in(staff_of(role))
    pages = {"/admin/", f"/admin/find/?q={firm.pk}", f"/admin/find/?q={alice.user.pk}"}
    for model in admin.site._registry:
        newest = model.objects.order_by("-pk")[:9]
        pages |= {url(model), *(url(model, "change", row.pk) for row in newest)}
    opened = {page for page in pages if client.get(page).status_code == 200}
    links = set().union(*(links_of(client, page) for page in opened))
    assert len(links) > 8
    assert {each for each in links if client.get(each).status_code == 403} == set()
    page = client.get(url(HiringFirm, "change", firm.pk)).content.decode()
    assert in_words("hiring_firm.update") in page


def test_what_support_may_not_open_is_told_in_words(as_support, as_administrator, firm, alice):
    invoice = october(firm)
    about = Activity.record(alice, "invoice.open", invoice)
    own = url(Invoice, "change", invoice.pk)
    page = url(Activity, "change", about.pk)
    assert own in as_administrator.get(page).content.decode()
    told = as_support.get(page).content.decode()
    assert own not in told and str(invoice) in told
