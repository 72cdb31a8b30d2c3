"""What an invoice shows: parties, lines, both taxes with their registration numbers, terms."""

from django.conf import settings

from apps.documents.contents.people import firm_of
from apps.documents.contents.words import clean


def bill(invoice, language: str) -> dict:
    return {
        "firm": firm_of(invoice.hiring_firm),
        "seller": settings.SELLER,
        "audience": "recruiter",
        "invoice": {
            "number": invoice.printed_number,
            "status": invoice.status,
            "period": (invoice.period_start, invoice.period_end),
            "opened_on": invoice.opened_on,
            "due_on": invoice.due_on,
            "paid_at": invoice.paid_at,
            "subtotal": invoice.subtotal,
            "gst": invoice.gst,
            "qst": invoice.qst,
            "total": invoice.total,
        },
        "lines": [
            {
                "description": clean(each.description_fr if language == "fr" else each.description),
                "quantity": each.quantity,
                "unit_price": each.unit_price,
                "amount": each.amount,
            }
            for each in invoice.lines.all()
        ],
    }
