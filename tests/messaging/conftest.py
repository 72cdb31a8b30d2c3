"""Messages go to real servers here; it is noon on a Wednesday, and nothing is quiet."""

from dataclasses import dataclass

import pytest
import time_machine as machine

from apps.messaging import gateways
from apps.messaging.delivery import deliver
from apps.messaging.models import Message
from tests.servers import MailServer, TextServer
from tests.servers.texts import NUMBER, SID, TOKEN

NOON = "2026-11-18T17:00:00Z"


@dataclass
class Providers:
    mail: MailServer
    texts: TextServer

    def go_wrong(self, *faults):
        """What goes wrong with the next sends, one after the other; then nothing."""
        line = iter([*faults])
        self.mail.faults = self.texts.faults = lambda: next(line, None)


@pytest.fixture(autouse=True)
def noon():
    with machine.travel(NOON) as traveller:
        yield traveller


@pytest.fixture
def providers(noon, settings):
    gateways._local.__dict__.clear()  # the client of another test's server
    with MailServer(patience=0.1) as mail, TextServer(patience=0.1) as texts:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", mail.port
        settings.TWILIO_BASE_URL = texts.url
        settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = SID, TOKEN
        settings.TWILIO_FROM = NUMBER
        yield Providers(mail, texts)


def send_due(*channels: str) -> None:
    """What a bell makes a worker do, once."""
    for channel in channels or ("email", "sms"):
        with gateways.Session() as session:
            for claimed in Message.objects.claims(channel):
                for message in claimed:
                    deliver(message, session)


@pytest.fixture
def invitation(reference):
    """The reference's invitation by text; all else is out of the way."""
    return only(reference, "reference_invitation", "sms")


@pytest.fixture
def email(reference):
    """The reference's invitation by email; all else is out of the way."""
    return only(reference, "reference_invitation", "email")


def only(target, kind: str, channel: str) -> Message:
    message = Message.objects.about(target).get(kind=kind, channel=channel)
    Message.objects.exclude(pk=message.pk).delete()
    return message
