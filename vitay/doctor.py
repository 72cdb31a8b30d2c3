"""What `manage.py doctor` looks at, and what to do about each."""

import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple
from urllib.parse import urlsplit

import redis
import requests
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.checks import WARNING, run_checks
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.http.request import validate_host

from apps.accounts.models import User
from apps.documents.renderer import RenderError, renderer
from apps.staff.roles import ADMINISTRATOR
from vitay import health

LEAST_SPACE = 1_000_000_000
TIMEOUT = 5
SKEW = 5  # seconds between our clock and another's


class Verdict(StrEnum):
    GOOD = "ok"
    NOTE = "note"
    BAD = "BAD"


class Finding(NamedTuple):
    verdict: Verdict
    words: str
    advice: str = ""


Findings = Iterator[Finding]


def good(words: str) -> Finding:
    return Finding(Verdict.GOOD, words)


def note(words: str, advice: str) -> Finding:
    return Finding(Verdict.NOTE, words, advice)


def bad(words: str, advice: str) -> Finding:
    return Finding(Verdict.BAD, words, advice)


def examine() -> Iterator[tuple[str, Finding]]:
    """Every check in turn; one that breaks is a finding too, and stops none of the others."""
    reached = True  # until the database is away, which is said once
    for name, check in CHECKS.items():
        try:
            for finding in check():
                yield name, finding
        except DatabaseError as error:
            if reached:
                yield name, bad(_first_line(error), "Correct DATABASE_URL; start the database.")
            reached = False
        except Exception as error:
            yield name, bad(f"{type(error).__name__}: {_first_line(error)}", "See the error.")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def look_at_settings() -> Findings:
    if settings.DEBUG:
        yield note("DEBUG is on", "Set DEBUG=0 for anything but trying things out.")
        return
    secrets = [settings.SECRET_KEY, *settings.LINK_KEYS, *settings.JWT_KEYS]
    if len(set(secrets)) < len(secrets):
        yield bad("two secrets are the same", "Give SECRET_KEY, LINK_KEYS and JWT_KEYS their own.")
    if not settings.ADDRESS_KEYS:
        yield note(
            "ADDRESS_KEYS is empty",
            "Set it to the present SECRET_KEY, so that opt-outs survive a new one.",
        )
    public = urlsplit(settings.PUBLIC_URL)
    if public.scheme != "https":
        yield bad(
            f"PUBLIC_URL is {settings.PUBLIC_URL}",
            "Links in messages need https://: set PUBLIC_URL and end TLS before the web process.",
        )
    if not validate_host(public.hostname or "", settings.ALLOWED_HOSTS):
        yield bad(
            f"ALLOWED_HOSTS lacks {public.hostname}", "Add the host of PUBLIC_URL to ALLOWED_HOSTS."
        )
    if not settings.TRUSTED_PROXIES and settings.SECURE_SSL_REDIRECT:
        yield note(
            "TRUSTED_PROXIES is 0",
            "Behind a proxy that ends TLS set it to their number, else every page redirects.",
        )
    if not settings.STAFF_TWO_FACTOR:
        yield bad("STAFF_TWO_FACTOR is off", "Set STAFF_TWO_FACTOR=1.")
    if not settings.METRICS_TOKEN:
        yield note("METRICS_TOKEN is empty", "Set it to let Prometheus read /metrics.")
    for message in run_checks(include_deployment_checks=True):
        if message.level >= WARNING and not message.is_silenced():
            yield bad(message.msg.split("\n")[0], message.hint or "See `manage.py check --deploy`.")
    yield good("read")


def look_at_database() -> Findings:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if connection.vendor == "sqlite" and not settings.DEBUG:
        yield note(
            "SQLite", "Enough for one machine and few users; else set DATABASE_URL=postgres://…"
        )
    if missing := health.missing_migrations():
        yield bad(f"{len(missing)} migrations are missing", "Run `manage.py migrate`.")
    else:
        yield good(f"{connection.vendor}, every migration applied")


def look_at_broker() -> Findings:
    if problem := health.broker_problem():
        yield bad(problem, "Start Redis, or correct REDIS_URL. Messages wait meanwhile.")
    elif not settings.REDIS_URL and not settings.DEBUG:
        yield note(
            "bells are files", "Enough when web and worker share a disk; else set REDIS_URL."
        )
    else:
        yield good("answers")


def look_at_scheduler() -> Findings:
    if problem := health.scheduler_problem():
        yield bad(problem, "Start one `celery beat`, and at least one worker.")
    else:
        yield good("rings")
    if problem := health.outbox_problem():
        yield bad(problem, "See `manage.py outbox`, and the workers' logs.")
    else:
        yield good("the outbox is empty or moving")


