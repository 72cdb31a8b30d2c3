"""Invoices: whole cents, gap-free numbers, immutable once open."""

import hashlib
import json
from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.activities.models import Activity
from apps.billing.usage import month_after, usage
from apps.jsonapi.resources import Resource

GST, QST = 5_000, 9_975  # hundred-thousandths of the subtotal


def tax(cents: int, rate: int) -> int:
    """Half a cent is rounded up."""
    return (cents * rate + 50_000) // 100_000


def locked() -> ValidationError:
    return ValidationError(_("An invoice that was opened can't change."), code="locked")


class InvoiceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only the firm's root recruiters see its invoices, once they are open."""
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None or not recruiter.is_root:
            return self.none()
        return self.filter(hiring_firm_id=recruiter.hiring_firm_id).exclude(status="draft")

    def drafts(self):
        return self.filter(status=Invoice.Status.DRAFT)

    def due(self):
        return self.filter(status=Invoice.Status.OPEN, due_on__lt=timezone.localdate())

    def update(self, **fields):
        """Bulk writes reach drafts only; the verbs have a door of their own."""
        if self.exclude(status="draft").exists():
            raise locked()
        return super().update(**fields)

    def delete(self):
        if self.exclude(status="draft").exists():
            raise locked()
        return super().delete()

    def draft(self, firm, start: date) -> "Invoice | None":
        """A draft of what the firm used in the month from `start`; None without use, or twice."""
        used = usage(firm, start)
        if not used:
            return None
        invoice = Invoice(
            hiring_firm=firm, period_start=start, period_end=month_after(start) - timedelta(days=1)
        )
        try:
            with transaction.atomic():
                invoice.save(force_insert=True)
                InvoiceLine.objects.bulk_create(
                    InvoiceLine(invoice=invoice, **line) for line in used
                )
                invoice.total_up()
        except IntegrityError:  # another worker drafted it at the same moment
            return None
        return invoice


class InvoiceSeries(models.Model):
    """The last number given. Its row is locked while a number is given: no gap, no double."""

    last = models.PositiveIntegerField(default=0)

    def __str__(self):
        return str(self.last)


