from apps.jsonapi.permissions import RootWrites
from apps.jsonapi.views import ResourceViews
from apps.questions.filters import QuestionFilters, QuestionSetFilters
from apps.questions.models import Question, QuestionSet
from apps.questions.serializers import QuestionSerializer, QuestionSetSerializer


class QuestionSetViews(ResourceViews):
    queryset = QuestionSet.objects.all()
    serializer_class = QuestionSetSerializer
    filterset_class = QuestionSetFilters
    permission_classes = [RootWrites]
    sortable = {"created_at": "created_at", "title": "title"}
    ordering = ("created_at",)
    documented_whole = True
    described = {"copy": {"creates": True}}

    def add(self, values):
        return QuestionSet().write(self.request.user.recruiter, **values)

    def change(self, question_set, values):
        question_set.write(self.request.user.recruiter, **values)

    def remove(self, question_set):
        question_set.remove(self.request.user.recruiter)

    def copy(self, request, pk):
        """A set of the firm with the same questions."""
        return self.created(self.get_object().copy(request.user.recruiter))


class QuestionViews(ResourceViews):
    queryset = Question.objects.all()
    serializer_class = QuestionSerializer
    filterset_class = QuestionFilters
    permission_classes = [RootWrites]
    sortable = {"created_at": "created_at", "order": "order", "category": "category"}
    ordering = ("question_set_id", "order")

    def add(self, values):
        return Question().write(self.request.user.recruiter, **values)

    def change(self, question, values):
        question.write(self.request.user.recruiter, **values)

    def remove(self, question):
        question.remove(self.request.user.recruiter)
