"""What a worker does with a message that it was lent: look again, send, write down the outcome."""

import logging
import time
from datetime import timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from apps.messaging import gateways
from apps.messaging.kinds import EMAIL, SMS
from apps.messaging.models import Message, OptOut
from apps.messaging.optouts import text_refusal
from apps.messaging.rates import Rate
from apps.messaging.rendering import Rendered, render

logger = logging.getLogger(__name__)

TRIES = 8
LEAST_LEASE = timedelta(seconds=2 * settings.PROVIDER_TIMEOUT)
DATABASE_AWAY = (InterfaceError, OperationalError)  # other errors of it are about one row
Status = Message.Status


def deliver(message: Message, session: gateways.Session) -> None:
    """Bring one claimed message to its next state. What is wrong with one stops no other."""
    try:
        _deliver(message, session)
    except DATABASE_AWAY:
        raise  # not this message's fault: the lease runs out, and the row is looked up
    except Exception as error:
        logger.exception("message_not_delivered", extra={"message_id": str(message.pk)})
        if message.tries + 1 < TRIES:
            _retry(message, message.before, type(error).__name__)
        else:
            _give_up(message, type(error).__name__)


def _give_up(message: Message, error: str) -> None:
    """The end, and whoever should hear of it does; unless it is the hearing that goes wrong."""
    try:
        _finish(message, Status.FAILED, "error", error)
    except DATABASE_AWAY:
        raise
    except Exception:
        logger.exception("message_not_told", extra={"message_id": str(message.pk)})
        message.move(Status.FAILED, error_code="error", error=error)


def _deliver(message: Message, session: gateways.Session) -> None:
    now, about = timezone.now(), message.about
    if message.lease_until - now < LEAST_LEASE:
        message.move(message.before, due_at=now)
    elif about is None:
        message.move(Status.SUPPRESSED, error="gone")
    elif message.tries > 2 * TRIES:  # not even asked about: its workers died, one after the other
        _finish(message, Status.FAILED, "lost", "Its workers died.")
    elif message.before == Status.UNKNOWN and not _settle(message, about, session):
        return
    elif (turn := message.after_texts_under_way(now)) > now:  # before they are counted
        message.move(Status.QUEUED, due_at=turn)
    elif refusal := _refusal(message, about):
        message.move(Status.SUPPRESSED, error=refusal)
    elif now >= message.expires_at:
        _finish(message, Status.EXPIRED, "expired", "Not sent in time.")
    elif (free := _free_at(message, about, now)) > now:
        message.move(Status.QUEUED, due_at=free, parameters=message.parameters)
    else:
        _send(message, about, session)


def _settle(message: Message, about, session: gateways.Session) -> bool:
    """Whether sending (again) is safe: an earlier attempt did not arrive."""
    if message.channel == EMAIL:  # at least once, and always with one Message-ID
        found = session.find_email(message)
    else:
        known = Message.objects.known_to_provider(message)
        found = session.find_text(message, render(message, about), known)
    match found:
        case gateways.Accepted(provider_id):
            sent = message.first_tried_at or timezone.now()
            message.move(Status.SENT, provider_id=provider_id[:100], sent_at=sent)
            gateways.forget_taken(message)
        case gateways.Absent() if message.tries < TRIES:
            return True
        case gateways.Absent():
            _finish(message, Status.FAILED, "tries", message.error)
        case gateways.Unknown(error) if message.tries + 1 < TRIES:
            _retry(message, Status.UNKNOWN, error)
        case gateways.Unknown(error):
            if message.rule.resend_unknown and "resent" not in message.parameters:
                message.parameters["resent"] = True
                return message.move(Status.SENDING, parameters=message.parameters)
            _finish(message, Status.FAILED, "unknown", error)
    return False


def _refusal(message: Message, about) -> str:
    """Why this message must not go any more; empty when it may."""
    if not about.wants(message):
        return "not wanted any more"
    if OptOut.objects.stops(message):
        return "opted out"
    return text_refusal(message, about.hiring_firm) if message.channel == SMS else ""


