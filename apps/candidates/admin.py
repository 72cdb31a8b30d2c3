"""Candidates: the person, what was asked about them, and everything that happened."""

from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from apps.candidates.actions import merge
from apps.candidates.models import Candidate, Education, Experience, Profile
from apps.staff.columns import column
from apps.staff.filters import FirmFilter, Happened
from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnly, ReadOnlyInline
from apps.staff.roles import may_read_answers
from apps.staff.verbs import Verb


class RequestInline(ReadOnlyInline):
    model = apps.get_model("references.ReferenceRequest")
    fk_name = "candidate"
    fields = ("question_set", "state", "min_references", "sent_at", "filled_at", "expires_at")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("question_set", "candidate")


class ReferenceInline(ReadOnlyInline):
    model = apps.get_model("references.Reference")
    fk_name = "candidate"
    fields = ("masked_email", "relation", "state", "sent_at", "filled_at")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("hiring_firm")

    @admin.display(description=_("relationship"))
    def relation(self, reference):
        return reference.relationship_label(get_language(), corrected=False) or "–"


class VerificationInline(ReadOnlyInline):
    model = apps.get_model("verifications.Verification")
    fk_name = "candidate"
    fields = ("organization", "masked_email", "state", "sent_at", "closed_at")


class MergeForm(forms.Form):
    kept = forms.UUIDField(
        label=_("Id of the candidate to keep"),
        help_text=_("It stands on the page of that candidate, under the name."),
    )

    def clean_kept(self):
        kept = Candidate.objects.filter(pk=self.cleaned_data["kept"]).first()
        if kept is None:
            raise ValidationError(gettext("There is no candidate with this id."))
        return kept


@admin.register(Candidate)
class CandidateAdmin(StaffAdmin):
    list_display = [
        "full_name",
        "email",
        "display_phone",
        "firm",
        "recruiter",
        "score",
        "created_at",
    ]
    list_filter = [
        FirmFilter,
        "language",
        ("erased_at", Happened),
    ]
    list_select_related = ["hiring_firm", "added_by__user"]
    search_fields = ["search"]
    date_hierarchy = "created_at"
    found_everywhere = True
    timeline_of = "candidate"
    secret = ("score", "given_score")
    personal = ("email", "phone", "display_phone", "notes")
    editable = (
        "first_name", "last_name", "email", "country_code", "phone", "language", "internal_id",
        "notes",
    )  # fmt: skip
    csv = (
        "id", "first_name", "last_name", "email", "country_code", "phone", "internal_id",
        "hiring_firm__name", "added_by__user__email", "score", "created_at",
    )  # fmt: skip
    fieldsets = [
        (None, {"fields": ["first_name", "last_name", "email", "country_code", "phone"]}),
        (_("Firm"), {"fields": ["firm", "recruiter", "internal_id", "language", "notes"]}),
        (_("Score"), {"fields": ["score", "given_score"]}),
        (_("Times"), {"fields": ["created_at", "updated_at", "erased_at"]}),
    ]
    inlines = (RequestInline, ReferenceInline, VerificationInline)
    verbs = (
        Verb(
            "merge",
            _("Merge into another"),
            _("Everything of this candidate moves to the one you keep, and this row goes."),
            lambda duplicate, by, kept: merge(kept, duplicate, by),
            form=MergeForm,
            single=True,
        ),
    )

    def pages(self, request, thing):
        if not may_read_answers(request.user):
            return []
        return [
            (_("Preview the profile"), reverse("admin:report", args=["resumes", thing.pk])),
            (_("Preview the report"), reverse("admin:report", args=["candidates", thing.pk])),
            (_("All that is kept"), reverse("admin:kept", args=[thing.pk])),
        ]

    recruiter = column("added_by.full_name", _("recruiter"), "added_by__user__last_name")

    @admin.display(description=_("phone"))
    def display_phone(self, candidate):
        return candidate.display_phone


class ExperienceInline(ReadOnlyInline):
    model = Experience
    fields = ("job_title", "company_name", "started_on", "ended_on", "city")
    show_change_link = False


class EducationInline(ReadOnlyInline):
    model = Education
    fields = ("degree", "school_name", "started_on", "ended_on", "city")
    show_change_link = False


@admin.register(Profile)
class ProfileAdmin(ReadOnly, StaffAdmin):
    ordering = ("-candidate",)
    list_display = ["candidate", "job_title", "city", "industry", "created_at"]
    list_select_related = ["candidate"]
    search_fields = ["candidate__search"]
    date_hierarchy = "created_at"
    personal = ("bio", "street_address")
    fieldsets = [
        (None, {"fields": ["candidate", "title", "job_title", "industry", "bio"]}),
        (_("Where"), {"fields": ["street_address", "city", "province"]}),
    ]
    inlines = (ExperienceInline, EducationInline)
