"""The probes: only the database and its migrations make us unready; the rest is `degraded`."""

import socket
import time
from datetime import timedelta

import psycopg
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models.signals import pre_migrate
from django.utils import timezone

from apps.messaging.models import Message
from apps.staff.models import Heartbeat
from apps.staff.tasks import beat


@pytest.fixture
def ticking():
    beat()


def test_it_is_alive(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_a_probe_comes_by_address(client, settings, path):
    settings.ALLOWED_HOSTS = ["vitay.example"]
    settings.SECURE_SSL_REDIRECT = True
    response = client.get(path, headers={"host": "10.0.0.7:8000"})
    assert response.status_code == 200
    assert response.headers["X-Request-Id"] and response.headers["Cache-Control"] == "no-store"
    assert client.post(path).status_code == 405


def test_it_is_ready(client, ticking):
    assert client.get("/readyz").json() == {"status": "ok"}


def test_a_missing_migration_is_not_ready(client, ticking):
    MigrationRecorder(connection).record_unapplied("staff", "0002_roles")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["unavailable"] == {"migrations": "staff.0002_roles"}


@pytest.mark.postgres
def test_nothing_holds_the_database_for_ever():
    """A statement and an idle transaction end; a migration may last."""
    bounds = ("statement_timeout", "idle_in_transaction_session_timeout")
    with psycopg.connect(**connection.get_connection_params(), autocommit=True) as fresh:
        said = [fresh.execute(f"SHOW {name}").fetchone()[0] for name in bounds]
    assert said == [f"{settings.DATABASE_TIMEOUT // 60}min"] * 2
    pre_migrate.send(apps.get_app_config("staff"), using="default")
    with connection.cursor() as cursor:
        for name in bounds:
            cursor.execute(f"SHOW {name}")
            assert cursor.fetchone()[0] == "0"


def test_a_scheduler_that_stopped_is_told(client):
    assert client.get("/readyz").json()["degraded"] == {"scheduler": "it has never rung"}
    beat()
    Heartbeat.objects.update(at=timezone.now() - timedelta(minutes=10))
    response = client.get("/readyz")
    assert response.status_code == 200
    assert "600 s ago" in response.json()["degraded"]["scheduler"]


def test_an_outbox_that_stands_still_is_told(client, ticking, reference):
    Message.objects.update(due_at=timezone.now() - timedelta(minutes=6))
    assert "360 s" in client.get("/readyz").json()["degraded"]["outbox"]


def test_without_a_broker_it_stays_ready(client, ticking, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    response = client.get("/readyz")
    assert response.status_code == 200
    assert "ConnectionError" in response.json()["degraded"]["broker"]


def test_a_broker_that_hangs_is_not_waited_for(client, ticking, settings):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.REDIS_URL = f"redis://127.0.0.1:{silent.getsockname()[1]}/0"
        began = time.monotonic()
        response = client.get("/readyz")
        took = time.monotonic() - began
    assert response.status_code == 200 and "Timeout" in response.json()["degraded"]["broker"]
    assert took < 2


def test_metrics_need_their_token(client, settings):
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404
    settings.METRICS_TOKEN = "a-secret"
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer wrong"}).status_code == 404


def test_metrics_say_what_waits(client, settings, ticking, reference):
    settings.METRICS_TOKEN = "a-secret"
    Message.objects.update(due_at=timezone.now() - timedelta(minutes=6))
    response = client.get("/metrics", headers={"authorization": "Bearer a-secret"})
    assert response.headers["Content-Type"].startswith("text/plain")
    lines = dict(
        line.rsplit(" ", 1) for line in response.content.decode().splitlines() if line[0] != "#"
    )
    assert float(lines["vitay_outbox_oldest_due_seconds"]) == pytest.approx(360, abs=5)
    # The candidate's and the reference's invitations.
    assert float(lines['vitay_outbox_messages{channel="email",status="queued"}']) == 2
    assert float(lines["vitay_references_waiting"]) == 1
    assert float(lines["vitay_broker_up"]) == 1
    assert float(lines["vitay_scheduler_last_beat_seconds"]) < 60
