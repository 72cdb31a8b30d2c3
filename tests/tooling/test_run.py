"""bin/run refuses in one sentence what it cannot do."""

import os
import socket
import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.slow


@pytest.fixture
def start(tmp_path):
    """What bin/run says and answers, in a folder of its own."""
    env_file = tmp_path / "env"
    env_file.touch()

    def start(**environ):
        return subprocess.run(
            [sys.executable, "bin/serve.py"],
            cwd=settings.BASE_DIR,
            env=os.environ | {"VAR_DIR": str(tmp_path), "ENV_FILE": str(env_file)} | environ,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return start


def says(result, *words):
    assert result.returncode == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert all(word in result.stderr for word in words)


def test_an_occupied_port(start):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        says(start(PORT=port), port, "in use")


def test_a_port_that_is_none(start):
    says(start(PORT="http"), "PORT must be a number")


def test_a_second_start(start, tmp_path):
    holder = subprocess.Popen(
        ["python3", "-c", "import fcntl, sys; f = open(sys.argv[1], 'w'); print('4711', file=f,"
         " flush=True); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); input()",
         str(tmp_path / "run.lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )  # fmt: skip
    assert holder.stdout.readline() == "held\n"
    try:
        says(start(), "already runs", "kill 4711")
    finally:
        holder.communicate("\n")


def test_the_first_start_makes_secrets_of_its_own(start, tmp_path):
    env_file = tmp_path / "made"
    start(ENV_FILE=str(env_file), PORT="http")
    assert env_file.stat().st_mode & 0o777 == 0o600
    made = dict(line.split("=", 1) for line in env_file.read_text().splitlines()[1:])
    assert set(made) == {"DEBUG", "SECRET_KEY", "LINK_KEYS", "JWT_KEYS", "ADDRESS_KEYS"}
    assert all(len(value) >= 64 for name, value in made.items() if name != "DEBUG")
