import django_filters as filters

from apps.candidates.models import Candidate, Education, Experience
from apps.jsonapi.filters import Ids, Search, Synchronised


class CandidateFilters(Synchronised):
    search = Search()
    internal_id = filters.CharFilter()
    email = filters.CharFilter(lookup_expr="iexact")
    added_by = Ids()

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
