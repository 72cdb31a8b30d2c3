"""The candidates list next to the same list by hand, on stock DRF-JSON:API and on FastAPI.

    python -m bench.api                      7 rounds; PostgreSQL of its own, filled first
    python -m bench.api --rounds 3 --database postgres://…    an empty database, or a filled one

Every server is one process on the loopback. In each round all of them answer the same number of
requests, one after the other, so that what else the machine does falls on all; ratios are those
of the rounds. Ends with 1 when a goal is missed.
"""

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import NamedTuple

from bench.api.load import Cost, get, measure
from tests.servers import Postgres, Processes, free_port

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {
    "ENV_FILE": "/dev/null",
    "DEBUG": "0",
    "LOG_LEVEL": "ERROR",
    "SECRET_KEY": "only-for-this-benchmark-" + "x" * 40,
    "LINK_KEYS": "only-for-this-benchmark-links-" + "x" * 40,
    "JWT_KEYS": "only-for-this-benchmark-tokens-" + "x" * 40,
    "PUBLIC_URL": "http://127.0.0.1",
    "ALLOWED_HOSTS": "127.0.0.1",
    "SECURE_SSL_REDIRECT": "0",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "API_RATE": "1000000000",
    "PYTHONWARNINGS": "ignore",
}
GUNICORN = (
    "-m gunicorn vitay.wsgi --workers 1 --worker-class gthread --threads 4 --no-control-socket"
)
UVICORN = "-m uvicorn bench.api.peers.fast:app --workers 1 --log-level warning"


class Peer(NamedTuple):
    """A server, and how its address differs."""

    server: str
    path: str = "/api/v3/candidates"
    page: str = "page[page]"


PEERS = {
    "Vitay": Peer("vitay"),
    "by hand": Peer("by_hand"),
    "FastAPI": Peer("fast"),
    "stock, prefetched": Peer("stock", "/api/prefetched/candidates", "page[number]"),
    "stock": Peer("stock", page="page[number]"),
}
CASES = {
    "page 1": {},
    "page 300": {"page": 300},
    "include=references": {"include": "references"},
    "both": {"include": "references", "page": 300},
}


class Servers:
    """One process each."""

    def __init__(self, processes: Processes, python: str):
        self.ports, self.pids = {}, {}
        for name in ("vitay", "by_hand", "stock", "fast"):
            port = self.ports[name] = free_port()
            if name == "fast":
                command = [python, *UVICORN.split(), "--port", str(port)]
            else:
                command = [sys.executable, *GUNICORN.split(), "--bind", f"127.0.0.1:{port}"]
                own = name == "vitay"
                settings = "vitay.settings" if own else "bench.api.peers.settings"
                environ = {
                    "DJANGO_SETTINGS_MODULE": settings,
                    "BENCH_PEER": f"bench.api.peers.{name}",
                }
                processes.environ |= environ
            self.pids[name] = processes.start(name, *command).pid

    def url(self, peer: Peer, page: int = 0, include: str = "") -> str:
        query = {"include": include, peer.page: page}
        query = "&".join(f"{name}={value}" for name, value in query.items() if value)
        return f"http://127.0.0.1:{self.ports[peer.server]}{peer.path}?{query}"


def environment(folder: Path) -> str:
    """The Python of the FastAPI peer, made at first use and again when its requirements change."""
    wanted = Path(__file__).with_name("requirements.txt")
    made = folder / f"bench-api-{hashlib.sha256(wanted.read_bytes()).hexdigest()[:12]}"
    if not (made / "ready").exists():
        print("Installing the FastAPI peer …", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", made], check=True)
        pip = [made / "bin/python", "-m", "pip", "install", "--quiet", "-r", wanted]
        subprocess.run(pip, check=True)
        (made / "ready").touch()
    return str(made / "bin/python")


def prepare() -> str:
    """The database of the settings, filled; a token."""
    import django  # the settings are read only now, from the environment that main() made
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)

    from bench.api import data

    return data.token()


