from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.permissions import IsAuthenticated

from apps.accounts.authentication import BearerAuthentication
from apps.answers.actions import change_answer, submit_answers
from apps.answers.filters import AnswerFilters, AnswerSetFilters
from apps.answers.models import Answer, AnswerSet
from apps.answers.serializers import (
    AnswerSerializer,
    AnswerSetSerializer,
    GivenAnswersSerializer,
    OwnAnswerSerializer,
)
from apps.jsonapi.reading import malformed
from apps.jsonapi.throttling import client_address
from apps.jsonapi.views import ResourceViews
from apps.links.authentication import GivenLinkAuthentication, LinkAuthentication
from apps.links.tokens import read
from apps.metadata.models import Metadatum
from apps.references.serializers import OwnReferenceSerializer
from apps.references.views import ReferenceViews


def actor(user):
    """Who answers: the recruiter, or the reference that holds the link."""
    return user.recruiter or user.target


class AnswerSetViews(ResourceViews):
    queryset = AnswerSet.objects.all()
    serializer_class = AnswerSetSerializer
    filterset_class = AnswerSetFilters
    sortable = {"created_at": "created_at", "submitted_at": "submitted_at"}


class AnswerViews(ResourceViews):
    queryset = Answer.objects.all()
    serializer_class = AnswerSerializer
    filterset_class = AnswerFilters
    permission_classes = [IsAuthenticated]
    other_serializers = (OwnAnswerSerializer,)
    sortable = {"position": "position", "category": "category", "created_at": "created_at"}
    ordering = ("-answer_set_id", "position")  # the last interview first, each as it was held

    def change(self, answer, values):
        change_answer(answer, actor(self.request.user), **values)


class PublicReferenceViews(ReferenceViews):
    """By the reference's id for a recruiter; by its link for the reference, which sees itself."""

    authentication_classes = [GivenLinkAuthentication, BearerAuthentication, LinkAuthentication]
    permission_classes = [IsAuthenticated]
    other_serializers = (OwnReferenceSerializer,)
    described = {"submit": {"request": GivenAnswersSerializer, "names_id": True}}

    def named(self):
        """A link stands for its own reference."""
        by_link = self.request.user.recruiter is None and read(self.kwargs["pk"])
        return self.request.user.pk if by_link else super().named()

    def retrieve(self, request, pk):
        reference = self.get_object()
        if request.user.recruiter is None and request.method == "GET":
            reference.open()
        return self.answer_one()

    def submit(self, request):
        """The answers of a frozen question set, by position; all or nothing, and once."""
        data = request.data.get("data")
        given = data.get("id") if isinstance(data, dict) else None
        if given is None and request.user.recruiter is None:
            given = str(request.user.pk)  # whose link came in the header
        if not isinstance(given, str):
            raise malformed(_("Name the reference by its id or its link."), "/data")
        self.kwargs["pk"] = given
        reference = self.get_object()
        values = self.read(serializer_class=GivenAnswersSerializer, key=given)
        by, answers = actor(request.user), values.pop("answers")
        with transaction.atomic():  # who is erased meanwhile is so when all of this was written
            reference.lock()  # of the same twice at once, one is the first
            first = not reference.filled
            submit_answers(reference, answers, by=by, ip_address=client_address(request), **values)
            if by == reference and first:
                Metadatum.take(request, reference, candidate=reference.candidate)
        return self.answer_one(reference)
