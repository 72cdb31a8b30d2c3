"""Sentry and the logs hear what broke, and nothing about whom."""

import io
import json
import logging
import threading
from gzip import decompress
from http.server import BaseHTTPRequestHandler, HTTPServer

import brotli
import pytest
import sentry_sdk
import structlog
from django.db import IntegrityError, transaction

from apps.references.models import Reference
from vitay import watching
from vitay.logs import JSONFormatter, Redact, redact

SECRETS = ("camille@candidate.example", "+15145550123", "Desrosiers", "hunter2-hunter2")


@pytest.fixture
def received():
    """A Sentry of our own."""
    bodies = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            unpack = {"gzip": decompress, "br": brotli.decompress}
            bodies.append(unpack[self.headers["Content-Encoding"]](body).decode())
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bodies_at = f"http://key@127.0.0.1:{server.server_address[1]}/1"
    yield bodies_at, bodies
    sentry_sdk.get_client().close(timeout=2)
    sentry_sdk.get_global_scope().set_client(None)
    server.shutdown()
    server.server_close()


def test_sentry_learns_no_name(received, settings):
    settings.SENTRY_DSN, bodies = received
    watching.start()
    person = {"name": "Desrosiers", "email": "camille@candidate.example"}  # a local variable
    try:
        raise ValueError(f"'Desrosiers' at {person['email']} or +15145550123: \"hunter2-hunter2\"")
    except ValueError:
        sentry_sdk.capture_exception()
    logging.getLogger("apps.test").error("lost %s of %s", "'Desrosiers'", person["email"])
    sentry_sdk.flush(timeout=5)
    assert len(bodies) == 2 and "ValueError" in bodies[0]
    assert "test_watching.py" in bodies[0]  # where it broke
    for body in bodies:
        for secret in SECRETS:
            assert secret not in body


def test_a_log_line_names_the_task_and_no_person():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter())
    handler.addFilter(Redact())
    logger = logging.getLogger("apps.test.lines")
    logger.addHandler(handler)
    with structlog.contextvars.bound_contextvars(task="deliver_due", task_id="42"):
        try:
            raise ValueError("camille@candidate.example +15145550123")
        except ValueError:
            logger.exception(
                "GET /r/AkNlgQdxnnaFlbQI6ePcFQAbCdEfGhIjKlMnOpQrStUv", extra={"to": "+15145550123"}
            )
    line = json.loads(stream.getvalue())
    assert (line["task"], line["task_id"], line["level"]) == ("deliver_due", "42", "error")
    text = stream.getvalue()
    assert "/r/[link]" in text
    for secret in (*SECRETS, "AkNlgQdxnnaFlbQI6ePcFQ"):
        assert secret not in text


def test_a_log_line_names_the_request(client):
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    try:
        logger.setLevel("WARNING")
        answer = client.get(
            "/nothing/there?q=Camille&email=camille%40candidate.example",
            headers={"x-request-id": "abc-123"},
        )
    finally:
        logger.removeHandler(handler)
        logger.setLevel("ERROR")
    assert answer.headers["X-Request-Id"] == "abc-123"
    assert "/nothing/there" in stream.getvalue()
    assert "amille" not in stream.getvalue(), "what a query asks for is somebody's"
    assert all(
        json.loads(line)["request_id"] == "abc-123"
        for line in stream.getvalue().split("\n")
        if line
    )


def test_a_links_token_is_in_no_line_but_an_id_is():
    token, key = "k" * 44, "01a20a70-ebbd-77c7-8a6e-e183216bd4bf"
    for path in (f"/r/{token}/q/2", f"/api/v1/public/references/{token}"):
        assert token not in redact(f"Service Unavailable: {path}")
    assert key in redact(f"/api/v1/references/{key}")


@pytest.mark.postgres
def test_an_error_of_the_database_shows_no_row(received, settings, reference):
    """PostgreSQL quotes the whole row that it refuses, and the value that is there already."""
    settings.SENTRY_DSN, bodies = received
    watching.start()
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONFormatter())
    handler.addFilter(Redact())
    logger = logging.getLogger("apps.test.rows")
    logger.addHandler(handler)
    rows = Reference.objects.filter(pk=reference.pk)
    note = "It's \"odd\".\n\nAt Desrosiers'"  # not on the line that the traceback shows
    for wrong in ({"status": "filled"}, {"created_at": None}):
        try:
            with transaction.atomic():
                rows.update(**wrong, call_note=note)
        except IntegrityError as error:
            logger.exception("lost: %r", error)
    sentry_sdk.flush(timeout=5)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["level"] for line in lines] == ["error", "error"]
    assert all("IntegrityError" in line["exception"] for line in lines)
    assert "reference_filled_has_time" in lines[0]["exception"]  # what was wrong is still said
    assert len(bodies) == 2
    for text in (stream.getvalue(), *bodies):
        for secret in (reference.last_name, reference.email, "Desrosiers"):
            assert secret not in text


def test_what_a_client_is_refused_is_no_failure(received, settings, client, capsys):
    """A warning in the log, without a traceback; nothing for Sentry."""
    settings.SENTRY_DSN, bodies = received
    settings.ALLOWED_HOSTS = ["vitay.example"]
    watching.start()
    assert client.get("/admin/", headers={"host": "elsewhere.example"}).status_code == 400
    sentry_sdk.flush(timeout=2)
    assert bodies == []
