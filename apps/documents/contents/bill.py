"""What an invoice shows: parties, lines, both taxes with their registration numbers, terms."""

from django.conf import settings

from apps.documents.contents.people import firm_of, local
from apps.documents.contents.words import clean


def bill(invoice, language: str) -> dict:
    firm = invoice.hiring_firm
    buyer = invoice.parties.get("buyer") or {"name": firm.name, "address": firm.address}
    return {
        "firm": firm_of(firm) | {"name": "", "logo": ""},
        "seller": invoice.parties.get("seller") or settings.SELLER,
        "buyer": {name: clean(buyer[name]) for name in ("name", "address")},
        "audience": "recruiter",
        "invoice": {
            "number": invoice.printed_number,
            "status": invoice.status,
            "period": (invoice.period_start, invoice.period_end),
            "opened_on": local(invoice.opened_at),
            "due_on": invoice.due_on,
            "paid_at": local(invoice.paid_at),
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
