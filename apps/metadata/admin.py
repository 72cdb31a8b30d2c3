from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.metadata.models import Metadatum
from apps.staff.filters import FirmFilter
from apps.staff.model_admin import ReadOnly, StaffAdmin, as_uuid, page_of


@admin.register(Metadatum)
class MetadatumAdmin(ReadOnly, StaffAdmin):
    list_display = [
        "created_at",
        "identifiable_type",
        "source",
        "ip_address",
        "browser",
        "os",
        "firm",
    ]
    list_filter = ["source", "identifiable_type", ("hiring_firm", FirmFilter)]
    list_select_related = ["hiring_firm"]
    search_fields = ["ip_address"]
    search_help_text = _("An address, or the id of who submitted.")
    date_hierarchy = "created_at"
    csv = (
        "id", "created_at", "identifiable_type", "identifiable_id", "source", "ip_address",
        "browser", "os",
    )  # fmt: skip
    fields = (
        "created_at", "identifiable_type", "identifiable_id", "source", "ip_address", "browser",
        "browser_version", "os", "os_version", "user_agent", "firm",
    )  # fmt: skip

    def get_search_results(self, request, queryset, search_term):
        if (found := as_uuid(search_term)) is not None:
            return queryset.filter(identifiable_id=found) | queryset.filter(pk=found), False
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("firm"), ordering="hiring_firm__name")
    def firm(self, metadatum):
        return page_of(metadatum.hiring_firm)
