"""The doctor on a good deployment, and on ten that are broken in one way each."""

import json
import os
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

HERE = Path(__file__).resolve().parents[2]
LONG = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Twilio(BaseHTTPRequestHandler):
    def do_GET(self):
        known = self.headers.get("Authorization") == "Basic QUMxOnJpZ2h0"  # AC1:right
        self.send_response(200 if known else 401)
        self.end_headers()
        self.wfile.write(json.dumps({"status": "active"}).encode())

    def log_message(self, *_):
        """Quiet."""


class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 OK"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def manage(env: dict, *arguments: str):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=HERE,
        env={"PATH": os.environ["PATH"], "ENV_FILE": "/dev/null"} | env,
        capture_output=True,
        text=True,
        timeout=300,  # the static files alone take a minute of a busy machine
    )


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """A deployment with everything in its place: its own database, mail server and Twilio."""
    folder = tmp_path_factory.mktemp("deployment")
    mail = Controller(Sink(), hostname="127.0.0.1", port=free_port())
    mail.start()
    texts = HTTPServer(("127.0.0.1", 0), Twilio)
    threading.Thread(target=texts.serve_forever, daemon=True).start()
    env = {
        "SECRET_KEY": f"secret-{LONG}",
        "LINK_KEYS": f"links-{LONG}",
        "JWT_KEYS": f"tokens-{LONG}",
        "ADDRESS_KEYS": f"addresses-{LONG}",
        "PUBLIC_URL": "https://checks.example.org",
        "ALLOWED_HOSTS": "checks.example.org",
        "TRUSTED_PROXIES": "1",
        "METRICS_TOKEN": LONG,
        "VAR_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder}/vitay.sqlite3",
        "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        "DEFAULT_FROM_EMAIL": "Vitay <checks@example.org>",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "right",
        "TWILIO_FROM": "+15145550100",
        "TWILIO_BASE_URL": f"http://127.0.0.1:{texts.server_port}",
    }
    prepare = (
        "from apps.accounts.models import User; from apps.staff.models import Heartbeat; "
        "User.objects.create_superuser('ops@example.org', 'correct-horse-battery'); "
        "Heartbeat.beat()"
    )
    for step in (
        ["migrate", "--verbosity", "0"],
        ["collectstatic", "--noinput", "--verbosity", "0"],
        ["shell", "--command", prepare],
    ):
        done = manage(env, *step)
        assert done.returncode == 0, done.stderr
    yield env
    mail.stop()
    texts.shutdown()


def never_migrated(env, folder):
    return env | {"DATABASE_URL": f"sqlite:///{folder}/empty.sqlite3"}


BROKEN = {
    "no secret": (lambda env, tmp: env | {"SECRET_KEY": ""}, "Set SECRET_KEY"),
    "a short secret": (
        lambda env, tmp: env | {"LINK_KEYS": "short"},
        "too short or too plain: LINK_KEYS",
    ),
    "one secret for all": (
        lambda env, tmp: env | {"JWT_KEYS": env["LINK_KEYS"]},
        "two secrets are the same",
    ),
    "no TLS": (
        lambda env, tmp: env | {"PUBLIC_URL": "http://checks.example.org"},
        "need https://",
    ),
    "another host": (
        lambda env, tmp: env | {"ALLOWED_HOSTS": "other.example"},
        "ALLOWED_HOSTS lacks checks.example.org",
    ),
    "never migrated": (never_migrated, "migrations are missing"),
    "no database": (
        lambda env, tmp: env | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"},
        "BAD  database   connection failed",  # why, and at once
    ),
    "no broker": (lambda env, tmp: env | {"REDIS_URL": "redis://127.0.0.1:1/0"}, "Start Redis"),
    "a mail server that is away": (
        lambda env, tmp: env | {"EMAIL_URL": "smtp://127.0.0.1:1"},
        "Correct EMAIL_URL",
    ),
    "a wrong Twilio token": (
        lambda env, tmp: env | {"TWILIO_AUTH_TOKEN": "wrong"},
        "Twilio refuses us",
    ),
    "storage that is not there": (
        lambda env, tmp: env | {"STORAGE_OPTIONS": json.dumps({"location": "/proc/nowhere"})},
        "Let our user write",
    ),
    "a file where the database should be": (
        lambda env, tmp: env | {"DATABASE_URL": f"sqlite:///{HERE}/manage.py"},
        "Correct DATABASE_URL",
    ),
    "a broker that is another server": (
        lambda env, tmp: env | {"REDIS_URL": env["EMAIL_URL"].replace("smtp", "redis")},
        "correct REDIS_URL",
    ),
    "a mail server that refuses the login": (
        lambda env, tmp: env | {"EMAIL_URL": env["EMAIL_URL"].replace("//", "//user:wrong@")},
        "Correct EMAIL_URL",
    ),
    "a mail server that knows no TLS": (
        lambda env, tmp: env | {"EMAIL_URL": env["EMAIL_URL"].replace("smtp:", "smtp+tls:")},
        "Correct EMAIL_URL",
    ),
    "an address without its scheme": (
        lambda env, tmp: env | {"PUBLIC_URL": "checks.example.org"},
        "need https://",
    ),
    "static files never collected": (
        lambda env, tmp: env | {"VAR_DIR": str(tmp / "new")},
        "collectstatic",
    ),
    "a sender that is nobody's": (
        lambda env, tmp: env | {"DEFAULT_FROM_EMAIL": "Vitay <noreply@vitay.example>"},
        "with SPF and DKIM",
    ),
    "Twilio behind a wall": (
        lambda env, tmp: env | {"TWILIO_BASE_URL": "http://127.0.0.1:1"},
        "Look at the firewall",
    ),
    "staff without a second step": (
        lambda env, tmp: env | {"STAFF_TWO_FACTOR": "0"},
        "Set STAFF_TWO_FACTOR=1",
    ),
}


def test_a_good_deployment_is_well(good):
    done = manage(good, "doctor")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "All is well." in done.stdout and "BAD" not in done.stdout


def test_each_fault_is_named_with_what_to_do(good, tmp_path):
    """All at once: most of their time is Python's start."""

    def run(name):
        breaks, words = BROKEN[name]
        done = manage(breaks(good, tmp_path), "doctor")
        return name, words, done.returncode, done.stdout + done.stderr

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(run, BROKEN))
    assert len(results) >= 10
    for name, words, code, output in results:
        assert code == 1, (name, output)
        assert words in output, (name, output)
        assert "Traceback" not in output, (name, output)
