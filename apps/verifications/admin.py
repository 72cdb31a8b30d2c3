"""Verifications: what an employer or a school was asked to confirm."""

from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.reminders.admin import CANCEL, REMIND, REMINDERS, RESEND, RemindableAdmin
from apps.staff.columns import facts, kind_of
from apps.staff.filters import FirmFilter, types
from apps.staff.roles import may_read_answers
from apps.verifications.models import Verification


def fields_of(verification) -> dict:
    """What each field of a claim is called."""
    model = apps.get_model("candidates", verification.claim_type)
    return {name: capfirst(model._meta.get_field(name).verbose_name) for name in model.CLAIMS}


def finding_words(said: dict) -> str:
    return str(Verification.Finding(said["finding"]).label)


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
    secret = ("found", "comment", "document")
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
        (_("What was asked"), {"fields": ["claim", "was_claimed"]}),
        (_("Answer"), {"fields": ["state", "recorded_by", "found", "comment", "document"]}),
        (
            _("Times"),
            {"fields": ["created_at", "sent_at", "opened_at", "closed_at", "expires_at"]},
        ),
        REMINDERS,
    ]
    verbs = (REMIND, RESEND, CANCEL)
    claim = kind_of("claim", _("kind"))

    @admin.display(description=_("claimed"))
    def was_claimed(self, verification):
        names = fields_of(verification)
        return facts((names[name], said) for name, said in verification.claimed.items())

    @admin.display(description=_("findings"))
    def found(self, verification):
        names = fields_of(verification)
        return facts(
            (names[name], " · ".join(filter(None, [finding_words(said), said["value"]])))
            for name, said in verification.findings.items()
        )

    def pages(self, request, thing):
        if thing.findings and not may_read_answers(request.user):
            return []
        return [
            (
                _("See as the verifier"),
                reverse("admin:as_respondent", args=["verification", thing.pk]),
            )
        ]
