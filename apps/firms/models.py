"""Hiring firms: their settings, and their logo."""

import calendar
import zoneinfo
from datetime import date, datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.activities.models import Activity
from apps.firms import logo
from apps.firms.relationships import default_relationships, validate_relationships
from apps.jsonapi.ids import uuid7
from apps.jsonapi.resources import Resource, assign
from apps.messaging.people import name_validator


def default_countries() -> list[str]:
    return ["CA", "US"]


def validate_time_zone(name: str) -> None:
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Enter a time zone such as America/Toronto."), code="invalid")


class HiringFirmQuerySet(models.QuerySet):
    def visible_to(self, user):
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        return self.filter(pk=recruiter.hiring_firm_id, deleted_at=None)


class HiringFirm(Resource):
    # People are erased this long after a firm is deleted; until then staff can undo it.
    GRACE = timedelta(days=30)

    class ScoreDisplay(models.TextChoices):
        OUT_OF_FIVE = "five", gettext_lazy("out of 5")
        PERCENT = "percent", gettext_lazy("per cent")
        HIDDEN = "hidden", gettext_lazy("hidden")

    name = models.CharField(max_length=200, validators=[name_validator])
    logo = models.ImageField(upload_to="logos/", blank=True)
    colour = models.CharField(
        max_length=7,
        default="#0b5a6e",
        validators=[RegexValidator(r"\A#[0-9a-f]{6}\Z", gettext_lazy("Write it as #rrggbb."))],
    )
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="fr")
    time_zone = models.CharField(
        max_length=40, default="America/Toronto", validators=[validate_time_zone]
    )
    is_active = models.BooleanField(default=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    reminder_interval_days = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    max_automatic_reminders = models.PositiveSmallIntegerField(
        default=3, validators=[MaxValueValidator(3)]
    )
    reminders_skip_weekends = models.BooleanField(default=True)
    min_references = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    managers_only = models.BooleanField(default=False)
    review_before_contact = models.BooleanField(default=False)
    contact_after_consent = models.BooleanField(default=False)
    asks_for_profile = models.BooleanField(default=False)
    score_display = models.CharField(
        max_length=7, choices=ScoreDisplay, default=ScoreDisplay.OUT_OF_FIVE
    )
    retention_months = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    relationships = models.JSONField(
        default=default_relationships, validators=[validate_relationships]
    )
    allowed_countries = models.JSONField(default=default_countries)

    objects = HiringFirmQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(reminder_interval_days__range=(1, 4)),
                name="firm_reminder_interval",
            ),
            models.CheckConstraint(
                condition=models.Q(max_automatic_reminders__lte=3), name="firm_automatic_reminders"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def hiring_firm_id(self):
        return self.pk

    @property
    def is_open(self) -> bool:
        return self.is_active and self.deleted_at is None

    @property
    def logo_url(self) -> str | None:
        """The logo's absolute address; null without one."""
        if not self.logo:
            return None
        url = self.logo.url
        return url if url.startswith("http") else f"{settings.PUBLIC_URL}{url}"

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[0].isalnum()]
        return "".join(word[0] for word in words[:2]).upper() or "V"

    @property
    def on_colour(self) -> str:
        """Black or white on the firm's colour, whichever contrasts more."""
        channels = [int(self.colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        white, black = 1.05 / (luminance + 0.05), (luminance + 0.05) / 0.05
        return "#ffffff" if white >= black else "#000000"

    def relationship(self, key: str) -> dict | None:
        return next((each for each in self.relationships if each["key"] == key), None)

    def erase_on(self, done: datetime) -> date:
        """The day on which what was done then is past the firm's retention."""
        day = timezone.localtime(done).date()
        months = day.year * 12 + day.month - 1 + self.retention_months
        year, month = months // 12, months % 12 + 1
        return day.replace(
            year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1])
        )

    def message_context(self) -> dict:
        return {
            "firm_name": self.name,
            "firm_colour": self.colour,
            "firm_on_colour": self.on_colour,
            "firm_logo_url": self.logo_url or "",
            "firm_address": self.address,
            "retention_months": self.retention_months,
        }

    @transaction.atomic
    def change(self, by, **fields) -> None:
        """Name and settings. A sweep writes to who waited for a consent that is no longer asked."""
        self.lock()
        if changed := assign(self, fields, exclude=["logo"]):
            self.save()
            Activity.record(by, "hiring_firm.update", self, changed=changed)

    @transaction.atomic
    def change_logo(self, by, upload) -> None:
        """A picture that was decoded and encoded anew, under a name that nobody can guess."""
        picture = logo.read(upload)
        self.lock()
        old = self.logo.name
        self.logo.save(f"{uuid7().hex}.{logo.FORMAT.lower()}", picture, save=False)
        self.save(update_fields=["logo", "updated_at"])
        Activity.record(by, "hiring_firm.update", self, changed=["logo"])
        if old:
            transaction.on_commit(lambda: self.logo.storage.delete(old))

    @transaction.atomic
    def set_active(self, by, *, active: bool) -> None:
        """Staff suspend a firm: its logins and messages stop while it is, and nothing is lost."""
        self.is_active = active
        self.save(update_fields=["is_active", "updated_at"])
        Activity.record(by, "hiring_firm.activate" if active else "hiring_firm.suspend", self)

    @transaction.atomic
    def remove(self, by) -> None:
        """Logins end and messages stop at once; people are erased after GRACE, by a task."""
        now = timezone.now()
        removed = (
            type(self)
            .objects.filter(pk=self.pk, deleted_at=None)
            .update(deleted_at=now, updated_at=now)
        )
        if removed:
            self.deleted_at = now
            Activity.record(by, "hiring_firm.destroy", self)
            self.messages.suppress("firm deleted")

    @transaction.atomic
    def restore(self, by) -> None:
        """Staff undo a deletion while the people are still there."""
        if self.deleted_at is None or timezone.now() - self.deleted_at >= self.GRACE:
            raise ValidationError(_("This firm can't be restored any more."), code="gone")
        self.deleted_at = None
        self.save(update_fields=["deleted_at", "updated_at"])
        Activity.record(by, "hiring_firm.restore", self)
