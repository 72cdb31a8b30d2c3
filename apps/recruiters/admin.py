"""Recruiters: whom a firm lets in, and what staff can do for them."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import PasswordReset
from apps.recruiters.models import Recruiter
from apps.staff.columns import badge, column, page_of
from apps.staff.filters import FirmFilter
from apps.staff.model_admin import StaffAdmin
from apps.staff.verbs import Verb


class EmailForm(forms.Form):
    email = forms.EmailField(label=_("Email"), max_length=254)


@admin.register(Recruiter)
class RecruiterAdmin(StaffAdmin):
    list_display = ["name", "email", "firm", "is_root", "state", "last_login", "created_at"]
    list_filter = ["is_root", "is_active", "is_active_hf", FirmFilter]
    list_select_related = ["user", "hiring_firm"]
    search_fields = ["user__email", "user__first_name", "user__last_name", "hiring_firm__name"]
    date_hierarchy = "created_at"
    found_everywhere = True
    csv = (
        "id", "user__first_name", "user__last_name", "user__email", "hiring_firm__name",
        "is_root", "is_active", "is_active_hf", "created_at",
    )  # fmt: skip
    timeline_of = "self"
    editable = ("notifications",)
    fieldsets = [
        (None, {"fields": ["name", "email", "phone", "firm", "state"]}),
        (_("Access"), {"fields": ["is_root", "is_active", "is_active_hf", "last_login", "login"]}),
        (_("Preferences"), {"fields": ["notifications"]}),
        (_("Times"), {"fields": ["created_at", "updated_at"]}),
    ]
    name = column("user.full_name", _("name"), "user__last_name")
    email = column("user.email", _("email"))
    phone = column("user.display_phone", _("phone"))
    last_login = column("user.last_login", _("last sign-in"))
    verbs = (
        Verb(
            "send_password",
            _("Send the welcome again"),
            _("They get an email with a link to choose a password, good for seven days."),
            lambda recruiter, by: PasswordReset.objects.request(recruiter.user, welcome=True),
            fits=lambda recruiter: recruiter.may_work,
        ),
        Verb(
            "correct_email",
            _("Correct the email"),
            _("The invitation goes to the new address; the link sent to the old one ends."),
            lambda recruiter, by, email: recruiter.user.change(by, email=email),
            fits=lambda recruiter: not recruiter.user.has_usable_password(),
            form=EmailForm,
            single=True,
        ),
        Verb(
            "deactivate",
            _("Deactivate"),
            _("They can't sign in any more; their candidates stay with the firm."),
            lambda recruiter, by: recruiter.set_active(by, active=False),
            fits=lambda recruiter: recruiter.is_active,
        ),
        Verb(
            "activate",
            _("Activate"),
            _("They can sign in again, where the firm lets them."),
            lambda recruiter, by: recruiter.set_active(by, active=True),
            fits=lambda recruiter: not recruiter.is_active,
        ),
        Verb(
            "make_root",
            _("Make root recruiter"),
            _("They see and change everything of the firm."),
            lambda recruiter, by: recruiter.make_root(by, root=True),
            fits=lambda recruiter: not recruiter.is_root,
        ),
        Verb(
            "unmake_root",
            _("Make ordinary recruiter"),
            _("They see only the candidates they added. A firm keeps one active root recruiter."),
            lambda recruiter, by: recruiter.make_root(by, root=False),
            fits=lambda recruiter: recruiter.is_root,
        ),
    )

    @admin.display(description=_("sign-in"))
    def login(self, recruiter):
        return page_of(recruiter.user)

    @admin.display(description=_("state"))
    def state(self, recruiter):
        if recruiter.may_work:
            return badge("active", _("active"))
        return badge("inactive", _("inactive"))
