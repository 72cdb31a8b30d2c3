import django_filters as filters

from apps.candidates.models import Candidate, Education, Experience
from apps.jsonapi.filters import Flag, Ids, Search, Synchronised


class CandidateFilters(Synchronised):
    search = Search()
    internal_id = filters.CharFilter()
    email = filters.CharFilter(lookup_expr="iexact")
    added_by = Ids()
    filled = Flag(method="by_request")

    def by_request(self, queryset, name, value):
        filled = Candidate.objects.filter(reference_requests__filled_at__isnull=False)
        return queryset.filter(pk__in=filled) if value else queryset.exclude(pk__in=filled)

    class Meta:
        model = Candidate
        fields = []


class ExperienceFilters(Synchronised):
    profile = Ids()

    class Meta:
        model = Experience
        fields = []


class EducationFilters(ExperienceFilters):
    class Meta:
        model = Education
        fields = []
