"""What staff do goes by the models' own verbs, is asked first, and leaves an activity."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from apps.accounts.models import User
from apps.activities.models import Activity
from apps.billing.models import Invoice, InvoiceLine
from apps.candidates.models import Candidate
from apps.firms.models import HiringFirm
from apps.messaging.models import Message
from apps.references.models import Reference, ReferenceRequest
from tests.admin.conftest import act, said
from tests.conftest import fill, make_candidate, make_reference, make_request


def keys() -> set[str]:
    return set(Activity.objects.values_list("key", flat=True))


def status(thing) -> str:
    return type(thing).objects.get(pk=thing.pk).status


def test_nothing_happens_before_the_answer(as_support, reference_request):
    url = "/admin/references/referencerequest/"
    as_support.post(url, {"action": "cancel", "_selected_action": [str(reference_request.pk)]})
    assert status(reference_request) == "sent"


def test_it_cancels_and_reopens(as_support, support, reference_request):
    act(as_support, reference_request, "cancel")
    assert status(reference_request) == "cancelled"
    done = Activity.objects.get(key="reference_request.cancel")
    assert (done.owner_type, done.owner_id) == ("User", support.pk)
    act(as_support, reference_request, "reopen")
    assert status(reference_request) == "sent"


def test_it_concludes(as_support, reference, reference_request):
    act(as_support, reference_request, "conclude")
    assert status(reference_request) == "concluded"
    assert status(reference) == "cancelled"


def test_the_rules_refuse_staff_too(as_support, reference_request):
    act(as_support, reference_request, "cancel")
    again = act(as_support, reference_request, "cancel")
    assert "can't be done any more" in said(again)
    assert Activity.objects.filter(key="reference_request.cancel").count() == 1


def test_it_extends(as_support, reference_request):
    before = reference_request.expires_at
    act(as_support, reference_request, "extend", days="10")
    reference_request.refresh_from_db()
    assert (reference_request.expires_at - before).days == 10


def test_a_wrong_number_of_days_is_asked_again(as_support, reference_request):
    page = act(as_support, reference_request, "extend", days="900")
    assert "errorlist" in page.content.decode()
    assert "reference_request.extend" not in keys()


def test_it_resends_an_invitation(as_support, reference):
    act(as_support, reference, "resend")
    sent = Message.objects.about(reference).filter(kind="reference_invitation")
    assert sorted(sent.values_list("ordinal", "channel")) == [
        (1, "email"),
        (1, "sms"),
        (2, "email"),
        (2, "sms"),
    ]
    assert "reference.resend" in keys()


def test_a_bounced_message_is_sent_again_from_its_own_page(as_support, reference):
    for message in Message.objects.about(reference):
        message.receipt("sent")
        message.receipt("failed" if message.channel == "sms" else "bounced", "550")
    assert status(reference) == "bounced"
    bounced = Message.objects.about(reference).get(status="bounced")
    page = as_support.get(f"/admin/messaging/message/{bounced.pk}/change/").content.decode()
    assert "refused it" in page and "550" in page
    act(as_support, bounced, "resend")
    assert status(reference) == "sent"
    assert Message.objects.about(reference).filter(ordinal=2, channel="email").exists()


def test_a_reminder_obeys_the_rule(as_support, reference):
    answer = act(as_support, reference, "remind")
    assert "24 hours" in said(answer)
    assert "reminder.send" not in keys()


def test_it_reopens_answers(as_administrator, reference):
    fill(reference)
    act(as_administrator, reference, "reopen")
    assert status(reference) == "started"


def test_several_at_once(as_support, reference_request, question_set, bob):
    other = make_request(make_candidate(bob, email="two@candidate.example"), question_set)
    pks = [str(reference_request.pk), str(other.pk)]
    url = "/admin/references/referencerequest/"
    as_support.post(
        url, {"action": "cancel", "_selected_action": pks, "confirmed": "1", "next": url}
    )
    assert {status(each) for each in (reference_request, other)} == {"cancelled"}


@pytest.mark.parametrize("verb", ["deactivate", "activate"])
def test_a_recruiter_is_shut_out_and_let_in(as_support, bob, verb):
    bob.set_active(bob, active=verb == "activate")
    version = bob.user.session_version
    act(as_support, bob, verb)
    bob.refresh_from_db()
    bob.user.refresh_from_db()
    assert bob.is_active == (verb == "activate")
    assert bob.user.session_version == version + (verb == "deactivate")


def test_a_firm_keeps_a_root(as_support, alice):
    answer = act(as_support, alice, "unmake_root")
    assert "one active root" in said(answer)
    alice.refresh_from_db()
    assert alice.is_root


def test_a_firm_is_suspended(as_support, firm, as_bob):
    act(as_support, firm, "suspend")
    assert as_bob.get("/api/v3/candidates").status_code == 401
    act(as_support, firm, "activate")
    assert as_bob.get("/api/v3/candidates").status_code == 200


def test_a_deleted_firm_is_restored(as_support, firm):
    act(as_support, firm, "remove")
    assert HiringFirm.objects.get(pk=firm.pk).deleted_at
    act(as_support, firm, "restore")
    assert HiringFirm.objects.get(pk=firm.pk).deleted_at is None


def test_two_rows_become_one_person(as_support, bob, reference, candidate, question_set):
    fill(reference)
    twin = make_candidate(bob, email="other@candidate.example", internal_id="A-7")
    act(as_support, candidate, "merge", kept=str(twin.pk))
    assert not Candidate.objects.filter(pk=candidate.pk).exists()
    twin.refresh_from_db()
    assert Reference.objects.get(pk=reference.pk).candidate_id == twin.pk
    assert ReferenceRequest.objects.filter(candidate=twin).count() == 1
    assert twin.score == Reference.objects.get(pk=reference.pk).score
    assert twin.email == "other@candidate.example"  # what is kept, stays
    assert "candidate.merge" in keys()


def test_two_open_requests_are_not_merged(as_support, bob, reference_request, question_set):
    twin = make_candidate(bob, email="other@candidate.example")
    make_request(twin, question_set)
    answer = act(as_support, reference_request.candidate, "merge", kept=str(twin.pk))
    assert "Cancel one first" in said(answer)
    assert Candidate.objects.filter(pk=reference_request.candidate_id).exists()


def test_firms_are_not_mixed(as_support, candidate, charlie):
    stranger = make_candidate(charlie, email="other@candidate.example")
    answer = act(as_support, candidate, "merge", kept=str(stranger.pk))
    assert "different firms" in said(answer)


def test_a_changed_address_is_written_to_once(as_support, reference):
    page = f"/admin/references/reference/{reference.pk}/change/"
    fields = {
        "first_name": "Étienne", "last_name": "Gauvreau", "email": "new@reference.example",
        "country_code": "1", "phone": "5145550134", "company_name": "", "contact_type": "both",
        "language": "en", "internal_id": "", "answer_set-TOTAL_FORMS": "0",
        "answer_set-INITIAL_FORMS": "0",
    }  # fmt: skip
    response = as_support.post(page, fields)
    assert response.status_code == 302, response.context["errors"]
    reference.refresh_from_db()
    assert reference.email == "new@reference.example" and reference.invitation_count == 2
    assert "reference.update" in keys()


def test_history_is_not_written(as_administrator, reference):
    activity = Activity.objects.first()
    page = f"/admin/activities/activity/{activity.pk}/change/"
    assert as_administrator.post(page, {"key": "other"}).status_code == 403
    message = Message.objects.first()
    page = f"/admin/messaging/message/{message.pk}/change/"
    assert as_administrator.post(page, {"status": "delivered"}).status_code == 403


def test_settings_of_a_firm(as_support, firm):
    page = f"/admin/firms/hiringfirm/{firm.pk}/change/"
    form = as_support.get(page).context["adminform"].form
    data = {}
    for bound in form:
        value = bound.field.prepare_value(bound.value())
        data[bound.name] = "" if value is None else value
    for name in [name for name, value in data.items() if value is False]:
        del data[name]  # an unticked box
    data |= {
        "reminder_interval_days": "3",
        "allowed_countries": "ca; fr",
        "relationships": "boss | My boss | Ma patronne | manager\npeer | A peer | Un pair",
        "colour": "#112233",
        "recruiters-TOTAL_FORMS": "0",
        "recruiters-INITIAL_FORMS": "0",
    }
    response = as_support.post(page, data)
    assert response.status_code == 302, response.context["errors"]
    firm.refresh_from_db()
    assert firm.reminder_interval_days == 3 and firm.allowed_countries == ["CA", "FR"]
    assert [each["is_manager"] for each in firm.relationships] == [True, False]
    assert "hiring_firm.update" in keys()
    wrong = as_support.post(page, data | {"allowed_countries": "Narnia", "relationships": "x"})
    assert len(wrong.context["errors"]) == 2


def test_a_colleague_is_invited(as_administrator):
    page = "/admin/accounts/user/add/"
    groups = [str(pk) for pk in _group("Support")]
    data = {"email": "New@vitay.example", "first_name": "Ana", "last_name": "Roy", "language": "fr"}
    assert as_administrator.post(page, data).status_code == 200  # a role is asked for
    assert as_administrator.post(page, data | {"groups": groups}).status_code == 302
    user = User.objects.get(email="new@vitay.example")
    assert user.is_staff and not user.is_superuser and not user.has_usable_password()
    assert user.has_perm("candidates.view_candidate")
    assert Message.objects.filter(recipient_id=user.pk, kind="recruiter_welcome").exists()


def _group(name):
    return [Group.objects.get_or_create(name=name)[0].pk]


def test_nobody_shuts_out_themselves(as_administrator, administrator):
    answer = act(as_administrator, administrator, "deactivate")
    assert "yourself" in said(answer)


def test_what_was_due_meanwhile_is_seen(as_support, reference):
    Message.objects.update(due_at=timezone.now() - timedelta(hours=1))
    page = as_support.get("/admin/messaging/message/", {"stuck": "1"})
    assert page.context["cl"].result_count == Message.objects.count()
    assert "due and not sent" in as_support.get("/admin/").content.decode()


def test_a_reference_still_with_its_words(as_support, reference_request):
    reference = make_reference(reference_request, email="second@reference.example")
    page = as_support.get(f"/admin/references/reference/{reference.pk}/change/").content.decode()
    assert "Reference: invited" in page and "Reference: invitation" in page  # the timeline


def test_a_person_is_erased(as_support, reference, candidate):
    fill(reference)
    act(as_support, candidate, "erase")
    candidate.refresh_from_db()
    assert candidate.erased_at and candidate.email == ""
    page = as_support.get(f"/admin/candidates/candidate/{candidate.pk}/change/").content.decode()
    assert "Desrosiers" not in page and 'value="erase"' not in page


def test_an_invoice_is_opened_and_paid(as_finance, firm):
    invoice = Invoice.objects.create(
        hiring_firm=firm, period_start=date(2026, 10, 1), period_end=date(2026, 10, 31)
    )
    assert "needs a line" in said(act(as_finance, invoice, "open"))
    invoice.lines.create(
        description="Checks", description_fr="Vérifications", quantity=2, unit_price=4500,
        amount=9000,
    )  # fmt: skip
    act(as_finance, invoice, "open")
    assert status(invoice) == "open"
    address = f"/admin/billing/invoice/{invoice.pk}/change/"
    assert "Intact" in as_finance.get(address).content.decode()
    french = as_finance.get(address, headers={"accept-language": "fr"}).content.decode()
    assert "Vérifications" in french and "Checks" not in french
    InvoiceLine.objects.filter(invoice=invoice)._raw_delete("default")
    assert "changed outside the service" in as_finance.get(address).content.decode()
    page = as_finance.get("/admin/billing/invoice/", {"q": "V-000001"})
    assert page.context["cl"].result_count == 1
    act(as_finance, invoice, "pay")
    assert status(invoice) == "paid"
    assert "can't be done any more" in said(act(as_finance, invoice, "void"))
    assert {"invoice.open", "invoice.pay"} <= keys()


def test_a_voided_month_is_drafted_again(as_finance, firm, reference):
    fill(reference)
    Activity.objects.update(created_at=timezone.now() - timedelta(days=40))
    month = timezone.localdate(timezone.now() - timedelta(days=40)).replace(day=1)
    invoice = Invoice.objects.draft(firm, month)
    act(as_finance, invoice, "open")
    act(as_finance, invoice, "void")
    act(as_finance, invoice, "draft_again")
    assert list(Invoice.objects.values_list("status", flat=True)) == ["draft", "void"]
    assert "another invoice" in said(act(as_finance, invoice, "draft_again"))
    assert "invoice.draft" in keys()
