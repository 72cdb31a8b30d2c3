"""Invoices: drafted once a month, whole cents, numbers without a gap, and never rewritten."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.activities.models import Activity
from apps.billing.models import GST, QST, Invoice, InvoiceLine, InvoiceSeries, tax
from apps.billing.tasks import draft_invoices
from apps.billing.usage import last_month, month_after, usage
from apps.firms.models import HiringFirm
from tests.conftest import fill, make_reference
from tests.documents.samples import make_check


def make_invoice(firm, *lines, start=date(2026, 10, 1)) -> Invoice:
    invoice = Invoice.objects.create(
        hiring_firm=firm, period_start=start, period_end=month_after(start) - timedelta(days=1)
    )
    for quantity, price in lines or [(3, 900)]:
        InvoiceLine(
            invoice=invoice, description="Things", description_fr="Choses",
            quantity=quantity, unit_price=price,
        ).save()  # fmt: skip
    invoice.refresh_from_db()
    return invoice


@pytest.mark.parametrize(
    ("cents", "gst", "qst"),
    [(0, 0, 0), (1, 0, 0), (10, 1, 1), (100, 5, 10), (2700, 135, 269), (41360, 2068, 4126),
     (99_999_999, 5_000_000, 9_975_000)],
)  # fmt: skip
def test_taxes_are_whole_cents(cents, gst, qst):
    assert (tax(cents, GST), tax(cents, QST)) == (gst, qst)


def test_lines_make_the_total(firm):
    invoice = make_invoice(firm, (3, 900), (2, 1200), (7, 5))
    assert invoice.subtotal == 5135
    assert (invoice.gst, invoice.qst) == (257, 512)
    assert invoice.total == 5135 + 257 + 512
    invoice.lines.first().delete()
    invoice.refresh_from_db()
    assert invoice.subtotal == 2435


def test_numbers_have_no_gap(firm, other_firm, staff):
    first, broken, second = (
        make_invoice(firm), make_invoice(other_firm), make_invoice(firm, start=date(2026, 9, 1))
    )  # fmt: skip
    first.open(staff)
    with pytest.raises(RuntimeError), transaction.atomic():
        broken.open(staff)
        raise RuntimeError
    second.open(staff)
    assert [each.printed_number for each in (first, second)] == ["V-000001", "V-000002"]
    assert InvoiceSeries.objects.get().last == 2
    second.void(staff)
    broken.refresh_from_db()
    broken.open(staff)
    assert broken.number == 3
    assert Activity.objects.filter(key="invoice.open").count() == 3


def test_once_open_nothing_reaches_it(firm):
    invoice, other = make_invoice(firm), make_invoice(firm, start=date(2026, 9, 1))
    line = invoice.lines.get()
    invoice.open()
    stale = Invoice(**{f.attname: getattr(invoice, f.attname) for f in Invoice._meta.fields})
    attempts = [
        lambda: invoice.save(),
        lambda: stale.save(force_update=True),
        lambda: invoice.delete(),
        lambda: line.save(),
        lambda: line.delete(),
        lambda: invoice.open(),
        lambda: Invoice.objects.update(total=0),
        lambda: Invoice.objects.all().delete(),
        lambda: InvoiceLine.objects.update(quantity=1),
        lambda: invoice.lines.all().delete(),
        lambda: Invoice.objects.bulk_update([invoice], ["subtotal"]),
        lambda: InvoiceLine.objects.create(
            invoice=invoice, description="x", description_fr="x", quantity=1, unit_price=1
        ),
        lambda: InvoiceLine.objects.bulk_create([line]),
        lambda: InvoiceLine(
            **{f.attname: getattr(line, f.attname) for f in InvoiceLine._meta.fields}
            | {"invoice_id": other.pk}
        ).save(force_update=True),
    ]
    for attempt in attempts:
        with pytest.raises(ValidationError), transaction.atomic():
            attempt()
    invoice.refresh_from_db()
    assert invoice.total == 3104 and invoice.is_intact


def test_even_sql_shows(firm):
    """What goes around the models can't take number or seal away, and breaks the seal."""
    invoice = make_invoice(firm)
    invoice.open()
    with connection.cursor() as cursor:
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE billing_invoice SET number = NULL")
        with pytest.raises(IntegrityError), transaction.atomic():
            cursor.execute("UPDATE billing_invoice SET total = total + 1")
        cursor.execute("UPDATE billing_invoiceline SET description = 'Else'")
    invoice.refresh_from_db()
    assert not invoice.is_intact


def test_what_it_says_stays_as_it_was(firm, settings):
    invoice = make_invoice(firm)
    settings.SELLER = {**settings.SELLER, "name": "Before inc."}
    invoice.open()
    settings.SELLER = {**settings.SELLER, "name": "After inc."}
    firm.name = "Renamed"
    firm.save()
    invoice.refresh_from_db()
    assert invoice.parties["seller"]["name"] == "Before inc."
    assert invoice.parties["buyer"]["name"] == "Marchand Ouellet"
    assert invoice.is_intact


def test_paid_and_void_are_ends(firm):
    invoice = make_invoice(firm)
    with pytest.raises(ValidationError):
        invoice.pay()
    invoice.open()
    assert invoice.due_on > invoice.opened_at.date()
    invoice.pay()
    for verb in (invoice.pay, invoice.void, invoice.open):
        with pytest.raises(ValidationError):
            verb()
    assert Invoice.objects.get().status == "paid"


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("America/Toronto"))


def test_a_month_is_drafted_once_from_what_was_used(firm, other_firm, bob, alice):
    request = make_check(bob, 3)
    reopened = request.references.filter(status="filled").first()
    reopened.reopen(bob)
    fill(reopened)
    start = last_month()
    Activity.objects.update(created_at=at(start))
    this_month = make_reference(request, email="new@reference.example", phone="5145550155")
    fill(this_month)
    request.candidate.remove(alice)  # deleting does not make it free
    for _again in range(3):
        draft_invoices()
    invoice = Invoice.objects.get()
    assert invoice.hiring_firm == firm and invoice.status == "draft"
    assert (invoice.period_start, invoice.period_end) == (
        start,
        month_after(start) - timedelta(days=1),
    )
    line = invoice.lines.get()
    assert (line.quantity, line.unit_price, line.amount) == (3, 900, 2700)
    invoice.open()
    invoice.void()
    draft_invoices()  # what was voided comes back only by hand
    assert Invoice.objects.count() == 1
    again = invoice.draft_again()
    assert (again.period_start, again.total, again.status) == (start, invoice.total, "draft")
    for refused in (again, invoice):  # no longer void; drafted already
        with pytest.raises(ValidationError):
            refused.draft_again()
    assert Invoice.objects.count() == 2


def test_one_firms_error_stops_no_other(firm, other_firm, bob, monkeypatch, caplog):
    make_check(bob, 1)
    Activity.objects.update(created_at=at(last_month()))

    def fail(firm, start):
        return usage(firm, start) if firm != other_firm else 1 / 0

    monkeypatch.setattr("apps.billing.models.usage", fail)
    first = firm.created_at - timedelta(days=1)
    HiringFirm.objects.filter(pk=other_firm.pk).update(created_at=first)
    draft_invoices()
    assert Invoice.objects.get().hiring_firm == firm
    (record,) = [each for each in caplog.records if each.message == "row_not_swept"]
    assert record.row == f"HiringFirm/{other_firm.pk}"


def test_the_task_looks_at_firms_not_at_rows(firm, django_assert_max_num_queries):
    with CaptureQueriesContext(connection) as queries:
        draft_invoices()
    assert len(queries) <= 12
