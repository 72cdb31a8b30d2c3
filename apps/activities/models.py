"""Who did what to what. Append-only."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from apps.activities.words import in_words
from apps.jsonapi.resources import Resource, type_name


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A recruiter: what they did, and what happened to own candidates. Root: the firm's."""
        recruiter = getattr(user, "recruiter", None)
        if recruiter is None:
            return self.none()
        firm = self.filter(hiring_firm_id=recruiter.hiring_firm_id)
        if recruiter.is_root:
            return firm
        own = models.Q(owner_type="Recruiter", owner_id=recruiter.pk)
        return firm.filter(own | models.Q(candidate__added_by=recruiter))

    def forget(self) -> int:
        """What they are about was deleted: what happened stays, what was said of it goes."""
        return self.update(parameters="{}")


class Activity(Resource):
    trackable_type = models.CharField(max_length=40)
    trackable_id = models.UUIDField()
    owner_type = models.CharField(max_length=40, blank=True)
    owner_id = models.UUIDField(null=True, blank=True)
    recipient_type = models.CharField(max_length=40, blank=True)
    recipient_id = models.UUIDField(null=True, blank=True)
    key = models.CharField(max_length=60)
    parameters = models.TextField(default="{}")  # JSON, frozen when it happened
    hiring_firm = models.ForeignKey(
        "firms.HiringFirm", models.CASCADE, null=True, related_name="activities", db_index=False
    )
    candidate = models.ForeignKey(
        "candidates.Candidate", models.SET_NULL, null=True, related_name="activities"
    )

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        verbose_name_plural = "activities"
        indexes = [
            models.Index(fields=["hiring_firm", "-created_at", "-id"], name="activity_firm"),
            models.Index(fields=["trackable_type", "trackable_id"], name="activity_trackable"),
            models.Index(fields=["owner_type", "owner_id"], name="activity_owner"),
        ]

    def __str__(self):
        return in_words(self.key)

    @classmethod
    def record(cls, by, key: str, about, **parameters):
        """Write one row in the caller's transaction."""
        activity = cls.of(by, key, about, **parameters)
        activity.save(force_insert=True)
        return activity

    @classmethod
    def of(cls, by, key: str, about, *, recipient=None, candidate=None, **parameters):
        """The row, not yet written. `by` is None for the service itself.

        `parameters` hold no name, address or answer beyond what an audit needs.
        """
        return cls(
            trackable_type=type_name(about),
            trackable_id=about.pk,
            owner_type=type_name(by) if by else "",
            owner_id=by.pk if by else None,
            recipient_type=type_name(recipient) if recipient else "",
            recipient_id=recipient.pk if recipient else None,
            key=key,
            parameters=json.dumps(parameters, cls=DjangoJSONEncoder),
            hiring_firm_id=about.hiring_firm_id,
            candidate=candidate,
        )
