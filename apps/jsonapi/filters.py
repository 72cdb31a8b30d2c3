"""What the filters of several lists share."""

from datetime import UTC, datetime

import django_filters as filters
from django import forms
from django.utils import timezone

# Within these a moment has a date in every time zone; what is beyond means as much.
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Search(filters.CharFilter):
    """Every word, without case and accents; the model says where it looks."""

    def filter(self, queryset, value):
        return queryset.search(value) if value else queryset


class Moment(forms.DateTimeField):
    """ISO 8601; without a zone it is UTC, as all times that we tell."""

    def to_python(self, value):
        with timezone.override(UTC):
            return super().to_python(value)


class MomentFilter(filters.DateTimeFilter):
    field_class = Moment


class Synchronised(filters.FilterSet):
    """For those who keep a copy: what changed since they looked."""

    updated_since = MomentFilter(field_name="updated_at", method="since")

    def since(self, queryset, name, value):
        return queryset.filter(updated_at__gte=min(max(value, FIRST), LAST))


class Flag(filters.TypedChoiceFilter):
    """`true` or `false`, or 1 or 0."""

    def __init__(self, **kwargs):
        words = {"true": True, "false": False, "1": True, "0": False}
        super().__init__(choices=[(word, word) for word in words], coerce=words.get, **kwargs)


class OneOf(filters.BaseInFilter, filters.CharFilter):
    """One of several values, given with commas."""


class Known(filters.BaseInFilter, filters.ChoiceFilter):
    """One of several values of a choice, given with commas."""


class Ids(filters.BaseInFilter, filters.UUIDFilter):
    """One of several ids, given with commas."""
