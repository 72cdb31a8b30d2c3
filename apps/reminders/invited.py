"""Invited: who was sent a link, and is waited for. What the three kinds of it share."""

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import camel_case_to_spaces
from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.jsonapi.resources import type_name
from apps.links.tokens import Purpose, in_other_language, url
from apps.messaging import outbox
from apps.messaging.models import Message, OptOut


class Invited(models.Model):
    """A link, the messages that carry it, and a state that only its verbs move."""

    sent_at = models.DateTimeField(null=True, blank=True)  # the first invitation
    opened_at = models.DateTimeField(null=True, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)  # the latest invitation
    invitation_count = models.PositiveSmallIntegerField(default=0)
    last_written_at = models.DateTimeField(null=True, blank=True)  # invitation or reminder
    expires_at = models.DateTimeField(null=True, blank=True)
    link_version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    # What a concrete class says of itself: the events' names, the links, and whom we write to.
    reminder_kind: str
    invitation_kind: str
    page: Purpose
    unsubscribe_page: Purpose
    role: str  # in the notice that a message did not arrive
    may_bounce: tuple[str, ...] = ()  # the states in which an unreachable one becomes `bounced`
    candidate: models.Model
    hiring_firm: models.Model
    requested_by: models.Model

    @property
    def addressee(self):
        """The Person we write to."""
        return self

    @property
    def message_language(self) -> str:
        raise NotImplementedError

    @property
    def channels(self) -> tuple[str, ...]:
        return ("email", "sms")

    @property
    def addresses(self) -> set[tuple[str, str]]:
        """Where we can write to this person, each with its channel."""
        known = {"email": self.addressee.email, "sms": self.addressee.e164}
        return {(known[channel], channel) for channel in self.channels if known[channel]}

    @property
    def why_not_remindable(self) -> str:
        """Why nothing is waited for, in words; empty when something is."""
        raise NotImplementedError

    # --- its state and its link -----------------------------------------------------------------

    def move(self, to: str, *, passing, **fields) -> None:
        """Change the state in the database, only from the states in `passing`.

        ValidationError code: state, when it is in another by now.
        """
        fields = {"status": to, "updated_at": timezone.now(), **fields}
        moved = type(self)._base_manager.filter(pk=self.pk, status__in=passing).update(**fields)
        if not moved:
            self.refresh_from_db(fields=["status"])
            raise self.too_late
        for name, value in fields.items():
            setattr(self, name, value)

    @property
    def too_late(self) -> ValidationError:
        return ValidationError(
            _("This can't be done any more: it is %(status)s."),
            code="state",
            params={"status": self.get_status_display()},
        )

    def lock(self) -> None:
        """The candidate's row first, so that no two verbs beneath one wait for each other."""
        try:
            if self.candidate is not None:
                self.candidate.lock()
        except ObjectDoesNotExist:  # merged into another since this was read, or deleted with it
            self.refresh_from_db()
            self.candidate.lock()
        super().lock()

    def open(self) -> None:
        """The page was opened: noted once, and nothing else."""
        if self.status == "sent":
            now = timezone.now()
            type(self)._base_manager.filter(pk=self.pk, status="sent").update(
                status="opened", opened_at=now, updated_at=now
            )
            self.refresh_from_db(fields=["status", "opened_at", "updated_at"])

    @property
    def is_over(self) -> bool:
        return self.expires_at is not None and timezone.now() >= self.expires_at

    @property
    def link_is_live(self) -> bool:
        """Whether the link in messages still takes anything."""
        return not self.is_over and self.hiring_firm.is_open

    # --- what we write to them ------------------------------------------------------------------

    @transaction.atomic
    def invite(self) -> list[Message]:
        """Write the invitation. A later one (new address, extension) is the next ordinal."""
        now = timezone.now()
        self.invited_at = self.last_written_at = now
        self.invitation_count += 1
        self.save(update_fields=["invited_at", "last_written_at", "invitation_count", "updated_at"])
        return outbox.send(**self.message_to(self.invitation_kind, self.invitation_count))

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
        self.end_links()
        self.invite()

    def end_links(self) -> None:
        """Whoever was sent a link until now holds it in vain; what is queued never goes."""
        self.link_version += 1
        self.save(update_fields=["link_version", "updated_at"])
        self.hush("address changed")

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

    # --- what messaging asks --------------------------------------------------------------------

    def wants(self, message: Message) -> bool:
        """While the firm is open; to the one we wait for, at a present address and channel."""
        if not self.hiring_firm.is_open:
            return False
        if message.kind in (self.invitation_kind, self.reminder_kind):
            present = (message.address, message.channel) in self.addresses
            return present and not self.why_not_remindable
        return True

    def message_context(self, message: Message) -> dict:
        """Who asks, about whom, until when; links only for the one we wait for."""
        person, link = self.addressee, url(self.page, self)
        theirs = message.recipient_id == person.pk
        return (
            self.hiring_firm.message_context()
            | self.requested_by.message_context()
            | {
                "candidate_name": self.candidate.full_name,
                "candidate_first_name": self.candidate.first_name,
                "first_name": (person if theirs else self.requested_by.user).first_name,
                "deadline": timezone.localtime(self.expires_at).date() if self.expires_at else None,
                "link": link if theirs else "",
                "decline_link": f"{link}/decline" if theirs else "",
                "other_language_link": in_other_language(link, message.language) if theirs else "",
                "unsubscribe_link": url(self.unsubscribe_page, self)
                if message.rule.reminder
                else "",
            }
        )

    def message_changed(self, message: Message) -> None:
        """It did not arrive: the recruiter is told; who is reached by nothing has bounced."""
        person = self.addressee
        if message.recipient_id != person.pk:
            return
        self.lock()
        if self.status in self.may_bounce and message.reached_nobody:
            self.bounce(message)
        Activity.record(
            None,
            f"message.{message.status}",
            self,
            recipient=person,
            candidate=self.candidate,
            channel=message.channel,
            kind=message.kind,
        )
        self.requested_by.notify(
            "message_failed",
            self,
            key=message.pk,
            candidate=self.candidate,
            person_name=person.full_name,
            person_role=self.role,
            channel=message.channel,
            reason=message.status,
        )

    def bounce(self, message: Message) -> None:
        self.move("bounced", passing=self.may_bounce)
