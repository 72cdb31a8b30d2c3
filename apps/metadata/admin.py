from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.metadata.models import Metadatum
from apps.staff.columns import kind_of, link_to
from apps.staff.filters import FirmFilter, types
from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnly


@admin.register(Metadatum)
class MetadatumAdmin(ReadOnly, StaffAdmin):
    list_display = ["created_at", "kind", "source", "browser", "os", "firm"]
    list_filter = [
        "source",
        ("identifiable_type", types(("Candidate", "Reference"), _("who submitted"))),
        FirmFilter,
    ]
    list_select_related = ["hiring_firm"]
    about_id = "identifiable_id"
    search_fields = ["ip_address"]
    search_help_text = _("An address, or the id of who submitted.")
    date_hierarchy = "created_at"
    personal = ("ip_address", "user_agent")
    csv = (
        "id", "created_at", "identifiable_type", "identifiable_id", "source", "ip_address",
        "browser", "os",
    )  # fmt: skip
    fields = (
        "created_at", "who", "source", "ip_address", "browser", "browser_version", "os",
        "os_version", "user_agent", "firm",
    )  # fmt: skip
    kind = kind_of("identifiable", _("who"))
    who = link_to("identifiable", _("who"))
