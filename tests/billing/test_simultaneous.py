"""Eight open eight invoices at once: eight numbers, no gap. All open one: it is opened once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from apps.billing.models import Invoice
from tests.billing.test_invoices import make_invoice

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
