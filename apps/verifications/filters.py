import django_filters as filters

from apps.jsonapi.filters import Ids, Known, Synchronised
from apps.verifications.models import Verification


class VerificationFilters(Synchronised):
    candidate = Ids()
    status = Known(choices=Verification.Status.choices)
    claim_type = filters.CharFilter()
    claim_id = Ids()

    class Meta:
        model = Verification
        fields = []
