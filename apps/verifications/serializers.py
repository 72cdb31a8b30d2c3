from rest_framework import serializers

from apps.jsonapi.relations import AnyTarget, Linked
from apps.jsonapi.serializers import PlainSerializer, ResourceSerializer
from apps.messaging.serializers import PersonFields
from apps.reminders.serializers import ReminderField
from apps.verifications.models import Verification

SAID = {"type": "string", "enum": list(Verification.Finding.values)}
FINDING = {
    "type": "object",
    "properties": {"finding": SAID, "value": {"type": "string"}},
    "required": ["finding"],
}


class VerificationSerializer(PersonFields, ResourceSerializer):
    reminder = ReminderField()
    candidate = Linked(read_only=True)
    claim = AnyTarget(types=("Experience", "Education"))
    included_serializers = {"candidate": "apps.candidates.serializers.CandidateSerializer"}

    schemas = {
        "claimed": {"type": "object", "additionalProperties": {"type": "string"}},
        "findings": {"type": "object", "additionalProperties": FINDING},
    }

    class Meta:
        model = Verification
        fields = [
            "first_name",
            "last_name",
            "email",
            "phone",
            "country_code",
            "organization",
            "language",
            "status",
            "claimed",
            "findings",
            "comment",
            "sent_at",
            "opened_at",
            "closed_at",
            "expires_at",
            "reminder",
            "created_at",
            "updated_at",
            "candidate",
            "claim",
        ]
        read_only_fields = [
            "status",
            "claimed",
            "findings",
            "comment",
            "sent_at",
            "opened_at",
            "closed_at",
            "expires_at",
            "created_at",
            "updated_at",
        ]
        create_only = ["claim"]


class FindingsSerializer(PlainSerializer):
    """What the verifier said, written down by a recruiter."""

    findings = serializers.DictField()
    comment = serializers.CharField(required=False, allow_blank=True, max_length=2000)

    schemas = {"findings": {"type": "object", "additionalProperties": {"anyOf": [SAID, FINDING]}}}

    class Meta:
        resource_name = "Verification"
