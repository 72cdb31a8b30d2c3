import django_filters as filters

from apps.activities.models import Activity
from apps.jsonapi.filters import Ids, OneOf, Synchronised


class ActivityFilters(Synchronised):
    key = OneOf()
    trackable_type = filters.CharFilter()
    trackable_id = Ids()
    candidate = Ids()

    class Meta:
        model = Activity
        fields = []
