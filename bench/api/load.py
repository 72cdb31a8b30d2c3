"""So many GETs over a few kept connections, and what they cost the server's processes."""

import http.client
import threading
import time
from typing import NamedTuple
from urllib.parse import urlsplit

import psutil

CONNECTIONS = 4


class Cost(NamedTuple):
    per_second: float
    cpu: float  # milliseconds of the server's processes per request


def cpu_seconds(pid: int) -> float:
    root = psutil.Process(pid)
    times = [each.cpu_times() for each in (root, *root.children(recursive=True))]
    return sum(each.user + each.system for each in times)


def get(url: str, headers: dict[str, str]) -> bytes:
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.netloc, timeout=30)
    try:
        return _get(connection, f"{where.path}?{where.query}", headers)
    finally:
        connection.close()


def measure(pid: int, url: str, headers: dict[str, str], requests: int) -> Cost:
    """The same address `requests` times; any answer but 200 ends the run."""
    where, failures = urlsplit(url), []
    path, share = f"{where.path}?{where.query}", requests // CONNECTIONS

    def client():
        connection = http.client.HTTPConnection(where.netloc, timeout=30)
        try:
            for _ in range(share):
                _get(connection, path, headers)
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    clients = [threading.Thread(target=client) for _ in range(CONNECTIONS)]
    spent, began = cpu_seconds(pid), time.perf_counter()
    for each in clients:
        each.start()
    for each in clients:
        each.join()
    seconds, spent = time.perf_counter() - began, cpu_seconds(pid) - spent
    if failures:
        raise failures[0]
    done = share * CONNECTIONS
    return Cost(done / seconds, spent / done * 1000)


def _get(connection, path: str, headers: dict[str, str]) -> bytes:
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} {path}: {body[:300]!r}")
    return body
