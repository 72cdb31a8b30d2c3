"""Candidates, and the profile they fill: experiences and educations."""

from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.jsonapi.fold import SearchableQuerySet, fold
from apps.jsonapi.models import IdempotentResponse
from apps.jsonapi.resources import Resource, assign
from apps.messaging.models import Message
from apps.messaging.people import Person


class OwnedQuerySet(models.QuerySet):
    """What belongs to a candidate: a recruiter sees own candidates', a root the firm's."""

    to_candidate = ""

    def visible_to(self, user):
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        path = f"{self.to_candidate}__" if self.to_candidate else ""
        if recruiter.is_root:
            return self.filter(**{f"{path}hiring_firm_id": recruiter.hiring_firm_id})
        return self.filter(**{f"{path}added_by": recruiter})


class CandidateQuerySet(SearchableQuerySet, OwnedQuerySet):
    """Candidates, found by name, email, phone or internal id."""


class Candidate(Person, Resource):
    hiring_firm = models.ForeignKey(
        "firms.HiringFirm", models.CASCADE, related_name="candidates", db_index=False
    )
    added_by = models.ForeignKey(
        "recruiters.Recruiter", models.PROTECT, related_name="candidates", db_index=False
    )
    internal_id = models.CharField(max_length=100, blank=True)
    notes = models.TextField(max_length=5000, blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)
    score = models.DecimalField(max_digits=3, decimal_places=2, null=True, blank=True)
    given_score = models.DecimalField(  # by an ATS on creation; stands until one is computed
        max_digits=3,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal(5))],
    )
    metadatum = models.ForeignKey(
        "metadata.Metadatum", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    search = models.TextField(blank=True, editable=False)
    erased_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CandidateQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["hiring_firm", "-created_at", "-id"], name="candidate_firm"),
            models.Index(fields=["added_by", "-created_at", "-id"], name="candidate_recruiter"),
            models.Index(fields=["hiring_firm", "updated_at"], name="candidate_updated"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=1, score__lte=5), name="candidate_score"
            )
        ]

    def __str__(self):
        return self.full_name

    @property
    def message_language(self) -> str:
        return self.language or self.hiring_firm.language

    def clean(self):
        super().clean()
        if not self.email and not self.phone and not self.erased_at:
            raise ValidationError(
                {"email": ValidationError(_("Enter an email or a phone."), code="required")}
            )

    def save(self, **kwargs):
        # The folded column follows its sources here, so that no writer can forget it.
        self.search = fold(" ".join([self.full_name, self.email, self.phone, self.internal_id]))
        if kwargs.get("update_fields"):
            kwargs["update_fields"] = {*kwargs["update_fields"], "search"}
        super().save(**kwargs)

    def must_not_be_erased(self) -> None:
        """What was erased stays so: it takes no new words, and nobody is asked about it."""
        if self.erased_at is not None:
            raise ValidationError(_("This candidate has been erased."), code="erased")

    @transaction.atomic
    def create(self, by) -> "Candidate":
        """Save a new candidate of `by`, with an empty profile."""
        self.added_by, self.hiring_firm = by, by.hiring_firm
        self.score = self.given_score
        self.full_clean()
        self.save(force_insert=True)
        Profile.objects.create(candidate=self, hiring_firm=self.hiring_firm)
        Activity.record(by, "candidate.create", self, candidate=self)
        return self

    @transaction.atomic
    def change(self, by, **fields) -> None:
        """Change attributes. A new address ends the old links and sends one new invitation."""
        self.lock()
        self.must_not_be_erased()
        before = (self.email, self.e164)
        if not (changed := assign(self, fields)):
            return
        self.save()
        Activity.record(by, "candidate.update", self, candidate=self, changed=changed)
        if (self.email, self.e164) != before:
            for request in self.reference_requests.all():
                request.address_changed()

    @transaction.atomic
    def remove(self, by) -> None:
        """Everything beneath goes with the candidate; the activity keeps type and id."""
        # Also against rows that would point here: what is done beneath locks the candidate first.
        type(self).objects.select_for_update().get(pk=self.pk)
        Activity.record(by, "candidate.destroy", self)
        Activity.objects.filter(candidate=self).forget()
        Message.objects.filter(candidate=self).forget("candidate deleted")
        answers = self.references.exclude(answer_set=None).values_list("answer_set", flat=True)
        IdempotentResponse.objects.naming(self.pk, *answers).forget()
        for verification in self.verifications.exclude(document=""):
            file = verification.document
            transaction.on_commit(lambda file=file: file.storage.delete(file.name))
        self.delete()

    @transaction.atomic
    def rescore(self) -> None:
        """The plain mean of the filled references' scores; a given one stands until then."""
        scores = self.references.filter(score__isnull=False).values_list("score", flat=True)
        scores = list(scores)
        self.score = self.given_score
        if scores:
            self.score = (sum(scores) / len(scores)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        type(self).objects.filter(pk=self.pk).update(score=self.score, updated_at=timezone.now())


class ProfileQuerySet(OwnedQuerySet):
    to_candidate = "candidate"


class Profile(models.Model):
    """One to one with the candidate, and under the same id."""

    candidate = models.OneToOneField(
        Candidate, models.CASCADE, primary_key=True, related_name="profile"
    )
    hiring_firm = models.ForeignKey("firms.HiringFirm", models.CASCADE, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    bio = models.TextField(max_length=5000, blank=True)
    job_title = models.CharField(max_length=200, blank=True)
    industry = models.CharField(max_length=100, blank=True)
    street_address = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=100, blank=True)
    province = models.CharField(max_length=100, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ProfileQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return str(self.candidate)

    def lock(self) -> None:
        self.candidate.lock()
        self.refresh_from_db()

    @transaction.atomic
    def change(self, by, **fields) -> None:
        self.lock()
        self.candidate.must_not_be_erased()
        if changed := assign(self, fields):
            self.save(update_fields=[*changed, "updated_at"])
            Activity.record(by, "profile.update", self, candidate=self.candidate, changed=changed)


class LineQuerySet(OwnedQuerySet):
    to_candidate = "profile__candidate"


class Line(Resource):
    """One line of a profile: from when to when, and where."""

    profile = models.ForeignKey(Profile, models.CASCADE, related_name="%(class)ss")
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)  # null: still there
    city = models.CharField(max_length=100, blank=True)
    description = models.TextField(max_length=5000, blank=True)

    objects = LineQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-started_on", "-id"]

    @property
    def candidate(self) -> Candidate:
        return self.profile.candidate

    @property
    def hiring_firm_id(self):
        return self.profile.hiring_firm_id

    def clean(self):
        super().clean()
        wrong = {
            name: ValidationError(_("Enter a date such as 2021-05-31."), code="invalid")
            for name in ("started_on", "ended_on")
            if (day := getattr(self, name)) and not 1900 <= day.year <= 2200
        }
        if not wrong and self.started_on and self.ended_on and self.ended_on < self.started_on:
            words = _("It can't end before it began.")
            wrong["ended_on"] = ValidationError(words, code="invalid")
        if wrong:
            raise ValidationError(wrong)

    def lock(self) -> None:
        """The candidate's row first, as with all that is beneath one."""
        self.candidate.lock()
        super().lock()

    @transaction.atomic
    def write(self, by, **fields) -> "Line":
        """Create or change one line."""
        act = "create" if self._state.adding else "update"
        if act == "update":
            self.lock()
        changed = assign(self, fields)
        if act == "create":
            self.candidate.lock()
        self.candidate.must_not_be_erased()
        if changed or act == "create":
            self.save()
            self._record(by, act)
        return self

    @transaction.atomic
    def remove(self, by) -> None:
        self.lock()
        self._record(by, "destroy")
        self.delete()

    def _record(self, by, act: str) -> None:
        key = f"{self._meta.model_name}.{act}"
        Activity.record(by, key, self, candidate=self.candidate)


class Experience(Line):
    company_name = models.CharField(max_length=200)
    job_title = models.CharField(max_length=200)

    class Meta(Line.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(started_on=None)
                | Q(ended_on=None)
                | Q(ended_on__gte=models.F("started_on")),
                name="experience_dates",
            )
        ]

    # What a verifier confirms of it.
    CLAIMS = ("company_name", "job_title", "started_on", "ended_on")

    def __str__(self):
        return f"{self.job_title}, {self.company_name}"


class Education(Line):
    school_name = models.CharField(max_length=200)
    degree = models.CharField(max_length=200)
    field_of_study = models.CharField(max_length=200, blank=True)

    class Meta(Line.Meta):
        constraints = [
            models.CheckConstraint(
                condition=Q(started_on=None)
                | Q(ended_on=None)
                | Q(ended_on__gte=models.F("started_on")),
                name="education_dates",
            )
        ]

    CLAIMS = ("school_name", "degree", "field_of_study", "started_on", "ended_on")

    def __str__(self):
        return f"{self.degree}, {self.school_name}"
