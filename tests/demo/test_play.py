"""The README's promise: one command runs it all, another plays a whole reference check."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path

import psutil
import pypdf
import pytest
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def database_url():
    """An empty database beside the tests' own, on the server that the tests were given."""
    if connection.vendor != "postgresql":
        yield ""
        return
    name = f"vitay_play_{uuid.uuid4().hex[:8]}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    base, _slash, _name = settings.DATABASE_URL.rpartition("/")
    yield f"{base}/{name}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.workers
@pytest.mark.pdf
@pytest.mark.django_db(transaction=True)
def test_a_whole_check_is_played_against_bin_run(tmp_path, database_url):
    port = free_port()
    url = f"http://localhost:{port}"
    environment = os.environ | {
        "PORT": str(port),
        "VAR_DIR": str(tmp_path / "var"),
        "ENV_FILE": str(tmp_path / "env"),
        "MAILBOX_SMTP_PORT": str(free_port()),
        "PUBLIC_URL": url,
        "DATABASE_URL": database_url,
        "REDIS_PREFIX": tmp_path.name,
    }
    log = (tmp_path / "log").open("wb")
    run = subprocess.Popen(
        [sys.executable, "bin/serve.py"], cwd=ROOT, env=environment, stdout=log, stderr=log
    )
    try:
        wait_until_ready(url, run, tmp_path / "log")
        played = subprocess.run(
            [sys.executable, "manage.py", "play", "--url", url, "--out", tmp_path / "report.pdf"],
            cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240,
        )  # fmt: skip
        assert played.returncode == 0, played.stdout + played.stderr
        assert "[9/9]" in played.stdout
        pages = pypdf.PdfReader(tmp_path / "report.pdf").pages
        text = "".join(page.extract_text() for page in pages)
        assert "Gauvreau" in text and "Raman" in text
        family = [run.pid, *(child.pid for child in psutil.Process(run.pid).children(True))]
    finally:
        run.send_signal(signal.SIGINT)
        run.wait(30)
        log.close()
    assert [pid for pid in family if psutil.pid_exists(pid)] == []


def wait_until_ready(url, run, log):
    end = time.monotonic() + 90
    while time.monotonic() < end and run.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(log.read_text()[-2000:])
