"""Vitay's own processes, started for real and killed for real."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


class Processes:
    """Each in a group of its own, its output in `folder`; none outlives the block."""

    def __init__(self, folder: Path, environ: dict[str, str]):
        self.folder, self.environ = folder, os.environ | environ
        self.running: dict[str, subprocess.Popen] = {}
        self.commands: dict[str, list[str]] = {}

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        for name in list(self.running):
            self.kill(name)

    def start(self, name: str, *command: str) -> subprocess.Popen:
        """Start `command`, or what `name` ran before."""
        self.commands[name] = list(command) or self.commands[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self.commands[name],
                cwd=ROOT,
                env=self.environ,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        return self.running[name]

    def start_worker(self, name: str = "worker", pool: str = "threads", concurrency: int = 4):
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "vitay"]
        size = ["--pool", pool, "--concurrency", str(concurrency)]
        apart = ["--without-mingle", "--without-gossip", "--hostname", f"{name}@tests"]
        return self.start(name, *celery, "worker", *size, *apart)

    def start_beat(self, name: str = "beat"):
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "vitay"]
        return self.start(name, *celery, "beat", "--schedule", str(self.folder / name))

    def kill(self, name: str) -> None:
        """kill -9, with all its children."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
