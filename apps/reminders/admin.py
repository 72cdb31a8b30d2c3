from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.reminders.models import Reminder
from apps.staff.filters import FirmFilter
from apps.staff.model_admin import ReadOnly, StaffAdmin, as_uuid, page_of


@admin.register(Reminder)
class ReminderAdmin(ReadOnly, StaffAdmin):
    list_display = ["created_at", "target_type", "ordinal", "automatic", "candidate_link", "firm"]
    list_filter = ["target_type", "automatic", "ordinal", ("hiring_firm", FirmFilter)]
    list_select_related = ["hiring_firm", "candidate"]
    search_fields = ["target_id"]
    search_help_text = _("The id of who was reminded.")
    date_hierarchy = "created_at"
    csv = ("id", "created_at", "target_type", "target_id", "ordinal", "automatic")
    fields = (
        "created_at", "target_type", "target_id", "ordinal", "automatic", "recruiter",
        "candidate_link", "firm",
    )  # fmt: skip

    def get_search_results(self, request, queryset, search_term):
        if (found := as_uuid(search_term)) is not None:
            return queryset.filter(target_id=found) | queryset.filter(pk=found), False
        return (queryset.none() if search_term else queryset), False

    @admin.display(description=_("firm"), ordering="hiring_firm__name")
    def firm(self, reminder):
        return page_of(reminder.hiring_firm)

    @admin.display(description=_("candidate"))
    def candidate_link(self, reminder):
        return page_of(reminder.candidate)
