"""Who signed in to the admin, and who failed to."""

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnly
from apps.staff.verbs import Verb

# Secrets of the second step are nobody's to read: a lost phone is reset on the user's page.
admin.site.unregister([StaticDevice, TOTPDevice])
admin.site.unregister([AccessAttempt, AccessLog, AccessFailureLog])  # we show two of them our way


class AccessAdmin(ReadOnly, StaffAdmin):
    search_fields = ["username", "ip_address"]
    search_help_text = _("An email or an address.")
    date_hierarchy = "attempt_time"


@admin.register(AccessAttempt)
class AccessAttemptAdmin(AccessAdmin):
    list_display = ["username", "attempt_time", "failures_since_start", "ip_address"]
    fields = (
        "username", "failures_since_start", "attempt_time", "ip_address", "user_agent",
    )  # fmt: skip
    verbs = (
        Verb(
            "unlock",
            _("Unlock"),
            _("The failures are forgotten: they may try again at once."),
            lambda attempt, by: attempt.delete(),
        ),
    )

    def heading(self, thing):
        return thing.username


@admin.register(AccessLog)
class AccessLogAdmin(AccessAdmin):
    list_display = ["username", "attempt_time", "logout_time", "ip_address"]
    fields = ("username", "attempt_time", "logout_time", "ip_address", "user_agent")

    def heading(self, thing):
        return thing.username
