"""Requests and references: where each stands, why, and what staff can do about it."""

from django import forms
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.references.models import Reference, ReferenceRequest
from apps.reminders.admin import CANCEL, REMIND, REMINDERS, RESEND, RemindableAdmin
from apps.staff.columns import page_of
from apps.staff.filters import FirmFilter, Happened
from apps.staff.read_only import ReadOnlyInline
from apps.staff.roles import may_read_answers
from apps.staff.verbs import Verb


class DaysForm(forms.Form):
    days = forms.IntegerField(label=_("Days"), min_value=1, max_value=90, initial=30)


@admin.display(description=_("relationship"))
def relation(self, reference):
    """In the firm's words, as the candidate said."""
    return reference.relationship_label(get_language(), corrected=False) or "–"


class ReferenceInline(ReadOnlyInline):
    model = Reference
    fk_name = "reference_request"
    fields = ("masked_email", "relation", "state", "sent_at", "filled_at")
    relation = relation

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("hiring_firm")


def may_extend(request) -> bool:
    return request.status in (*request.WAITING, request.Status.FILLED, request.Status.EXPIRED)


@admin.register(ReferenceRequest)
class ReferenceRequestAdmin(RemindableAdmin):
    list_display = ["candidate", "state", "firm", "recruiter", "sent_at", "expires_at"]
    list_filter = ["status", FirmFilter, "language"]
    list_select_related = ["candidate", "hiring_firm", "requested_by__user"]
    search_fields = ["candidate__search"]
    search_help_text = _("The candidate's name, email or phone, or an id.")
    csv = (
        "id", "candidate__first_name", "candidate__last_name", "candidate__email",
        "hiring_firm__name", "status", "min_references", "sent_at", "filled_at", "closed_at",
        "expires_at",
    )  # fmt: skip
    personal = ("notes", "candidate__email")
    editable = ("notes", "min_references", "min_manager_references")
    fieldsets = [
        (None, {"fields": ["candidate_link", "firm", "recruiter", "state", "position"]}),
        (
            _("What was asked"),
            {
                "fields": [
                    "question_set_link", "language", "min_references", "min_manager_references",
                    "notes",
                ]
            },
        ),
        (
            _("Times"),
            {
                "fields": [
                    "created_at", "sent_at", "opened_at", "consented_at", "filled_at",
                    "closed_at", "expires_at",
                ]
            },
        ),
        REMINDERS,
    ]  # fmt: skip
    inlines = (ReferenceInline,)
    verbs = (
        Verb(
            "extend",
            _("Extend"),
            _("The end moves; an expired request and its unanswered references come back."),
            lambda request, by, days: request.extend(by, days),
            fits=may_extend,
            form=DaysForm,
        ),
        REMIND,
        RESEND,
        Verb(
            "conclude",
            _("Conclude"),
            _("There is enough: what is still open is cancelled, and nobody is reminded."),
            lambda request, by: request.conclude(by),
            fits=lambda request: request.is_open,
        ),
        Verb(
            "cancel",
            _("Cancel"),
            _("The request and its open references end; the links stop working."),
            lambda request, by: request.cancel(by),
            fits=lambda request: request.is_open,
        ),
        Verb(
            "reopen",
            _("Reopen"),
            _("The request goes on; references cancelled with it stay cancelled."),
            lambda request, by: request.reopen(by),
            fits=lambda request: request.status in ("concluded", "cancelled"),
        ),
    )

    def pages(self, request, thing):
        pages = [
            (_("See as the candidate"), reverse("admin:as_respondent", args=["request", thing.pk]))
        ]
        return pages + report_pages(request, thing.candidate_id)

    @admin.display(description=_("question set"))
    def question_set_link(self, thing):
        return page_of(thing.question_set)


def report_pages(request, candidate_id) -> list:
    if candidate_id is None or not may_read_answers(request.user):
        return []
    return [(_("Preview the report"), reverse("admin:report", args=["candidates", candidate_id]))]


class AnswerSetInline(ReadOnlyInline):
    model = apps.get_model("answers.AnswerSet")
    fields = ("language", "submitted_at", "typed_by")


@admin.register(Reference)
class ReferenceAdmin(RemindableAdmin):
    list_display = ["full_name", "state", "candidate_link", "firm", "score", "sent_at", "filled_at"]
    list_filter = [
        "status", "is_manager", "contact_type", FirmFilter, "language",
        ("erasure_requested_at", Happened),
    ]  # fmt: skip
    list_select_related = ["candidate", "hiring_firm"]
    search_fields = ["search"]
    search_help_text = _("Name, email, phone or company of the reference, or an id.")
    found_everywhere = True
    secret = ("score",)
    personal = ("email", "phone", "call_note")
    csv = (
        "id", "first_name", "last_name", "email", "country_code", "phone", "company_name",
        "relationship", "candidate__first_name", "candidate__last_name", "hiring_firm__name",
        "status", "score", "sent_at", "filled_at",
    )  # fmt: skip
    editable = (
        "first_name", "last_name", "email", "country_code", "phone", "company_name",
        "contact_type", "language", "internal_id",
    )  # fmt: skip
    fieldsets = [
        (None, {"fields": ["first_name", "last_name", "email", "country_code", "phone"]}),
        (
            _("About whom"),
            {
                "fields": [
                    "candidate_link", "request_link", "firm", "recruiter", "company_name",
                    "relation", "corrected", "is_manager", "internal_id",
                ]
            },
        ),
        (_("How we write"), {"fields": ["contact_type", "language"]}),
        (_("Where it stands"), {"fields": ["state", "call_note", "score"]}),
        (
            _("Shared with"),
            {"fields": ["permission_share_clients", "permission_share_candidate"]},
        ),
        (
            _("Times"),
            {
                "fields": [
                    "created_at", "reviewed_at", "sent_at", "opened_at", "started_at",
                    "filled_at", "ended_at", "expires_at", "erasure_requested_at",
                ]
            },
        ),
        REMINDERS,
    ]  # fmt: skip
    inlines = (AnswerSetInline,)
    verbs = (
        Verb(
            "approve",
            _("Approve"),
            _("The firm's review is done: the invitation goes out."),
            lambda reference, by: reference.approve(by),
            fits=lambda reference: reference.is_pending,
        ),
        REMIND,
        RESEND,
        CANCEL,
        Verb(
            "reopen",
            _("Reopen the answers"),
            _("The reference can change what they answered, by the same link, for seven days."),
            lambda reference, by: reference.reopen(by),
            fits=lambda reference: reference.filled,
        ),
    )

    relation = relation

    @admin.display(description=_("corrected relationship"))
    def corrected(self, reference):
        """As the reference said, where that is something else."""
        if not reference.corrected_relationship:
            return "–"
        return reference.relationship_label(get_language())

    def pages(self, request, thing):
        pages = []
        readable = may_read_answers(request.user) or not hasattr(thing, "answer_set")
        if thing.reference_request_id and readable:
            url = reverse("admin:as_respondent", args=["reference", thing.pk])
            pages.append((_("See as the reference"), url))
        if thing.filled and may_read_answers(request.user):
            url = reverse("admin:report", args=["references", thing.pk])
            pages.append((_("Preview the answers"), url))
        return pages

    @admin.display(description=_("request"))
    def request_link(self, thing):
        return page_of(thing.reference_request)
