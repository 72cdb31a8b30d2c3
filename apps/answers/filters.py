import django_filters as filters

from apps.answers.models import Answer, AnswerSet
from apps.jsonapi.filters import Ids, OneOf, Synchronised


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
    type = OneOf()
    scale = filters.NumberFilter()

    class Meta:
        model = Answer
        fields = []
