"""An SMTP server that keeps every message it accepted, in the order of acceptance."""

import asyncio
import logging
import time
from collections import Counter
from email import message_from_bytes, policy
from typing import NamedTuple

from aiosmtpd.controller import Controller

from tests.servers.processes import free_port

logging.getLogger("mail.log").setLevel(logging.WARNING)


class Mail(NamedTuple):
    at: float
    to: str
    message_id: str
    content: bytes

    @property
    def parsed(self):
        return message_from_bytes(self.content, policy=policy.default)


class MailServer:
    """`faults()` names what goes wrong with the next message, or nothing.

    - busy: 451, spam: 554, not taken. - timeout: silence, not taken.
    - cut: taken, then the line is cut before the answer.
    `refuses` is what every recipient hears while it is set.
    """

    def __init__(self, port: int | None = None, faults=lambda: None, patience: float = 3):
        self.port = port or free_port()
        self.faults, self.patience = faults, patience
        self.kept: list[Mail] = []
        self.done = Counter()
        self.connections = 0
        self.refuses_sender = False
        self.refuses = ""

    def __enter__(self):
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, decode_data=False, ready_timeout=20
        )
        self._controller.start()
        return self

    def __exit__(self, *exc):
        self._controller.stop()

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.refuses_sender:
            return "550 Who are you?"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("nobody"):
            return "550 No such person"
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        fault = self.faults()
        self.done[fault] += 1
        if fault == "busy":
            return "451 Busy, come again"
        if fault == "spam":
            return "554 This looks like spam"
        if fault == "timeout":
            await asyncio.sleep(self.patience)
            return "451 Too late"
        content = bytes(envelope.content)
        message_id = message_from_bytes(content, policy=policy.default)["Message-ID"]
        for to in envelope.rcpt_tos:
            self.kept.append(Mail(time.time(), to, message_id, content))
        if fault == "cut":
            server.transport.abort()
        return "250 Taken"
