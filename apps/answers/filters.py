import django_filters as filters

from apps.answers.models import Answer, AnswerSet
from apps.jsonapi.filters import Ids, Known, OneOf, Synchronised
from apps.questions.models import Question


class AnswerSetFilters(Synchronised):
    reference = Ids()
    candidate = Ids(field_name="reference__candidate")

    class Meta:
        model = AnswerSet
        fields = []


class AnswerFilters(Synchronised):
    answer_set = Ids()
    reference = Ids(field_name="answer_set__reference")
    candidate = Ids(field_name="answer_set__reference__candidate")
    category = OneOf()
    type = Known(choices=Question.Type.choices)
    scale = filters.NumberFilter()

    class Meta:
        model = Answer
        fields = []
