"""Verification: an employer or a school confirms a claim in a candidate's profile."""

from datetime import date, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.activities.models import Activity
from apps.candidates.models import Education, Experience, OwnedQuerySet
from apps.firms import logo
from apps.jsonapi.ids import uuid7
from apps.jsonapi.resources import Resource, assign, model_named, type_name
from apps.links.tokens import Purpose
from apps.messaging.models import Message
from apps.messaging.people import Person
from apps.reminders.models import Remindable, RemindableQuerySet


class VerificationQuerySet(OwnedQuerySet, RemindableQuerySet):
    to_candidate = "candidate"

    def visible_to(self, user):
        target = getattr(user, "target", None)
        if target is not None:
            return self.filter(pk=target.pk if isinstance(target, Verification) else None)
        return super().visible_to(user)

    def waiting(self):
        return self.filter(status__in=Verification.WAITING)


class Verification(Remindable, Person, Resource):
    """`created → sent → opened → verified | discrepancy | unable | declined`; other ends."""

    LIFE = timedelta(days=30)

    class Status(models.TextChoices):
        CREATED = "created", gettext_lazy("created")
        SENT = "sent", gettext_lazy("sent")
        OPENED = "opened", gettext_lazy("opened")
        BOUNCED = "bounced", gettext_lazy("not reached")
        VERIFIED = "verified", gettext_lazy("verified")
        DISCREPANCY = "discrepancy", gettext_lazy("done, with a discrepancy")
        UNABLE = "unable", gettext_lazy("unable to say")
        DECLINED = "declined", gettext_lazy("declined")
        EXPIRED = "expired", gettext_lazy("expired")
        CANCELLED = "cancelled", gettext_lazy("cancelled")

    class Finding(models.TextChoices):
        """What a verifier says of one field."""

        CONFIRMED = "confirmed", gettext_lazy("it is right")
        CORRECTED = "corrected", gettext_lazy("it is not")
        UNKNOWN = "unknown", gettext_lazy("they can't say")

    WAITING = (Status.SENT, Status.OPENED)
    LIVE = (Status.CREATED, *WAITING, Status.BOUNCED)
    DONE = (Status.VERIFIED, Status.DISCREPANCY, Status.UNABLE)

    hiring_firm = models.ForeignKey(
        "firms.HiringFirm", models.CASCADE, related_name="verifications", db_index=False
    )
    candidate = models.ForeignKey(
        "candidates.Candidate", models.CASCADE, related_name="verifications"
    )
    requested_by = models.ForeignKey(
        "recruiters.Recruiter", models.PROTECT, related_name="verifications"
    )
    claim_type = models.CharField(max_length=40)
    claim_id = models.UUIDField()
    claimed = models.JSONField()  # the claim's fields, frozen when the verifier was asked
    findings = models.JSONField(default=dict, blank=True)  # {field: {finding, value}}
    comment = models.TextField(max_length=2000, blank=True)
    document = models.FileField(upload_to="verifications/", blank=True)
    organization = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, blank=True)
    status = models.CharField(max_length=11, choices=Status, default=Status.CREATED)
    closed_at = models.DateTimeField(null=True, blank=True)
    recorded_by = models.ForeignKey(  # a recruiter who typed what the verifier said
        "recruiters.Recruiter", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    metadatum = models.ForeignKey(
        "metadata.Metadatum", models.SET_NULL, null=True, blank=True, related_name="+"
    )

    reminder_kind, invitation_kind = "verification_reminder", "verification_invitation"
    page, unsubscribe_page = Purpose.VERIFICATION, Purpose.UNSUBSCRIBE_VERIFICATION
    role, may_bounce = "verifier", (Status.SENT,)
    objects = VerificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["hiring_firm", "-created_at"], name="verification_firm"),
            models.Index(fields=["claim_type", "claim_id"], name="verification_claim"),
            models.Index(fields=["status", "last_written_at"], name="verification_reminders"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["claim_type", "claim_id"],
                condition=Q(status__in=["created", "sent", "opened", "bounced"]),
                name="verification_one_open_per_claim",
                violation_error_code="verification_open",
            ),
            models.CheckConstraint(
                condition=Q(claim_type__in=["Experience", "Education"]),
                name="verification_of_a_claim",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["verified", "discrepancy", "unable", "declined"])
                | Q(closed_at__isnull=False),
                name="verification_closed_has_time",
            ),
        ]

    def __str__(self):
        return f"{capfirst(model_named(self.claim_type)._meta.verbose_name)} · {self.full_name}"

    @property
    def claim(self) -> Experience | Education | None:
        return model_named(self.claim_type).objects.filter(pk=self.claim_id).first()

    @property
    def message_language(self) -> str:
        return self.language or self.hiring_firm.language

    @property
    def why_not_remindable(self) -> str:
        if self.status not in self.WAITING:
            return _("Nothing to wait for: this verification is %(status)s.") % {
                "status": self.Status(self.status).label
            }
        return _("The verification has expired.") if self.is_over else ""

    @property
    def link_is_live(self) -> bool:
        return self.status in (*self.LIVE, *self.DONE) and super().link_is_live

    def clean(self):
        super().clean()
        wrong = {}
        if not self.email and not self.phone:
            wrong["email"] = ValidationError(_("Enter an email or a phone."), code="required")
        same = type(self).objects.filter(claim_type=self.claim_type, claim_id=self.claim_id)
        if self._state.adding and same.filter(status__in=self.LIVE).exists():
            words = _("Somebody has been asked about this already.")
            wrong["claim"] = ValidationError(words, code="verification_open")
        if wrong:
            raise ValidationError(wrong)

    @transaction.atomic
    def create(self, by, claim: Experience | Education) -> "Verification":
        """Freeze the claim and invite the verifier."""
        self.requested_by, self.hiring_firm = by, by.hiring_firm
        self.candidate = claim.candidate
        self.candidate.lock()
        self.candidate.must_not_be_erased()
        self.claim_type, self.claim_id = type_name(claim), claim.pk
        values = {name: getattr(claim, name) for name in claim.CLAIMS}
        self.claimed = {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in values.items()
            if value
        }
        self.full_clean(validate_constraints=False)  # clean() says in words what they forbid
        self.save(force_insert=True)
        Activity.record(by, "verification.create", self, candidate=self.candidate)
        now = timezone.now()
        self.move(
            self.Status.SENT, passing=[self.Status.CREATED], sent_at=now, expires_at=now + self.LIFE
        )
        self.invite()
        return self

    @transaction.atomic
    def change(self, by, **fields) -> None:
        self.lock()
        before = (self.email, self.e164)
        self.candidate.must_not_be_erased()
        if not (changed := assign(self, fields)):
            return
        locked = {"email", "phone", "country_code"} & set(changed)
        if self.status in self.DONE and locked:
            words = _("Who has answered keeps the address that was written to.")
            raise ValidationError(
                {name: ValidationError(words, code="locked") for name in sorted(locked)}
            )
        self.save()
        Activity.record(by, "verification.update", self, candidate=self.candidate, changed=changed)
        if (self.email, self.e164) != before and self.status in (*self.WAITING, "bounced"):
            if self.status == self.Status.BOUNCED:
                self.move(self.Status.SENT, passing=[self.Status.BOUNCED])
            self.readdress()

    @transaction.atomic
    def conclude(self, by, *, findings: dict, comment: str = "", document=None) -> None:
        """Record what the verifier says of each claimed field; `by` is the verifier or a recruiter.

        All confirmed: verified. Any corrected: a discrepancy. Nothing known: unable to say.
        """
        self.lock()
        if self.status not in self.LIVE:
            raise self.too_late
        findings = self.clean_findings(findings)
        if document is not None:
            document = logo.read(document, field="document", box=(2000, 2000), format="JPEG")
        said = {each["finding"] for each in findings.values()}
        if self.Finding.CORRECTED in said:
            status = self.Status.DISCREPANCY
        elif self.Finding.CONFIRMED in said:
            status = self.Status.VERIFIED
        else:
            status = self.Status.UNABLE
        self.move(
            status,
            passing=self.LIVE,
            findings=findings,
            comment=comment[:2000],
            closed_at=timezone.now(),
            recorded_by=by if type_name(by) == "Recruiter" else None,
        )
        if document is not None:
            self.document.save(f"{uuid7().hex}.jpg", document, save=False)
            self.save(update_fields=["document", "updated_at"])
        self._done(by, "verification.conclude")
        self.requested_by.notify("verification_done", self, candidate=self.candidate)

    def clean_findings(self, findings) -> dict:
        """One finding for each claimed field; a corrected one with another value."""
        if not isinstance(findings, dict) or set(findings) - set(self.claimed):
            fields = ", ".join(self.claimed)
            raise ValidationError(
                {
                    "findings": ValidationError(
                        _("Name only these fields: %(fields)s.") % {"fields": fields},
                        code="invalid",
                    )
                }
            )
        cleaned, wrong = {}, {}
        for name, claimed in self.claimed.items():
            said = findings.get(name)
            said = said if isinstance(said, dict) else {"finding": said}
            finding, value = said.get("finding"), said.get("value", "")
            if finding not in self.Finding.values:
                wrong[name] = _("Choose confirmed, corrected or unknown.")
            elif finding != self.Finding.CORRECTED:
                cleaned[name] = {"finding": finding, "value": ""}
            elif not isinstance(value, str) or not value.strip() or value.strip() == claimed:
                wrong[name] = _("Say what is right.")
            elif name.endswith("_on") and _day(value) is None:
                wrong[name] = _("Enter a date such as 2021-05-31.")
            else:
                cleaned[name] = {"finding": finding, "value": value.strip()[:200]}
        if wrong:
            raise ValidationError({f"findings.{name}": words for name, words in wrong.items()})
        return cleaned

    @transaction.atomic
    def decline(self, comment: str = "") -> None:
        self.lock()
        self.move(
            self.Status.DECLINED,
            passing=self.LIVE,
            closed_at=timezone.now(),
            comment=comment[:2000],
        )
        self._done(self, "verification.decline")
        self.requested_by.notify("verification_done", self, candidate=self.candidate)

    @transaction.atomic
    def cancel(self, by) -> None:
        self.lock()
        self.move(self.Status.CANCELLED, passing=self.LIVE, closed_at=timezone.now())
        self._done(by, "verification.cancel")

    @transaction.atomic
    def expire(self) -> None:
        self.lock()
        self.move(self.Status.EXPIRED, passing=self.LIVE, closed_at=timezone.now())
        self._done(None, "verification.expire")
        self.requested_by.notify("verification_done", self, candidate=self.candidate)

    def _done(self, by, key: str) -> None:
        self.hush(str(self.status))
        Activity.record(by, key, self, candidate=self.candidate)

    # --- messages -------------------------------------------------------------------------------

    def message_context(self, message: Message) -> dict:
        return super().message_context(message) | {
            "reference_name": self.full_name,
            "kind": self.claim_type.lower(),
            "claim": str(self.claim or ""),
            "outcome": self.status,
            "reason": self.comment,
        }


def _day(text: str) -> date | None:
    try:
        return parse_date(text.strip())
    except ValueError:
        return None
