"""Invoices: what finance opens, sees paid, and voids; nothing of an open one is rewritten."""

from decimal import Decimal

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.billing.models import Invoice, InvoiceLine
from apps.staff.columns import badge
from apps.staff.filters import FirmFilter, YesNo
from apps.staff.model_admin import StaffAdmin
from apps.staff.read_only import ReadOnlyInline
from apps.staff.verbs import Verb


def dollars(cents: int) -> str:
    """As the reader's language writes it: $1,370.00, or 1 370,00 $."""
    amount = number_format(Decimal(cents) / 100, 2, force_grouping=True)
    return f"{amount}\u00a0$" if get_language() == "fr" else f"${amount}"


class OverdueFilter(YesNo):
    title, parameter_name = _("past due"), "overdue"

    def narrow(self, queryset, yes):
        late = {"status": "open", "due_on__lt": timezone.localdate()}
        return queryset.filter(**late) if yes else queryset.exclude(**late)


class LineInline(ReadOnlyInline):
    model = InvoiceLine
    fields = ("what", "quantity", "price", "sum")
    show_change_link = False

    @admin.display(description=_("description"))
    def what(self, line):
        return line.description_fr if get_language() == "fr" else line.description

    @admin.display(description=_("unit price"))
    def price(self, line):
        return dollars(line.unit_price)

    @admin.display(description=_("amount"))
    def sum(self, line):
        return dollars(line.amount)


@admin.register(Invoice)
class InvoiceAdmin(StaffAdmin):
    list_display = [
        "printed_number",
        "firm",
        "state",
        "period_start",
        "amount",
        "due_on",
        "paid_at",
    ]
    list_filter = ["status", OverdueFilter, FirmFilter]
    list_select_related = ["hiring_firm"]
    search_fields = ["=number", "hiring_firm__name"]
    search_help_text = _("A number or a firm.")
    date_hierarchy = "period_start"
    found_everywhere = True
    csv = (
        "id", "number", "hiring_firm__name", "status", "period_start", "period_end", "subtotal",
        "gst", "qst", "total", "due_on", "paid_at",
    )  # fmt: skip
    timeline_of = "self"
    fieldsets = [
        (
            None,
            {"fields": ["printed_number", "firm", "state", "period_start", "period_end", "sealed"]},
        ),
        (_("Amounts"), {"fields": ["net", "tax_gst", "tax_qst", "amount"]}),
        (_("Times"), {"fields": ["created_at", "opened_at", "due_on", "paid_at", "voided_at"]}),
    ]
    inlines = (LineInline,)
    verbs = (
        Verb(
            "open",
            _("Open"),
            _("The invoice gets its number and can't be changed any more; the firm sees it."),
            lambda invoice, by: invoice.open(by),
            fits=lambda invoice: invoice.status == "draft",
        ),
        Verb(
            "pay",
            _("Mark as paid"),
            _("The money has arrived. This can't be undone."),
            lambda invoice, by: invoice.pay(by),
            fits=lambda invoice: invoice.status == "open",
        ),
        Verb(
            "void",
            _("Void"),
            _("The invoice keeps its number and asks for nothing any more."),
            lambda invoice, by: invoice.void(by),
            fits=lambda invoice: invoice.status == "open",
        ),
        Verb(
            "draft_again",
            _("Draft again"),
            _("A new draft of the same month, from what was used and today's prices."),
            lambda invoice, by: invoice.draft_again(by),
            fits=lambda invoice: invoice.status == "void",
        ),
    )

    def get_search_results(self, request, queryset, search_term):
        return super().get_search_results(
            request, queryset, search_term.strip().upper().removeprefix("V-").lstrip("0")
        )

    def pages(self, request, thing):
        return [(_("Preview"), reverse("admin:report", args=["invoices", thing.pk]))]

    @admin.display(description=_("number"), ordering="number")
    def printed_number(self, invoice):
        return invoice.printed_number if invoice.number else _("draft")

    @admin.display(description=_("seal"))
    def sealed(self, invoice):
        if not invoice.seal:
            return "–"
        if invoice.is_intact:
            return badge("intact", _("intact"), "good")
        return badge("broken", _("broken: it was changed outside the service"), "stop")

    @admin.display(description=_("total"), ordering="total")
    def amount(self, invoice):
        return dollars(invoice.total)

    @admin.display(description=_("subtotal"))
    def net(self, invoice):
        return dollars(invoice.subtotal)

    @admin.display(description=_("GST"))
    def tax_gst(self, invoice):
        return dollars(invoice.gst)

    @admin.display(description=_("QST"))
    def tax_qst(self, invoice):
        return dollars(invoice.qst)

    @admin.display(description=_("state"), ordering="status")
    def state(self, invoice):
        if invoice.status == "open" and invoice.due_on and invoice.due_on < timezone.localdate():
            return badge("overdue", _("past due"))
        return badge(invoice.status, _(invoice.status))
