"""Answer sets, answers, and the score: computed from them, and always again."""

from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.jsonapi.resources import Resource


class AnswerSetQuerySet(models.QuerySet):
    to_reference = "reference"

    def sent(self):
        """No drafts: those are their writer's own."""
        return self.filter(**{f"{self.to_reference}__status": "filled"})

    def visible_to(self, user):
        """Submitted ones: with the candidate for a recruiter. Drafts: only by their own link."""
        path = self.to_reference
        target = getattr(user, "target", None)
        if target is not None:
            return self.filter(**{path: target.pk if hasattr(target, "answer_set") else None})
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        seen = self.sent().filter(**{f"{path}__hiring_firm_id": recruiter.hiring_firm_id})
        return (
            seen
            if recruiter.is_root
            else seen.filter(**{f"{path}__candidate__added_by": recruiter})
        )


class AnswerSet(Resource):
    """What one reference answered: a draft until it is submitted."""

    reference = models.OneToOneField(
        "references.Reference", models.CASCADE, related_name="answer_set"
    )
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    submitted_at = models.DateTimeField(null=True, blank=True)
    typed_by = models.ForeignKey(  # a recruiter wrote down what the reference said
        "recruiters.Recruiter", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    digest = models.CharField(
        max_length=64, blank=True
    )  # of the submit: the same again is no error
    kept = models.JSONField(default=list, blank=True)  # while reopened: the answers as submitted

    objects = AnswerSetQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self):
        return str(self.reference)

    def keep(self) -> None:
        """Before they may change: what was submitted, for when nothing is submitted again."""
        self.kept = list(self.answers.values("position", *Answer.SAID))
        self.save(update_fields=["kept", "updated_at"])

    def take_back(self) -> None:
        """The answers as they were kept; what was changed since goes."""
        kept = {each["position"]: each for each in self.kept}
        answers = [answer for answer in self.answers.all() if answer.position in kept]
        for answer in answers:
            for name in Answer.SAID:
                setattr(answer, name, kept[answer.position][name])
            self.language = answer.language
        Answer.objects.bulk_update(answers, Answer.SAID)
        self.kept = []
        self.save(update_fields=["kept", "language", "updated_at"])

    @property
    def hiring_firm_id(self):
        return self.reference.hiring_firm_id

    @property
    def receipt(self) -> str:
        """Short enough to read out; says nothing by itself."""
        text = self.pk.hex[-6:].upper()
        return f"{text[:3]}-{text[3:]}"

    def score(self) -> Decimal | None:
        """The weighted mean of its scale answers, each normalised to 1–5; None without any."""
        points = [
            (answer.normalized, answer.weight)
            for answer in self.answers.all()
            if answer.normalized is not None
        ]
        if not points:
            return None
        total = sum(weight for _, weight in points)
        mean = sum(value * weight for value, weight in points) / total
        return mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


class AnswerQuerySet(AnswerSetQuerySet):
    to_reference = "answer_set__reference"

    def answered(self):
        return self.filter(Q(not_applicable=True) | ~Q(value=""))


class Answer(Resource):
    """One answer, with its question as it was asked."""

    SAID = ("language", "question_text", "value", "scale", "not_applicable", "comment")

    answer_set = models.ForeignKey(
        AnswerSet, models.CASCADE, related_name="answers", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    question_text = models.TextField()
    category = models.CharField(max_length=40, blank=True)
    type = models.CharField(max_length=15)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    value = models.TextField(blank=True)  # as text; several choices as a JSON array
    scale = models.SmallIntegerField(null=True, blank=True)
    not_applicable = models.BooleanField(default=False)
    comment = models.TextField(max_length=5000, blank=True)
    min = models.SmallIntegerField(default=1)
    max = models.SmallIntegerField(default=5)
    weight = models.PositiveSmallIntegerField(default=1)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        ordering = ["answer_set", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer_set", "position"], name="answer_once_per_question"
            ),
            models.CheckConstraint(
                condition=Q(scale=None)
                | Q(
                    type="scale",
                    not_applicable=False,
                    scale__gte=models.F("min"),
                    scale__lte=models.F("max"),
                ),
                name="answer_scale_in_range",
            ),
        ]

    def __str__(self):
        return f"{self.position + 1}. {self.question_text}"

    @property
    def hiring_firm_id(self):
        return self.answer_set.hiring_firm_id

    def lock(self) -> None:
        """What is above it first, as all do who change an answer."""
        self.answer_set.reference.lock()
        super().lock()

    @property
    def normalized(self) -> Decimal | None:
        return normalized(self.scale, self.min, self.max)


def normalized(scale: int | None, low: int, high: int) -> Decimal | None:
    """The scale answer from 1 to 5; None where there is none."""
    return None if scale is None else 1 + Decimal(4) * (scale - low) / (high - low)
