"""Reopenable: a reference that has answered may change its answers for a while."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.messaging import outbox
from apps.messaging.models import Message


class Reopenable(models.Model):
    """A recruiter opens the answers again; unless they are sent anew, what had been sent holds."""

    REOPENED_FOR = timedelta(days=7)

    reopened_at = models.DateTimeField(null=True, blank=True)  # to be answered again

    class Meta:
        abstract = True

    @transaction.atomic
    def reopen(self, by) -> None:
        """A recruiter lets the reference change its answers; the same link opens them."""
        self.lock()
        self.candidate.must_not_be_erased()
        if self.erasure_requested_at is not None:
            words = _("This person has asked to have everything erased, and is not written to.")
            raise ValidationError(words, code="state")
        now = timezone.now()
        self.move(
            self.Status.STARTED,
            passing=[self.Status.FILLED],
            filled_at=None,
            reopened_at=now,
            score=None,
            sent_at=self.sent_at or now,
            expires_at=max(self.expires_at or now, now + self.REOPENED_FOR),
        )
        self.answer_set.keep()
        Activity.record(by, "reference.reopen", self, candidate=self.candidate)
        self.candidate.rescore()
        self._say_it_is_reopened()

    def _say_it_is_reopened(self) -> None:
        kind = "reference_reopened"
        outbox.send(**self.message_to(kind, Message.objects.next_ordinal(kind, self)))

    @property
    def is_reopened(self) -> bool:
        """It has answered once, and may answer again."""
        return self.reopened_at is not None and self.status in self.CONTACTED

    @transaction.atomic
    def lock_again(self, by) -> None:
        """The reopening ended, and nothing was sent: what had been sent before it holds."""
        self.lock()
        if not self.is_reopened:  # sent since the sweep saw it
            return
        answers = self.answer_set
        answers.take_back()
        self.move(
            self.Status.FILLED,
            passing=self.CONTACTED,
            filled_at=answers.submitted_at,
            reopened_at=None,
            score=answers.score(),
            language=answers.language,
        )
        self.hush("reopening ended")
        Activity.record(by, "reference.lock", self, candidate=self.candidate)
        self.candidate.rescore()
        if self.reference_request.is_open:
            self.reference_request.recount()
