"""The only door to SMTP and Twilio: send one message, and say which of five things happened."""

import contextlib
import logging
import re
import smtplib
import socket
import threading
from datetime import timedelta
from email.headerregistry import Address
from email.utils import parseaddr
from pathlib import Path
from typing import NamedTuple

import requests
from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from apps.messaging.kinds import EMAIL
from apps.messaging.people import DEAD_NUMBER

logger = logging.getLogger(__name__)
TIMEOUT = settings.PROVIDER_TIMEOUT  # for every call out; Twilio's client has none of its own
OPTED_OUT = 21610
# No server can be asked whether it took an email. A file says so within microseconds; from the
# answer to the commit of the row takes milliseconds, in which a worker may be killed.
TAKEN = settings.VAR_DIR / "taken"
NO_DELAY = timedelta()
# What we are told of our connection, name or sender says nothing of the reader's address.
WE_ARE_AT_FAULT = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
)
STATUS = re.compile(rb"\b[45]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
# A server may say so only once it hears the recipient: policy, the sender's address.
OURS_TO_MEND = re.compile(rb"\b5\.(7\.\d+|1\.[78])\b|\brelay\S* (access |is )?(denied|not)\b", re.I)


class Accepted(NamedTuple):
    provider_id: str = ""


class Absent(NamedTuple):
    """The provider says that it never got it."""


class Bounced(NamedTuple):
    """For good: nobody is at this address."""

    code: str
    error: str


class Refused(NamedTuple):
    """For good: something is wrong with this message."""

    code: str
    error: str


class OptedOut(NamedTuple):
    code: str
    error: str


class Busy(NamedTuple):
    """Certainly not sent; later may go better."""

    error: str
    after: timedelta = NO_DELAY


class Unknown(NamedTuple):
    """It may have arrived, or not."""

    error: str


Outcome = Accepted | Bounced | Refused | OptedOut | Busy | Unknown


class _HTTPClient(TwilioHttpClient):
    """Twilio's own client, with a deadline and, where it is set, another address."""

    def __init__(self):
        super().__init__(timeout=TIMEOUT, pool_connections=True)
        self.retry_after = ""

    def request(self, method, url, **kwargs):
        if settings.TWILIO_BASE_URL:
            url = url.replace("https://api.twilio.com", settings.TWILIO_BASE_URL, 1)
        kwargs["timeout"] = TIMEOUT
        response = super().request(method, url, **kwargs)
        self.retry_after = (response.headers or {}).get("Retry-After", "")
        return response


_local = threading.local()


def _twilio() -> Client:
    """One client per thread: it holds the connection open from text to text."""
    if not hasattr(_local, "twilio"):
        _local.twilio = Client(
            settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN, http_client=_HTTPClient()
        )
    return _local.twilio


class Session:
    """One worker's connections while it empties the outbox."""

    def __enter__(self):
        self._mail = None
        TAKEN.mkdir(exist_ok=True)
        return self

    def __exit__(self, *exc):
        self._drop_mail()

    def send(self, message, rendered) -> Outcome:
        return (self._email if message.channel == EMAIL else self._text)(message, rendered)

    def find_email(self, message) -> Accepted | Absent:
        """Whether a worker of this machine heard that the server took it, and died with that."""
        try:
            return Accepted(_taken(message).read_text() or message.message_id)
        except OSError:
            return Absent()

    def find_text(self, message, rendered, known: set[str]) -> Accepted | Absent | Unknown:
        """Whether Twilio has this text already: one to this number, of this message's time, with
        its words or its link, that is no other message's."""
        since = message.created_at - timedelta(minutes=5)
        try:
            for text in _twilio().messages.list(to=message.address, limit=50):
                same = text.body.strip() == rendered.text or (
                    rendered.link and rendered.link in text.body
                )
                if same and text.sid not in known and text.date_created >= since:
                    return Accepted(text.sid)
        except (TwilioException, requests.RequestException) as error:
            return Unknown(_words(error))
        return Absent()

    def _text(self, message, rendered) -> Outcome:
        try:
            sent = _twilio().messages.create(
                to=message.address,
                from_=settings.TWILIO_FROM,
                body=rendered.text,
                status_callback=f"{settings.PUBLIC_URL}/hooks/twilio/status/{message.pk}",
            )
        except TwilioRestException as error:
            return _sort_twilio(error, _twilio().http_client.retry_after)
        except requests.ConnectTimeout as error:
            return Busy(_words(error))
        except requests.ConnectionError as error:
            never_connected = "NewConnectionError" in repr(error)
            return Busy(_words(error)) if never_connected else Unknown(_words(error))
        except requests.RequestException as error:
            return Unknown(_words(error))
        return Accepted(sent.sid)

    def _email(self, message, rendered) -> Outcome:
        try:
            email = _compose(message, rendered)
            forget_taken(message)  # of an attempt that another machine settled
            if self._mail is None:
                self._mail = get_connection(timeout=TIMEOUT)
                self._mail.open()
            email.connection = self._mail
            email.send()
        except (smtplib.SMTPException, OSError, AnymailError) as error:
            self._drop_mail()
            return _sort_email(error)
        status = getattr(email, "anymail_status", None)
        provider_id = getattr(status, "message_id", None) or message.message_id
        try:
            _taken(message).write_text(provider_id)
        except OSError:  # it went all the same; the database is about to know
            logger.warning("taken_not_noted", exc_info=True)
        return Accepted(provider_id)

    def _drop_mail(self) -> None:
        mail, self._mail = self._mail, None
        if mail is not None:
            try:
                mail.close()
            except (smtplib.SMTPException, OSError):
                logger.info("mail_connection_lost")


def _taken(message) -> Path:
    return TAKEN / str(message.pk)


def forget_taken(message) -> None:
    with contextlib.suppress(OSError):
        _taken(message).unlink(missing_ok=True)


def _compose(message, rendered) -> EmailMultiAlternatives:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    headers = {"Message-ID": message.message_id, "Auto-Submitted": "auto-generated"}
    if rendered.unsubscribe:
        headers["List-Unsubscribe"] = f"<{rendered.unsubscribe}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    email = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        from_email=_mailbox(f"{rendered.sender} · {name}" if rendered.sender else name, address),
        to=[_mailbox(message.name, message.address)],
        reply_to=[rendered.reply_to] if rendered.reply_to else None,
        headers=headers,
    )
    email.attach_alternative(rendered.html, "text/html")
    email.metadata = {"message": str(message.pk)}  # anymail hands it back with each event
    return email


