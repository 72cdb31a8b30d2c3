from rest_framework import serializers

from apps.jsonapi.relations import AlwaysNull, Linked
from apps.jsonapi.serializers import ResourceSerializer
from apps.jsonapi.shapes import Shape
from apps.questions.models import Question, QuestionSet


class QuestionSetSerializer(ResourceSerializer):
    language = serializers.ChoiceField(
        choices=QuestionSet._meta.get_field("language").choices, required=False
    )
    library = serializers.BooleanField(source="is_library", read_only=True)
    question_set = Linked(source="copied_from", read_only=True)
    candidate = AlwaysNull()
    questions = Linked(many=True, read_only=True)
    included_serializers = {"questions": "apps.questions.serializers.QuestionSerializer"}
    documented = Shape(only=frozenset({"question_set", "candidate"}))

    class Meta:
        model = QuestionSet
        fields = [
            "title",
            "language",
            "library",
            "created_at",
            "updated_at",
            "question_set",
            "candidate",
            "questions",
        ]
        read_only_fields = ["created_at", "updated_at"]
        create_only = ["language"]


class QuestionSerializer(ResourceSerializer):
    question_type = serializers.ChoiceField(choices=Question.Type.choices, source="type")
    language = serializers.CharField(read_only=True)
    choices = serializers.ListField(child=serializers.CharField(max_length=200), required=False)
    labels = serializers.ListField(child=serializers.CharField(max_length=200), required=False)
    candidate = AlwaysNull()
    joins = ("question_set__language",)
    included_serializers = {"question_set": "apps.questions.serializers.QuestionSetSerializer"}
    documented = Shape(
        rename={"question_type": "type"},
        accepts={"title": "text", "question": "text"},
        only=frozenset({"candidate"}),
    )

    class Meta:
        model = Question
        fields = [
            "question_type",
            "category",
            "order",
            "language",
            "text",
            "hint",
            "required",
            "choices",
            "labels",
            "min",
            "max",
            "weight",
            "question_set",
            "candidate",
        ]
        create_only = ["question_set"]
