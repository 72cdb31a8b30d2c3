import django_filters as filters

from apps.accounts.models import User
from apps.jsonapi.filters import Synchronised


class UserFilters(Synchronised):
    email = filters.CharFilter(lookup_expr="iexact")

    class Meta:
        model = User
        fields = []
