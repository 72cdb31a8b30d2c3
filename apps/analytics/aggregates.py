"""What a firm or a recruiter has achieved: read-only figures, in the firm's time zone."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from statistics import fmean, median
from zoneinfo import ZoneInfo

from django.db.models import Avg, Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.candidates.models import Candidate
from apps.recruiters.models import Recruiter
from apps.references.models import Reference

DAYS = 30
CONTACTED = Q(sent_at__isnull=False)
FILLED = Q(status=Reference.Status.FILLED)
# Who came further came this far: what a recruiter typed was neither opened nor started.
STARTED = Q(started_at__isnull=False) | FILLED
OPENED = Q(opened_at__isnull=False) | STARTED


@dataclass(frozen=True)
class Analytics:
    """Of all candidates and references, or of those made from one day to another, both included.

    `total_references` were contacted at least once. Times are hours from the first invitation.
    """

    candidates: QuerySet
    references: QuerySet
    zone: ZoneInfo
    since: date | None = None
    until: date | None = None

    @classmethod
    def of_firm(cls, firm, since=None, until=None) -> "Analytics":
        return cls(
            Candidate.objects.filter(hiring_firm=firm),
            Reference.objects.filter(hiring_firm=firm),
            ZoneInfo(firm.time_zone),
            since,
            until,
        )

    @classmethod
    def of_recruiter(cls, recruiter, since=None, until=None) -> "Analytics":
        return cls(
            Candidate.objects.filter(added_by=recruiter),
            Reference.objects.filter(candidate__added_by=recruiter),
            ZoneInfo(recruiter.hiring_firm.time_zone),
            since,
            until,
        )

    def totals(self) -> dict:
        candidates = self._between(self.candidates).aggregate(total=Count("pk"), score=Avg("score"))
        references = self._between(self.references).aggregate(
            contacted=Count("pk", CONTACTED), filled=Count("pk", FILLED)
        )
        hours = self._hours
        return {
            "total_candidates": candidates["total"],
            "total_references": references["contacted"],
            "completed_references": references["filled"],
            "avg_reference_completion_time": round(fmean(hours), 2) if hours else None,
            "avg_candidates_score": _rounded(candidates["score"]),
        }

    def daily(self) -> dict:
        """`[{"2026-05-01": 4}, …]`, every day of the span, the last thirty unless asked."""
        return {
            "candidate_count_by_date": self._by_date(self.candidates),
            "reference_count_by_date": self._by_date(self.references.filter(CONTACTED)),
        }

    def top_recruiters(self, limit: int = 5) -> list[dict]:
        """By completed references, then all contacted, then name."""
        counted = (
            self._between(self.references)
            .filter(CONTACTED)
            .values("candidate__added_by")
            .annotate(total=Count("pk"), completed=Count("pk", FILLED))
        )
        recruiters = Recruiter.objects.select_related("user").in_bulk(
            [row["candidate__added_by"] for row in counted if row["candidate__added_by"]]
        )
        rows = [
            {
                "name": recruiters[row["candidate__added_by"]].full_name,
                "total_references": row["total"],
                "completed_references": row["completed"],
            }
            for row in counted
            if row["candidate__added_by"] in recruiters
        ]
        rows.sort(
            key=lambda row: (-row["completed_references"], -row["total_references"], row["name"])
        )
        return rows[:limit]

    def meta(self) -> dict:
        """Medians, and how far the contacted ones came."""
        references = self._between(self.references.filter(CONTACTED))
        funnel = references.aggregate(
            contacted=Count("pk"),
            opened=Count("pk", OPENED),
            started=Count("pk", STARTED),
            filled=Count("pk", FILLED),
            declined=Count("pk", Q(status=Reference.Status.DECLINED)),
        )
        hours = self._hours
        scores = self._between(self.candidates).filter(score__isnull=False)
        scores = list(scores.values_list("score", flat=True))
        return {
            "median_reference_completion_time": round(median(hours), 2) if hours else None,
            "median_candidates_score": _rounded(median(scores)) if scores else None,
            "funnel": funnel,
        }

    @cached_property
    def _hours(self) -> list[float]:
        times = self._between(self.references).filter(FILLED, CONTACTED)
        return [
            (filled - sent) / timedelta(hours=1)
            for sent, filled in times.values_list("sent_at", "filled_at")
        ]

    def _between(self, rows: QuerySet) -> QuerySet:
        if self.since:
            rows = rows.filter(created_at__gte=self._start(self.since))
        if self.until:
            rows = rows.filter(created_at__lt=self._start(self.until + timedelta(days=1)))
        return rows

    def _by_date(self, rows: QuerySet) -> list[dict]:
        last = self.until or timezone.now().astimezone(self.zone).date()
        first = self.since or last - timedelta(days=DAYS - 1)
        counts = dict(
            rows.filter(
                created_at__gte=self._start(first),
                created_at__lt=self._start(last + timedelta(days=1)),
            )
            .annotate(day=TruncDate("created_at", tzinfo=self.zone))
            .order_by()
            .values_list("day")
            .annotate(Count("pk"))
        )
        span = (first + timedelta(days=n) for n in range((last - first).days + 1))
        return [{day.isoformat(): counts.get(day, 0)} for day in span]

    def _start(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def _rounded(value) -> float | None:
    return None if value is None else round(float(value), 2)
