"""An HTTP server that speaks Twilio's messages, and keeps every text it accepted."""

import contextlib
import json
import threading
import time
import uuid
from collections import Counter
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import requests
from twilio.request_validator import RequestValidator

SID, TOKEN, NUMBER = "AC" + "0" * 32, "token-of-the-tests", "+15145550100"


class Text(NamedTuple):
    at: float
    to: str
    body: str
    sid: str
    callback: str


class TextServer:
    """`faults()` names what goes wrong with the next request to send, or nothing.

    - busy: 429 with Retry-After. - broken: 500, not taken. - timeout: silence, not taken.
    - cut: taken, then the line is cut before the answer. - lost: taken, then 500.
    - a number: 400 with that code, or a 404 for 20404, not taken.
    - garbled: taken, then an answer that makes no sense.
    - late: taken, answered after the sender's patience has ended.
    `blind` makes looking up fail while it is true; `calls_back` sends receipts.
    """

    def __init__(self, faults=lambda: None, patience: float = 3, calls_back: bool = False):
        self.faults, self.patience, self.calls_back = faults, patience, calls_back
        self.kept: list[Text] = []
        self.done = Counter()
        self.blind = False

    def __enter__(self):
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *exc):
        self._server.shutdown()
        self._server.server_close()

    @property
    def environ(self) -> dict[str, str]:
        """What makes Vitay send its texts here."""
        return {
            "TWILIO_BASE_URL": self.url,
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "TWILIO_FROM": NUMBER,
        }

    def keep(self, form: dict) -> Text:
        callback = form.get("StatusCallback", "")
        text = Text(time.time(), form["To"], form["Body"], "SM" + uuid.uuid4().hex, callback)
        self.kept.append(text)
        if self.calls_back and callback:
            threading.Thread(target=self.call_back, args=(text,), daemon=True).start()
        return text

    def call_back(self, text: Text, status: str = "delivered", **form) -> int:
        form = {"MessageSid": text.sid, "MessageStatus": status, "To": text.to} | form
        signature = RequestValidator(TOKEN).compute_signature(text.callback, form)
        try:
            return requests.post(
                text.callback, form, headers={"X-Twilio-Signature": signature}, timeout=5
            ).status_code
        except requests.RequestException:
            return 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 100


def _handler(texts: TextServer):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self):
            length = int(self.headers.get("Content-Length", 0))
            form = {k: v[0] for k, v in parse_qs(self.rfile.read(length).decode()).items()}
            fault = texts.faults()
            texts.done[fault] += 1
            if fault == "busy":
                return self.answer(429, {"code": 20429, "status": 429}, {"Retry-After": "1"})
            if fault == "broken":
                return self.answer(500, {"code": 20500, "status": 500})
            if isinstance(fault, int):
                status = 404 if fault == 20404 else 400
                return self.answer(status, {"code": fault, "status": status, "message": "No"})
            if fault == "timeout":
                time.sleep(texts.patience)
                return self.cut()
            if not form.get("To", "").startswith("+"):
                return self.answer(400, {"code": 21211, "status": 400, "message": "Invalid"})
            text = texts.keep(form)
            if fault == "cut":
                return self.cut()
            if fault == "garbled":
                return self.answer(201, "not what was agreed")
            if fault == "lost":
                return self.answer(500, {"code": 20500, "status": 500})
            if fault == "late":
                time.sleep(texts.patience)
            return self.answer(201, shown(text))

        def do_GET(self):
            if texts.blind:
                return self.answer(503, {"code": 20503, "status": 503})
            to = parse_qs(urlsplit(self.path).query).get("To", [""])[0]
            found = [shown(text) for text in list(texts.kept) if text.to == to]
            return self.answer(200, {"messages": found[::-1], "next_page_uri": None})

        def answer(self, status: int, document: dict, headers=()):
            body = json.dumps(document).encode()
            self.send_response(status)
            for name, value in dict(headers).items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def cut(self):
            self.close_connection = True
            self.connection.close()

        def log_message(self, *args):
            pass

        def handle(self):
            with contextlib.suppress(ConnectionError, ValueError):  # the sender was killed
                super().handle()

    return Handler


def shown(text: Text) -> dict:
    at = format_datetime(datetime.fromtimestamp(text.at, UTC))
    return {
        "sid": text.sid,
        "account_sid": SID,
        "to": text.to,
        "from": NUMBER,
        "body": text.body,
        "status": "sent",
        "date_created": at,
        "date_sent": at,
        "date_updated": at,
    }
