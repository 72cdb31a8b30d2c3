"""Who said stop, and the limits of texts: held per address over all firms, by a keyed hash."""

from datetime import timedelta

import phonenumbers
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.jsonapi.resources import Resource
from apps.messaging.addresses import address_hashes, hash_address
from apps.messaging.kinds import EMAIL, SMS
from apps.messaging.people import is_premium

TEXTS_PER_DAY, TEXTS_PER_30_DAYS = 4, 10


class OptOutQuerySet(models.QuerySet):
    def of(self, address: str, channel: str):
        return self.filter(address_hash__in=address_hashes(address), channel=channel)

    def record(self, address: str, channel: str, source: str) -> "OptOut":
        known = self.of(address, channel).first()  # perhaps by an older key
        return (
            known
            or self.get_or_create(
                address_hash=hash_address(address), channel=channel, defaults={"source": source}
            )[0]
        )

    def stops(self, message) -> bool:
        """STOP ends every text; unsubscribing ends reminders by email, and only those."""
        if message.channel == EMAIL and not message.rule.reminder:
            return False
        return self.of(message.address, message.channel).exists()

    def among(self, addresses: set[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those (address, channel) whose owner said stop."""
        hashes = {
            (hashed, channel): (address, channel)
            for address, channel in addresses
            for hashed in address_hashes(address)
        }
        found = self.filter(address_hash__in=[hashed for hashed, _channel in hashes])
        stopped = found.values_list("address_hash", "channel")
        return {hashes[pair] for pair in stopped if pair in hashes}


class OptOut(Resource):
    class Channel(models.TextChoices):
        EMAIL = EMAIL, _("Email")
        SMS = SMS, _("Text message")

    address_hash = models.CharField(max_length=64)
    channel = models.CharField(max_length=5, choices=Channel)
    source = models.CharField(max_length=20)  # link, text, provider, staff

    objects = OptOutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["address_hash", "channel"], name="optout_once")
        ]

    def __str__(self):
        return f"{self.get_channel_display()} {self.address_hash[:8]}"


def text_refusal(message, firm) -> str:
    """Why this text must not go: its country, its price, or too many to the number already."""
    number = phonenumbers.parse(message.address)
    if phonenumbers.region_code_for_number(number) not in firm.allowed_countries:
        # A calling code may be shared, and a number of fiction belongs to no region.
        shared = phonenumbers.region_codes_for_country_code(number.country_code)
        if phonenumbers.region_code_for_number(number) or not set(shared) & set(
            firm.allowed_countries
        ):
            return "country not allowed"
    if is_premium(message.address):
        return "premium number"
    if _texts_since(message, timedelta(days=30)) >= TEXTS_PER_30_DAYS:
        return "too many texts in 30 days"
    if _texts_since(message, timedelta(days=1)) >= TEXTS_PER_DAY:
        return "too many texts today"
    return ""


def _texts_since(message, period: timedelta) -> int:
    """Those to its number that went, and those that may have."""
    since = timezone.now() - period
    gone = models.Q(sent_at__gt=since) | models.Q(status="unknown", first_tried_at__gt=since)
    return type(message).objects.to_address_of(message).filter(gone).count()
