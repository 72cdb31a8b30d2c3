"""Verifications: what an employer or a school was asked to confirm."""

from django.contrib import admin
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.staff.filters import FirmFilter
from apps.staff.model_admin import StaffAdmin, column, page_of, when
from apps.staff.verbs import Verb
from apps.verifications.models import Verification


@admin.register(Verification)
class VerificationAdmin(StaffAdmin):
    list_display = ["full_name", "organization", "candidate_link", "firm", "state", "sent_at"]
    list_filter = ["status", "claim_type", ("hiring_firm", FirmFilter), "language"]
    list_select_related = ["candidate", "hiring_firm"]
    search_fields = ["email", "first_name", "last_name", "organization", "candidate__search"]
    date_hierarchy = "created_at"
    found_everywhere = True
    secret = ("findings", "comment", "document")
    csv = (
        "id", "first_name", "last_name", "email", "organization", "claim_type",
        "candidate__first_name", "candidate__last_name", "hiring_firm__name", "status",
        "sent_at", "closed_at",
    )  # fmt: skip
    timeline_of = "self"
    editable = (
        "first_name", "last_name", "email", "country_code", "phone", "organization", "language",
    )  # fmt: skip
    fieldsets = [
        (None, {"fields": ["first_name", "last_name", "email", "country_code", "phone"]}),
        (
            _("About whom"),
            {"fields": ["candidate_link", "firm", "recruiter", "organization", "language"]},
        ),
        (_("What was asked"), {"fields": ["claim_type", "claimed"]}),
        (_("Answer"), {"fields": ["state", "recorded_by", "findings", "comment", "document"]}),
        (
            _("Times"),
            {"fields": ["created_at", "sent_at", "opened_at", "closed_at", "expires_at"]},
        ),
        (
            _("Reminders"),
            {"fields": ["reminder_count", "automatic_reminder_count", "next_reminder", "why_not"]},
        ),
    ]
    verbs = (
        Verb(
            "remind",
            _("Remind"),
            _("One reminder goes by email and text, within the limits of the rule."),
            lambda target, by: target.remind(by),
            fits=lambda verification: verification.status in verification.WAITING,
        ),
        Verb(
            "resend",
            _("Resend the invitation"),
            _("The verifier gets the invitation again, with the same link."),
            lambda target, by: target.resend(by),
            fits=lambda verification: verification.status in (*verification.WAITING, "bounced"),
        ),
        Verb(
            "cancel",
            _("Cancel"),
            _("Nobody writes to this person any more about this; the link stops working."),
            lambda verification, by: verification.cancel(by),
            fits=lambda verification: verification.status in verification.LIVE,
        ),
    )
    recruiter = column("requested_by.full_name", _("recruiter"))

    def pages(self, request, thing):
        return [
            (
                _("See as the verifier"),
                reverse("admin:as_respondent", args=["verification", thing.pk]),
            )
        ]

    @admin.display(description=_("name"), ordering="last_name")
    def full_name(self, thing):
        return thing.full_name

    @admin.display(description=_("firm"), ordering="hiring_firm__name")
    def firm(self, thing):
        return page_of(thing.hiring_firm)

    @admin.display(description=_("candidate"), ordering="candidate__last_name")
    def candidate_link(self, thing):
        return page_of(thing.candidate)

    @admin.display(description=_("next reminder"))
    def next_reminder(self, thing):
        return when(thing.next_scheduled_at)

    @admin.display(description=_("why none"))
    def why_not(self, thing):
        return thing.nothing_to_remind or "–"
