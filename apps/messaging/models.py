"""The outbox: the table of messages is the queue, the scheduler only wakes those who empty it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Protocol

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.jsonapi.resources import Resource, model_named, type_name
from apps.messaging import clock
from apps.messaging.addresses import address_hashes
from apps.messaging.kinds import EMAIL, KINDS, SMS, WORDS, Kind
from apps.messaging.optouts import OptOut
from apps.messaging.people import DEAD_NUMBER
from apps.messaging.rates import Rate

__all__ = ["Correspondent", "Message", "OptOut", "Rate"]

TURN = timedelta(seconds=30)


class Correspondent(Protocol):
    """What a model implements that messages are about."""

    hiring_firm: models.Model

    def wants(self, message: "Message") -> bool:
        """Whether the message still has a reason to go."""

    def message_context(self, message: "Message") -> dict:
        """Names and links for its templates."""

    def message_changed(self, message: "Message") -> None:
        """It bounced, failed or can't be known: the state, the activity, the recruiter's notice."""


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A recruiter sees the messages about own candidates; a root recruiter, the firm's."""
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        seen = self.filter(hiring_firm_id=recruiter.hiring_firm_id)
        return seen if recruiter.is_root else seen.filter(candidate__added_by=recruiter)

    def about(self, target):
        return self.filter(about_type=type_name(target), about_id=target.pk)

    def next_ordinal(self, kind: str, target) -> int:
        """Of what happens to `target` again and is told again; under the target's lock."""
        told = self.about(target).filter(kind=kind)
        return 1 + (told.aggregate(last=models.Max("ordinal"))["last"] or 0)

    def to_address_of(self, message: "Message"):
        """On the same channel to the same address, whichever key hashed it."""
        return self.filter(
            address_hash__in=address_hashes(message.address), channel=message.channel
        )

    def waiting(self):
        return self.filter(status__in=[Message.Status.QUEUED, Message.Status.UNKNOWN])

    def under_way(self):
        return self.filter(status__in=["queued", "sending", "unknown"])

    def finished(self):
        return self.exclude(status__in=["queued", "sending", "unknown"])

    def suppress(self, reason: str) -> int:
        """What has not gone yet never goes."""
        return self.filter(status=Message.Status.QUEUED)._suppress(reason)

    def suppress_gone(self, until: datetime, reason: str) -> int:
        """After a restore: what was due by then, or on its way, has gone as far as one knows."""
        due = Q(status=Message.Status.QUEUED, due_at__lte=until)
        on_its_way = Q(status__in=[Message.Status.SENDING, Message.Status.UNKNOWN])
        return self.filter(due | on_its_way)._suppress(reason)

    def _suppress(self, reason: str) -> int:
        return self.update(
            status=Message.Status.SUPPRESSED,
            attempt=F("attempt") + 1,  # no worker that holds one writes over this
            error=reason,
            updated_at=timezone.now(),
        )

    def forget(self, reason: str) -> None:
        """Never goes; and says no more to whom or about whom, only that there was one, and when."""
        self.suppress(reason)
        self.exclude(recipient_type="User").update(address="", name="")
        self.update(parameters={})  # last: they may be what these were found by

    def late(self) -> timedelta:
        """How long the oldest message that is due has waited: for workers, or for their mending."""
        now = timezone.now()
        lapsed = Q(status=Message.Status.SENDING, lease_until__lte=now)
        due = self.waiting().filter(due_at__lte=now) | self.filter(lapsed)
        oldest = due.aggregate(at=models.Min("due_at"))["at"]
        return now - oldest if oldest else timedelta()

    def retry(self) -> int:
        """What failed goes out after all; of a text it is looked up first whether it did."""
        now, retried = timezone.now(), 0
        for kind, rule in KINDS.items():
            failed = self.filter(
                kind=kind, status__in=[Message.Status.FAILED, Message.Status.EXPIRED]
            )
            retried += failed.update(
                status=Message.Status.UNKNOWN,
                attempt=F("attempt") + 1,
                tries=0,
                due_at=now,
                expires_at=now + rule.lifetime,
                updated_at=now,
            )
        return retried

    def expire_leases(self) -> int:
        """A worker died with these: what became of them is looked up before anything is sent.

        It may have died of one of them, so that this counts as a try.
        """
        now = timezone.now()
        return self.filter(status=Message.Status.SENDING, lease_until__lte=now).update(
            status=Message.Status.UNKNOWN,
            attempt=F("attempt") + 1,
            tries=F("tries") + 1,
            due_at=now + timedelta(seconds=settings.OUTBOX_SETTLE),
        )

    @transaction.atomic
    def claim_due(self, channel: str, limit: int = 10) -> list["Message"]:
        """Lend due messages, a few at a time, to exactly one worker, for the time of a lease.

        An unknown one alone: should it be what its worker died of, no other waits behind it.
        """
        now = timezone.now()
        lease = now + timedelta(seconds=settings.OUTBOX_LEASE)
        skip = connection.features.has_select_for_update_skip_locked
        due = self.waiting().filter(channel=channel, due_at__lte=now).order_by("due_at", "id")
        found = list(due.select_for_update(skip_locked=skip)[:limit])
        claimed = list(takewhile(lambda each: each.status == Message.Status.QUEUED, found))
        claimed = claimed or found[:1]
        self.filter(pk__in=[message.pk for message in claimed]).update(
            status=Message.Status.SENDING, attempt=F("attempt") + 1, lease_until=lease
        )
        for message in claimed:
            message.before = message.status
            message.status, message.lease_until = Message.Status.SENDING, lease
            message.attempt += 1
        return claimed

    def claims(self, channel: str) -> Iterator[list["Message"]]:
        """Claim after claim until nothing is due or the turn is over: other tasks want a worker."""
        self.expire_leases()
        end = timezone.now() + TURN
        while timezone.now() < end and (claimed := self.claim_due(channel)):
            yield claimed

    def known_to_provider(self, message: "Message") -> set[str]:
        """The provider's ids of the other messages to the same address."""
        others = self.to_address_of(message)
        return set(others.exclude(provider_id="").values_list("provider_id", flat=True))


