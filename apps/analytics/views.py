from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from apps.analytics.aggregates import Analytics
from apps.firms.models import HiringFirm
from apps.firms.serializers import HiringFirmSerializer
from apps.jsonapi.query import bad
from apps.jsonapi.views import Scoped
from apps.recruiters.models import Recruiter
from apps.recruiters.serializers import RecruiterSerializer

LONGEST = timedelta(days=366)


NUMBER = {"type": ["number", "null"]}
COUNT = {"type": "integer", "minimum": 0}
DAILY = {"type": "array", "items": {"type": "object", "additionalProperties": COUNT}}
TOTALS = {
    "total_candidates": COUNT,
    "total_references": COUNT,
    "completed_references": COUNT,
    "avg_reference_completion_time": NUMBER,
    "avg_candidates_score": NUMBER,
}
RANKED = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "total_references": COUNT,
        "completed_references": COUNT,
    },
}
META = {
    "type": "object",
    "properties": {
        "median_reference_completion_time": NUMBER,
        "median_candidates_score": NUMBER,
        "funnel": {"type": "object", "additionalProperties": COUNT},
    },
}


class AnalyticsView(Scoped):
    """Read-only figures under the type and id of whom they are about."""

    filters = ("from", "to")

    def span(self) -> dict:
        since, until = self._day("from"), self._day("to")
        zone = ZoneInfo(self.request.user.recruiter.hiring_firm.time_zone)
        last = until or timezone.localdate(timezone=zone)
        if since and not since <= last <= since + LONGEST:
            raise bad("filter[to]", _("Give a day within a year after filter[from]."), "bad_span")
        return {"since": since, "until": until}

    def _day(self, name: str):
        text = self.query.filters.get(name)
        if text is None:
            return None
        try:
            day = parse_date(text)
        except ValueError:
            day = None
        if day is None or not 2000 <= day.year <= 2100:
            raise bad(f"filter[{name}]", _("Give a day such as 2026-05-01."), "bad_span")
        return day

    def figures(self, instance, attributes: dict, meta: dict, *, alone: bool):
        response = self.answer(instance)
        data = response.data["data"]
        data["attributes"] = attributes if alone else data["attributes"] | attributes
        response.data["meta"] = meta
        return response


class FirmAnalyticsView(AnalyticsView):
    queryset = HiringFirm.objects.all()
    described = {
        "get": {
            "attributes": TOTALS
            | {
                "candidate_count_by_date": DAILY,
                "reference_count_by_date": DAILY,
                "top_recruiters": {"type": "array", "items": RANKED},
            },
            "alone": True,
            "meta": META,
        }
    }
    serializer_class = HiringFirmSerializer

    def get_queryset(self):
        # A recruiter has figures of their own; the firm's are its root recruiters'.
        seen = super().get_queryset()
        return seen if self.request.user.recruiter.is_root else seen.none()

    def get(self, request, pk):
        firm = self.get_object()
        found = Analytics.of_firm(firm, **self.span())
        totals = found.totals() | found.daily() | {"top_recruiters": found.top_recruiters()}
        return self.figures(firm, totals, found.meta(), alone=True)


class RecruiterAnalyticsView(AnalyticsView):
    queryset = Recruiter.objects.all()
    described = {"get": {"attributes": TOTALS, "meta": META}}
    serializer_class = RecruiterSerializer

    def get(self, request, pk):
        recruiter = self.shown()
        found = Analytics.of_recruiter(recruiter, **self.span())
        return self.figures(recruiter, found.totals(), found.meta(), alone=False)
