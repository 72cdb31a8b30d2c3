"""Whether we are alive, ready, and how much is waiting: /healthz, /readyz, /metrics.

A probe comes by address and not by name, so that these answer before the host is looked at.
"""

import tempfile
from datetime import timedelta
from functools import cache
from hmac import compare_digest

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from redis.backoff import NoBackoff
from redis.retry import Retry

from apps.messaging.models import Message
from apps.references.models import Reference
from apps.staff.models import Heartbeat

OUTBOX_LATE = 300  # seconds that a due message may wait before somebody should look
BROKER_TIMEOUT = 0.5


def health(get_response):
    """Middleware: answer the probes, hand everything else on."""
    probes = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}

    def middleware(request: HttpRequest) -> HttpResponse:
        probe = probes.get(request.path_info)
        if probe is None:
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponse(status=405, headers={"Allow": "GET, HEAD"})
        response = probe(request)
        response["Cache-Control"] = "no-store"
        return response

    return middleware


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing else is asked: a sick database must not restart the web."""
    return JsonResponse({"status": "ok"})


def readyz(request: HttpRequest) -> HttpResponse:
    """503 only when no request could be served; what heals by itself is `degraded`."""
    try:
        if missing := missing_migrations():
            return _not_ready("migrations", ", ".join(missing[:5]))
        degraded = {name: why for name, check in CHECKS.items() if (why := check())}
    except DatabaseError as error:
        return _not_ready("database", type(error).__name__)
    return JsonResponse(
        {"status": "degraded", "degraded": degraded} if degraded else {"status": "ok"}
    )


def _not_ready(part: str, why: str) -> HttpResponse:
    body = {"status": "unavailable", "unavailable": {part: why}}
    return JsonResponse(body, status=503, headers={"Retry-After": "5"})


@cache
def _known_migrations() -> frozenset:
    return frozenset(MigrationLoader(None).graph.nodes)


def missing_migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(".".join(key) for key in _known_migrations() - applied.keys())


def broker_problem() -> str:
    """Why nobody could wake the workers. Nothing is lost meanwhile: the table is the queue."""
    if not settings.REDIS_URL:
        try:
            folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            return f"its folder can't be written to: {error.strerror}"
        return ""
    client = redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=BROKER_TIMEOUT,
        socket_connect_timeout=BROKER_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )
    try:
        client.ping()
    except redis.RedisError as error:
        return f"Redis doesn't answer: {type(error).__name__}"
    finally:
        client.close()
    return ""


def outbox_problem() -> str:
    age = outbox_age()
    if age > OUTBOX_LATE:
        return f"the oldest due message waits for {age:.0f} s"
    return ""


def scheduler_problem() -> str:
    last = Heartbeat.last()
    if last is None:
        return "it has never rung"
    age = timezone.now() - last
    return f"it last rang {age.total_seconds():.0f} s ago" if age > Heartbeat.LATE else ""


def outbox_age() -> float:
    """Seconds since the oldest due message became due, also one that a dead worker holds."""
    return Message.objects.late().total_seconds()


CHECKS = {
    "broker": broker_problem,
    "outbox": outbox_problem,
    "scheduler": scheduler_problem,
}


def metrics(request: HttpRequest) -> HttpResponse:
    """Read from the database at each scrape: every web process tells the same."""
    shown = request.headers.get("Authorization", "").encode()
    expected = f"Bearer {settings.METRICS_TOKEN}".encode()
    if not settings.METRICS_TOKEN or not compare_digest(shown, expected):
        return HttpResponse(status=404)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Numbers())
    try:
        body = generate_latest(registry)
    except DatabaseError:
        return HttpResponse(status=503, headers={"Retry-After": "5"})
    return HttpResponse(body, content_type="text/plain; version=0.0.4; charset=utf-8")


class Numbers:
    """What operators watch: the outbox first, then the checks, the broker and the clock."""

    def collect(self):
        now = timezone.now()
        day = now - timedelta(days=1)
        yield self._gauge(
            "vitay_outbox_oldest_due_seconds",
            "Age of the oldest message that is due and not sent",
            outbox_age(),
        )
        waiting = GaugeMetricFamily(
            "vitay_outbox_messages", "Messages on their way", labels=["channel", "status"]
        )
        on_their_way = ["queued", "sending", "unknown"]
        counted = (
            Message.objects.filter(status__in=on_their_way)
            .order_by()
            .values_list("channel", "status")
            .annotate(n=Count("id"))
        )
        numbers = {(channel, status): n for channel, status, n in counted}
        for channel in Message.Channel.values:
            for status in on_their_way:
                waiting.add_metric([channel, status], numbers.get((channel, status), 0))
        yield waiting
        outcomes = GaugeMetricFamily(
            "vitay_messages_24h",
            "What became of the messages of the last 24 hours",
            labels=["channel", "status"],
        )
        counted = (
            Message.objects.filter(updated_at__gte=day)
            .exclude(status__in=on_their_way)
            .order_by()
            .values_list("channel", "status")
            .annotate(n=Count("id"))
        )
        for channel, status, n in counted:
            outcomes.add_metric([channel, status], n)
        yield outcomes
        yield self._gauge(
            "vitay_references_filled_24h",
            "References answered in 24 hours",
            Reference.objects.filter(filled_at__gte=day).count(),
        )
        yield self._gauge(
            "vitay_references_waiting",
            "References asked and not answered yet",
            Reference.objects.waiting().count(),
        )
        yield self._gauge("vitay_broker_up", "Whether the broker answers", not broker_problem())
        last = Heartbeat.last()
        yield self._gauge(
            "vitay_scheduler_last_beat_seconds",
            "Seconds since the scheduler last reached a worker",
            (now - last).total_seconds() if last else float("inf"),
        )

    def _gauge(self, name: str, words: str, value) -> GaugeMetricFamily:
        return GaugeMetricFamily(name, words, value=float(value))
