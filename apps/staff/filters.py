from django.apps import apps
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from apps.staff.columns import type_in_words
from apps.staff.search import as_uuid


class FirmFilter(admin.SimpleListFilter):
    """A few firms are links; of many, those whose name holds what was written."""

    SHOWN = 30
    title, parameter_name, template = _("firm"), "firm", "admin/firm_filter.html"

    def lookups(self, request, model_admin):
        value = (self.value() or "").replace("\x00", "").strip()
        self.chosen = as_uuid(value)
        self.words = "" if self.chosen else value
        firms = apps.get_model("firms.HiringFirm").objects.order_by("name")
        found = self._first(firms, self.SHOWN + 1)
        self.many = len(found) > self.SHOWN
        if self.many and self.chosen:
            return self._first(firms.filter(pk=self.chosen))
        if self.many:
            return self._first(firms.filter(name__icontains=self.words)) if self.words else []
        return found

    def _first(self, firms, many=SHOWN):
        return [(str(pk), name) for pk, name in firms.values_list("pk", "name")[:many]]

    def has_output(self):
        return self.many or len(self.lookup_choices) > 1

    def choices(self, changelist):
        mine = {self.parameter_name, "p"}
        self.others = [
            (name, value)
            for name, values in changelist.params.items()
            for value in (values if isinstance(values, list) else [values])
            if name not in mine
        ]
        return super().choices(changelist)

    def queryset(self, request, queryset):
        if self.chosen:
            return queryset.filter(hiring_firm=self.chosen)
        if self.words:
            return queryset.filter(hiring_firm__in=[pk for pk, _name in self.lookup_choices])
        return queryset


def known(values, words, in_words=str):
    """A filter by these values, without asking a large table which there are."""

    class Known(admin.AllValuesFieldListFilter):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.lookup_choices, self.title = values, words

        def choices(self, changelist):
            every, *others = super().choices(changelist)
            yield every
            for choice in others:
                yield choice | {"display": in_words(choice["display"])}

    return Known


def types(names, words):
    """A filter by the sort of thing that a row is about."""
    return known(names, words, type_in_words)


class Happened(admin.EmptyFieldListFilter):
    """Whether there is a time: yes or no, and not whether a column is empty."""

    def choices(self, changelist):
        words = [_("All"), _("No"), _("Yes")]
        for choice, display in zip(super().choices(changelist), words, strict=True):
            yield choice | {"display": display}


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