def same_document(servers: Servers, headers: dict) -> None:
    """Vitay, the view by hand and FastAPI write one document; stock at least the same resources."""
    for case in CASES.values():
        found = {}
        for name, peer in PEERS.items():
            url = servers.url(peer, **case)
            text = get(url, headers).decode().replace(str(servers.ports[peer.server]), "PORT")
            found[name] = json.loads(text)
        ours = found["Vitay"]
        for name in ("by hand", "FastAPI"):
            if found[name] != ours:
                raise SystemExit(f"Not the same document: {name}, {case}")
        for name in ("stock", "stock, prefetched"):
            for part in ("data", "included"):
                theirs = sorted(each["id"] for each in found[name].get(part, []))
                if theirs != sorted(each["id"] for each in ours.get(part, [])):
                    raise SystemExit(f"Not the same resources: {name}, {case}")


def run(servers: Servers, case: dict, headers: dict, rounds: int, requests: int) -> dict:
    """The costs by peer, one a round; who comes first changes with the round."""
    costs: dict[str, list[Cost]] = defaultdict(list)
    names = list(PEERS)
    for number in range(rounds + 1):
        shift = number % len(names)
        for name in names[shift:] + names[:shift]:
            peer = PEERS[name]
            url = servers.url(peer, **case)
            cost = measure(servers.pids[peer.server], url, headers, requests)
            if number:  # the first round warms up
                costs[name].append(cost)
    return costs


def ratio(ours: list[Cost], theirs: list[Cost], of: str) -> float:
    """The median over the rounds of ours to theirs."""
    return median(getattr(a, of) / getattr(b, of) for a, b in zip(ours, theirs, strict=True))


def report(title: str, costs: dict) -> bool:
    print(f"\n{title:20}{'requests/s':>12}{'CPU ms':>9}")
    for name in PEERS:
        speed = median(cost.per_second for cost in costs[name])
        print(f"{name:20}{speed:12.1f}{median(cost.cpu for cost in costs[name]):9.2f}")
    ours = costs["Vitay"]
    speed = ratio(ours, costs["stock"], "per_second")
    by_hand, fast = (ratio(ours, costs[name], "cpu") for name in ("by hand", "FastAPI"))
    goals = {
        f"{speed:.2f} × stock's requests per second (goal: at least 4)": speed >= 4,
        f"{by_hand:.2f} × the CPU of the view by hand (goal: at most 1.7)": by_hand <= 1.7,
        f"{fast:.2f} × FastAPI's CPU (goal: at most 1)": fast <= 1,
    }
    for goal, met in goals.items():
        print(f"{'ok  ' if met else 'MISS'} {goal}", flush=True)
    return all(goals.values())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=60, help="a round and server")
    parser.add_argument("--database", help="the address of an empty PostgreSQL database of yours")
    parser.add_argument("--case", choices=CASES, default="", help="only this one")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers end as well
    kept = Path(os.environ.get("VAR_DIR", ROOT / "var")).resolve()
    kept.mkdir(parents=True, exist_ok=True)
    python = environment(kept)
    folder = Path(tempfile.mkdtemp(prefix="vitay-bench-"))
    with contextlib.ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        database = options.database or stack.enter_context(Postgres()).url
        for name in ("REDIS_URL", "REDIS_PREFIX", "TWILIO_ACCOUNT_SID"):
            os.environ.pop(name, None)
        os.environ |= SETTINGS | {
            "DATABASE_URL": database,
            "VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "vitay.settings",
        }
        token = prepare()
        processes = stack.enter_context(Processes(folder, {}))
        servers = Servers(processes, python)
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.api+json",
        }
        for name in servers.ports:
            wait(servers, folder, name)
        same_document(servers, headers)
        good = True
        for title, case in CASES.items():
            if options.case not in ("", title):
                continue
            costs = run(servers, case, headers, options.rounds, options.requests)
            good &= report(title, costs)
    return 0 if good else 1


def wait(servers: Servers, folder: Path, name: str) -> None:
    url = f"http://127.0.0.1:{servers.ports[name]}/nothing?"
    for _attempt in range(150):
        try:
            return get(url, {})
        except RuntimeError:  # it answers 404
            return None
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{name} did not start:\n{(folder / f'{name}.log').read_text()[-2000:]}")


if __name__ == "__main__":
    sys.exit(main())
