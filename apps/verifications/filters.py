import django_filters as filters

from apps.jsonapi.filters import Ids, OneOf, Synchronised
from apps.verifications.models import Verification


class VerificationFilters(Synchronised):
    candidate = Ids()
    status = OneOf()
    claim_type = filters.CharFilter()
    claim_id = Ids()

    class Meta:
        model = Verification
        fields = []
