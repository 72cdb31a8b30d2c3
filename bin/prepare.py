"""For bin/run: check, migrate, fill an empty database, and write what the banner needs."""

import io
import json
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vitay.settings")

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError


def main() -> dict:
    django.setup()
    call_command("check", stdout=io.StringIO())
    call_command("migrate", interactive=False, verbosity=0)
    users = get_user_model().objects
    if settings.DEBUG and not users.exists():
        print("Filling in the demo firms …")
        call_command("demo")
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)
    return {
        "mailbox": settings.MAILBOX,
        "texts": settings.TEXTS_TO_MAILBOX,
        "demo": settings.DEBUG and users.filter(email="root@demo.example").exists(),
    }


if __name__ == "__main__":
    try:
        Path(sys.argv[1]).write_text(json.dumps(main()))
    except (ImproperlyConfigured, CommandError, DatabaseError, OSError) as error:
        sys.exit(f"Vitay cannot start: {error}")
