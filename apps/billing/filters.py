from apps.billing.models import Invoice
from apps.jsonapi.filters import Known, Synchronised

SEEN = [each for each in Invoice.Status.choices if each[0] != Invoice.Status.DRAFT]


class InvoiceFilters(Synchronised):
    status = Known(choices=SEEN)

    class Meta:
        model = Invoice
        fields = []
