"""From where a respondent submitted: address, browser and operating system."""

from django.db import models, transaction
from ua_parser import parse

from apps.jsonapi.resources import Resource, type_name
from apps.jsonapi.throttling import client_address


class MetadatumQuerySet(models.QuerySet):
    def visible_to(self, user):
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        firm = self.filter(hiring_firm_id=recruiter.hiring_firm_id)
        if recruiter.is_root:
            return firm
        own = models.Q(candidate__added_by=recruiter) | models.Q(recorded_by=recruiter)
        return firm.filter(own)


class Metadatum(Resource):
    class Source(models.TextChoices):
        PAGE = "page"
        API = "api", "API"

    identifiable_type = models.CharField(max_length=40)
    identifiable_id = models.UUIDField()
    source = models.CharField(max_length=4, choices=Source)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.CharField(max_length=500, blank=True)
    browser = models.CharField(max_length=80, blank=True)
    browser_version = models.CharField(max_length=40, blank=True)
    os = models.CharField(max_length=80, blank=True)
    os_version = models.CharField(max_length=40, blank=True)
    hiring_firm = models.ForeignKey(
        "firms.HiringFirm", models.CASCADE, related_name="metadata", db_index=False
    )
    candidate = models.ForeignKey(
        "candidates.Candidate", models.CASCADE, null=True, related_name="metadata"
    )
    recorded_by = models.ForeignKey(
        "recruiters.Recruiter", models.SET_NULL, null=True, related_name="+"
    )

    objects = MetadatumQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "metadata"
        indexes = [
            models.Index(fields=["hiring_firm", "-created_at"], name="metadatum_firm"),
            models.Index(fields=["identifiable_type", "identifiable_id"], name="metadatum_of"),
        ]

    def __str__(self):
        return f"{self.browser or self.get_source_display()} · {self.created_at:%Y-%m-%d}"

    @classmethod
    @transaction.atomic
    def take(cls, request, identifiable, *, candidate=None, recorded_by=None):
        """Note where a request came from. A page's row becomes its subject's `metadatum`."""
        agent = request.META.get("HTTP_USER_AGENT", "").replace("\x00", "")[:500]
        found = parse(agent)
        row = cls.objects.create(
            identifiable_type=type_name(identifiable),
            identifiable_id=identifiable.pk,
            source=cls.Source.API if recorded_by else cls.Source.PAGE,
            ip_address=client_address(request),
            user_agent=agent,
            browser=found.user_agent.family[:80] if found.user_agent else "",
            browser_version=_version(found.user_agent),
            os=found.os.family[:80] if found.os else "",
            os_version=_version(found.os),
            # The library belongs to no firm; who records does.
            hiring_firm_id=(recorded_by or identifiable).hiring_firm_id,
            candidate=candidate,
            recorded_by=recorded_by,
        )
        if row.source == cls.Source.PAGE:
            identifiable.metadatum = row
            identifiable.save(update_fields=["metadatum", "updated_at"])
        return row


def _version(part) -> str:
    if part is None:
        return ""
    numbers = (part.major, part.minor, part.patch)
    return ".".join(number for number in numbers if number)[:40]
