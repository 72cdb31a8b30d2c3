"""What a firm used in a month, as lines with prices. Counted from what stays after an erasure."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from apps.activities.models import Activity
from apps.messaging.models import Message


def month_after(start: date) -> date:
    return (start.replace(day=1) + timedelta(days=32)).replace(day=1)


def last_month() -> date:
    """The first day of the month that is over."""
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def usage(firm, start: date) -> list[dict]:
    """A line for each thing used, in the order of the price list; what costs nothing is no line."""
    first, after = _midnight(start), _midnight(month_after(start))
    texts = Message.objects.filter(
        hiring_firm=firm, channel=Message.Channel.SMS, sent_at__gte=first, sent_at__lt=after
    )
    used = {
        "reference": _firsts(firm, "reference.fill", first, after),
        "verification": _firsts(firm, "verification.conclude", first, after),
        "text": texts.count(),
    }
    lines = []
    for key, (english, french, cents) in settings.PRICES.items():
        if used[key] and cents:
            lines.append(
                {
                    "description": english,
                    "description_fr": french,
                    "quantity": used[key],
                    "unit_price": cents,
                    "amount": used[key] * cents,
                }
            )
    return lines


def _firsts(firm, key: str, first: datetime, after: datetime) -> int:
    """How many things came to this for the first time: one that was reopened is billed once."""
    done = Activity.objects.filter(hiring_firm=firm, key=key)
    before = done.filter(created_at__lt=first)
    fresh = done.filter(created_at__gte=first, created_at__lt=after).exclude(
        trackable_id__in=before.values("trackable_id")
    )
    return fresh.values("trackable_id").distinct().count()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
