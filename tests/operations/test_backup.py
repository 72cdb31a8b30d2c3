"""A backup as docs/operate.md says, restored elsewhere: every row, file, token and link is good."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from apps.accounts.tokens import ACCESS, issue
from apps.links.tokens import Purpose, sign
from tests.conftest import fill

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
HERE = Path(__file__).resolve().parents[2]
# What a restored deployment says of itself.
LOOK = """
import json
from django.apps import apps
from django.core.files.storage import default_storage
from apps.accounts.models import User
from apps.accounts.tokens import ACCESS, read
from apps.links.tokens import resolve
token, link, file = ARGUMENTS
user = User.objects.signed_in_by(read(token, ACCESS))
purpose, target = resolve(link)
print("FOUND " + json.dumps({
    "rows": {m._meta.label: m._base_manager.count() for m in apps.get_models()},
    "user": str(user.pk),
    "target": str(target.pk),
    "file": default_storage.open(file).read().decode(),
}))
"""


def counts() -> dict:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


@contextmanager
def restored_backup(folder: Path):
    """The address of a database with everything in it again, as long as the block lasts."""
    if connection.vendor == "sqlite":
        copy = folder / "restored.sqlite3"
        with sqlite3.connect(connection.settings_dict["NAME"]) as database:
            database.execute("VACUUM INTO ?", [str(copy)])  # safe while others write
        yield f"sqlite:///{copy}"
        return
    found = connection.settings_dict
    server = {
        "PGHOST": found["HOST"],
        "PGPORT": str(found["PORT"] or 5432),
        "PGUSER": found["USER"],
        "PGPASSWORD": found["PASSWORD"],
    }
    restored, dump = f"{found['NAME']}_restored", str(folder / "vitay.dump")
    for command in (
        ["pg_dump", "--format=custom", f"--file={dump}", found["NAME"]],
        ["dropdb", "--if-exists", restored],
        ["createdb", restored],
        ["pg_restore", "--exit-on-error", "--no-owner", f"--dbname={restored}", dump],
    ):
        subprocess.run(command, check=True, env=os.environ | server, timeout=60)
    secret = f":{found['PASSWORD']}" if found["PASSWORD"] else ""
    yield f"postgres://{found['USER']}{secret}@{found['HOST']}:{server['PGPORT']}/{restored}"
    subprocess.run(["dropdb", restored], check=True, env=os.environ | server, timeout=60)


@pytest.mark.skipif(
    connection.vendor == "postgresql" and not shutil.which("pg_dump"), reason="no pg_dump here"
)
def test_everything_is_there_again(tmp_path, reference, bob):
    fill(reference)
    name = default_storage.save("logos/logo.png", ContentFile(b"a logo"))
    before = counts()
    token, link = issue(bob.user, ACCESS), sign(Purpose.REFERENCE, reference)
    with restored_backup(tmp_path) as database:
        media = tmp_path / "media"
        shutil.copytree(default_storage.path(""), media)
        default_storage.delete(name)
        environment = os.environ | {
            "DATABASE_URL": database,
            "STORAGE_OPTIONS": json.dumps({"location": str(media)}),
        }
        look = LOOK.replace("ARGUMENTS", repr([token, link, name]))
        done = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "--command", look],
            cwd=HERE,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.partition("FOUND ")[2])
    assert found["rows"] == before
    assert found["user"] == str(bob.user_id) and found["target"] == str(reference.pk)
    assert found["file"] == "a logo"
