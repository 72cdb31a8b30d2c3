from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.consents.models import Consent
from apps.staff.columns import kind_of, link_to
from apps.staff.filters import FirmFilter
from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnly


@admin.register(Consent)
class ConsentAdmin(ReadOnly, StaffAdmin):
    list_display = ["created_at", "purpose", "given", "kind", "candidate_link", "firm"]
    list_display_links = ["purpose"]
    list_filter = ["purpose", "given", "language", FirmFilter]
    list_select_related = ["hiring_firm", "candidate"]
    about_id = "subject_id"
    search_fields = ["subject_id"]
    search_help_text = _("The id of who consented.")
    date_hierarchy = "created_at"
    personal = ("ip_address",)
    csv = (
        "id", "created_at", "subject_type", "subject_id", "purpose", "given", "text_version",
        "language", "hiring_firm__name",
    )  # fmt: skip
    fields = (
        "created_at", "purpose", "given", "who", "text_version", "language", "ip_address",
        "recorded_by", "candidate_link", "firm",
    )  # fmt: skip
    kind = kind_of("subject", _("who"))
    who = link_to("subject", _("who"))
