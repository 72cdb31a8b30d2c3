from rest_framework import serializers

from apps.jsonapi.relations import AnyLinkage, Linked
from apps.jsonapi.schema_parts import identifier
from apps.jsonapi.serializers import Constant, PlainSerializer, ResourceSerializer, Score
from apps.messaging.serializers import PersonFields, full_name
from apps.references.models import Reference, ReferenceRequest
from apps.reminders.serializers import ReminderField


class ReferenceRequestSerializer(ResourceSerializer):
    filled = serializers.BooleanField(read_only=True)
    reminder = ReminderField()
    references = Linked(many=True, read_only=True)
    joins = (*ReminderField.JOINS, "candidate__country_code", "candidate__phone")
    included_serializers = {
        "question_set": "apps.questions.serializers.QuestionSetSerializer",
        "candidate": "apps.candidates.serializers.CandidateSerializer",
        "references": "apps.references.serializers.ReferenceSerializer",
    }

    class Meta:
        model = ReferenceRequest
        fields = [
            "notes",
            "created_at",
            "min_references",
            "min_manager_references",
            "filled",
            "reminder",
            "status",
            "position",
            "language",
            "sent_at",
            "expires_at",
            "updated_at",
            "question_set",
            "candidate",
            "references",
        ]
        read_only_fields = [
            "created_at",
            "status",
            "language",
            "sent_at",
            "expires_at",
            "updated_at",
        ]
        create_only = ["question_set", "candidate"]

    @classmethod
    def prepare(cls, queryset):
        return queryset.defer("questions")


class SetOfRequest(AnyLinkage):
    """The documented list: the request's question set, none or one."""

    def linkage(self, reference) -> list[dict]:
        request = reference.reference_request
        return [{"type": "QuestionSet", "id": request.question_set_id}] if request else []


class ReferenceSerializer(PersonFields, ResourceSerializer):
    is_pending = serializers.BooleanField(required=False)
    filled = serializers.BooleanField(read_only=True)
    requested_by_id = serializers.UUIDField(read_only=True)
    requested_by = serializers.CharField(source="requested_by.full_name", read_only=True)
    score = Score(read_only=True, allow_null=True)
    reminder = ReminderField()
    answer_set = Linked(read_only=True)
    question_set = SetOfRequest()
    joins = (
        *ReminderField.JOINS,
        *full_name("requested_by__user"),
        "reference_request__question_set_id",
    )
    schemas = {"question_set": {"type": "array", "maxItems": 1, "items": identifier()}}
    metadatum = Linked(read_only=True)
    included_serializers = {
        "answer_set": "apps.answers.serializers.AnswerSetSerializer",
        "candidate": "apps.candidates.serializers.CandidateSerializer",
        "metadatum": "apps.metadata.serializers.MetadatumSerializer",
        "reference_request": "apps.references.serializers.ReferenceRequestSerializer",
    }

    class Meta:
        model = Reference
        fields = [
            "internal_id",
            "email",
            "created_at",
            "first_name",
            "last_name",
            "phone",
            "country_code",
            "is_active",
            "is_active_hf",
            "relationship",
            "corrected_relationship",
            "is_manager",
            "permission_share_clients",
            "contact_type",
            "permission_share_candidate",
            "language",
            "company_name",
            "is_pending",
            "filled",
            "filled_at",
            "requested_by_id",
            "requested_by",
            "score",
            "reminder",
            "status",
            "started_on",
            "ended_on",
            "sent_at",
            "expires_at",
            "updated_at",
            "answer_set",
            "question_set",
            "candidate",
            "metadatum",
            "reference_request",
        ]
        read_only_fields = [
            "created_at",
            "is_active",
            "corrected_relationship",
            "is_manager",
            "permission_share_clients",
            "permission_share_candidate",
            "filled_at",
            "status",
            "sent_at",
            "expires_at",
            "updated_at",
        ]
        create_only = ["reference_request"]
        update_only = ["is_pending"]


class OwnReferenceSerializer(ReferenceSerializer):
    """What the reference itself sees: what is between the recruiters is null."""

    internal_id = Constant(None)
    is_active = Constant(None)
    is_active_hf = Constant(None)
    is_pending = Constant(None)
    requested_by_id = Constant(None)
    score = Constant(None)
    reminder = Constant(None)
    updated_at = Constant(None)
    included_serializers = {"answer_set": "apps.answers.serializers.OwnAnswerSetSerializer"}


class OwnRequestSerializer(ReferenceRequestSerializer):
    """What a respondent sees of the request they are part of."""

    notes = Constant(None)
    reminder = Constant(None)
    updated_at = Constant(None)
    references = None
    included_serializers = {}

    class Meta(ReferenceRequestSerializer.Meta):
        fields = [each for each in ReferenceRequestSerializer.Meta.fields if each != "references"]


class SubstituteSerializer(PersonFields, ResourceSerializer):
    """The person in place of a silent one."""

    class Meta:
        model = Reference
        fields = [
            "internal_id",
            "email",
            "first_name",
            "last_name",
            "phone",
            "country_code",
            "relationship",
            "company_name",
            "contact_type",
            "language",
            "started_on",
            "ended_on",
        ]


class ExtensionSerializer(PlainSerializer):
    days = serializers.IntegerField(min_value=1, max_value=90)

    class Meta:
        resource_name = "ReferenceRequest"
