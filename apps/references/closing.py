"""Closing: how a request ends, is extended, and goes on."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.activities.models import Activity


class Closing(models.Model):
    """What is still open beneath it ends with it, and comes back with an expired one."""

    LIFE = timedelta(days=30)

    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def conclude(self, by) -> None:
        """The recruiter has enough: what is still open is cancelled."""
        self._close(self.Status.CONCLUDED, by, "reference_request.conclude")

    def cancel(self, by) -> None:
        self._close(self.Status.CANCELLED, by, "reference_request.cancel")

    def decline(self) -> None:
        """The candidate says no; nobody else is written to."""
        with transaction.atomic():
            self._close(self.Status.DECLINED, self.candidate, "reference_request.decline")
            self.requested_by.notify("request_declined", self, candidate=self.candidate)

    @transaction.atomic
    def expire(self) -> None:
        """The time is over. When enough were named, it is concluded with what has come."""
        self.lock()
        if not self.is_over:  # extended since the sweep saw it
            return
        about = {"candidate": self.candidate, "named": self.named().count()}  # until now
        if self.status == self.Status.FILLED:
            self._close(self.Status.CONCLUDED, None, "reference_request.conclude", "expired")
            self.requested_by.notify("request_concluded", self, **about)
        else:
            self._close(self.Status.EXPIRED, None, "reference_request.expire", "expired")
            self.requested_by.notify("request_expired", self, **about)

    @transaction.atomic
    def _close(self, to, by, key: str, references: str = "cancelled") -> None:
        self.lock()
        self.move(to, passing=self.OPEN, closed_at=timezone.now())
        for reference in self.references.live():
            reference.end(references, by)
        self.hush(f"request {to}")
        Activity.record(by, key, self, candidate=self.candidate)

    @transaction.atomic
    def extend(self, by, days: int = 30) -> None:
        """Move the end; an expired request and its unanswered references come back.

        But not who asked to be erased since; and nobody has less time for it than before.
        """
        self.lock()
        self.candidate.must_not_be_erased()
        if not 1 <= days <= 90:
            raise ValidationError(
                {"days": ValidationError(_("Between 1 and 90 days."), code="invalid")}
            )
        expires_at = max(timezone.now(), self.expires_at) + timedelta(days=days)
        revived = self.status == self.Status.EXPIRED
        if revived:
            self._must_be_only_one()
        passing = [*self.WAITING, self.Status.FILLED, self.Status.EXPIRED]
        self.move(
            self.asked if revived else self.status,
            passing=passing,
            expires_at=expires_at,
            **({"closed_at": None, "filled_at": None} if revived else {}),
        )
        live = self.references.live().exclude(expires_at__gt=expires_at)  # who is reopened may be
        live.update(expires_at=expires_at)
        back = self.references.filter(status="expired", erasure_requested_at=None)
        for reference in back if revived else []:
            reference.revive(by, expires_at)
        Activity.record(
            by, "reference_request.extend", self, candidate=self.candidate, until=expires_at
        )
        self.recount()

    @transaction.atomic
    def reopen(self, by) -> None:
        """A concluded or cancelled request goes on; those cancelled with it stay cancelled.

        It waits for the candidate only where somebody is missing. It is not counted yet: whoever
        reopens it still has to say what for.
        """
        self.lock()
        self.candidate.must_not_be_erased()
        self._must_be_only_one()
        now = timezone.now()
        self.move(
            self.asked if self.missing else self.Status.FILLED,
            passing=[self.Status.CONCLUDED, self.Status.CANCELLED],
            closed_at=None,
            filled_at=None if self.missing else self.filled_at or now,
            sent_at=self.sent_at or now,
            expires_at=max(self.expires_at or now, now + self.LIFE),
        )
        Activity.record(by, "reference_request.reopen", self, candidate=self.candidate)

    def _must_be_only_one(self) -> None:
        if self.another_is_open:
            raise ValidationError(
                _("Another request with the same questions is open."), code="request_open"
            )

    @property
    def another_is_open(self) -> bool:
        """One open request per candidate and question set; an ended one may come back."""
        same = {"candidate_id": self.candidate_id, "question_set_id": self.question_set_id}
        return type(self).objects.filter(**same).open().exclude(pk=self.pk).exists()
