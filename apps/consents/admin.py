from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.consents.models import Consent
from apps.staff.filters import FirmFilter
from apps.staff.model_admin import ReadOnly, StaffAdmin, as_uuid, page_of


@admin.register(Consent)
class ConsentAdmin(ReadOnly, StaffAdmin):
    list_display = ["created_at", "purpose", "given", "subject_type", "candidate_link", "firm"]
    list_display_links = ["purpose"]
    list_filter = ["purpose", "given", "language", ("hiring_firm", FirmFilter)]
    list_select_related = ["hiring_firm", "candidate"]
    search_fields = ["subject_id"]
    search_help_text = _("The id of who consented.")
    date_hierarchy = "created_at"
    csv = (
        "id", "created_at", "subject_type", "subject_id", "purpose", "given", "text_version",
        "language", "hiring_firm__name",
    )  # fmt: skip
    fields = (
        "created_at", "purpose", "given", "subject_type", "subject_id", "text_version",
        "language", "ip_address", "recorded_by", "candidate_link", "firm",
    )  # fmt: skip

    def get_search_results(self, request, queryset, search_term):
        if (found := as_uuid(search_term)) is not None:
            return queryset.filter(subject_id=found) | queryset.filter(pk=found), False
        return (queryset.none() if search_term else queryset), False

    @admin.display(description=_("firm"), ordering="hiring_firm__name")
    def firm(self, consent):
        return page_of(consent.hiring_firm)

    @admin.display(description=_("candidate"))
    def candidate_link(self, consent):
        return page_of(consent.candidate)