def _mailbox(name: str, address: str) -> str:
    """A header's address, quoted by the standard library: a name can't add a recipient."""
    clean = "".join(character for character in name if character.isprintable())
    return str(Address(display_name=clean, addr_spec=address))


def _sort_twilio(error: TwilioRestException, retry_after: str) -> Outcome:
    words = f"Twilio {error.status} {error.code}"
    if error.code == OPTED_OUT:
        return OptedOut(str(error.code), words)
    if str(error.code) in DEAD_NUMBER:
        return Refused(str(error.code), words)
    if error.status >= 500:
        return Unknown(words)
    seconds = min(int(retry_after), 3600) if retry_after.isdecimal() else 30
    return Busy(words, timedelta(seconds=seconds))


def _sort_email(error: Exception) -> Outcome:
    words = _words(error)
    if isinstance(error, AnymailRecipientsRefused | smtplib.SMTPNotSupportedError):
        return Bounced("recipient", words)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code, reply = _reply(error)
        verdict = code >= 550 and not OURS_TO_MEND.search(reply)
        return Bounced(str(code), words) if verdict else Busy(words)
    if isinstance(error, WE_ARE_AT_FAULT):
        return Busy(words)
    if isinstance(error, smtplib.SMTPResponseException):
        permanent = 500 <= error.smtp_code < 600 and error.smtp_code != 503
        return Refused(str(error.smtp_code), words) if permanent else Busy(words)
    status = getattr(error, "status_code", None)
    if status is not None:
        if status == 429 or status in (401, 403):
            return Busy(words, timedelta(seconds=30))
        return Refused(str(status), words) if 400 <= status < 500 else Unknown(words)
    if isinstance(error, ConnectionRefusedError | socket.gaierror):
        return Busy(words)
    return Unknown(words)


def _reply(error: Exception) -> tuple[int, bytes]:
    """A mail server's code and words; 0 and nothing when it said none."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))
    return getattr(error, "smtp_code", 0), getattr(error, "smtp_error", b"")


def _words(error: Exception) -> str:
    """What went wrong, in codes: a server's own words may hold the address it went wrong for."""
    code, reply = _reply(error)
    codes = [str(code or ""), *(found.decode() for found in STATUS.findall(reply)[:1])]
    return " ".join([type(error).__name__, *codes]).strip()
