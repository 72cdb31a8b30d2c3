"""Reference: one person, asked once about one candidate."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.activities.models import Activity
from apps.consents.models import Consent
from apps.jsonapi.fold import fold
from apps.jsonapi.resources import Resource
from apps.links.tokens import Purpose
from apps.messaging import outbox
from apps.messaging.models import Message
from apps.references.asking import Asked
from apps.references.ending import Ending
from apps.references.querysets import ReferenceQuerySet
from apps.references.reopening import Reopenable
from apps.references.requests import ReferenceRequest


class Reference(Asked, Reopenable, Ending, Resource):
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
    started_at = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)
    call_note = models.CharField(max_length=300, blank=True)
    score = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
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

    @transaction.atomic
    def request_call(self, note: str = "") -> None:
        """Would rather talk: no more reminders, the recruiter is told."""
        self.lock()
        self.move(self.Status.CALL_REQUESTED, passing=self.WAITING, call_note=note[:300])
        self.hush("call requested")
        Activity.record(self, "reference.call", self, candidate=self.candidate)
        self.requested_by.notify("reference_call_requested", self, candidate=self.candidate)

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
