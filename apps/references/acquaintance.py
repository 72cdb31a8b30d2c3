"""Acquaintance: who is asked about a candidate, and how they know each other."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from apps.messaging.people import Person


class Acquaintance(Person):
    """As the candidate says, and as the reference says; both are kept."""

    class ContactType(models.TextChoices):
        EMAIL = "email"
        TEXT = "text"
        BOTH = "both"
        CALL = "call"

    CHANNELS = {
        ContactType.EMAIL: ("email",),
        ContactType.TEXT: ("sms",),
        ContactType.BOTH: ("email", "sms"),
        ContactType.CALL: (),
    }

    company_name = models.CharField(max_length=200, blank=True)
    contact_type = models.CharField(max_length=5, choices=ContactType, default=ContactType.BOTH)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)
    relationship = models.CharField(max_length=30, blank=True)  # as the candidate says
    is_manager = models.BooleanField(default=False)  # by the firm's list, kept with it
    started_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    corrected_relationship = models.CharField(max_length=30, blank=True)  # as the reference says
    corrected_started_on = models.DateField(null=True, blank=True)
    corrected_ended_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def channels(self) -> tuple[str, ...]:
        return self.CHANNELS[self.contact_type]

    def relationship_label(self, language: str, *, corrected: bool = True) -> str:
        key = (corrected and self.corrected_relationship) or self.relationship
        known = self.hiring_firm.relationship(key)
        return known[language] if known else key

    def clean(self):
        super().clean()
        if not self.email and not self.phone:
            raise ValidationError(
                {"email": ValidationError(_("Enter an email or a phone."), code="required")}
            )
        if self.contact_type == self.ContactType.TEXT and not self.phone:
            raise ValidationError(
                {"phone": ValidationError(_("Enter a phone for text messages."), code="required")}
            )
        if self.contact_type == self.ContactType.EMAIL and not self.email:
            raise ValidationError({"email": ValidationError(_("Enter an email."), code="required")})
        if self._state.adding:
            self.clean_relationship()
        must_follow(self.started_on, self.ended_on)

    def clean_relationship(self) -> None:
        """One of the firm's list when it is said; what was said stays when the list changes."""
        known = self.hiring_firm.relationship(self.relationship)
        if self.relationship and known is None:
            raise ValidationError(
                {"relationship": ValidationError(self.relationship_choices, code="invalid")}
            )
        self.is_manager = bool(known and known["is_manager"])

    @property
    def relationship_choices(self) -> str:
        keys = ", ".join(each["key"] for each in self.hiring_firm.relationships)
        return _("Choose one of: %(keys)s.") % {"keys": keys}

    def correct(self, *, relationship: str, started_on=None, ended_on=None) -> None:
        """The reference's own words, where they are not the candidate's."""
        if self.hiring_firm.relationship(relationship) is None:
            raise ValidationError(
                {"relationship": ValidationError(self.relationship_choices, code="invalid")}
            )
        must_follow(started_on, ended_on)
        self.corrected_relationship = "" if relationship == self.relationship else relationship
        self.corrected_started_on = None if started_on == self.started_on else started_on
        self.corrected_ended_on = None if ended_on == self.ended_on else ended_on
        self.save()

    def shared_address(self, other: Person) -> str:
        """The field in which both have the same: email, phone, or none."""
        if self.email and self.email == other.email:
            return "email"
        return "phone" if self.phone and self.e164 == other.e164 else ""


def must_follow(started_on: date | None, ended_on: date | None) -> None:
    if started_on and ended_on and ended_on < started_on:
        raise ValidationError(
            {"ended_on": ValidationError(_("It can't end before it began."), code="invalid")}
        )
