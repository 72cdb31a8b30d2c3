"""What needs a hand today, and how well checks go: the first page of the admin."""

from datetime import datetime, timedelta
from statistics import median

from django.db.models import Count, DurationField, ExpressionWrapper, F, Q, Window
from django.db.models.functions import RowNumber, TruncWeek
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

from apps.billing.models import Invoice
from apps.documents.models import FailedRender
from apps.firms.models import HiringFirm
from apps.messaging.models import Message
from apps.references.models import Reference, ReferenceRequest
from apps.staff.columns import page_of

WEEKS = 12
LONGEST = 8
WIDTH, HEIGHT, LEFT, RIGHT, BOTTOM = 560, 150, 62, 68, 22  # of a chart, in its own units


def today(request) -> dict:
    """What the reader may see of it."""
    user = request.user
    sees_checks = user.has_perm("references.view_reference")
    return {
        "jobs": [job for job in jobs() if user.has_perm(job["permission"]) and job["count"]],
        "waiting": waiting() if sees_checks else [],
        "charts": charts() if sees_checks else [],
    }


def jobs() -> list[dict]:
    """One line each: how many, what, and the list that shows them."""
    now = timezone.now()
    week = now - timedelta(days=7)
    late = now - timedelta(minutes=5)
    soon, gone = now + timedelta(days=3), now - HiringFirm.GRACE
    invoices, references, messages = Invoice.objects, Reference.objects, Message.objects
    lines = [
        (
            ngettext_lazy(
                "message is due and not sent",
                "messages are due and not sent",
                "n",
            ),
            messages.waiting().filter(due_at__lt=late),
            {"stuck": "1"},
            "stop",
        ),
        (
            ngettext_lazy(
                "message bounced or failed in the last seven days",
                "messages bounced or failed in the last seven days",
                "n",
            ),
            messages.filter(status__in=["bounced", "failed"], created_at__gte=week),
            {"status__in": "bounced,failed", "created_at__gte": week.isoformat()},
            "stop",
        ),
        (
            ngettext_lazy(
                "reference could not be reached: the address needs a correction",
                "references could not be reached: their address needs a correction",
                "n",
            ),
            references.filter(status="bounced"),
            {"status__exact": "bounced"},
            "stop",
        ),
        (
            ngettext_lazy(
                "reference asked for a call",
                "references asked for a call",
                "n",
            ),
            references.filter(status="call_requested"),
            {"status__exact": "call_requested"},
            "wait",
        ),
        (
            ngettext_lazy(
                "reference waits for a firm's review",
                "references wait for a firm's review",
                "n",
            ),
            references.filter(status="pending_review"),
            {"status__exact": "pending_review"},
            "wait",
        ),
        (
            ngettext_lazy("reference asked to be erased", "references asked to be erased", "n"),
            references.exclude(erasure_requested_at=None),
            {"erasure_requested_at__isempty": "0"},
            "wait",
        ),
        (
            ngettext_lazy(
                "request ends within three days and is not filled",
                "requests end within three days and are not filled",
                "n",
            ),
            ReferenceRequest.objects.waiting().filter(expires_at__range=(now, soon)),
            {
                "status__in": "sent,opened",
                "expires_at__gte": now.isoformat(),
                "expires_at__lte": soon.isoformat(),
            },
            "wait",
        ),
        (
            ngettext_lazy(
                "invoice is past due",
                "invoices are past due",
                "n",
            ),
            invoices.due(),
            {"overdue": "1"},
            "stop",
        ),
        (
            ngettext_lazy(
                "invoice waits to be opened",
                "invoices wait to be opened",
                "n",
            ),
            invoices.drafts(),
            {"status__exact": "draft"},
            "wait",
        ),
        (
            ngettext_lazy("document could not be made", "documents could not be made", "n"),
            FailedRender.objects.filter(next_try_at=None),
            {"next_try_at__isempty": "1"},
            "stop",
        ),
        (
            ngettext_lazy(
                "firm is deleted and can still be restored",
                "firms are deleted and can still be restored",
                "n",
            ),
            HiringFirm.objects.filter(deleted_at__gte=gone),
            {"deleted_at__gte": gone.isoformat()},
            "wait",
        ),
    ]
    return [_job(*line) for line in lines]


