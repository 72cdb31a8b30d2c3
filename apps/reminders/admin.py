from django.contrib import admin
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.reminders.models import Reminder
from apps.staff.columns import column, kind_of, link_to, when
from apps.staff.filters import FirmFilter, types
from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnly
from apps.staff.verbs import Verb

TARGETS = ("ReferenceRequest", "Reference", "Verification")

REMIND = Verb(
    "remind",
    _("Remind"),
    _("One reminder goes by email and text, within the limits of the rule."),
    lambda target, by: target.remind(by),
    fits=lambda target: target.status in target.WAITING,
)
RESEND = Verb(
    "resend",
    _("Resend the invitation"),
    _("They get the invitation again, with the same link."),
    lambda target, by: target.resend(by),
    fits=lambda target: target.status in (*target.WAITING, "bounced"),
)
CANCEL = Verb(
    "cancel",
    _("Cancel"),
    _("Nobody writes to this person any more about this; the link stops working."),
    lambda target, by: target.cancel(by),
    fits=lambda target: target.status in target.LIVE,
)
REMINDERS = (
    _("Reminders"),
    {"fields": ["reminder_count", "automatic_reminder_count", "next_reminder", "why_not"]},
)


class RemindableAdmin(StaffAdmin):
    """A request, a reference or a verification: whom we wait for, and when we remind."""

    timeline_of = "self"
    date_hierarchy = "created_at"
    recruiter = column("requested_by.full_name", _("recruiter"), "requested_by__user__last_name")

    @admin.display(description=_("next reminder"))
    def next_reminder(self, thing):
        return when(thing.next_scheduled_at)

    @admin.display(description=_("why none"))
    def why_not(self, thing):
        return thing.nothing_to_remind or "–"


@admin.register(Reminder)
class ReminderAdmin(ReadOnly, StaffAdmin):
    list_display = ["created_at", "kind", "ordinal", "automatic", "candidate_link", "firm"]
    list_filter = [("target_type", types(TARGETS, _("who was reminded"))), "automatic", FirmFilter]
    list_select_related = ["hiring_firm", "candidate"]
    about_id = "target_id"
    search_fields = ["target_id"]
    search_help_text = _("The id of who was reminded.")
    date_hierarchy = "created_at"
    csv = ("id", "created_at", "target_type", "target_id", "ordinal", "automatic")
    fields = (
        "created_at", "who", "ordinal", "automatic", "recruiter", "candidate_link", "firm",
    )  # fmt: skip
    kind = kind_of("target", _("who"))

    def heading(self, thing):
        return f"{capfirst(self.opts.verbose_name)} {thing.ordinal}"

    who = link_to("target", _("who"))