class Message(Resource):
    """One email or one text to one person, unique by what it is."""

    class Channel(models.TextChoices):
        EMAIL = EMAIL, _("Email")
        SMS = SMS, _("Text message")

    class Status(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        UNKNOWN = "unknown"
        SENT = "sent"
        DELIVERED = "delivered"
        OPENED = "opened"
        BOUNCED = "bounced"
        FAILED = "failed"
        SUPPRESSED = "suppressed"
        EXPIRED = "expired"

    TOLD = (Status.BOUNCED, Status.FAILED, Status.EXPIRED)  # an end that somebody must hear of

    kind = models.CharField(max_length=40, choices=list(WORDS.items()))
    channel = models.CharField(max_length=5, choices=Channel)
    ordinal = models.PositiveIntegerField(default=1)
    dedupe_key = models.CharField(max_length=120, unique=True)
    about_type = models.CharField(max_length=40)
    about_id = models.UUIDField()
    recipient_type = models.CharField(max_length=40)
    recipient_id = models.UUIDField()
    hiring_firm = models.ForeignKey(
        "firms.HiringFirm", models.CASCADE, null=True, db_index=False, related_name="messages"
    )
    candidate = models.ForeignKey(
        "candidates.Candidate", models.SET_NULL, null=True, related_name="messages"
    )
    address = models.CharField(max_length=254)
    address_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=201)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    parameters = models.JSONField(default=dict, blank=True)

    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED)
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    attempt = models.PositiveIntegerField(default=0)  # the fence: a stale worker's writes miss
    tries = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    first_tried_at = models.DateTimeField(null=True, blank=True)
    provider_id = models.CharField(max_length=100, blank=True)
    error_code = models.CharField(max_length=20, blank=True)
    error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = MessageQuerySet.as_manager()
    before = Status.QUEUED  # of a claimed one: what it was until then

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(
                fields=["channel", "due_at", "id"],
                name="message_due",
                condition=Q(status__in=["queued", "unknown"]),
            ),
            models.Index(
                fields=["lease_until"], name="message_lease", condition=Q(status="sending")
            ),
            models.Index(fields=["hiring_firm", "-created_at", "-id"], name="message_firm"),
            models.Index(fields=["updated_at"], name="message_updated"),
            models.Index(fields=["about_type", "about_id"], name="message_about"),
            models.Index(fields=["address_hash", "channel", "sent_at"], name="message_address"),
            models.Index(fields=["provider_id"], name="message_provider"),
            models.Index(
                fields=["created_at"],
                name="message_lost",
                condition=Q(status__in=["bounced", "failed"]),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="sending") | Q(lease_until__isnull=False),
                name="message_sending_has_lease",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "delivered", "opened"]) | Q(sent_at__isnull=False),
                name="message_sent_has_time",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} · {self.get_channel_display()}"

    @property
    def rule(self) -> Kind:
        return KINDS[self.kind]

    @property
    def about(self) -> Correspondent | None:
        return model_named(self.about_type)._default_manager.filter(pk=self.about_id).first()

    @property
    def message_id(self) -> str:
        """The Message-ID of an email: the same for every attempt."""
        domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
        return f"<{self.pk}@{domain}>"

    def free_at(self, at: datetime, firm) -> datetime:
        """When quiet hours let it go: texts and reminders wait, other email does not."""
        if self.channel == EMAIL and not self.rule.reminder:
            return at
        phone = self.address if self.channel == SMS else self.parameters.get("phone", "")
        return clock.after_quiet_hours(at, *clock.zones_of(phone, firm.time_zone))

    def after_todays_invitation(self, now: datetime) -> datetime:
        """One invitation to one thing per address and day, however often an address changes."""
        if not self.rule.invitation or self.ordinal == 1:
            return now
        day = timedelta(days=1)
        earlier = Message.objects.to_address_of(self).filter(
            kind=self.kind, about_id=self.about_id, sent_at__gt=now - day
        )
        earlier = earlier.exclude(
            Q(pk=self.pk) | Q(status__in=[self.Status.BOUNCED, self.Status.FAILED])
        )
        last = earlier.aggregate(last=models.Max("sent_at"))["last"]
        return last + day if last else now

    def after_texts_under_way(self, now: datetime) -> datetime:
        """One text to a number at a time, over all workers: so its limits hold, exactly."""
        under_way = Message.objects.to_address_of(self).filter(status=self.Status.SENDING)
        if self.channel == EMAIL or not under_way.exclude(pk=self.pk).exists():
            return now
        return now + timedelta(seconds=2 + self.pk.int % 5)  # not again at the same moment

    def receipt(self, status: str, code: str = "", *, provider_id: str = "") -> bool:
        """What the provider says later. Only forward: sent, delivered, opened; or an end."""
        on_the_way = ["queued", "sending", "unknown"]  # a receipt for any attempt proves it went
        passed = {
            self.Status.SENT: on_the_way,
            self.Status.DELIVERED: [*on_the_way, "sent"],
            self.Status.OPENED: [*on_the_way, "sent", "delivered"],
            self.Status.BOUNCED: [*on_the_way, "sent", "delivered"],
            self.Status.FAILED: [*on_the_way, "sent"],
        }[status]
        now = timezone.now()
        fields = {"error_code": code[:20], "error": "", "attempt": F("attempt") + 1}
        if provider_id:
            fields["provider_id"] = provider_id[:100]
        if status not in (self.Status.BOUNCED, self.Status.FAILED):
            fields["sent_at"] = self.sent_at or now
        with transaction.atomic():
            self.lock_about(status)
            moved = Message.objects.filter(pk=self.pk, status__in=passed).update(
                status=status, updated_at=now, **fields
            )
            if not moved:
                return False
            self.refresh_from_db()
            self.tell()
        return True

    @property
    def reached_nobody(self) -> bool:
        """Nor did another of the same event, on another channel: none arrived or still may.

        And not for our fault, or a provider's, alone: one of the addresses was told to be wrong.
        """
        same = Message.objects.filter(
            kind=self.kind,
            ordinal=self.ordinal,
            about_type=self.about_type,
            about_id=self.about_id,
            recipient_id=self.recipient_id,
        )
        dead = Q(status__in=["bounced", "failed", "expired", "suppressed"])
        # Who stopped reminders by email reads what comes there.
        unsubscribed = Q(status="suppressed", channel=EMAIL, error="opted out")
        wrong = Q(status="bounced") | Q(status="failed", channel=SMS, error_code__in=DEAD_NUMBER)
        over = not same.exclude(pk=self.pk).exclude(dead & ~unsubscribed).exists()
        return over and same.filter(wrong).exists()

    def lock_about(self, status: str) -> None:
        """Before an end is written: who is told of it is locked first, as in every other verb."""
        if status in self.TOLD and (about := self.about) is not None:
            with suppress(ObjectDoesNotExist):  # deleted meanwhile
                about.lock()

    def tell(self) -> None:
        """An end that somebody must hear of; in the transaction that wrote it."""
        if self.status in self.TOLD and (about := self.about) is not None:
            about.message_changed(self)

    def move(self, status: str, **fields) -> bool:
        """Write the state, unless another attempt has begun since."""
        moved = Message.objects.filter(pk=self.pk, attempt=self.attempt).update(
            status=status, updated_at=timezone.now(), **fields
        )
        if moved:
            for name, value in {"status": status, **fields}.items():
                setattr(self, name, value)
        return bool(moved)
