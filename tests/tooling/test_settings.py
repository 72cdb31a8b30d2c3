"""Who runs this finds every setting in one file."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from vitay.guard import refuse_short_secrets

READ = re.compile(r'\b(?:env(?:\.\w+)?|secret)\(\s*"([A-Z_]+)"')
NOT_SETTINGS = {"ENV_FILE"}  # where .env is: a seam for bin/test


def test_every_setting_is_in_the_example():
    read = set(READ.findall((settings.BASE_DIR / "vitay/settings.py").read_text()))
    shown = set(
        re.findall(r"^#?([A-Z_]+)=", (settings.BASE_DIR / ".env.example").read_text(), re.MULTILINE)
    )
    assert read - NOT_SETTINGS <= shown


def started(name: str, value: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-c", f"from vitay import settings; print(settings.{name})"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DEBUG": "1", "ENV_FILE": "/dev/null", name: value},
        capture_output=True,
        text=True,
    )


@pytest.mark.parametrize("name", ["LINK_KEYS", "JWT_KEYS", "ADDRESS_KEYS"])
def test_no_key_is_empty(name):
    """Whoever knows a key can sign with it, and everybody knows the empty one."""
    assert started(name, " new-key,, old-key ,").stdout.strip() == "['new-key', 'old-key']"
    refused = started(name, " , ")
    assert refused.returncode != 0 and f"{name} holds no key" in refused.stderr


@pytest.mark.parametrize("name", ["SECRET_KEY", "LINK_KEYS", "JWT_KEYS"])
def test_outside_debug_a_short_key_stops_the_start(settings, name):
    settings.DEBUG = False
    for each in ("SECRET_KEY", "LINK_KEYS", "JWT_KEYS"):
        setattr(
            settings, each, "longer" * 8 if each == "SECRET_KEY" else ["longer" * 8, "oldest" * 8]
        )
    refuse_short_secrets()
    setattr(settings, name, "short" if name == "SECRET_KEY" else ["longer" * 8, "short"])
    [error] = [each for each in run_checks() if each.id == "vitay.E001"]
    assert error.is_serious() and error.msg == f"too short or too plain: {name}"
    with pytest.raises(ImproperlyConfigured, match=f"{name}.*at least 32 characters"):
        refuse_short_secrets()
    settings.DEBUG = True
    refuse_short_secrets()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRUSTED_PROXIES", "two"),
        ("STORAGE_OPTIONS", "{bucket"),
        ("LOG_LEVEL", "LOUD"),
        ("VAR_DIR", "/proc/nowhere"),
        ("DATABASE_URL", "mysql://vitay:hunter2@host/vitay"),
        ("REDIS_URL", "http://:hunter2@host/0"),
        ("EMAIL_URL", "mail.host?password=hunter2"),
    ],
)
def test_what_cant_be_read_names_its_setting_and_shows_no_password(name, value):
    refused = started(name, value)
    assert refused.returncode != 0
    last = refused.stderr.strip().splitlines()[-1]
    assert "ImproperlyConfigured" in last and name in last
    assert "hunter2" not in refused.stderr


def test_a_key_of_one_letter_is_none(settings):
    settings.DEBUG, settings.SECRET_KEY = False, "a" * 64
    with pytest.raises(ImproperlyConfigured, match="too plain: SECRET_KEY"):
        refuse_short_secrets()
