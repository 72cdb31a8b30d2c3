"""THE reminder rule, the same for requests, references and verifications."""

from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import camel_case_to_spaces
from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.jsonapi.resources import type_name
from apps.messaging import clock, outbox
from apps.messaging.models import Message, OptOut
from apps.reminders.reminder import Reminder, held_until_words, write_reminders
from apps.reminders.sweep import RemindableQuerySet

__all__ = ["Remindable", "RemindableQuerySet", "Reminder", "held_until_words"]


class Remindable(models.Model):
    """Someone we wait for and may nudge.

    - At most LIMIT reminders, automatic and manual together; at most the firm's number automatic.
    - By hand at any time, not within MANUAL_INTERVAL of the last invitation or reminder.
    - By itself each time the firm's interval has passed since then, in working hours.
    """

    LIMIT = 5
    MANUAL_INTERVAL = timedelta(hours=24)
    SPREAD = timedelta(minutes=30)

    invited_at = models.DateTimeField(null=True, blank=True)  # the latest invitation
    invitation_count = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True, blank=True)
    reminder_count = models.PositiveSmallIntegerField(default=0)
    automatic_reminder_count = models.PositiveSmallIntegerField(default=0)
    last_written_at = models.DateTimeField(null=True, blank=True)  # of the two
    expires_at = models.DateTimeField(null=True, blank=True)
    link_version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    # What a concrete class says of itself: the events' names, and whom we write to.
    reminder_kind: str
    invitation_kind: str
    candidate: models.Model
    hiring_firm: models.Model

    @property
    def addressee(self):
        """The Person we write to."""
        raise NotImplementedError

    @property
    def message_language(self) -> str:
        raise NotImplementedError

    @property
    def channels(self) -> tuple[str, ...]:
        return ("email", "sms")

    @property
    def why_not_remindable(self) -> str:
        """Why nothing is left to remind, in words; empty when something is."""
        raise NotImplementedError

    @transaction.atomic
    def invite(self) -> list[Message]:
        """Write the invitation. A later one (new address, extension) is the next ordinal."""
        now = timezone.now()
        self.invited_at = self.last_written_at = now
        self.invitation_count += 1
        self.save(update_fields=["invited_at", "last_written_at", "invitation_count", "updated_at"])
        return outbox.send(**self.message_to(self.invitation_kind, self.invitation_count))

    def remind(self, by=None) -> list[Message]:
        """Write one reminder, or say why not. `by` is who asks for it.

        ValidationError codes: nothing_to_remind, reminder_count_exceeded, reminder_rate_exceeded.
        """
        with transaction.atomic():
            self.lock()
            if reason := self.nothing_to_remind:
                raise ValidationError(reason, code="nothing_to_remind")
            if self.reminder_count_exceeded:
                raise ValidationError(
                    _("All five reminders have been sent."), code="reminder_count_exceeded"
                )
            if self.reminder_rate_exceeded:
                raise ValidationError(
                    _("The last message is less than 24 hours old."),
                    code="reminder_rate_exceeded",
                    params={"retry_after": self.seconds_until_manual},
                )
            return write_reminders([self], by=by)

    def message_to(self, kind: str, ordinal: int) -> dict:
        return {
            "kind": kind,
            "to": self.addressee,
            "about": self,
            "ordinal": ordinal,
            "channels": self.channels,
            "language": self.message_language,
            "candidate": self.candidate,
        }

    @transaction.atomic
    def readdress(self) -> None:
        """The address changed: old links end, what is queued stops, one new invitation goes."""
        self.link_version += 1
        self.save(update_fields=["link_version", "updated_at"])
        self.hush("address changed")
        self.invite()

    @transaction.atomic
    def resend(self, by) -> list[Message]:
        """The invitation once more, as the next one and with the same link: somebody lost it."""
        self.lock()
        if self.status == "bounced":  # the address may be good again
            self.move("sent", passing=["bounced"])
        if reason := self.why_not_remindable:
            raise ValidationError(reason, code="nothing_to_remind")
        key = camel_case_to_spaces(type_name(self)).replace(" ", "_")
        Activity.record(by, f"{key}.resend", self, candidate=self.candidate)
        return self.invite()

    @transaction.atomic
    def unsubscribe(self) -> None:
        """No more reminders by email to this address, from anybody. Invitations and texts go on."""
        if self.addressee.email and not self.is_unsubscribed:
            OptOut.objects.record(self.addressee.email, "email", source="link")
            Activity.record(self.addressee, "reminder.unsubscribe", self, candidate=self.candidate)

    @property
    def is_unsubscribed(self) -> bool:
        return OptOut.objects.of(self.addressee.email, "email").exists()

    def hush(self, reason: str) -> None:
        """What is queued to the one we wait for never goes; notices to others do."""
        Message.objects.about(self).filter(recipient_id=self.addressee.pk).suppress(reason)

    def move(self, to: str, *, passing, **fields) -> None:
        """Change the state in the database, only from the states in `passing`.

        ValidationError code: state, when it is in another by now.
        """
        fields = {"status": to, "updated_at": timezone.now(), **fields}
        moved = type(self)._base_manager.filter(pk=self.pk, status__in=passing).update(**fields)
        if not moved:
            self.refresh_from_db(fields=["status"])
            raise ValidationError(
                _("This can't be done any more: it is %(status)s."),
                code="state",
                params={"status": self.get_status_display()},
            )
        for name, value in fields.items():
            setattr(self, name, value)

    def lock(self) -> None:
        """The candidate's row first, so that no two verbs beneath one wait for each other."""
        if self.candidate is not None:
            self.candidate.lock()
        super().lock()

    @property
    def nothing_to_remind(self) -> str:
        if reason := self.why_not_remindable:
            return reason
        if self.invited_at is None:
            return _("Nobody has been invited yet.")
        if not self.addresses:
            return _("There is no address to write to.")
        if OptOut.objects.among(self.addresses) >= self.addresses:
            return _("This person asked for no more messages.")
        return ""

    @property
    def addresses(self) -> set[tuple[str, str]]:
        """Where we can write to this person, each with its channel."""
        known = {"email": self.addressee.email, "sms": self.addressee.e164}
        return {(known[channel], channel) for channel in self.channels if known[channel]}

    @property
    def reminder_count_exceeded(self) -> bool:
        return self.reminder_count >= self.LIMIT

    @property
    def reminder_rate_exceeded(self) -> bool:
        return self.seconds_until_manual > 0

    @property
    def seconds_until_manual(self) -> int:
        if self.last_written_at is None:
            return 0
        left = self.last_written_at + self.MANUAL_INTERVAL - timezone.now()
        return max(0, -(-left // timedelta(seconds=1)))

    @property
    def next_scheduled_at(self) -> datetime | None:
        """When the schedule will remind, if nothing changes until then."""
        firm = self.hiring_firm
        if (
            self.why_not_remindable
            or self.last_written_at is None
            or self.reminder_count_exceeded
            or self.automatic_reminder_count >= firm.max_automatic_reminders
        ):
            return None
        at = clock.next_reminder_time(
            self.last_written_at + timedelta(days=firm.reminder_interval_days),
            clock.zone_of(self.addressee.e164, firm.time_zone),
            skip_weekends=firm.reminders_skip_weekends,
        )
        return at if self.expires_at is None or at < self.expires_at else None

    @property
    def reminder_is_due(self) -> bool:
        """Due, and now is a time when automatic reminders go: a late sweep waits too."""
        at, now, firm = self.next_scheduled_at, timezone.now(), self.hiring_firm
        if at is None or at > now:
            return False
        zone = clock.zone_of(self.addressee.e164, firm.time_zone)
        return (
            clock.next_reminder_time(now, zone, skip_weekends=firm.reminders_skip_weekends) <= now
        )

    def spread(self, now: datetime) -> timedelta:
        """What comes late comes in a crowd: after a scheduler was down, half an hour takes it."""
        late = now - self.next_scheduled_at
        return self.SPREAD * (self.pk.int % 1000 / 1000) if late > self.SPREAD else timedelta()

    def open(self) -> None:
        """The page was opened: noted once, and nothing else."""
        if self.status == "sent":
            now = timezone.now()
            type(self)._base_manager.filter(pk=self.pk, status="sent").update(
                status="opened", opened_at=now, updated_at=now
            )
            self.refresh_from_db(fields=["status", "opened_at", "updated_at"])

    @property
    def link_is_live(self) -> bool:
        """Whether the link in messages still opens anything."""
        return self.expires_at is None or timezone.now() < self.expires_at
