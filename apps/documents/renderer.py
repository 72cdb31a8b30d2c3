"""Our side of the renderer process: one at a time, bounded in work, memory and waiting."""

import atexit
import base64
import json
import logging
import os
import struct
import subprocess
import sys
import threading
from pathlib import Path

logger = logging.getLogger(__name__)

PRESS = Path(__file__).parent / "press"
SECONDS, BYTES, PAGES = 15, 1_000_000_000, 400  # of processor time; of memory; of A4
PATIENCE = 45  # seconds by the clock, should it work on nothing at all; four times that unread
RENDERS = 200  # then the process is replaced
WAITING = 4  # callers who may stand in line
LENGTH = struct.Struct(">I")


class RenderError(Exception):
    """The document could not be made: it is too long, or the process died over it."""


class Busy(Exception):
    """Too many wait already."""

    retry_after = SECONDS


class Renderer:
    """One long-lived process. A render that takes too long or too much ends the process."""

    def __init__(self):
        self._turn = threading.Lock()
        self._line = threading.BoundedSemaphore(WAITING + 1)
        self._process: subprocess.Popen | None = None
        self._owner, self._renders = 0, 0

    def render(self, html: str, files: dict[str, bytes], *, patient: bool = False) -> bytes:
        """The PDF. `patient` callers, who keep nobody waiting, stand in line however long it is."""
        if not patient and not self._line.acquire(blocking=False):
            raise Busy
        try:
            with self._turn:
                return self._render(html, files, PATIENCE * 4 if patient else PATIENCE)
        finally:
            if not patient:
                self._line.release()

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None and self._owner == os.getpid():
            process.kill()
            process.wait()
            process.stdin.close()
            process.stdout.close()

    def _render(self, html: str, files: dict[str, bytes], patience: float) -> bytes:
        process = self._started()
        job = {
            "html": html,
            "files": {name: base64.b64encode(data).decode() for name, data in files.items()},
        }
        body = json.dumps(job).encode()
        alarm = threading.Timer(patience, process.kill)
        alarm.start()
        try:
            process.stdin.write(LENGTH.pack(len(body)) + body)
            process.stdin.flush()
            head = process.stdout.read(1 + LENGTH.size)
            size = LENGTH.unpack(head[1:])[0] if len(head) == 5 else 0
            pdf = process.stdout.read(size)
        except BrokenPipeError:
            head, size, pdf = b"", 0, b""
        finally:
            alarm.cancel()
        if head[:1] == b"P":
            raise RenderError(f"More than {PAGES} pages.")
        if head[:1] == b"E":
            raise RenderError(f"WeasyPrint gave up: {pdf.decode()}.")
        if head[:1] != b"K" or not size or len(pdf) < size:  # it may have died while it wrote
            self.close()
            logger.error("renderer_died", extra={"returncode": process.returncode})
            raise RenderError("The renderer process ended over this document.")
        self._renders += 1
        if self._renders >= RENDERS:
            self.close()
        return pdf

    def _started(self) -> subprocess.Popen:
        """The process, started by the first render and anew after a death or a fork of ours."""
        forked = self._owner != os.getpid()
        if forked or self._process is None or self._process.poll() is not None:
            if not forked:
                self.close()
            try:
                self._process = subprocess.Popen(
                    [sys.executable, str(PRESS), str(BYTES), str(PAGES), str(SECONDS)],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
                )
            except OSError as error:  # no memory, or no files, left
                raise RenderError("The renderer process can't be started.") from error
            self._owner, self._renders = os.getpid(), 0
        return self._process


renderer = Renderer()
atexit.register(renderer.close)
