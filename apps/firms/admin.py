"""Firms: their settings, who works there, and whether they are open."""

from django.apps import apps
from django.contrib import admin
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.firms.forms import HiringFirmForm
from apps.firms.models import HiringFirm
from apps.staff.columns import badge, column
from apps.staff.filters import Happened
from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnlyInline
from apps.staff.verbs import Verb


class RecruiterInline(ReadOnlyInline):
    model = apps.get_model("recruiters.Recruiter")
    fields = ("email", "is_root", "is_active", "is_active_hf", "notifications")
    email = column("user.email", _("email"))

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")


@admin.register(HiringFirm)
class HiringFirmAdmin(StaffAdmin):
    form = HiringFirmForm
    list_display = [
        "name",
        "state",
        "language",
        "recruiter_count",
        "retention_months",
        "created_at",
    ]
    list_filter = ["is_active", ("deleted_at", Happened), "language"]
    search_fields = ["name"]
    date_hierarchy = "created_at"
    found_everywhere = True
    csv = ("id", "name", "language", "time_zone", "is_active", "deleted_at", "created_at")
    timeline_of = "self"
    inlines = (RecruiterInline,)
    editable = (
        "name", "address", "phone", "language", "time_zone", "colour", "logo_file",
        "reminder_interval_days", "max_automatic_reminders", "reminders_skip_weekends",
        "allowed_countries", "min_references", "managers_only", "review_before_contact",
        "contact_after_consent", "asks_for_profile", "score_display", "relationships",
        "retention_months",
    )  # fmt: skip
    fieldsets = [
        (None, {"fields": ["name", "state", "address", "phone", "created_at", "updated_at"]}),
        (_("Look"), {"fields": ["logo_shown", "logo_file", "colour", "language", "time_zone"]}),
        (
            _("Asking"),
            {
                "fields": [
                    "min_references",
                    "managers_only",
                    "review_before_contact",
                    "contact_after_consent",
                    "asks_for_profile",
                    "relationships",
                    "score_display",
                ]
            },
        ),
        (
            _("Reminders and texts"),
            {
                "fields": [
                    "reminder_interval_days",
                    "max_automatic_reminders",
                    "reminders_skip_weekends",
                    "allowed_countries",
                ]
            },
        ),
        (_("Keeping data"), {"fields": ["retention_months", "deleted_at"]}),
    ]
    verbs = (
        Verb(
            "suspend",
            _("Suspend"),
            _("Nobody of the firm can sign in, and nothing is sent for it. Nothing is lost."),
            lambda firm, by: firm.set_active(by, active=False),
            fits=lambda firm: firm.is_active and not firm.deleted_at,
        ),
        Verb(
            "activate",
            _("Activate"),
            _("The firm can sign in and send again."),
            lambda firm, by: firm.set_active(by, active=True),
            fits=lambda firm: not firm.is_active,
        ),
        Verb(
            "remove",
            _("Delete the firm"),
            _("Logins end and messages stop at once. After 30 days its people are erased."),
            lambda firm, by: firm.remove(by),
            fits=lambda firm: not firm.deleted_at,
        ),
        Verb(
            "restore",
            _("Undo the deletion"),
            _("The firm is back with everything, as long as 30 days have not passed."),
            lambda firm, by: firm.restore(by),
            fits=lambda firm: bool(firm.deleted_at),
        ),
    )

    def tools(self, request):
        if not request.user.has_perm("firms.add_hiringfirm"):
            return []
        return [(_("Onboard a firm"), reverse("admin:onboard"))]

    def get_queryset(self, request):
        working = Count("recruiters", filter=Q(recruiters__is_active=True))
        queryset = super().get_queryset(request)
        if request.resolver_match and request.resolver_match.url_name.endswith("changelist"):
            queryset = queryset.annotate(recruiter_count=working)
        return queryset

    def save_model(self, request, obj, form, change):
        if upload := form.cleaned_data.get("logo_file"):
            HiringFirm.objects.get(pk=obj.pk).change_logo(request.user, upload)
        form.changed_data[:] = [name for name in form.changed_data if name != "logo_file"]
        super().save_model(request, obj, form, change)

    @admin.display(description=_("active recruiters"), ordering="recruiter_count")
    def recruiter_count(self, firm):
        return firm.recruiter_count

    @admin.display(description=_("state"))
    def state(self, firm):
        if firm.deleted_at:
            return badge("deleted", _("deleted"))
        if not firm.is_active:
            return badge("inactive", _("suspended"))
        return badge("active", pgettext_lazy("firm", "active"))

    @admin.display(description=_("logo"))
    def logo_shown(self, firm):
        if not firm.logo:
            return "–"
        return format_html('<img src="{}" alt="" class="logo">', firm.logo.url)
