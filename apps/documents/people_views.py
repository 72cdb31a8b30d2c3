"""A person's rights, in the hands of the firm's root recruiters: erasure, and access."""

from rest_framework.response import Response

from apps.candidates.models import Candidate
from apps.candidates.serializers import CandidateSerializer
from apps.documents.access import everything
from apps.documents.actions import erase
from apps.jsonapi.permissions import RootOnly
from apps.jsonapi.shapes import Document
from apps.jsonapi.views import Scoped

VALUE = {"type": ["string", "number", "boolean", "object", "array", "null"]}
ROW = {"type": "object", "additionalProperties": VALUE, "example": {"first_name": "Camille"}}
KEPT = {  # by type, every row with its fields
    "type": "object",
    "additionalProperties": {"type": "array", "items": ROW},
    "example": {"Candidate": [{"first_name": "Camille"}]},
}


class EraseView(Scoped):
    """At once, and for good: answers the candidate as it is then."""

    queryset = Candidate.objects.all()
    serializer_class = CandidateSerializer
    permission_classes = [RootOnly]

    def post(self, request, pk):
        erase(self.get_object(), by=request.user.recruiter)
        return self.answer_one()


class AccessView(Scoped):
    """Everything that is kept about one candidate."""

    queryset = Candidate.objects.all()
    serializer_class = CandidateSerializer
    permission_classes = [RootOnly]
    described = {"get": {"attributes": {"kept": KEPT}, "alone": True}}

    def get(self, request, pk):
        candidate = self.get_object()
        resource = {
            "type": "Candidate",
            "id": str(candidate.pk),
            "attributes": {"kept": everything(candidate)},
        }
        return Response(Document(data=resource))
