"""The second half of bin/run: starts the Procfile's processes, and ends them all."""

import contextlib
import errno
import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from environ import Env

HERE = Path(__file__).resolve().parent.parent
GRACE = 10  # seconds for what is under way, once Ctrl-C was pressed
# Enough for one machine; threads end cleanly where prefork sometimes hangs.
SMALL = {
    "WEB_CONCURRENCY": "1",
    "WEB_THREADS": "8",
    "WORKER_POOL": "threads",
    "WORKER_CONCURRENCY": "4",
    "LOG_LEVEL": "WARNING",
    "GUNICORN_CMD_ARGS": "--log-level warning",
    "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
}

BANNER = """
  Vitay is ready            (Ctrl-C stops everything; data in {var}/)
  Start here   {url}/       Mailbox  {url}/dev/mailbox   (every email and text, links work)
  API docs     {url}/api/docs    Postman  {url}/api/v3/api/postman
  Staff        {url}/admin"""
DEMO = """
  Accounts     staff@demo.example (admin), root@demo.example, recruiter@demo.example
  Password     vitay-demo-2026"""
NOT_SENT = """
  Not sending for real: no {missing} is set. See a whole check:
  .venv/bin/python manage.py play --url {url}"""


def say(text: str) -> None:
    """Nobody may be reading any more; that is no reason to stop or to leave processes behind."""
    with contextlib.suppress(OSError):
        print(text, flush=True)


def write_env(path: Path) -> None:
    """On the first start: settings to try things out with, and secrets of this machine's own."""
    names = ("SECRET_KEY", "LINK_KEYS", "JWT_KEYS", "ADDRESS_KEYS")
    keys = "".join(f"{name}={secrets.token_urlsafe(48)}\n" for name in names)
    unfinished = path.with_suffix(f".{os.getpid()}")
    unfinished.touch(mode=0o600)
    unfinished.write_text(
        f"# Made by bin/run; .env.example explains every setting.\nDEBUG=1\n{keys}"
    )
    unfinished.replace(path)


def hold(path: Path):
    """The one running from this folder holds the lock, and so does each process that it started."""
    lock = path.open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        sys.exit(f"Vitay already runs from this folder; to stop it: kill {lock.read().strip()}")
    return lock


def refusal(host: str, port: int) -> str:
    """Why nobody can listen there, or nothing."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror
    try:  # where two may listen side by side, the browser would find the other one
        socket.create_connection(("localhost", port), timeout=0.5).close()
    except OSError:
        return ""
    return os.strerror(errno.EADDRINUSE)


def commands() -> dict[str, str]:
    """The Procfile's processes; what it would release has been done already."""
    lines = (HERE / "Procfile").read_text().splitlines()
    processes = dict(line.split(": ", 1) for line in lines if line)
    del processes["release"]
    return processes


class Processes:
    """Starts them, shows their lines, and leaves none when one ends or a signal asks for it."""

    def __init__(self, lock) -> None:
        self.lock = lock
        self.running: dict[str, subprocess.Popen] = {}
        self.readers: list[threading.Thread] = []
        self.stopping = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())

    def start(self, name: str, command: str) -> subprocess.Popen:
        process = self.running[name] = subprocess.Popen(
            command,
            shell=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches us alone, and a group can be killed whole
            pass_fds=[self.lock.fileno()],
        )
        self.lock.truncate(0)
        print(os.getpid(), *(p.pid for p in self.running.values()), file=self.lock, flush=True)
        self.readers.append(threading.Thread(target=self._show, args=(name, process), daemon=True))
        self.readers[-1].start()
        return process

    def _show(self, name: str, process: subprocess.Popen) -> None:
        for line in process.stdout:
            say(f"{name:>8} | {line.decode(errors='replace').rstrip()}")

    def first_to_end(self) -> str | None:
        """Its name; None when a signal came before."""
        while not self.stopping.wait(0.2):
            for name, process in self.running.items():
                if process.poll() is not None:
                    return name
        return None

    def end(self) -> None:
        self.stopping.set()
        for process in self.running.values():
            process.terminate()  # the parent alone: it knows how to end its children
        deadline = time.monotonic() + GRACE
        for process in self.running.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for process in self.running.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        for reader in self.readers:
            reader.join(1)


def announce(url: str, facts: dict, stopping: threading.Event) -> None:
    """Wait for /readyz, then say where everything is."""
    reason, late = "", time.monotonic() + 60
    while not stopping.wait(0.1):
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):
                break
        except urllib.error.HTTPError as error:
            reason = f"/readyz says {error.code} {error.read(500).decode(errors='replace')}"
        except OSError as error:
            reason = f"no answer from {url} ({error})"
        if time.monotonic() > late:
            say(f"Not ready after a minute: {reason}")
            late = float("inf")
    else:
        return
    banner = BANNER.format(url=url, var=os.path.relpath(os.environ["VAR_DIR"]))
    missing = [n for n, fact in (("mail provider", "mailbox"), ("Twilio", "texts")) if facts[fact]]
    if facts["demo"]:
        banner += DEMO
    if missing:
        banner += NOT_SENT.format(missing=" and no ".join(missing), url=url)
    say(f"{banner}\n")


def main() -> int:
    os.chdir(HERE)
    env_file = Path(os.environ.setdefault("ENV_FILE", str(HERE / ".env")))
    if not env_file.exists():
        write_env(env_file)
    Env.read_env(env_file)
    environ = os.environ
    var = Path(environ.get("VAR_DIR") or "var").resolve()
    var.mkdir(parents=True, exist_ok=True)
    lock = hold(var / "run.lock")

    host, port = environ.get("HOST") or "127.0.0.1", environ.get("PORT") or "8000"
    if not port.isdecimal():
        sys.exit(f"PORT must be a number, not {port}.")
    if reason := refusal(host, int(port)):
        sys.exit(
            f"Nobody can listen on {host}:{port} ({reason}). Try: PORT={int(port) + 1} bin/run"
        )
    local = "127.0.0.1" if host in ("0.0.0.0", "::", "localhost") else host
    ports = range(int(environ.get("MAILBOX_SMTP_PORT") or 1025), 65536)
    mail_port = next(number for number in ports if not refusal(local, number))
    url = f"http://{'localhost' if local == '127.0.0.1' else local}:{port}"
    environ |= {
        "PATH": f"{Path(sys.executable).parent}:{environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        "SKIP_CHECKS": "1",  # Celery's: prepare.py has just made them
        "VAR_DIR": str(var),
        "HOST": host,
        "PORT": port,
        "MAILBOX_HOST": local,
        "MAILBOX_SMTP_PORT": str(mail_port),
    }
    for name, value in SMALL.items():
        environ.setdefault(name, value)
    environ.setdefault("PUBLIC_URL", url)

    facts_file = var / "run.json"
    processes = Processes(lock)
    try:
        prepare = processes.start("prepare", f"exec python bin/prepare.py '{facts_file}'")
        if not processes.first_to_end() or prepare.returncode:
            return prepare.returncode or 0
        del processes.running["prepare"]
        facts = json.loads(facts_file.read_text())
        for name, command in commands().items():
            processes.start(name, command)
        if facts["mailbox"]:
            processes.start("mailbox", "exec python manage.py mailbox")
        threading.Thread(
            target=announce, args=(url, facts, processes.stopping), daemon=True
        ).start()
        ended = processes.first_to_end()
        say(f"{ended} ended by itself; stopping the others." if ended else "Stopping …")
        return 1 if ended else 0
    finally:
        processes.end()


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            sys.exit("The disk is full: make room and start again.")
        sys.exit(f"Vitay cannot start: {error}")
