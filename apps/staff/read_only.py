"""What nobody rewrites."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.staff import masking
from apps.staff.columns import badge


class ReadOnly:
    """Records of what happened: looked at, never written."""

    def has_add_permission(self, request, *args):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class ReadOnlyInline(ReadOnly, admin.TabularInline):
    template = "admin/read_only_inline.html"
    extra = 0
    max_num = 0
    can_delete = False
    show_change_link = True

    def get_readonly_fields(self, request, obj=None):
        return self.fields

    @admin.display(description=_("email"))
    def masked_email(self, thing):
        return masking.masked(thing.email) or "–"

    @admin.display(description=_("state"))
    def state(self, thing):
        return badge(thing.status, thing.get_status_display())
