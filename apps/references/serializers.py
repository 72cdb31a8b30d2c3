from rest_framework import serializers

from apps.jsonapi.relations import AnyLinkage, Linked
from apps.jsonapi.schema_parts import identifier
from apps.jsonapi.serializers import Code, Constant, PlainSerializer, ResourceSerializer, Score
from apps.messaging.serializers import PersonFields, full_name
from apps.questions.models import Question
from apps.references.models import Reference, ReferenceRequest
from apps.reminders.serializers import ReminderField


class Questions(serializers.Field):
    """As they were frozen, in order: by its position each is answered."""

    KEPT = (
        "type", "category", "hint", "required", "choices", "labels", "min", "max",
    )  # fmt: skip
    schema = {
        "type": "array",
        "items": {
            "type": "object",
            "properties": {
                "position": {"type": "integer", "minimum": 0},
                "text": {"type": "string"},
                "type": {"type": "string", "enum": Question.Type.values},
                "category": {"type": "string"},
                "hint": {"type": "string"},
                "required": {"type": "boolean"},
                "choices": {"type": "array", "items": {"type": "string"}},
                "labels": {"type": "array", "items": {"type": "string"}},
                "min": {"type": "integer"},
                "max": {"type": "integer"},
            },
            "required": ["position", "text", *KEPT],
            "additionalProperties": False,
        },
    }

    def __init__(self, **kwargs):
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, asked) -> list[dict]:
        request = isinstance(asked, ReferenceRequest)
        questions = asked.questions_in(asked.language) if request else asked.questions
        return [
            {
                "position": position,
                "text": each["text"].replace("{first_name}", asked.candidate.first_name),
                **{name: each[name] for name in self.KEPT},
            }
            for position, each in enumerate(questions)
        ]


class ReferenceRequestSerializer(ResourceSerializer):
    filled = serializers.BooleanField(read_only=True)
    reminder = ReminderField()
    references = Linked(many=True, read_only=True)
    joins = (
        "candidate__email",
        "candidate__country_code",
        "candidate__phone",
    )
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


class FullRequestSerializer(ReferenceRequestSerializer):
    """One alone, with its questions."""

    questions = Questions()
    joins = (*ReferenceRequestSerializer.joins, "candidate__first_name")

    class Meta(ReferenceRequestSerializer.Meta):
        fields = [*ReferenceRequestSerializer.Meta.fields, "questions"]

    @classmethod
    def prepare(cls, queryset):
        return queryset


class SetOfRequest(AnyLinkage):
    """The documented list: the request's question set, none or one."""

    def linkage(self, reference) -> list[dict]:
        request = reference.reference_request
        return [{"type": "QuestionSet", "id": request.question_set_id}] if request else []


class ReferenceSerializer(PersonFields, ResourceSerializer):
    internal_id = Code(max_length=100, required=False, allow_blank=True)
    is_pending = serializers.BooleanField(required=False)
    filled = serializers.BooleanField(read_only=True)
    corrected_relationship = serializers.CharField(source="told_relationship", read_only=True)
    requested_by_id = serializers.UUIDField(read_only=True)
    requested_by = serializers.CharField(source="requested_by.full_name", read_only=True)
    score = Score(read_only=True, allow_null=True)
    reminder = ReminderField()
    answer_set = Linked(read_only=True)
    question_set = SetOfRequest()
    joins = (
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


class FullReferenceSerializer(ReferenceSerializer):
    """One alone, with the questions that it is asked."""

    questions = Questions()
    joins = (
        *ReferenceSerializer.joins,
        "candidate__first_name",
        "reference_request__language",
        "reference_request__questions",
    )

    class Meta(ReferenceSerializer.Meta):
        fields = [*ReferenceSerializer.Meta.fields, "questions"]


class OwnReferenceSerializer(FullReferenceSerializer):
    """What the reference itself sees: what is between the recruiters is null."""

    internal_id = Constant(None)
    corrected_relationship = serializers.CharField(read_only=True)
    is_active = Constant(None)
    is_active_hf = Constant(None)
    is_pending = Constant(None)
    requested_by_id = Constant(None)
    score = Constant(None)
    reminder = Constant(None)
    updated_at = Constant(None)
    included_serializers = {"answer_set": "apps.answers.serializers.OwnAnswerSetSerializer"}


class OwnRequestSerializer(FullRequestSerializer):
    """What a respondent sees of the request they are part of."""

    notes = Constant(None)
    reminder = Constant(None)
    updated_at = Constant(None)
    references = None
    included_serializers = {}

    class Meta(FullRequestSerializer.Meta):
        fields = [each for each in FullRequestSerializer.Meta.fields if each != "references"]


class SubstituteSerializer(PersonFields, ResourceSerializer):
    """The person in place of a silent one."""

    internal_id = Code(max_length=100, required=False, allow_blank=True)

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