def look_at_storage() -> Findings:
    try:
        name = default_storage.save(f"doctor/{uuid.uuid4().hex}", ContentFile(b"doctor"))
        with default_storage.open(name) as file:
            same = file.read() == b"doctor"
        default_storage.delete(name)
    except Exception as error:  # every storage has errors of its own
        yield bad(
            _first_line(error),
            "Let our user write in VAR_DIR/media, or correct STORAGE_BACKEND and STORAGE_OPTIONS.",
        )
    else:
        if same:
            yield good(f"{type(default_storage._wrapped).__name__}: written, read, deleted")
        else:
            yield bad("what was written reads otherwise", "Look for a cache before the storage.")
    free = shutil.disk_usage(settings.VAR_DIR).free
    if free < LEAST_SPACE:
        yield bad(f"{free // 1_000_000} MB are free in VAR_DIR", "Make room.")
    if not settings.DEBUG and not staticfiles_storage.exists("staticfiles.json"):
        yield bad("static files are not collected", "Run `manage.py collectstatic --noinput`.")


def look_at_mail() -> Findings:
    if settings.MAILBOX:
        yield note("goes to /dev/mailbox", "Set EMAIL_URL, or an EMAIL_BACKEND of anymail.")
        return
    if "smtp" not in settings.EMAIL_BACKEND:
        yield note(
            f"by {settings.EMAIL_BACKEND}", "Not asked here: send yourself a password email."
        )
        return
    server = get_connection(timeout=TIMEOUT)
    try:
        server.open()
    except OSError as error:  # also what a mail server answers
        yield bad(
            f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}: {error}",
            "Correct EMAIL_URL (host, port, user, password, tls).",
        )
    else:
        server.close()
        yield good(f"{settings.EMAIL_HOST} lets us in")
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith(".example"):
        yield bad(
            f"DEFAULT_FROM_EMAIL is {settings.DEFAULT_FROM_EMAIL}",
            "Set it to an address of yours, with SPF and DKIM for its domain.",
        )


def look_at_texts() -> Findings:
    if settings.TEXTS_TO_MAILBOX:
        yield note("go to /dev/mailbox", "Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM.")
        return
    if not (settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN and settings.TWILIO_FROM):
        yield bad("Twilio is not set", "Set TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN, TWILIO_FROM.")
        return
    base = settings.TWILIO_BASE_URL or "https://api.twilio.com"
    account = settings.TWILIO_ACCOUNT_SID
    try:
        answer = requests.get(
            f"{base}/2010-04-01/Accounts/{account}.json",
            auth=(account, settings.TWILIO_AUTH_TOKEN),
            timeout=TIMEOUT,
        )
    except requests.RequestException as error:
        yield bad(f"Twilio can't be reached: {type(error).__name__}", "Look at the firewall.")
        return
    if answer.status_code == 401:
        yield bad("Twilio refuses us", "Correct TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN.")
    elif not answer.ok:
        yield note(f"Twilio answers {answer.status_code}", "See status.twilio.com.")
    else:
        yield good("Twilio knows us")


def look_at_documents() -> Findings:
    try:
        renderer.render("<html lang='fr'><title>é</title><p>É</p></html>", {})
    except (RenderError, OSError) as error:
        yield bad(f"no PDF: {error}", "Install the libraries that docs/deploy.md names.")
    else:
        yield good("a PDF was made")
    finally:
        renderer.close()
    for script, code in (("Arabic", "ar"), ("Chinese", "zh")):
        if not _has_font(code):
            yield note(f"no font for {script}", "Names would show as boxes: fonts-noto-core, -cjk.")


def _has_font(language: str) -> bool:
    lister = shutil.which("fc-list")
    if lister is None:
        return True  # nobody to ask
    asked = [lister, f":lang={language}", "family"]
    return bool(subprocess.run(asked, capture_output=True, timeout=TIMEOUT).stdout.strip())


def look_at_clock() -> Findings:
    others = {}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            others["the database"] = cursor.fetchone()[0]
    if settings.REDIS_URL and not health.broker_problem():
        client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT)
        seconds, _micro = client.time()
        others["Redis"] = datetime.fromtimestamp(seconds, UTC)
    for name, at in others.items():
        skew = abs((datetime.now(UTC) - at).total_seconds())
        if skew > SKEW:
            yield bad(f"{skew:.0f} s from {name}", "Run NTP on every machine.")
    yield good("agrees" if others else "nothing to compare it with")


def look_at_staff() -> Findings:
    staff = User.objects.filter(is_staff=True, is_active=True)
    if not staff.exists():
        yield bad("nobody can sign in to the admin", "Run `manage.py createsuperuser`.")
        return
    if not staff.filter(groups__name=ADMINISTRATOR).exists():
        yield note(
            "only superusers administer", "Give the daily work to people with roles, in Users."
        )
    bare = staff.filter(totpdevice__isnull=True).count()
    if bare and settings.STAFF_TWO_FACTOR:
        yield note(f"{bare} without a second step yet", "They set it up at their next sign-in.")
    yield good(f"{staff.count()} active")


CHECKS: dict[str, Callable[[], Findings]] = {
    "settings": look_at_settings,
    "database": look_at_database,
    "broker": look_at_broker,
    "scheduler": look_at_scheduler,
    "storage": look_at_storage,
    "mail": look_at_mail,
    "texts": look_at_texts,
    "documents": look_at_documents,
    "clock": look_at_clock,
    "staff": look_at_staff,
}
