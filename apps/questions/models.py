"""Question sets of a firm and of the library, and what a request freezes of them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from apps.activities.models import Activity
from apps.jsonapi.resources import Resource, assign


class QuestionSetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The firm's own and the library's, as long as they are not archived."""
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        own = Q(hiring_firm=None) | Q(hiring_firm_id=recruiter.hiring_firm_id)
        return self.filter(own, archived_at=None)


class QuestionSet(Resource):
    """Questions of one language, of a firm or (without one) of the library."""

    hiring_firm = models.ForeignKey(
        "firms.HiringFirm",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="question_sets",
        db_index=False,
    )
    title = models.CharField(max_length=200)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    key = models.CharField(max_length=40, blank=True)  # of a library set
    translation = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="copies"
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = QuestionSetQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["key", "language"],
                condition=Q(hiring_firm=None),
                name="library_set_once_per_language",
            )
        ]
        indexes = [models.Index(fields=["hiring_firm", "archived_at"], name="question_set_firm")]

    def __str__(self):
        return self.title

    @property
    def is_library(self) -> bool:
        return self.hiring_firm_id is None

    @property
    def is_used(self) -> bool:
        return self.reference_requests.exists()

    def freeze(self) -> dict[str, list[dict]]:
        """The questions by language, as a request keeps them: edits reach later requests only."""
        frozen = {self.language: [question.freeze() for question in self.live_questions()]}
        if self.translation and self.translation.archived_at is None:
            other = [question.freeze() for question in self.translation.live_questions()]
            # A translation out of step would put answers under other questions.
            if [q["type"] for q in other] == [q["type"] for q in frozen[self.language]]:
                frozen[self.translation.language] = other
        return frozen

    def live_questions(self):
        return self.questions.filter(archived_at=None).order_by("order", "id")

    def must_be_own(self) -> None:
        """The library is everybody's: a firm copies a set to change it."""
        if self.is_library:
            raise ValidationError(
                _("Library sets can't be changed. Copy the set first."), code="not_allowed"
            )

    @transaction.atomic
    def write(self, by, **fields) -> "QuestionSet":
        """Create or change a set of the firm; in the firm's language unless another is given."""
        created = self._state.adding
        key = "question_set.create" if created else "question_set.update"
        if created:
            self.hiring_firm, self.language = by.hiring_firm, by.hiring_firm.language
        else:
            self.lock()
        self.must_be_own()
        if assign(self, fields) or created:
            self.save()
            Activity.record(by, key, self)
        return self

    @transaction.atomic
    def copy(self, by) -> "QuestionSet":
        """A set of the firm with the same questions, and its translation beside it."""
        copies = [self._copy_one(by)]
        if self.translation and self.translation.archived_at is None:
            copies.append(self.translation._copy_one(by))
            copies[0].translation, copies[1].translation = copies[1], copies[0]
            QuestionSet.objects.bulk_update(copies, ["translation"])
        return copies[0]

    def _copy_one(self, by) -> "QuestionSet":
        copied = QuestionSet.objects.create(
            hiring_firm=by.hiring_firm, title=self.title, language=self.language, copied_from=self
        )
        Question.objects.bulk_create(
            Question(
                question_set=copied,
                **{name: getattr(question, name) for name in Question.CONTENT},
            )
            for question in self.live_questions()
        )
        Activity.record(by, "question_set.create", copied)
        return copied

    @transaction.atomic
    def remove(self, by) -> None:
        """Archived when a request used it, else removed."""
        self.must_be_own()
        Activity.record(by, "question_set.destroy", self)
        if self.is_used:
            self.archived_at = timezone.now()
            self.save(update_fields=["archived_at", "updated_at"])
        else:
            self.delete()


class QuestionQuerySet(models.QuerySet):
    def visible_to(self, user):
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        own = Q(question_set__hiring_firm=None) | Q(
            question_set__hiring_firm_id=recruiter.hiring_firm_id
        )
        return self.filter(own, archived_at=None, question_set__archived_at=None)


