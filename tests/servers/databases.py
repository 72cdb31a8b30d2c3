"""A PostgreSQL and a Redis of one's own, to be stopped, restarted and wiped."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg
import redis

from tests.servers.processes import free_port

# Only the server crashes here, never the machine: no need to wait for the disk.
OPTIONS = "-c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"


class Postgres:
    def __init__(self):
        found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
        on_path = shutil.which("initdb")
        self.bin = found[-1] if found else Path(on_path).parent if on_path else None
        self.port = free_port()
        self.url = f"postgres://vitay@127.0.0.1:{self.port}/postgres"

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="vitay-postgres-"))
        if os.getuid() == 0:  # PostgreSQL does not run as root
            shutil.chown(self.folder, "postgres")
        self._run("initdb", "-U", "vitay", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start()
        return self

    def __exit__(self, *exc):
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        options = f"-p {self.port} -c max_connections=200 {OPTIONS}"
        self._run("pg_ctl", "-w", "-t", "60", "-l", f"{self.folder}/log", "-o", options, "start")

    def stop(self, mode: str = "fast"):
        self._run("pg_ctl", "-w", "-m", mode, "stop")

    def connections(self) -> int:
        with psycopg.connect(self.url) as connection:
            return connection.execute("SELECT count(*) FROM pg_stat_activity").fetchone()[0]

    def _run(self, program: str, *arguments: str):
        command = [str(self.bin / program), "-D", str(self.folder / "data"), *arguments]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")


class Redis:
    """Keeps nothing on disk: a stop wipes it."""

    def __init__(self):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc):
        self.stop()

    def start(self):
        command = ["redis-server", "--bind", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen(
            [*command, "--save", "", "--appendonly", "no"], stdout=subprocess.DEVNULL, cwd="/tmp"
        )
        client = redis.Redis(port=self.port)
        for _attempt in range(100):
            try:
                return client.ping()
            except redis.ConnectionError:
                time.sleep(0.05)
        raise TimeoutError("Redis did not start")

    def stop(self):
        self._process.kill()
        self._process.wait()

    def hang(self, seconds: float):
        """It takes connections and answers nothing."""
        self._process.send_signal(signal.SIGSTOP)
        time.sleep(seconds)
        self._process.send_signal(signal.SIGCONT)
