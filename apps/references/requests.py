"""ReferenceRequest: a candidate is asked to name people, for one question set."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.activities.models import Activity
from apps.consents.models import Consent
from apps.jsonapi.resources import Resource, assign
from apps.links.tokens import Purpose
from apps.messaging.models import Message
from apps.references.closing import Closing
from apps.references.querysets import ReferenceRequestQuerySet
from apps.reminders.models import Remindable

SECONDS_PER_QUESTION = 40


class ReferenceRequest(Closing, Remindable, Resource):
    """`created → sent → opened → filled → concluded`; exits declined, expired, cancelled."""

    SPARE, TRIES = 3, 20  # how many more than needed may stand, and be tried, by the candidate

    class Status(models.TextChoices):
        CREATED = "created", gettext_lazy("created")
        SENT = "sent", gettext_lazy("sent")
        OPENED = "opened", gettext_lazy("opened")
        FILLED = "filled", gettext_lazy("filled")
        CONCLUDED = "concluded", gettext_lazy("concluded")
        DECLINED = "declined", gettext_lazy("declined")
        EXPIRED = "expired", gettext_lazy("expired")
        CANCELLED = "cancelled", gettext_lazy("cancelled")

    OPEN = (Status.CREATED, Status.SENT, Status.OPENED, Status.FILLED)
    WAITING = (Status.SENT, Status.OPENED)  # for the candidate to name people

    hiring_firm = models.ForeignKey(
        "firms.HiringFirm", models.CASCADE, related_name="reference_requests", db_index=False
    )
    candidate = models.ForeignKey(
        "candidates.Candidate", models.CASCADE, related_name="reference_requests"
    )
    requested_by = models.ForeignKey(
        "recruiters.Recruiter", models.PROTECT, related_name="reference_requests"
    )
    question_set = models.ForeignKey(
        "questions.QuestionSet", models.PROTECT, related_name="reference_requests"
    )
    questions = models.JSONField()  # by language, frozen when the request was made
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    notes = models.TextField(max_length=5000, blank=True)
    position = models.CharField(max_length=200, blank=True)  # what the candidate is considered for
    min_references = models.PositiveSmallIntegerField(
        default=None,  # `create()` takes the firm's
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    min_manager_references = models.PositiveSmallIntegerField(
        default=0, validators=[MaxValueValidator(20)]
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.CREATED)
    consented_at = models.DateTimeField(null=True, blank=True)
    filled_at = models.DateTimeField(null=True, blank=True)

    reminder_kind, invitation_kind = "request_reminder", "request_invitation"
    page, unsubscribe_page = Purpose.REQUEST, Purpose.UNSUBSCRIBE_REQUEST
    role = "candidate"
    objects = ReferenceRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["hiring_firm", "-created_at", "-id"], name="request_firm"),
            models.Index(fields=["status", "last_written_at"], name="request_reminders"),
            models.Index(fields=["status", "expires_at"], name="request_expiry"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "question_set"],
                condition=Q(status__in=["created", "sent", "opened", "filled"]),
                name="request_one_open_per_set",
                violation_error_code="request_open",
            ),
            models.CheckConstraint(
                condition=Q(min_manager_references__lte=models.F("min_references")),
                name="request_managers_among_references",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["created", "cancelled"])
                | Q(sent_at__isnull=False, expires_at__isnull=False),
                name="request_sent_has_times",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["filled"]) | Q(filled_at__isnull=False),
                name="request_filled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["concluded", "declined", "expired", "cancelled"])
                | Q(closed_at__isnull=False),
                name="request_closed_has_time",
            ),
        ]

    def __str__(self):
        return f"{self.candidate} · {self.created_at:%Y-%m-%d}"

    # --- what it is -----------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def link_is_live(self) -> bool:
        """A concluded one still shows how it ended, and takes nothing more."""
        return self.is_open and super().link_is_live

    @property
    def asked(self) -> Status:
        """The state in which it waits for the candidate."""
        return self.Status.OPENED if self.opened_at else self.Status.SENT

    @property
    def filled(self) -> bool:
        return self.filled_at is not None

    @property
    def addressee(self):
        return self.candidate

    @property
    def message_language(self) -> str:
        return self.candidate.message_language

    @property
    def languages(self) -> list[str]:
        """In which a reference can answer; the set's own first."""
        return sorted(self.questions, key=lambda language: language != self.language)

    def questions_in(self, language: str) -> list[dict]:
        return self.questions.get(language) or self.questions[self.language]

    @property
    def minutes(self) -> int:
        return max(2, round(len(self.questions_in(self.language)) * SECONDS_PER_QUESTION / 60))

    def named(self):
        """The references that count: not those who fell out and have to be replaced."""
        return self.references.counted()

    @property
    def missing(self) -> int:
        return max(0, self.min_references - self.named().count(), self.missing_managers)

    @property
    def missing_managers(self) -> int:
        return max(0, self.min_manager_references - self.named().filter(is_manager=True).count())

    @property
    def holds_back(self) -> bool:
        """Who is saved is written to only when the candidate has agreed."""
        return self.hiring_firm.contact_after_consent and self.consented_at is None

    @property
    def needs_candidate(self) -> bool:
        """To name somebody, or to agree that those who are saved are written to."""
        held = self.holds_back and self.references.filter(status="created").exists()
        return held or bool(self.missing)

    @property
    def may_name_more(self) -> bool:
        return (
            self.named().count() < self.min_references + self.SPARE
            and self.references.count() < self.min_references + self.TRIES
        )

    @property
    def why_not_remindable(self) -> str:
        if self.status not in self.WAITING:
            return _("The candidate has nothing left to do: it is %(status)s.") % {
                "status": self.Status(self.status).label
            }
        return _("The request has expired.") if self.is_over else ""

    def clean(self):
        super().clean()
        wrong = {}
        if self._state.adding and self.another_is_open:
            wrong["question_set"] = ValidationError(
                _("Another request with the same questions is open."), code="request_open"
            )
        if (self.min_manager_references or 0) > (self.min_references or 0):
            words = _("There can't be more managers than references.")
            wrong["min_manager_references"] = ValidationError(words, code="invalid")
        if wrong:
            raise ValidationError(wrong)

    # --- what happens to it ---------------------------------------------------------------------

    @transaction.atomic
    def create(self, by) -> "ReferenceRequest":
        """Freeze the questions, invite the candidate, contact the references saved so far."""
        self.candidate.lock()  # who is saved for them meanwhile is asked, too
        self.candidate.must_not_be_erased()
        self.requested_by, self.hiring_firm = by, by.hiring_firm
        self.language = self.question_set.language
        self.questions = self.question_set.freeze()
        if not self.questions[self.language]:
            raise ValidationError(
                {"question_set": ValidationError(_("This set has no questions."), code="invalid")}
            )
        if self.min_references is None:
            self.min_references = max(self.hiring_firm.min_references, self.min_manager_references)
        if self.hiring_firm.managers_only:
            self.min_manager_references = self.min_references
        self.full_clean()
        self.save(force_insert=True)
        Consent.record(
            self.candidate,
            Consent.Purpose.ATTESTATION,
            given=True,
            language=self.message_language,
            candidate=self.candidate,
            recorded_by=by,
        )
        Activity.record(
            by, "reference_request.create", self, recipient=self.candidate, candidate=self.candidate
        )
        now = timezone.now()
        self.move(
            self.Status.SENT, passing=[self.Status.CREATED], sent_at=now, expires_at=now + self.LIFE
        )
        self.invite()
        for reference in self.candidate.references.unasked():
            reference.join(self, by)
        return self

    @transaction.atomic
    def change(self, by, **fields) -> None:
        """Notes and requirements; when those rise the request waits for the candidate again."""
        self.lock()
        self.candidate.must_not_be_erased()
        if not (changed := assign(self, fields)):
            return
        needs = [name for name in changed if name in ("min_references", "min_manager_references")]
        if needs and not self.is_open:
            words = _("This can't be changed any more: it is %(status)s.")
            status = {"status": self.get_status_display()}
            raise ValidationError(
                {name: ValidationError(words, code="state", params=status) for name in needs}
            )
        self.save(update_fields=[*changed, "updated_at"])
        Activity.record(
            by,
            "reference_request.update",
            self,
            candidate=self.candidate,
            changed=changed,
        )
        if needs:
            self.recount()

    @transaction.atomic
    def consent(self, *, language: str, ip_address: str | None) -> None:
        """The candidate agrees, once; those who waited for it are contacted."""
        self.lock()
        if self.consented_at is not None:
            return
        self.consented_at = timezone.now()
        self.save(update_fields=["consented_at", "updated_at"])
        Consent.record(
            self.candidate,
            Consent.Purpose.CHECK,
            given=True,
            language=language,
            ip_address=ip_address,
            candidate=self.candidate,
        )
        Activity.record(self.candidate, "reference_request.consent", self, candidate=self.candidate)
        self.contact_held_back(self.candidate)

    @transaction.atomic
    def contact_held_back(self, by=None) -> None:
        """Nothing holds them back now: the candidate agreed, or the firm does not ask for it."""
        self.lock()
        if self.is_open and not self.holds_back:
            for reference in self.references.filter(status="created"):
                reference.contact(by)
            self.recount()

    @transaction.atomic
    def name(self, *, instead_of=None, **fields):
        """The candidate names somebody, `instead_of` a silent one; again the same, no more.

        ValidationError on a field, or of code `state` or `enough_named`.
        """
        self.lock()
        if not self.link_is_live or self.consented_at is None:
            raise ValidationError(_("This request is not open."), code="state")
        person = self.references.model(
            candidate=self.candidate, reference_request=self, hiring_firm=self.hiring_firm, **fields
        )
        person.full_clean(exclude=["requested_by"])
        for known in self.named().exclude(pk=instead_of and instead_of.pk):
            if shared := person.shared_address(known):
                if known.full_name.casefold() == person.full_name.casefold():
                    return known
                words = _("You gave this for %(name)s already.") % {"name": known.full_name}
                raise ValidationError({shared: ValidationError(words, code="invalid")})
        person.must_be_somebody_else(self.candidate)
        if instead_of is not None:
            if not instead_of.may_be_replaced:
                raise ValidationError(_("This person can't be replaced any more."), code="state")
            return instead_of.replace(self.candidate, **fields)
        if not self.may_name_more:
            raise ValidationError(_("You have named enough people."), code="enough_named")
        return person.create(self.candidate, requested_by=self.requested_by)

    @transaction.atomic
    def recount(self) -> None:
        """Filled when enough are named, waiting again when not; concluded when all are through."""
        self.lock()
        now, needed = timezone.now(), self.needs_candidate
        if self.status in self.WAITING and not needed:
            self.move(self.Status.FILLED, passing=self.WAITING, filled_at=now)
            Activity.record(
                self.candidate, "reference_request.fill", self, candidate=self.candidate
            )
            self.requested_by.notify("request_filled", self, candidate=self.candidate)
        elif self.status == self.Status.FILLED and needed:
            self.move(self.asked, passing=[self.Status.FILLED], filled_at=None)
        if self.status == self.Status.FILLED and not self.references.live().exists():
            self._close(self.Status.CONCLUDED, None, "reference_request.conclude")
            self.requested_by.notify("request_concluded", self, candidate=self.candidate)

    def address_changed(self) -> None:
        """The candidate's email or phone is another now; nothing to do there, no new letter."""
        if self.status in self.WAITING or (self.is_open and self.consented_at is None):
            self.readdress()
        elif self.is_open:
            self.end_links()

    # --- messages -------------------------------------------------------------------------------

    def wants(self, message: Message) -> bool:
        """The candidate is to hear of it, also when others named enough before the letter went."""
        if message.kind == self.invitation_kind:
            return self.link_is_live and (message.address, message.channel) in self.addresses
        return super().wants(message)

    def message_context(self, message: Message) -> dict:
        return super().message_context(message) | {
            "position": self.position,
            "needed": self.min_references,
            "needed_managers": self.min_manager_references,
            "named": self.named().count(),
            "missing": self.missing,
            "filled": self.references.filter(status="filled").count(),
            "score": self.candidate.score,
        }
