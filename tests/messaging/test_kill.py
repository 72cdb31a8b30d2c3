"""Workers die while they send. The whole of it: python -m bench.outbox_faults"""

import os
import subprocess
import sys

import pytest
from django.conf import settings


@pytest.mark.workers
@pytest.mark.slow
def test_killed_workers_lose_nothing_and_double_no_text():
    command = [sys.executable, "-m", "bench.outbox_faults", "--only-kills", "--embedded"]
    ran = subprocess.run(
        [*command, "--messages", "40", "--kills", "2", "--limit", "150"],
        cwd=settings.BASE_DIR,
        env={name: value for name, value in os.environ.items() if name != "PYTEST_XDIST_WORKER"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert ran.returncode == 0, ran.stdout[-3000:] + ran.stderr[-3000:]
