"""The access export: everything that is kept about one candidate, and about nobody else."""

from django.contrib.admin.models import LogEntry
from django.db import models
from django.db.models import Q
from django.db.models.fields.files import FieldFile

from apps.activities.models import Activity
from apps.answers.models import Answer, AnswerSet
from apps.candidates.models import Candidate, Education, Experience, Profile
from apps.consents.models import Consent
from apps.documents.models import Document
from apps.jsonapi.resources import type_name
from apps.messaging.models import Message
from apps.metadata.models import Metadatum
from apps.references.models import Reference, ReferenceRequest
from apps.reminders.models import Reminder
from apps.verifications.models import Verification

# What only makes the machinery go round, and would open doors or mean nothing to a reader.
INNER = {
    "search", "link_version", "digest", "address_hash", "attempt", "lease_until", "dedupe_key",
    "content_key",
}  # fmt: skip


def everything(candidate: Candidate) -> dict[str, list[dict]]:
    """By type, every row about this person, with every field that says something.

    A draft is its writer's until it is sent; of one that was reopened, what was sent is kept with
    its answer set.
    """
    mine = Q(candidate=candidate)
    found = {
        Candidate: Candidate.objects.filter(pk=candidate.pk),
        Profile: Profile.objects.filter(mine),
        Experience: Experience.objects.filter(profile__candidate=candidate),
        Education: Education.objects.filter(profile__candidate=candidate),
        ReferenceRequest: ReferenceRequest.objects.filter(mine),
        Reference: Reference.objects.filter(mine),
        AnswerSet: AnswerSet.objects.filter(reference__candidate=candidate),
        Answer: Answer.objects.sent().filter(answer_set__reference__candidate=candidate),
        Verification: Verification.objects.filter(mine),
        Consent: Consent.objects.filter(mine | Q(subject_id=candidate.pk)),
        Metadatum: Metadatum.objects.filter(mine | Q(identifiable_id=candidate.pk)),
        Message: Message.objects.filter(mine | Q(recipient_id=candidate.pk)),
        Reminder: Reminder.objects.filter(mine),
        Activity: Activity.objects.filter(mine | Q(trackable_id=candidate.pk)),
        Document: Document.objects.filter(mine),
        LogEntry: LogEntry.objects.filter(object_id=str(candidate.pk)),
    }
    return {type_name(model): [_row(each) for each in rows] for model, rows in found.items()}


def _row(row: models.Model) -> dict:
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.name not in INNER
    }


def _plain(value):
    return value.name if isinstance(value, FieldFile) else value
