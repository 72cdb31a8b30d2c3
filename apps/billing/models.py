"""Invoices: whole cents, gap-free numbers, immutable once open."""

from django.db import models
from django.db.models import F, Q

from apps.jsonapi.resources import Resource


class InvoiceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Only the firm's root recruiters see its invoices, once they are open."""
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None or not recruiter.is_root:
            return self.none()
        return self.filter(hiring_firm_id=recruiter.hiring_firm_id).exclude(status="draft")


class Invoice(Resource):
    """`draft → open → paid | void`. Amounts are CAD cents; GST and QST on the subtotal."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        OPEN = "open"
        PAID = "paid"
        VOID = "void"

    hiring_firm = models.ForeignKey("firms.HiringFirm", models.PROTECT, related_name="invoices")
    number = models.PositiveIntegerField(null=True, blank=True, unique=True)  # given on opening
    status = models.CharField(max_length=5, choices=Status, default=Status.DRAFT)
    period_start = models.DateField()
    period_end = models.DateField()
    subtotal = models.PositiveIntegerField(default=0)
    gst = models.PositiveIntegerField(default=0)
    qst = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
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
                condition=Q(status="draft", number=None) | (~Q(status="draft") & Q(number__gte=1)),
                name="invoice_open_has_number",
            ),
        ]

    def __str__(self):
        return f"{self.printed_number} {self.hiring_firm}"

    @property
    def printed_number(self) -> str:
        return f"V-{self.number:06d}" if self.number else "draft"


class InvoiceLine(Resource):
    invoice = models.ForeignKey(Invoice, models.CASCADE, related_name="lines")
    description = models.CharField(max_length=200)
    description_fr = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField()
    unit_price = models.PositiveIntegerField()
    amount = models.PositiveIntegerField()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=F("quantity") * F("unit_price")), name="invoice_line_amount"
            )
        ]

    def __str__(self):
        return self.description
