"""Verifications: what an employer or a school was asked to confirm."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.reminders.admin import CANCEL, REMIND, REMINDERS, RESEND, RemindableAdmin
from apps.staff.filters import FirmFilter, types
from apps.staff.model_admin import kind_of
from apps.verifications.models import Verification


@admin.register(Verification)
class VerificationAdmin(RemindableAdmin):
    list_display = ["full_name", "state", "organization", "candidate_link", "firm", "sent_at"]
    list_filter = [
        "status",
        ("claim_type", types(("Experience", "Education"), _("what was asked"))),
        FirmFilter,
        "language",
    ]
    list_select_related = ["candidate", "hiring_firm"]
    search_fields = ["email", "first_name", "last_name", "organization", "candidate__search"]
    found_everywhere = True
    secret = ("findings", "comment", "document")
    personal = ("email", "phone")
    csv = (
        "id", "first_name", "last_name", "email", "organization", "claim_type",
        "candidate__first_name", "candidate__last_name", "hiring_firm__name", "status",
        "sent_at", "closed_at",
    )  # fmt: skip
    editable = (
        "first_name", "last_name", "email", "country_code", "phone", "organization", "language",
    )  # fmt: skip
    fieldsets = [
        (None, {"fields": ["first_name", "last_name", "email", "country_code", "phone"]}),
        (
            _("About whom"),
            {"fields": ["candidate_link", "firm", "recruiter", "organization", "language"]},
        ),
        (_("What was asked"), {"fields": ["claim", "claimed"]}),
        (_("Answer"), {"fields": ["state", "recorded_by", "findings", "comment", "document"]}),
        (
            _("Times"),
            {"fields": ["created_at", "sent_at", "opened_at", "closed_at", "expires_at"]},
        ),
        REMINDERS,
    ]
    verbs = (REMIND, RESEND, CANCEL)
    claim = kind_of("claim", _("kind"))

    def pages(self, request, thing):
        return [
            (
                _("See as the verifier"),
                reverse("admin:as_respondent", args=["verification", thing.pk]),
            )
        ]
