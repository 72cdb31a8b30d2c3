import django_filters as filters

from apps.jsonapi.filters import Synchronised
from apps.recruiters.models import Recruiter


class RecruiterFilters(Synchronised):
    is_active_hf = filters.BooleanFilter()
    is_root = filters.BooleanFilter()

    class Meta:
        model = Recruiter
        fields = []
