"""The candidates list on Django REST framework JSON:API, as its documentation shows it.

`candidates` leaves fetching to the library; `prefetched` names what to fetch for every list.
"""

from datetime import UTC

from rest_framework import fields
from rest_framework.routers import SimpleRouter
from rest_framework_json_api import serializers, views

from apps.answers.models import AnswerSet
from apps.candidates.models import Candidate
from apps.metadata.models import Metadatum
from apps.questions.models import QuestionSet
from apps.recruiters.models import Recruiter
from apps.references.models import Reference, ReferenceRequest

SETS = "reference_request.question_set"


class CandidateSerializer(serializers.ModelSerializer):
    score = fields.FloatField()
    included_serializers = {
        "references": "bench.api.peers.stock.ReferenceSerializer",
        "added_by": "bench.api.peers.stock.RecruiterSerializer",
        "reference_requests": "bench.api.peers.stock.ReferenceRequestSerializer",
        "metadatum": "bench.api.peers.stock.MetadatumSerializer",
    }

    class Meta:
        model = Candidate
        fields = [
            "internal_id",
            "notes",
            "first_name",
            "last_name",
            "email",
            "country_code",
            "phone",
            "score",
            "language",
            "created_at",
            "updated_at",
            "references",
            "added_by",
            "reference_requests",
            "metadatum",
        ]


class ReferenceSerializer(serializers.ModelSerializer):
    is_pending = fields.BooleanField()
    filled = fields.BooleanField()
    requested_by_id = fields.UUIDField()
    requested_by = fields.CharField(source="requested_by.full_name")
    score = fields.FloatField()
    reminder = fields.SerializerMethodField()
    question_set = serializers.ResourceRelatedField(source=SETS, model=QuestionSet, read_only=True)
    included_serializers = {
        "answer_set": "bench.api.peers.stock.AnswerSetSerializer",
        "question_set": "bench.api.peers.stock.QuestionSetSerializer",
        "candidate": "bench.api.peers.stock.CandidateSerializer",
        "metadatum": "bench.api.peers.stock.MetadatumSerializer",
        "reference_request": "bench.api.peers.stock.ReferenceRequestSerializer",
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

    def get_reminder(self, reference):
        scheduled = reference.scheduled_at  # without a query for each, to be fair
        return {
            "next_scheduled_at": scheduled and scheduled.astimezone(UTC),
            "latest_sent_at": reference.reminded_at,
            "count": reference.reminder_count,
            "count_exceeded": reference.reminder_count_exceeded,
            "rate_exceeded": reference.reminder_rate_exceeded,
        }


def named(of):
    """A serializer of what is only linked to."""

    class Named(serializers.ModelSerializer):
        class Meta:
            model = of
            fields = ["id"]

    return Named


AnswerSetSerializer = named(AnswerSet)
MetadatumSerializer = named(Metadatum)
QuestionSetSerializer = named(QuestionSet)
RecruiterSerializer = named(Recruiter)
ReferenceRequestSerializer = named(ReferenceRequest)


class Candidates(views.ReadOnlyModelViewSet):
    queryset = Candidate.objects.all()
    serializer_class = CandidateSerializer
    ordering = ["-created_at", "-pk"]
    ordering_fields = ["created_at", "updated_at", "first_name", "last_name", "score"]
    search_fields = ["search"]
    filterset_fields = {"internal_id": ["exact"], "email": ["iexact"], "added_by": ["exact", "in"]}

    def get_queryset(self):
        return super().get_queryset().filter(hiring_firm=self.request.user.recruiter.hiring_firm_id)


class Prefetched(Candidates):
    select_for_includes = {"__all__": ["added_by", "metadatum"]}
    prefetch_for_includes = {
        "__all__": ["references", "reference_requests"],
        "references": [
            "references__hiring_firm",
            "references__reference_request__question_set",
            "references__requested_by__user",
            "references__answer_set",
        ],
    }


router = SimpleRouter(trailing_slash=False)
router.register("api/v3/candidates", Candidates)
router.register("api/prefetched/candidates", Prefetched, "prefetched")
urlpatterns = router.urls
