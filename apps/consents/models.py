"""The ledger of consents: who agreed to what, in which words, when and from where."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.jsonapi.resources import Resource, type_name


class Consent(Resource):
    class Purpose(models.TextChoices):
        # The recruiter says that the candidate agreed.
        ATTESTATION = "attestation", _("Attestation of the recruiter")
        CHECK = "check", _("Agreement to the reference check")  # by the candidate
        ANSWER = "answer", _("Agreement to have the answers kept")  # by a reference
        SHARE_CLIENTS = "share_clients", _("Sharing with clients")
        SHARE_CANDIDATE = "share_candidate", _("Sharing with the candidate")

    # Raised with every change of the words that people agree to.
    TEXT_VERSION = "2026-11"

    subject_type = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    purpose = models.CharField(max_length=20, choices=Purpose)
    given = models.BooleanField()
    text_version = models.CharField(max_length=20)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    ip_address = models.GenericIPAddressField(null=True, blank=True)
    recorded_by = models.ForeignKey(
        "recruiters.Recruiter", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    hiring_firm = models.ForeignKey("firms.HiringFirm", models.CASCADE, related_name="consents")
    candidate = models.ForeignKey(
        "candidates.Candidate", models.SET_NULL, null=True, related_name="consents"
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="consent_subject")]

    def __str__(self):
        return self.get_purpose_display()

    @classmethod
    def record(
        cls,
        subject,
        purpose: "Consent.Purpose",
        *,
        given: bool,
        language: str,
        candidate=None,
        ip_address: str | None = None,
        recorded_by=None,
    ) -> "Consent":
        return cls.objects.create(
            subject_type=type_name(subject),
            subject_id=subject.pk,
            purpose=purpose,
            given=given,
            text_version=cls.TEXT_VERSION,
            language=language,
            ip_address=ip_address,
            recorded_by=recorded_by,
            hiring_firm_id=subject.hiring_firm_id,
            candidate=candidate,
        )
