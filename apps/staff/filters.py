from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class FirmFilter(admin.RelatedFieldListFilter):
    """The first firms by name: a thousand more are found by searching for them."""

    SHOWN = 30

    def field_choices(self, field, request, model_admin):
        firms = field.related_model._default_manager.order_by("name").values_list("pk", "name")
        return list(firms[: self.SHOWN])


class YesNo(admin.SimpleListFilter):
    """A question about the row that a queryset answers."""

    def lookups(self, request, model_admin):
        return [("1", _("Yes")), ("0", _("No"))]

    def queryset(self, request, queryset):
        if self.value() not in ("0", "1"):
            return queryset
        return self.narrow(queryset, self.value() == "1")

    def narrow(self, queryset, yes: bool):
        raise NotImplementedError
