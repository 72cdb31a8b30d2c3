"""Reference: one person, asked once about one candidate."""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.activities.models import Activity
from apps.consents.models import Consent
from apps.jsonapi.fold import fold
from apps.jsonapi.models import IdempotentResponse
from apps.jsonapi.resources import Resource, assign
from apps.links.tokens import Purpose
from apps.messaging import outbox
from apps.messaging.models import Message, OptOut
from apps.metadata.models import Metadatum
from apps.references.acquaintance import Acquaintance
from apps.references.querysets import ReferenceQuerySet
from apps.references.requests import ReferenceRequest
from apps.reminders.models import Remindable


class Reference(Acquaintance, Remindable, Resource):
    """`created → (pending_review) → sent → opened → started → filled`, and the other ends."""

    class Status(models.TextChoices):
        CREATED = "created", gettext_lazy("created")
        PENDING_REVIEW = "pending_review", gettext_lazy("waiting for review")
        SENT = "sent", gettext_lazy("sent")
        OPENED = "opened", gettext_lazy("opened")
        STARTED = "started", gettext_lazy("started")
        CALL_REQUESTED = "call_requested", gettext_lazy("asked for a call")
        BOUNCED = "bounced", gettext_lazy("not reached")
        FILLED = "filled", gettext_lazy("answered")
        DECLINED = "declined", gettext_lazy("declined")
        WRONG_PERSON = "wrong_person", gettext_lazy("wrong person")
        EXPIRED = "expired", gettext_lazy("expired")
        CANCELLED = "cancelled", gettext_lazy("cancelled")
        REPLACED = "replaced", gettext_lazy("replaced")

    WAITING = (Status.SENT, Status.OPENED, Status.STARTED)
    UNSENT = (Status.CREATED, Status.PENDING_REVIEW)
    CONTACTED = (*WAITING, Status.CALL_REQUESTED, Status.BOUNCED)  # may still answer
    LIVE = (*UNSENT, *CONTACTED)
    FALLEN_OUT = (
        Status.DECLINED,
        Status.WRONG_PERSON,
        Status.EXPIRED,
        Status.CANCELLED,
        Status.REPLACED,
    )
    REOPENED_FOR = timedelta(days=7)
    ERASED_WITHIN = timedelta(days=30)  # as the law gives to answer who asks for it

    hiring_firm = models.ForeignKey(
        "firms.HiringFirm", models.CASCADE, related_name="references", db_index=False
    )
    candidate = models.ForeignKey(
        "candidates.Candidate",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="references",
        db_index=False,
    )
    reference_request = models.ForeignKey(
        ReferenceRequest, models.CASCADE, null=True, blank=True, related_name="references"
    )
    requested_by = models.ForeignKey(
        "recruiters.Recruiter", models.PROTECT, related_name="references"
    )
    internal_id = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    is_active_hf = models.BooleanField(default=True)
    permission_share_clients = models.BooleanField(null=True, blank=True)
    permission_share_candidate = models.BooleanField(null=True, blank=True)
    status = models.CharField(max_length=15, choices=Status, default=Status.CREATED)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)
    reopened_at = models.DateTimeField(null=True, blank=True)  # to be answered again
    ended_at = models.DateTimeField(null=True, blank=True)  # fell out
    ended_from = models.CharField(max_length=15, blank=True)  # the state it had until then
    erasure_requested_at = models.DateTimeField(null=True, blank=True)  # by the reference
    call_note = models.CharField(max_length=300, blank=True)
    score = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="replaced_by"
    )
    metadatum = models.ForeignKey(
        "metadata.Metadatum", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    search = models.TextField(blank=True, editable=False)

    reminder_kind, invitation_kind = "reference_reminder", "reference_invitation"
    page, unsubscribe_page = Purpose.REFERENCE, Purpose.UNSUBSCRIBE_REFERENCE
    role, may_bounce = "reference", (Status.SENT, Status.OPENED)
    objects = ReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["hiring_firm", "-created_at", "-id"], name="reference_firm"),
            models.Index(fields=["candidate", "-created_at"], name="reference_candidate"),
            models.Index(fields=["hiring_firm", "updated_at"], name="reference_updated"),
            models.Index(fields=["status", "last_written_at"], name="reference_reminders"),
            models.Index(fields=["filled_at"], name="reference_filled"),
            models.Index(
                fields=["erasure_requested_at"],
                name="reference_erasure_asked",
                condition=Q(erasure_requested_at__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="filled", filled_at__isnull=False)
                | (~Q(status="filled") & Q(filled_at=None)),
                name="reference_filled_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["created", "pending_review", "cancelled", "expired"])
                | Q(candidate__isnull=False, reference_request__isnull=False),
                name="reference_asked_is_attached",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["sent", "opened", "started"]) | Q(sent_at__isnull=False),
                name="reference_sent_has_time",
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(status="filled", score__gte=1, score__lte=5),
                name="reference_score",
            ),
        ]

    def __str__(self):
        return self.full_name

    # --- what it is -----------------------------------------------------------------------------

    @property
    def filled(self) -> bool:
        return self.status == self.Status.FILLED

    @property
    def is_pending(self) -> bool:
        """Waits for the recruiter's review before anybody writes to it."""
        return self.status == self.Status.PENDING_REVIEW

    @property
    def message_language(self) -> str:
        request = self.reference_request
        return self.language or (request.language if request else self.hiring_firm.language)

    @property
    def questions(self) -> list[dict]:
        """As they are asked: in the reference's language where the request has it."""
        request = self.reference_request
        return request.questions_in(self.message_language) if request else []

    @property
    def link_is_live(self) -> bool:
        """Until the request's end; a filled one still shows its receipt."""
        return self.status in (*self.CONTACTED, self.Status.FILLED) and super().link_is_live

    @property
    def why_not_remindable(self) -> str:
        if self.status not in self.WAITING:
            return _("Nothing to wait for: this reference is %(status)s.") % {
                "status": self.Status(self.status).label
            }
        if self.is_reopened:
            return _("It has answered, and may change its answers.")
        if not self.is_active or not self.is_active_hf:
            return _("This reference has been archived.")
        return _("The request has expired.") if self.is_over else ""

    @property
    def told_relationship(self) -> str:
        """As the reference corrected it, once that has been sent; until then it is a draft."""
        return self.corrected_relationship if self.filled else ""

    def save(self, **kwargs):
        # The folded column follows its sources here, so that no writer can forget it.
        self.search = fold(
            " ".join([self.full_name, self.email, self.phone, self.company_name, self.internal_id])
        )
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "search"}
        super().save(**kwargs)

    # --- before the answers ---------------------------------------------------------------------

    @transaction.atomic
    def create(self, by, requested_by=None) -> "Reference":
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

    @property
    def may_be_replaced(self) -> bool:
        """By the candidate: not once it has begun to answer."""
        begun = (self.Status.STARTED, self.Status.CALL_REQUESTED)
        return self.status in self.LIVE and self.status not in begun

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

    # --- what the reference does ----------------------------------------------------------------

    def start(self) -> None:
        """The first answer was saved."""
        if self.status in (self.Status.SENT, self.Status.OPENED):
            now = timezone.now()
            self.move(
                self.Status.STARTED,
                passing=self.WAITING,
                opened_at=self.opened_at or now,
                started_at=now,
            )

    @transaction.atomic
    def agree(self, *, ip_address: str | None) -> None:
        """Agrees to answer, once."""
        self.lock()
        said = Consent.objects.filter(subject_id=self.pk, purpose=Consent.Purpose.ANSWER)
        if not said.exists():
            self.consent(Consent.Purpose.ANSWER, given=True, ip_address=ip_address)

    @transaction.atomic
    def correct(self, **said) -> None:
        """Until it is sent."""
        self.lock()
        if self.status not in self.CONTACTED:
            raise ValidationError(_("This can't be changed any more."), code="state")
        super().correct(**said)

    @transaction.atomic
    def fill(self, by, *, score, **corrections) -> None:
        """The answers are in: `answers.actions.submit_answers` calls this with their score."""
        self.move(
            self.Status.FILLED,
            passing=self.CONTACTED,
            filled_at=timezone.now(),
            reopened_at=None,
            score=score,
            **corrections,
        )
        Activity.record(by, "reference.fill", self, candidate=self.candidate)
        self.hush("answered")
        self.candidate.rescore()
        self.requested_by.notify("reference_filled", self, candidate=self.candidate)
        outbox.send(
            "reference_receipt",
            to=self,
            about=self,
            ordinal=Message.objects.next_ordinal("reference_receipt", self),  # reopened, again
            language=self.message_language,
            candidate=self.candidate,
        )
        self.reference_request.recount()

    def decline(self, by=None) -> None:
        self._fall_out(self.Status.DECLINED, by or self, "reference.decline", "reference_declined")

    def wrong_person(self) -> None:
        self._fall_out(
            self.Status.WRONG_PERSON, self, "reference.wrong_person", "reference_wrong_person"
        )

    @transaction.atomic
    def request_call(self, note: str = "") -> None:
        """Would rather talk: no more reminders, the recruiter is told."""
        self.lock()
        self.move(self.Status.CALL_REQUESTED, passing=self.WAITING, call_note=note[:300])
        self.hush("call requested")
        Activity.record(self, "reference.call", self, candidate=self.candidate)
        self.requested_by.notify("reference_call_requested", self, candidate=self.candidate)

    @transaction.atomic
    def stop(self) -> None:
        """`Stop writing to me`: declined; no text and no reminder to these addresses from anybody.

        Another firm may still invite it by email, once.
        """
        for address, channel in ((self.email, "email"), (self.e164, "sms")):
            if address:
                OptOut.objects.record(address, channel, source="link")
        self.decline()

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

    # --- what others do with it -----------------------------------------------------------------

    def cancel(self, by) -> None:
        self._fall_out(self.Status.CANCELLED, by, "reference.cancel")

    def end(self, status: str, by) -> None:
        """The request ended, and this with it."""
        if self.is_reopened:
            self.lock_again(by)
        else:
            self._leave(status, by, f"reference.{status}")

    @transaction.atomic
    def replace(self, by, **fields) -> "Reference":
        """Another person in place of a silent one."""
        self.lock()
        if self.reference_request is None:
            raise ValidationError(_("This person can't be replaced any more."), code="state")
        # The request is counted when the other has joined: between the two it may look finished.
        self._leave(self.Status.REPLACED, by, "reference.replace")
        substitute = Reference(
            candidate=self.candidate,
            reference_request=self.reference_request,
            replaces=self,
            **fields,
        )
        return substitute.create(by, requested_by=self.requested_by)

    @transaction.atomic
    def reopen(self, by) -> None:
        """A recruiter lets the reference change its answers; the same link opens them."""
        self.lock()
        self.candidate.must_not_be_erased()
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

    def revive(self, by, expires_at: datetime) -> None:
        """Its expired request was extended: it comes back as what it was."""
        back = self.ended_from or self.Status.CREATED
        self.move(back, passing=[self.Status.EXPIRED], expires_at=expires_at, ended_at=None)
        if back == self.Status.CREATED:
            self.contact(by)

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

    def consent(
        self, purpose: Consent.Purpose, *, given: bool, ip_address: str | None, recorded_by=None
    ) -> None:
        Consent.record(
            self,
            purpose,
            given=given,
            language=self.message_language,
            ip_address=ip_address,
            candidate=self.candidate,
            recorded_by=recorded_by,
        )

    # --- messages -------------------------------------------------------------------------------

    def wants(self, message: Message) -> bool:
        if message.kind == "reference_reopened":
            present = (message.address, message.channel) in self.addresses
            return super().wants(message) and self.is_reopened and present
        return super().wants(message)

    def message_context(self, message: Message) -> dict:
        request = self.reference_request
        return (
            super().message_context(message)
            | {
                "reference_name": self.full_name,
                "relationship_label": self.relationship_label(message.language),
                "company_name": self.company_name,
                "position": request.position,
                "question_count": len(self.questions),
                "minutes": request.minutes,
                "named": request.named().count(),
                "filled": request.references.filter(status="filled").count(),
                "score": self.score,
                "reason": self.call_note if message.kind == "reference_call_requested" else "",
                "erase_by": self.erase_by,
            }
            | self.receipt_context()
        )

    def receipt_context(self) -> dict:
        """What a receipt says; empty before there is something to confirm."""
        if not self.filled:
            return {}
        return {
            "receipt": self.answer_set.receipt,
            "asked": len(self.questions),
            "answered": self.answer_set.answers.answered().count(),
            "erase_on": self.hiring_firm.erase_on(self.filled_at),
        }

    def message_changed(self, message: Message) -> None:
        if message.kind != "reference_receipt":  # it has answered: nobody has to mend anything
            super().message_changed(message)

    def bounce(self, message: Message) -> None:
        """The candidate knows a better address, or somebody else."""
        super().bounce(message)
        outbox.send(
            "reference_unreachable",
            to=self.candidate,
            about=self.reference_request,
            key=message.pk,
            language=self.candidate.message_language,
            candidate=self.candidate,
            reference_name=self.full_name,
            reference=str(self.pk),
        )