class Invoice(Resource):
    """`draft → open → paid | void`. Amounts are CAD cents; GST and QST on the subtotal."""

    TERMS = timedelta(days=30)

    class Status(models.TextChoices):
        DRAFT = "draft", gettext_lazy("draft")
        OPEN = "open", gettext_lazy("open")
        PAID = "paid", gettext_lazy("paid")
        VOID = "void", gettext_lazy("void")

    hiring_firm = models.ForeignKey("firms.HiringFirm", models.PROTECT, related_name="invoices")
    number = models.PositiveIntegerField(null=True, blank=True, unique=True)  # given on opening
    status = models.CharField(max_length=5, choices=Status, default=Status.DRAFT)
    period_start = models.DateField()
    period_end = models.DateField()
    subtotal = models.PositiveIntegerField(default=0)
    gst = models.PositiveIntegerField(default=0)
    qst = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    parties = models.JSONField(default=dict, blank=True)  # who bills whom, frozen on opening
    seal = models.CharField(max_length=64, blank=True, editable=False)  # a hash of all it says
    opened_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        ordering = ["-period_start", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["hiring_firm", "period_start"],
                condition=~Q(status="void"),
                name="invoice_once_per_period",
            ),
            models.CheckConstraint(
                condition=Q(total=F("subtotal") + F("gst") + F("qst")), name="invoice_total"
            ),
            models.CheckConstraint(
                # NULL >= 1 is not false, and would pass.
                condition=Q(status="draft", number=None)
                | (~Q(status="draft") & Q(number__isnull=False, number__gte=1)),
                name="invoice_open_has_number",
            ),
            models.CheckConstraint(
                condition=Q(status="draft", seal="", opened_at=None)
                | (~Q(status="draft") & ~Q(seal="") & Q(opened_at__isnull=False)),
                name="invoice_open_is_sealed",
            ),
            models.CheckConstraint(
                condition=~Q(status="paid") | Q(paid_at__isnull=False), name="invoice_paid_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(status="void") | Q(voided_at__isnull=False),
                name="invoice_void_has_time",
            ),
        ]

    def __str__(self):
        return f"{self.printed_number} {self.hiring_firm}"

    @property
    def printed_number(self) -> str:
        return f"V-{self.number:06d}" if self.number else _("Draft")

    @property
    def is_open_for_change(self) -> bool:
        """Looked up in the database: an instance may be older than its opening."""
        return not Invoice.objects.filter(pk=self.pk).exclude(status="draft").exists()

    @property
    def is_intact(self) -> bool:
        """Whether it still says what it said when it was opened."""
        return self.status == self.Status.DRAFT or self.seal == self._seal()

    def save(self, **kwargs):
        if not self.is_open_for_change:
            raise locked()
        super().save(**kwargs)

    def delete(self, **kwargs):
        if not self.is_open_for_change:
            raise locked()
        return super().delete(**kwargs)

    def total_up(self) -> None:
        """Sums and taxes from the lines."""
        self.subtotal = sum(line.amount for line in self.lines.all())
        self.gst, self.qst = tax(self.subtotal, GST), tax(self.subtotal, QST)
        self.total = self.subtotal + self.gst + self.qst
        self.save()

    @transaction.atomic
    def open(self, by=None) -> None:
        """Give it the next number and fix every word of it."""
        series = InvoiceSeries.objects.select_for_update().get_or_create(pk=1)[0]
        self.lock()  # against a line that is written at this moment
        if self.status != self.Status.DRAFT:
            raise self._wrong_state()
        if not self.lines.exists():
            raise ValidationError(_("An invoice needs a line."), code="invalid")
        self.total_up()
        series.last += 1
        series.save()
        now = timezone.now()
        self.number, self.opened_at = series.last, now
        self.due_on = timezone.localdate(now) + self.TERMS
        firm = self.hiring_firm
        self.parties = {
            "seller": settings.SELLER,
            "buyer": {"name": firm.name, "address": firm.address},
        }
        self._move(
            self.Status.OPEN,
            passing=[self.Status.DRAFT],
            number=self.number,
            opened_at=now,
            due_on=self.due_on,
            parties=self.parties,
            seal=self._seal(),
        )
        Activity.record(by, "invoice.open", self, number=self.printed_number)

    @transaction.atomic
    def pay(self, by=None) -> None:
        self._move(self.Status.PAID, passing=[self.Status.OPEN], paid_at=timezone.now())
        Activity.record(by, "invoice.pay", self, number=self.printed_number)

    @transaction.atomic
    def void(self, by=None) -> None:
        """It keeps its number, so that there is no gap; the month can be drafted again."""
        self._move(self.Status.VOID, passing=[self.Status.OPEN], voided_at=timezone.now())
        Activity.record(by, "invoice.void", self, number=self.printed_number)

    @transaction.atomic
    def draft_again(self, by=None) -> "Invoice":
        """The month of a voided one, from what was used and today's prices; only by hand."""
        if self.status != self.Status.VOID:
            raise self._wrong_state()
        draft = Invoice.objects.draft(self.hiring_firm, self.period_start)
        if draft is None:
            raise ValidationError(
                _("This month has another invoice, or nothing to bill."), code="state"
            )
        Activity.record(by, "invoice.draft", draft, instead_of=self.printed_number)
        return draft

    def _move(self, to: str, *, passing, **fields) -> None:
        """The one door through which an opened invoice goes on: its state, never its words."""
        rows = models.QuerySet(Invoice).filter(pk=self.pk, status__in=passing)
        fields = {"status": to, "updated_at": timezone.now(), **fields}
        if not rows.update(**fields):
            self.refresh_from_db()
            raise self._wrong_state()
        for name, value in fields.items():
            setattr(self, name, value)

    def _wrong_state(self) -> ValidationError:
        return ValidationError(
            _("This can't be done any more: it is %(status)s."),
            code="state",
            params={"status": self.get_status_display()},
        )

    def _seal(self) -> str:
        said = {
            name: str(getattr(self, name))
            for name in ("number", "period_start", "period_end", "due_on", "hiring_firm_id")
        }
        said |= {name: getattr(self, name) for name in ("subtotal", "gst", "qst", "total")}
        said["parties"] = self.parties
        said["lines"] = list(
            self.lines.order_by("id").values_list(
                "description", "description_fr", "quantity", "unit_price", "amount"
            )
        )
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class InvoiceLineQuerySet(models.QuerySet):
    def update(self, **fields):
        self.must_be_draft()
        return super().update(**fields)

    def delete(self):
        self.must_be_draft()
        return super().delete()

    def bulk_create(self, lines, **how):
        lines = list(lines)
        invoices = Invoice.objects.filter(pk__in={line.invoice_id for line in lines})
        if invoices.exclude(status="draft").exists():
            raise locked()
        return super().bulk_create(lines, **how)

    def must_be_draft(self):
        if self.exclude(invoice__status="draft").exists():
            raise locked()


class InvoiceLine(Resource):
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    description = models.CharField(max_length=200)
    description_fr = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    unit_price = models.PositiveIntegerField()
    amount = models.PositiveIntegerField(editable=False)

    objects = InvoiceLineQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=F("quantity") * F("unit_price")), name="invoice_line_amount"
            )
        ]

    def __str__(self):
        return self.description

    @transaction.atomic
    def save(self, **kwargs):
        self._must_be_of_a_draft()
        self.amount = self.quantity * self.unit_price
        super().save(**kwargs)
        self.invoice.total_up()

    @transaction.atomic
    def delete(self, **kwargs):
        self._must_be_of_a_draft()
        found = super().delete(**kwargs)
        self.invoice.total_up()
        return found

    def _must_be_of_a_draft(self) -> None:
        """The invoice's row is locked: it isn't opened before what is changed here is counted."""
        self.invoice.lock()
        InvoiceLine.objects.filter(pk=self.pk).must_be_draft()  # nor is it taken from another
        if self.invoice.status != Invoice.Status.DRAFT:
            raise locked()
