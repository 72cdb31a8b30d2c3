"""Ending: how a reference ends without an answer, comes back, and is deleted."""

from datetime import date, datetime, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.consents.models import Consent
from apps.jsonapi.models import IdempotentResponse
from apps.messaging.models import Message, OptOut
from apps.metadata.models import Metadatum


class Ending(models.Model):
    """It says no, is taken back or replaced, or the request's end is its own."""

    ERASED_WITHIN = timedelta(days=30)  # as the law gives to answer who asks for it

    ended_at = models.DateTimeField(null=True, blank=True)  # fell out
    ended_from = models.CharField(max_length=15, blank=True)  # the state it had until then
    erasure_requested_at = models.DateTimeField(null=True, blank=True)  # by the reference
    replaces = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )

    class Meta:
        abstract = True

    def decline(self, by=None) -> None:
        self._fall_out(self.Status.DECLINED, by or self, "reference.decline", "reference_declined")

    def wrong_person(self) -> None:
        self._fall_out(
            self.Status.WRONG_PERSON, self, "reference.wrong_person", "reference_wrong_person"
        )

    @transaction.atomic
    def stop(self) -> None:
        """`Stop writing to me`: no text and no reminder to these addresses from anybody.

        Heard in every state; who is still waited for declines. Another firm may still invite it
        by email, once.
        """
        for address, channel in ((self.email, "email"), (self.e164, "sms")):
            if address:
                OptOut.objects.record(address, channel, source="link")
        self.lock()
        if self.status in self.LIVE:
            self.decline()

    def cancel(self, by) -> None:
        self._fall_out(self.Status.CANCELLED, by, "reference.cancel")

    @property
    def may_be_replaced(self) -> bool:
        """By the candidate: not once it has begun to answer."""
        begun = (self.Status.STARTED, self.Status.CALL_REQUESTED)
        return self.status in self.LIVE and self.status not in begun

    @transaction.atomic
    def replace(self, by, **fields) -> Self:
        """Another person in place of a silent one; not of one who has answered once."""
        self.lock()
        if self.reference_request is None or self.is_reopened:
            raise ValidationError(_("This person can't be replaced any more."), code="state")
        # The request is counted when the other has joined: between the two it may look finished.
        self._leave(self.Status.REPLACED, by, "reference.replace")
        substitute = type(self)(
            candidate=self.candidate,
            reference_request=self.reference_request,
            replaces=self,
            **fields,
        )
        return substitute.create(by, requested_by=self.requested_by)

    def end(self, status: str, by) -> None:
        """The request ended, and this with it."""
        if self.is_reopened:
            self.lock_again(by)
        else:
            self._leave(status, by, f"reference.{status}")

    def revive(self, by, expires_at: datetime) -> None:
        """Its expired request was extended: it comes back as what it was."""
        back = self.ended_from or self.Status.CREATED
        self.move(back, passing=[self.Status.EXPIRED], expires_at=expires_at, ended_at=None)
        if back == self.Status.CREATED:
            self.contact(by)

    @transaction.atomic
    def _fall_out(self, status, by, key: str, notice: str = "") -> None:
        self.lock()
        if self.is_reopened:
            self.lock_again(by)
            return
        self._leave(status, by, key)
        if notice:
            self.requested_by.notify(notice, self, candidate=self.candidate)
        if self.reference_request is not None:
            self.reference_request.recount()

    def _leave(self, status: str, by, key: str) -> None:
        self.move(status, passing=self.LIVE, ended_at=timezone.now(), ended_from=self.status)
        self.hush(str(status))
        Activity.record(by, key, self, candidate=self.candidate)

    @property
    def may_request_erasure(self) -> bool:
        """Not while it is asked: then it says no."""
        return self.status not in self.LIVE and self.erasure_requested_at is None

    @property
    def erase_by(self) -> date | None:
        asked = self.erasure_requested_at
        return timezone.localtime(asked + self.ERASED_WITHIN).date() if asked else None

    @transaction.atomic
    def request_erasure(self) -> None:
        """Takes its consent back: the recruiter deletes it, or `erase_expired` does in time."""
        self.lock()
        if not self.may_request_erasure:
            return
        self.erasure_requested_at = timezone.now()
        self.save(update_fields=["erasure_requested_at", "updated_at"])
        self.consent(Consent.Purpose.ANSWER, given=False, ip_address=None)
        Activity.record(self, "reference.erasure_request", self, candidate=self.candidate)
        self.requested_by.notify("reference_erasure_requested", self, candidate=self.candidate)

    @transaction.atomic
    def remove(self, by) -> None:
        """Links die, queued messages stop, answers go, the candidate's score follows."""
        self.lock()
        Activity.record(by, "reference.destroy", self, candidate=self.candidate)
        Activity.objects.filter(Q(trackable_id=self.pk) | Q(recipient_id=self.pk)).forget()
        Metadatum.objects.filter(identifiable_id=self.pk).delete()
        Consent.objects.filter(subject_id=self.pk).update(ip_address=None)
        candidate, request = self.candidate, self.reference_request
        Message.objects.about(self).forget("reference deleted")
        answers = getattr(self, "answer_set", None)
        IdempotentResponse.objects.naming(self.pk, *([answers.pk] if answers else [])).forget()
        if request is not None:  # what told the candidate that nobody was reached
            notices = Message.objects.about(request).filter(kind="reference_unreachable")
            notices.filter(parameters__reference=str(self.pk)).forget("reference deleted")
        self.delete()
        if candidate is not None:
            candidate.rescore()
        if request is not None and request.is_open:
            request.recount()
