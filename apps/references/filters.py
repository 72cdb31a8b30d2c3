import django_filters as filters

from apps.jsonapi.filters import Flag, Ids, Known, Search, Synchronised
from apps.references.models import Reference, ReferenceRequest


class ReferenceRequestFilters(Synchronised):
    candidate = Ids()
    question_set = Ids()
    status = Known(choices=ReferenceRequest.Status.choices)
    filled = Flag(field_name="filled_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = ReferenceRequest
        fields = []


class ReferenceFilters(Synchronised):
    search = Search()
    candidate = Ids()
    reference_request = Ids()
    status = Known(choices=Reference.Status.choices)
    internal_id = filters.CharFilter()
    filled = Flag(field_name="filled_at", lookup_expr="isnull", exclude=True)
    is_pending = Flag(method="by_review")

    def by_review(self, queryset, name, value):
        pending = {"status": Reference.Status.PENDING_REVIEW}
        return queryset.filter(**pending) if value else queryset.exclude(**pending)

    class Meta:
        model = Reference
        fields = []
