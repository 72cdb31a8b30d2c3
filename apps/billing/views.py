from apps.billing.filters import InvoiceFilters
from apps.billing.models import Invoice
from apps.billing.serializers import InvoiceSerializer
from apps.jsonapi.permissions import RootOnly
from apps.jsonapi.views import ResourceViews


class InvoiceViews(ResourceViews):
    """What `documents?type=invoices` prints, found by list."""

    queryset = Invoice.objects.all()
    serializer_class = InvoiceSerializer
    filterset_class = InvoiceFilters
    permission_classes = [RootOnly]
    sortable = {"created_at": "created_at", "period_start": "period_start", "due_on": "due_on"}
    ordering = ("-period_start",)
