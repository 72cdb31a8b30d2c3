import django_filters as filters

from apps.jsonapi.filters import Ids, OneOf, Synchronised
from apps.questions.models import Question, QuestionSet


class QuestionSetFilters(Synchronised):
    library = filters.BooleanFilter(field_name="hiring_firm", lookup_expr="isnull")
    language = OneOf()

    class Meta:
        model = QuestionSet
        fields = []


class QuestionFilters(Synchronised):
    question_set = Ids()
    category = OneOf()
    type = OneOf()

    class Meta:
        model = Question
        fields = []