def _free_at(message: Message, about, now):
    """When quiet hours, the day's one invitation and the firm's own rate let it go."""
    free = max(
        message.free_at(now, about.hiring_firm),
        message.after_todays_invitation(now),
    )
    rate = {EMAIL: settings.FIRM_EMAIL_RATE, SMS: settings.FIRM_SMS_RATE}[message.channel]
    if free <= now and rate and about.hiring_firm and "paced" not in message.parameters:
        free = Rate.objects.reserve(f"{message.channel}:{about.hiring_firm.pk}", rate)
        message.parameters["paced"] = True  # the moment is this message's own
    return free


def _send(message: Message, about, session: gateways.Session) -> None:
    try:
        rendered = render(message, about)
    except Exception as error:  # a row that can't be rendered fails alone
        logger.exception("message_not_rendered", extra={"message_id": str(message.pk)})
        _finish(message, Status.FAILED, "render", type(error).__name__)
        return
    if _wait_for_turn(message):
        _hand_over(message, rendered, session)


def _wait_for_turn(message: Message) -> bool:
    """Wait for the provider's rate; False, and handed back, when the lease is too short for it."""
    rate = {EMAIL: settings.EMAIL_RATE, SMS: settings.SMS_RATE}[message.channel]
    if rate:
        until = message.lease_until - LEAST_LEASE
        turn = Rate.objects.reserve(message.channel, rate, until=until)
        if turn > until:
            message.move(message.before, due_at=turn)
            return False
        time.sleep(max(0, (turn - timezone.now()).total_seconds()))
    return True


def _hand_over(message: Message, rendered: Rendered, session: gateways.Session) -> None:
    tried = message.first_tried_at or timezone.now()
    message.before = Status.UNKNOWN  # from here on, whatever goes wrong: it may have gone
    match session.send(message, rendered):
        case gateways.Accepted(provider_id):
            _note_sent(message, provider_id=provider_id[:100], first_tried_at=tried)
            gateways.forget_taken(message)
        case gateways.OptedOut(code, error):
            OptOut.objects.record(message.address, SMS, source="provider")
            message.move(Status.SUPPRESSED, error_code=code, error=error)
        case gateways.Bounced(code, error):
            _finish(message, Status.BOUNCED, code, error)
        case gateways.Refused(code, error):
            _finish(message, Status.FAILED, code, error)
        case gateways.Busy(error, after):
            _retry(message, Status.QUEUED, error, after, first_tried_at=tried)
        case gateways.Unknown(error):
            after = timedelta(seconds=settings.OUTBOX_SETTLE)
            _retry(message, Status.UNKNOWN, error, after, first_tried_at=tried)


def _note_sent(message: Message, **fields) -> None:
    """Only this worker knows that it went: while the database is away, it waits to say so."""
    sent_at = timezone.now()
    while True:
        try:
            message.move(Status.SENT, sent_at=sent_at, error="", error_code="", **fields)
            return
        except DATABASE_AWAY:
            if timezone.now() >= message.lease_until:
                raise
            connection.close()
            time.sleep(0.5)


def _retry(message: Message, status, error: str, after=timedelta(), **fields) -> None:
    """Later again, OUTBOX_BACKOFF seconds doubled with each try, at most TRIES times.

    Of an unknown one `_settle` decides what is the end.
    """
    if status == Status.QUEUED and message.tries + 1 >= TRIES:
        _finish(message, Status.FAILED, "tries", error)
        return
    # Spread by the id, so that what failed together does not come back together.
    spread = 0.8 + 0.4 * (message.pk.int % 1000) / 1000
    backoff = settings.OUTBOX_BACKOFF * 2 ** min(message.tries, TRIES) * spread
    message.move(
        status,
        due_at=timezone.now() + max(after, timedelta(seconds=backoff)),
        tries=message.tries + 1,
        error=error[:300],
        **fields,
    )


def _finish(message: Message, status, code: str, error: str) -> None:
    """An end that somebody must hear of, in one transaction with the hearing."""
    with transaction.atomic():
        message.lock_about(status)
        if message.move(status, error_code=code[:20], error=error[:300]):
            message.tell()
