"""Write what is to be sent, in the transaction of the fact it tells."""

from django.db import models, transaction
from django.utils import timezone

from apps.jsonapi.resources import type_name
from apps.messaging.addresses import hash_address
from apps.messaging.kinds import EMAIL, KINDS, SMS
from apps.messaging.models import Message


@transaction.atomic
def send(
    kind: str,
    *,
    to,
    about,
    language: str,
    ordinal: int = 1,
    key=None,
    channels: tuple[str, ...] = (EMAIL, SMS),
    candidate: models.Model | None = None,
    **parameters,
) -> list[Message]:
    """Queue one message per channel; saying the same thing (kind, key, ordinal) twice says it once.

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
        message.due_at = message.free_at(now, firm) if firm else now
        messages.append(message)
    return Message.objects.bulk_create(messages, ignore_conflicts=True)
