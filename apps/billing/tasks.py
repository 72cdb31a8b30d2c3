from celery import shared_task

from apps.billing.models import Invoice
from apps.billing.usage import last_month
from apps.firms.models import HiringFirm
from apps.reminders.sweep import each


@shared_task
def draft_invoices():
    """A draft for each firm that used something last month; as often as it likes, once."""
    start = last_month()
    done = Invoice.objects.filter(period_start=start).values("hiring_firm")
    firms = HiringFirm.objects.exclude(pk__in=done)
    each(firms, lambda firm: Invoice.objects.draft(firm, start) is not None)
