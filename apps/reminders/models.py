"""THE reminder rule, the same for requests, references and verifications."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.messaging import clock
from apps.messaging.models import Message, OptOut
from apps.reminders.invited import Invited
from apps.reminders.reminder import Reminder, held_until_words, write_reminders
from apps.reminders.sweep import RemindableQuerySet

__all__ = ["Remindable", "RemindableQuerySet", "Reminder", "held_until_words"]


class Remindable(Invited):
    """Someone we wait for and may nudge.

    - At most LIMIT reminders, automatic and manual together; at most the firm's number automatic.
    - By hand at any time, not within MANUAL_INTERVAL of the last invitation or reminder.
    - By itself each time the firm's interval has passed since then, in working hours.
    """

    LIMIT = 5
    MANUAL_INTERVAL = timedelta(hours=24)
    SPREAD = timedelta(minutes=30)
    APART = timedelta(hours=12)  # from an invitation to a reminder, as they arrive
    _opted_out: bool | None = None

    reminded_at = models.DateTimeField(null=True, blank=True)
    reminder_count = models.PositiveSmallIntegerField(default=0)
    automatic_reminder_count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

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

    def wants(self, message: Message) -> bool:
        """Not two at once, when one was held up: the latest reminder, and none by an invitation."""
        if message.kind == self.reminder_kind:
            told = Message.objects.about(self).filter(channel=message.channel)
            told = told.filter(kind=self.invitation_kind)
            just_now = told.filter(sent_at__gt=timezone.now() - self.APART) | told.under_way()
            if message.ordinal < self.reminder_count or just_now.exists():
                return False
        return super().wants(message)

    @property
    def nothing_to_remind(self) -> str:
        if not self.hiring_firm.is_open:
            return _("The firm's account is closed.")
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
        """When the schedule will remind, if nothing changes until then; None when none will go."""
        at = self.scheduled_at
        return None if at is None or self.opted_out else at

    @property
    def opted_out(self) -> bool:
        """Of every channel on which we could write."""
        if self._opted_out is None:
            return OptOut.objects.among(self.addresses) >= self.addresses
        return self._opted_out

    @staticmethod
    def look_up_opt_outs(targets) -> None:
        """For a whole page at once, what `opted_out` would look up for each."""
        waiting = [target for target in targets if target.status in target.WAITING]
        stopped = OptOut.objects.among(set().union(*(target.addresses for target in waiting)))
        for target in waiting:
            target._opted_out = stopped >= target.addresses

    @property
    def scheduled_at(self) -> datetime | None:
        """When the schedule comes to this one; who opted out is passed over then."""
        firm = self.hiring_firm
        if (
            not firm.is_open
            or self.status not in self.WAITING  # most of them, and no sentence is made to say so
            or self.why_not_remindable
            or self.last_written_at is None
            or self.reminder_count_exceeded
            or self.automatic_reminder_count >= firm.max_automatic_reminders
        ):
            return None
        at = clock.next_reminder_time(
            self.last_written_at + timedelta(days=firm.reminder_interval_days),
            self.zone,
            skip_weekends=firm.reminders_skip_weekends,
        )
        return at if self.expires_at is None or at < self.expires_at else None

    @property
    def reminder_is_due(self) -> bool:
        """Due, and now is a time when automatic reminders go: a late sweep waits too."""
        at, now, firm = self.scheduled_at, timezone.now(), self.hiring_firm
        if at is None or at > now:
            return False
        skip = firm.reminders_skip_weekends
        return clock.next_reminder_time(now, self.zone, skip_weekends=skip) <= now

    @property
    def zone(self) -> ZoneInfo:
        """Whose hours count: of the recipient's phone, else of the firm."""
        return clock.zone_of(self.addressee.e164, self.hiring_firm.time_zone)

    def spread(self, now: datetime) -> timedelta:
        """What comes late comes in a crowd: after a scheduler was down, half an hour takes it.

        Or what is left of it before the hours of automatic reminders end.
        """
        if now - self.scheduled_at <= self.SPREAD:
            return timedelta()
        left = clock.until_reminders_end(now, self.zone)
        return min(self.SPREAD, left) * (self.pk.int % 1000 / 1000)