def _job(words, rows, query, tone) -> dict:
    options = rows.model._meta
    name = f"{options.app_label}_{options.model_name}"
    count = rows.count()
    return {
        "words": words % {"n": count},
        "count": count,
        "url": reverse(f"admin:{name}_changelist", query=query),
        "tone": tone,
        "permission": f"{options.app_label}.view_{options.model_name}",
    }


def waiting() -> list[dict]:
    """Those whom we wait for the longest."""
    now = timezone.now()
    rows = Reference.objects.waiting().select_related("candidate", "hiring_firm")
    rows = rows.filter(Q(expires_at=None) | Q(expires_at__gt=now)).order_by("sent_at")[:LONGEST]
    return [
        {
            "link": page_of(row),
            "candidate": page_of(row.candidate),
            "firm": row.hiring_firm,
            "days": (now - row.sent_at).days,
            "reminders": row.reminder_count,
        }
        for row in rows
    ]


def charts() -> list[dict]:
    """Completion and turnaround of the whole weeks behind us."""
    monday = timezone.localdate() - timedelta(days=timezone.localdate().weekday())
    first = monday - timedelta(weeks=WEEKS)
    start = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    end = timezone.make_aware(datetime.combine(monday, datetime.min.time()))
    weeks = [first + timedelta(weeks=at) for at in range(WEEKS)]
    rates, hours = _answered_of_asked(start, end), _half_answered_within(start, end)
    return [
        _chart(
            _("Answered, of those asked that week"),
            weeks,
            list(map(rates.get, weeks)),
            "%",
            top=100,
        ),
        _chart(_("Half have answered within"), weeks, list(map(hours.get, weeks)), "h"),
    ]


def _answered_of_asked(start, end) -> dict:
    """In percent, by the Monday of the week that they were asked in."""
    asked = Reference.objects.filter(sent_at__gte=start, sent_at__lt=end).order_by()
    weeks = asked.annotate(week=TruncWeek("sent_at")).values("week")
    weeks = weeks.annotate(rate=100.0 * Count("filled_at") / Count("pk"))
    return {week.date(): rate for week, rate in weeks.values_list("week", "rate")}


def _half_answered_within(start, end) -> dict:
    """The median in hours by week: the middle rows come from the database, and not all of them."""
    took = ExpressionWrapper(F("filled_at") - F("sent_at"), DurationField())
    answered = Reference.objects.filter(filled_at__gte=start, filled_at__lt=end).order_by()
    answered = answered.exclude(sent_at=None).annotate(week=TruncWeek("filled_at"), took=took)
    ranked = answered.annotate(
        place=Window(RowNumber(), partition_by="week", order_by="took"),
        half=Window(Count("pk"), partition_by="week") / 2.0,
    )
    middle = ranked.filter(place__gte=F("half"), place__lte=F("half") + 1)
    hours = {}
    for week, duration in middle.values_list("week", "took"):
        hours.setdefault(week.date(), []).append(duration.total_seconds() / 3600)
    return {week: median(each) for week, each in hours.items()}


def _chart(title: str, weeks, values, unit: str, top: float = 0) -> dict:
    """Points and lines of an SVG: from zero, with the figure at the last point."""
    known = [value for value in values if value is not None]
    top = top or _round_up(max(known, default=0))
    step = (WIDTH - LEFT - RIGHT) / (WEEKS - 1)
    points = [
        {
            "x": round(LEFT + at * step, 1),
            "y": round((HEIGHT - BOTTOM) - (HEIGHT - BOTTOM - 12) * value / top, 1),
            "words": f"{week:%Y-%m-%d}: {value:.0f} {unit}",
            "value": f"{value:.0f}",
        }
        for at, (week, value) in enumerate(zip(weeks, values, strict=True))
        if value is not None
    ]
    return {
        "title": title,
        "unit": unit,
        "top": f"{top:.0f}",
        "points": points,
        "line": " ".join(f"{point['x']},{point['y']}" for point in points),
        "last": points[-1] if points else None,
        "first_week": weeks[0],
        "last_week": weeks[-1],
        "base": HEIGHT - BOTTOM,
        "width": WIDTH,
        "height": HEIGHT,
        "left": LEFT,
        "right": WIDTH - RIGHT,
    }


def _round_up(value: float) -> float:
    """To a number that reads well on an axis."""
    for top in (6, 12, 24, 48, 72, 96, 120, 168, 240, 336, 480, 720):
        if value <= top:
            return top
    return value
