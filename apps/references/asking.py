"""Asked: a reference from being named to being written to, and every change until it answers."""

from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.jsonapi.resources import assign
from apps.references.acquaintance import Acquaintance
from apps.references.requests import ReferenceRequest
from apps.reminders.models import Remindable


class Asked(Acquaintance, Remindable):
    """Contacted at once, unless the firm reviews first or the candidate must consent."""

    reviewed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @transaction.atomic
    def create(self, by, requested_by=None) -> Self:
        """Save a named person; contacted at once where there is an open request.

        `by` is the recruiter or the candidate; without a candidate it is only kept for the firm.
        """
        if self.candidate is None and self.reference_request is not None:
            self.candidate = self.reference_request.candidate
        self.requested_by = requested_by or by
        self.hiring_firm = self.requested_by.hiring_firm
        if self.candidate is not None:
            self.candidate.lock()
            self.candidate.must_not_be_erased()
        self.full_clean()
        self.must_be_somebody_else(by)
        self.save(force_insert=True)
        Activity.record(
            by, "reference.create", self, recipient=self.candidate, candidate=self.candidate
        )
        if self.reference_request is not None:
            self.join(self.reference_request, by)
        elif self.candidate is not None:
            self._join_newest(by)
        return self

    def _join_newest(self, by) -> None:
        """The candidate's newest open request; without one it waits for the next."""
        self.candidate.lock()
        if request := ReferenceRequest.objects.newest_open(self.candidate):
            self.join(request, by)

    @transaction.atomic
    def join(self, request: ReferenceRequest, by) -> None:
        """Become part of a request, and be contacted."""
        request.lock()
        if not request.is_open or request.candidate_id != self.candidate_id:
            raise ValidationError(
                {
                    "reference_request": ValidationError(
                        _("This request is not open."), code="invalid"
                    )
                }
            )
        self.reference_request = request
        self.save(update_fields=["reference_request", "updated_at"])
        self.contact(by)
        request.recount()

    def contact(self, by) -> None:
        """Write the invitation, unless the firm reviews first or the candidate must consent.

        Who was written to already waits for neither: a bounced one is sent to its new address.
        """
        request, firm, first = self.reference_request, self.hiring_firm, self.status in self.UNSENT
        if first and firm.contact_after_consent and request.consented_at is None:
            return
        if first and firm.review_before_contact and self.reviewed_at is None:
            self.move(self.Status.PENDING_REVIEW, passing=self.UNSENT)
            return
        now = timezone.now()
        calls = self.contact_type == self.ContactType.CALL
        self.move(
            self.Status.CALL_REQUESTED if calls else self.Status.SENT,
            passing=[*self.UNSENT, self.Status.BOUNCED],
            sent_at=self.sent_at or now,
            expires_at=request.expires_at,
        )
        if not calls:
            self.invite()
        Activity.record(by, "reference.contact", self, candidate=self.candidate)

    @transaction.atomic
    def approve(self, by) -> None:
        """The recruiter's review lets it be contacted."""
        self.lock()
        self.move(
            self.Status.CREATED, passing=[self.Status.PENDING_REVIEW], reviewed_at=timezone.now()
        )
        Activity.record(by, "reference.approve", self, candidate=self.candidate)
        self.contact(by)
        self.reference_request.recount()

    @transaction.atomic
    def change(self, by, *, is_pending: bool | None = None, **fields) -> None:
        """Change attributes; attaching to a candidate; a new address is written to once.

        `is_pending: false` ends the review and contacts.
        """
        if self.candidate_id is None and fields.get("candidate"):
            fields["candidate"].lock()
        self.lock()
        if is_pending and not self.is_pending:
            raise ValidationError(
                {
                    "is_pending": ValidationError(
                        _("A review can't be asked for again."), code="not_allowed"
                    )
                }
            )
        before, unattached = (self.email, self.e164), self.candidate_id is None
        if candidate := fields.get("candidate") or self.candidate:
            candidate.must_not_be_erased()
        changed = assign(self, fields)
        attached = unattached and "candidate" in changed
        if "candidate" in changed and not attached:
            raise ValidationError(
                {
                    "candidate": ValidationError(
                        _("A reference stays with its candidate."), code="not_allowed"
                    )
                }
            )
        locked = {"email", "phone", "country_code", "relationship"} & set(changed)
        if self.filled and locked:
            words = _("An answered reference can't change.")
            raise ValidationError(
                {name: ValidationError(words, code="locked") for name in sorted(locked)}
            )
        if "relationship" in changed:
            self.clean_relationship()
        moved = (self.email, self.e164) != before
        if attached or moved:
            self.must_be_somebody_else(by)
        if changed:
            self.save()
            Activity.record(by, "reference.update", self, candidate=self.candidate, changed=changed)
        if attached:
            self._join_newest(by)
        elif moved:
            self.address_changed(by)
        if "relationship" in changed and self.reference_request:
            self.reference_request.recount()
        if is_pending is False and self.is_pending:
            self.approve(by)

    def must_be_somebody_else(self, by) -> None:
        """Nobody is their own reference: the candidate's addresses are not taken."""
        if self.candidate is not None and (shared := self.shared_address(self.candidate)):
            words = _("This is the candidate's own. We need the reference's.")
            if by == self.candidate:
                words = _("This is yours. We need theirs.")
            raise ValidationError({shared: ValidationError(words, code="invalid")})

    def address_changed(self, by) -> None:
        if self.status == self.Status.BOUNCED:
            self.link_version += 1
            self.save(update_fields=["link_version", "updated_at"])
            self.contact(by)
        elif self.is_reopened:
            self.end_links()
            self._say_it_is_reopened()
        elif self.status in self.WAITING:
            self.readdress()
        elif self.status == self.Status.CALL_REQUESTED:  # it waits for a call, not for a letter
            self.end_links()

    @property
    def address_may_be_corrected(self) -> bool:
        """By the candidate: nobody has opened it yet, and not without end."""
        unopened = self.status in (*self.UNSENT, self.Status.SENT, self.Status.BOUNCED)
        return unopened and self.invitation_count < self.LIMIT

    @transaction.atomic
    def correct_address(self, by, *, email: str, country_code: str, phone: str) -> None:
        """The candidate corrects where we write; the invitation goes there."""
        self.lock()
        if not self.address_may_be_corrected:
            raise ValidationError(_("This address can't be changed any more."), code="state")
        before = (self.email, self.e164)
        self.change(by, email=email, country_code=country_code, phone=phone)
        if self.status == self.Status.BOUNCED and (self.email, self.e164) == before:
            raise ValidationError(
                {
                    "email": ValidationError(
                        _("This is the address that did not work."), code="invalid"
                    )
                }
            )
