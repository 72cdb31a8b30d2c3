from rest_framework import serializers

from apps.billing.models import Invoice
from apps.jsonapi.serializers import Constant, ResourceSerializer


class InvoiceSerializer(ResourceSerializer):
    """Amounts are cents; what they are for stands in the document."""

    number = serializers.CharField(source="printed_number", read_only=True)
    currency = Constant("CAD")

    class Meta:
        model = Invoice
        fields = [
            "number",
            "status",
            "period_start",
            "period_end",
            "currency",
            "subtotal",
            "gst",
            "qst",
            "total",
            "opened_at",
            "due_on",
            "paid_at",
            "voided_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields
