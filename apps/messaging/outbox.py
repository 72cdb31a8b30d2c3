"""Write what is to be sent, in the transaction of the fact it tells."""

from datetime import timedelta

from django.db import models
from django.utils import timezone

from apps.jsonapi.resources import type_name
from apps.messaging.addresses import hash_address
from apps.messaging.kinds import EMAIL, KINDS, SMS
from apps.messaging.models import Message


def send(kind: str, **fields) -> list[Message]:
    """Queue one message per channel; the same thing (kind, key, ordinal) said twice goes once."""
    return write(compose(kind, **fields))


def compose(
    kind: str,
    *,
    to,
    about,
    language: str,
    ordinal: int = 1,
    key=None,
    channels: tuple[str, ...] = (EMAIL, SMS),
    candidate: models.Model | None = None,
    wait: timedelta = timedelta(),
    **parameters,
) -> list[Message]:
    """The messages of one event, not yet written.

    `to` is a Person, `about` a Correspondent, `key` what it is about when that is not `about`.
    """
    rule, firm, now = KINDS[kind], about.hiring_firm, timezone.now()
    messages = []
    for channel in rule.channels:
        address = to.email if channel == EMAIL else to.e164
        if channel not in channels or not address:
            continue
        message = Message(
            kind=kind,
            channel=channel,
            ordinal=ordinal,
            dedupe_key=f"{kind}:{key or about.pk}:{ordinal}:{channel}",
            about_type=type_name(about),
            about_id=about.pk,
            recipient_type=type_name(to),
            recipient_id=to.pk,
            hiring_firm=firm,
            candidate=candidate,
            address=address,
            address_hash=hash_address(address),
            name=to.full_name,
            language=language,
            parameters=parameters | ({"phone": to.e164} if rule.reminder else {}),
            expires_at=now + rule.lifetime,
        )
        message.due_at = message.free_at(now + wait, firm) if firm else now
        messages.append(message)
    return messages


def write(messages: list[Message]) -> list[Message]:
    """Into the outbox, in the caller's transaction; what is there already stays as it is."""
    return Message.objects.bulk_create(messages, ignore_conflicts=True)
