"""A firm and who runs it, in one form; the invitation goes by itself."""

import pytest

from apps.accounts.models import PasswordReset, User
from apps.activities.models import Activity
from apps.firms.models import HiringFirm
from apps.messaging.models import Message
from apps.recruiters.models import Recruiter
from tests.admin.conftest import act, said

GOOD = {
    "name": "Atelier Nord", "language": "fr", "time_zone": "America/Toronto", "address": "",
    "reminder_interval_days": "2", "retention_months": "12", "first_name": "Maya",
    "last_name": "Cyr", "email": "Maya@atelier.example", "country_code": "1",
    "phone": "514 555-0177",
}  # fmt: skip


def test_a_firm_begins(as_support):
    response = as_support.post("/admin/onboard/", GOOD)
    firm = HiringFirm.objects.get(name="Atelier Nord")
    assert response.headers["Location"] == f"/admin/firms/hiringfirm/{firm.pk}/change/"
    root = firm.recruiters.get()
    assert root.is_root and root.user.email == "maya@atelier.example"
    assert root.user.language == "fr" and not root.user.has_usable_password()
    message = Message.objects.get(recipient_id=root.user_id)
    assert (message.kind, message.channel) == ("recruiter_welcome", "email")
    assert PasswordReset.objects.get(user=root.user).link_is_live
    assert {"hiring_firm.create", "recruiter.create"} <= set(
        Activity.objects.values_list("key", flat=True)
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "not an email"),
        ("email", "bob@marchand.example"),
        ("phone", "12"),
        ("time_zone", "Mars/North"),
        ("name", ""),
        ("reminder_interval_days", "9"),
        ("first_name", "A\nB<c>"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(as_support, bob, field, value):
    page = as_support.post("/admin/onboard/", GOOD | {field: value})
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert not HiringFirm.objects.filter(name="Atelier Nord").exists()
    assert not User.objects.filter(email="maya@atelier.example").exists()


def test_a_mistyped_email_is_corrected(as_support):
    as_support.post("/admin/onboard/", GOOD | {"email": "maya@atelierr.example"})
    root = Recruiter.objects.get(hiring_firm__name="Atelier Nord")
    act(as_support, root, "correct_email", email="maya@atelier.example")
    root.user.refresh_from_db()
    assert root.user.email == "maya@atelier.example"
    went = Message.objects.filter(kind="recruiter_welcome", address="maya@atelier.example")
    assert went.count() == 1
    root.user.change_password("correct-horse-battery")
    page = act(as_support, root, "correct_email", email="other@atelier.example")
    assert "signs in with this email" in said(page)
    root.user.refresh_from_db()
    assert root.user.email == "maya@atelier.example"
