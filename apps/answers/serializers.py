from rest_framework import serializers

from apps.answers.models import Answer, AnswerSet
from apps.jsonapi.relations import Linked
from apps.jsonapi.serializers import PlainSerializer, ResourceSerializer, Text
from apps.jsonapi.shapes import Shape
from apps.messaging.serializers import full_name


class AnswerSetSerializer(ResourceSerializer):
    receipt = serializers.CharField(read_only=True)
    # Who wrote the answers down, when it was not the reference.
    typed_by = serializers.CharField(source="typed_by.full_name", read_only=True)
    reference = Linked(read_only=True)
    answers = Linked(many=True, read_only=True)
    joins = full_name("typed_by__user")
    included_serializers = {
        "reference": "apps.references.serializers.ReferenceSerializer",
        "answers": "apps.answers.serializers.AnswerSerializer",
    }

    class Meta:
        model = AnswerSet
        fields = [
            "language",
            "submitted_at",
            "receipt",
            "typed_by",
            "created_at",
            "updated_at",
            "reference",
            "answers",
        ]
        read_only_fields = ["language", "submitted_at", "created_at", "updated_at"]


class AnswerSerializer(ResourceSerializer):
    question = serializers.CharField(source="question_text", read_only=True)
    answer_type = serializers.CharField(source="type", read_only=True)
    typed_by = serializers.CharField(source="answer_set.typed_by.full_name", read_only=True)
    answer_set = Linked(read_only=True)
    joins = full_name("answer_set__typed_by__user")
    included_serializers = {"answer_set": "apps.answers.serializers.AnswerSetSerializer"}
    documented = Shape(rename={"answer_type": "type"})

    class Meta:
        model = Answer
        fields = [
            "question",
            "value",
            "scale",
            "language",
            "category",
            "answer_type",
            "comment",
            "position",
            "not_applicable",
            "typed_by",
            "answer_set",
        ]
        read_only_fields = ["scale", "language", "category", "position", "not_applicable"]


class OwnAnswerSerializer(AnswerSerializer):
    """For the reference itself: leads to nothing that is between the recruiters."""

    included_serializers = {}


class OwnAnswerSetSerializer(AnswerSetSerializer):
    included_serializers = {"answers": "apps.answers.serializers.OwnAnswerSerializer"}


WORDS = {"type": ["string", "number", "boolean", "array", "null"], "items": {"type": "string"}}
SAID = {
    "type": "object",
    "properties": {
        "question": {"type": "string"},
        "value": WORDS,
        "comment": {"type": ["string", "null"]},
    },
    "additionalProperties": False,
}


class GivenAnswersSerializer(PlainSerializer):
    """What a reference, or a recruiter for it, submits: one answer for each question, in order."""

    schemas = {"answers": {"type": "array", "items": {"anyOf": [WORDS, SAID]}}}

    answers = serializers.JSONField()
    permission_share_clients = serializers.BooleanField(required=False, allow_null=True)
    permission_share_candidate = serializers.BooleanField(required=False, allow_null=True)
    relationship = Text(required=False, allow_blank=True, max_length=30)
    language = serializers.ChoiceField(
        choices=AnswerSet._meta.get_field("language").choices, required=False
    )

    class Meta:
        resource_name = "Reference"