class Question(Resource):
    class Type(models.TextChoices):
        SCALE = "scale"
        TEXT = "text", pgettext_lazy("question", "Text")
        CHOICE = "choice"
        MULTIPLE_CHOICE = "multiple_choice"
        BOOLEAN = "boolean"
        DATE = "date"

    question_set = models.ForeignKey(
        QuestionSet, models.CASCADE, related_name="questions", db_index=False
    )
    type = models.CharField(max_length=15, choices=Type, default=Type.SCALE)
    category = models.CharField(max_length=40, blank=True)
    order = models.PositiveIntegerField(default=0)
    text = models.TextField(max_length=1000)
    hint = models.CharField(max_length=300, blank=True)
    required = models.BooleanField(default=True)
    choices = models.JSONField(default=list, blank=True)
    labels = models.JSONField(default=list, blank=True)  # a word for each point of a scale
    min = models.SmallIntegerField(default=1)
    max = models.SmallIntegerField(default=5)
    weight = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    LAST = 2**31 - 1  # places beyond it have no number; what shares one comes by its making
    CONTENT = (
        "type", "category", "order", "text", "hint", "required",
        "choices", "labels", "min", "max", "weight",
    )  # fmt: skip

    objects = QuestionQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(min__gte=0, max__lte=10, min__lt=models.F("max")),
                name="question_scale",
            ),
            models.CheckConstraint(condition=Q(weight__gte=1), name="question_weight"),
        ]
        indexes = [models.Index(fields=["question_set", "order"], name="question_order")]

    def __str__(self):
        return self.text

    @property
    def language(self) -> str:
        return self.question_set.language

    @property
    def hiring_firm_id(self):
        return self.question_set.hiring_firm_id

    def freeze(self) -> dict:
        return {"id": str(self.pk), **{name: getattr(self, name) for name in self.CONTENT}}

    def clean(self):
        super().clean()
        wrong = {}
        chooses = self.type in (self.Type.CHOICE, self.Type.MULTIPLE_CHOICE)
        if not _texts(self.choices) or len(set(self.choices)) != len(self.choices):
            wrong["choices"] = _("Enter a list of different texts.")
        elif chooses and not 2 <= len(self.choices) <= 30:
            wrong["choices"] = _("Enter between 2 and 30 choices.")
        if not _texts(self.labels):
            wrong["labels"] = _("Enter a list of texts.")
        elif self.labels and len(self.labels) != self.max - self.min + 1:
            wrong["labels"] = _("Enter one label for each point of the scale.")
        if not 0 <= self.min < self.max <= 10:
            wrong["max"] = _("A scale goes from at least 0 to at most 10.")
        if wrong:
            raise ValidationError(wrong, code="invalid")

    @transaction.atomic
    def write(self, by, **fields) -> "Question":
        """Create or change a question of the firm's own set; the last place when none is given."""
        created = self._state.adding
        key = "question.create" if created else "question.update"
        if not created:
            self.lock()
        question_set = fields.get("question_set") or self.question_set
        question_set.must_be_own()
        if created and "order" not in fields:
            question_set.lock()  # who comes at the same time comes after
            last = question_set.questions.aggregate(last=models.Max("order"))["last"]
            self.order = min((last or 0) + 1, self.LAST)
        if assign(self, fields) or created:
            self.save()
            Activity.record(by, key, self)
        return self

    @transaction.atomic
    def remove(self, by) -> None:
        """Archived when a request used its set, else removed."""
        self.question_set.must_be_own()
        Activity.record(by, "question.destroy", self)
        if self.question_set.is_used:
            self.archived_at = timezone.now()
            self.save(update_fields=["archived_at", "updated_at"])
        else:
            self.delete()


def _texts(value) -> bool:
    return isinstance(value, list) and all(
        isinstance(each, str) and 0 < len(each) <= 200 for each in value
    )
