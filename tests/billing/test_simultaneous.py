"""Eight open eight invoices at once: eight numbers, no gap. All open one: it is opened once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from apps.billing.models import Invoice, InvoiceLine
from tests.billing.test_invoices import make_invoice
from tests.references.test_simultaneous import at_once, fresh

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def opened(pk) -> bool:
    try:
        Invoice.objects.get(pk=pk).open()
        return True
    except ValidationError:
        return False
    finally:
        connection.close()


def test_numbers_have_no_gap_and_no_double(firm):
    months = [make_invoice(firm, start=date(2025, month, 1)).pk for month in range(1, 9)]
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(opened, months))
    assert sorted(Invoice.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_one_is_opened_once(firm):
    invoice = make_invoice(firm)
    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(opened, [invoice.pk] * 8)) == 1
    assert Invoice.objects.get().number == 1


@pytest.mark.parametrize("edit", ["change", "add", "remove"])
def test_a_line_written_while_it_is_opened_is_counted_or_refused(firm, edit):
    for month in range(1, 9):
        invoice = make_invoice(firm, (3, 900), (2, 50), start=date(2025, month, 1))
        line = invoice.lines.last()

        def written(invoice=invoice, line=line):
            found = InvoiceLine.objects.get(pk=line.pk)
            if edit == "remove":
                return found.delete()
            if edit == "add":
                found = InvoiceLine(
                    invoice=fresh(invoice), description="x", description_fr="x", unit_price=7
                )
            found.quantity = 99
            return found.save()

        at_once(lambda invoice=invoice: fresh(invoice).open(), written)
        opened = fresh(invoice)
        assert opened.status == "open" and opened.is_intact
        assert opened.subtotal == sum(line.amount for line in opened.lines.all())
