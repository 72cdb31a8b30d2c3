"""What the filters of several lists share."""

from datetime import UTC, datetime

import django_filters as filters
from django.core.validators import MaxValueValidator, MinValueValidator

# Within these a moment has a date in every time zone.
MOMENTS = [
    MinValueValidator(datetime(1900, 1, 1, tzinfo=UTC)),
    MaxValueValidator(datetime(2200, 1, 1, tzinfo=UTC)),
]


class Search(filters.CharFilter):
    """Every word, without case and accents; the model says where it looks."""

    def filter(self, queryset, value):
        return queryset.search(value) if value else queryset


class Synchronised(filters.FilterSet):
    """For those who keep a copy: what changed since they looked."""

    updated_since = filters.IsoDateTimeFilter(
        field_name="updated_at", lookup_expr="gte", validators=MOMENTS
    )


class OneOf(filters.BaseInFilter, filters.CharFilter):
    """One of several values, given with commas."""


class Ids(filters.BaseInFilter, filters.UUIDFilter):
    """One of several ids, given with commas."""
