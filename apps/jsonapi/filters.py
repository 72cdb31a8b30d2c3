"""What the filters of several lists share."""

import django_filters as filters


class Search(filters.CharFilter):
    """Every word, without case and accents; the model says where it looks."""

    def filter(self, queryset, value):
        return queryset.search(value) if value else queryset


class Synchronised(filters.FilterSet):
    """For those who keep a copy: what changed since they looked."""

    updated_since = filters.IsoDateTimeFilter(field_name="updated_at", lookup_expr="gte")


class OneOf(filters.BaseInFilter, filters.CharFilter):
    """One of several values, given with commas."""


class Ids(filters.BaseInFilter, filters.UUIDFilter):
    """One of several ids, given with commas."""
