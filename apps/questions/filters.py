from django.conf import settings

from apps.jsonapi.filters import Flag, Ids, Known, OneOf, Synchronised
from apps.questions.models import Question, QuestionSet


class QuestionSetFilters(Synchronised):
    library = Flag(field_name="hiring_firm", lookup_expr="isnull")
    language = Known(choices=settings.LANGUAGES)

    class Meta:
        model = QuestionSet
        fields = []


class QuestionFilters(Synchronised):
    question_set = Ids()
    category = OneOf()
    type = Known(choices=Question.Type.choices)

    class Meta:
        model = Question
        fields = []
