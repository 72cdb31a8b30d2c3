"""Issued documents: one row per file, with the number under which anyone can check it."""

import hashlib
import secrets
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy

from apps.jsonapi.resources import Resource

# Without the letters and figures that people mistake for each other: 80 bits in 16 of them.
ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


# What a transaction wrote it dated before others could see it: who looks saw what is that old.
UNSEEN = timedelta(minutes=1)


def seen_until():
    return timezone.now() - UNSEEN


def new_number() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(16))


class DocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A recruiter: own candidates'; a root recruiter: all of the firm's."""
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        seen = self.filter(hiring_firm_id=recruiter.hiring_firm_id)
        return seen if recruiter.is_root else seen.filter(candidate__added_by=recruiter)

    def of(self, subject_type: str, subject_id):
        return self.filter(subject_type=subject_type, subject_id=subject_id)

    def current(self):
        return self.filter(superseded_at=None)

    def orphans(self):
        """What they show is gone: a candidate or a reference that was deleted."""
        references = apps.get_model("references.Reference").objects
        there = references.filter(pk=models.OuterRef("subject_id"))
        sheets = Q(kind=Document.Kind.REFERENCES) & ~models.Exists(there)
        return self.filter(Q(candidate=None) & ~Q(kind=Document.Kind.INVOICES) | sheets)

    @transaction.atomic
    def supersede(self) -> None:
        """They stand for nothing any more: the hash stays to be checked, the bytes go."""
        files = self._files()
        now = timezone.now()
        self.update(superseded_at=Coalesce("superseded_at", now), file="", updated_at=now)
        transaction.on_commit(files)

    @transaction.atomic
    def erase(self) -> None:
        """Rows and files."""
        files = self._files()
        self.delete()
        transaction.on_commit(files)

    def _files(self):
        """Deletes the files, once the rows no longer name them for good."""
        files = [each.file for each in self.exclude(file="")]
        return lambda: [file.storage.delete(file.name) for file in files]


class Document(Resource):
    class Kind(models.TextChoices):
        CANDIDATES = "candidates", gettext_lazy("Reference report")
        REFERENCES = "references", gettext_lazy("Reference")
        RESUMES = "resumes", gettext_lazy("Profile")
        INVOICES = "invoices", gettext_lazy("Invoice")

    class Audience(models.TextChoices):
        RECRUITER = "recruiter", gettext_lazy("recruiter")
        CLIENTS = "clients", gettext_lazy("clients")
        CANDIDATE = "candidate", gettext_lazy("candidate")

    number = models.CharField(max_length=16, unique=True, default=new_number, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    audience = models.CharField(max_length=9, choices=Audience, default=Audience.RECRUITER)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    hiring_firm = models.ForeignKey(
        "firms.HiringFirm", models.CASCADE, related_name="documents", db_index=False
    )
    candidate = models.ForeignKey(
        # Not CASCADE: the sweep must still find the file of a candidate who is gone.
        "candidates.Candidate",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="documents",
    )
    content_key = models.CharField(max_length=64)  # a hash of all that it shows
    checked_at = models.DateTimeField()  # when that last was what there is to show
    sha256 = models.CharField(max_length=64, db_index=True)  # of the issued bytes
    size = models.PositiveIntegerField()
    file = models.FileField(upload_to="documents/%Y/%m/", blank=True)  # none once superseded
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="document_subject"),
            models.Index(fields=["hiring_firm", "-created_at"], name="document_firm"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id", "audience", "language"],
                condition=Q(superseded_at=None),
                name="document_current_once",
            )
        ]

    def __str__(self):
        return self.printed_number

    @property
    def printed_number(self) -> str:
        """In groups of four, as people read it out."""
        return "-".join(self.number[at : at + 4] for at in range(0, 16, 4))

    @property
    def address(self) -> str:
        """Where anyone can check it."""
        return f"{settings.PUBLIC_URL}/d/{self.printed_number}"

    @property
    def etag(self) -> str:
        return f'"{self.sha256}"'

    @property
    def file_name(self) -> str:
        """Says nothing about anybody: names leak through download folders."""
        return f"{self.kind}-{self.printed_number}-{self.language}.pdf"

    @property
    def is_there(self) -> bool:
        """Storage may have lost what the row names: then it is rendered anew."""
        return bool(self.file) and self.file.storage.exists(self.file.name)

    def still_good(self) -> "Document":
        """What it shows was looked at again, and is the same."""
        self.checked_at = seen_until()
        type(self).objects.filter(pk=self.pk).update(checked_at=self.checked_at)
        return self

    def keep(self, pdf: bytes) -> "Document":
        """Store the issued bytes; what stood for the same thing until now is superseded."""
        self.sha256, self.size = hashlib.sha256(pdf).hexdigest(), len(pdf)
        self.file.save(f"{self.number}.pdf", ContentFile(pdf), save=False)
        with transaction.atomic():
            if self.candidate is not None:
                # Whoever was erased or deleted while it was made shall be in no file again.
                people = type(self.candidate).objects.select_for_update()
                people.get(pk=self.candidate_id, erased_at=self.candidate.erased_at)
            type(self).objects.of(self.subject_type, self.subject_id).current().filter(
                kind=self.kind, audience=self.audience, language=self.language
            ).supersede()
            self.save(force_insert=True)
        return self


class FailedRenderQuerySet(models.QuerySet):
    def resting(self):
        """Those whose next try has not come, or never will."""
        return self.filter(Q(next_try_at=None) | Q(next_try_at__gt=timezone.now()))


class FailedRender(Resource):
    """A report, with its sheets, or an invoice that could not be made ahead. The sweep tries again
    after each of WAITS and at any change, and then leaves it to staff."""

    WAITS = [timedelta(minutes=minutes) for minutes in (2, 10, 60, 360)]

    kind = models.CharField(max_length=10, choices=Document.Kind)
    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField(unique=True)
    hiring_firm = models.ForeignKey("firms.HiringFirm", models.CASCADE, related_name="+")
    candidate = models.ForeignKey(
        "candidates.Candidate", models.CASCADE, null=True, blank=True, related_name="+"
    )
    error = models.CharField(max_length=200)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)  # none: it is staff's

    objects = FailedRenderQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-id"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.subject_id}"

    def failed(self, error: str) -> None:
        """Once more."""
        self.next_try_at = None
        if self.tries < len(self.WAITS):
            self.next_try_at = timezone.now() + self.WAITS[self.tries]
        self.tries, self.error = self.tries + 1, error[:200]
        self.save()

    def try_again(self) -> None:
        """Staff mended what was wrong: with the next sweep the tries begin anew."""
        self.tries, self.next_try_at = 0, timezone.now()
        self.save()
