from apps.jsonapi.views import ResourceViews
from apps.verifications.filters import VerificationFilters
from apps.verifications.models import Verification
from apps.verifications.serializers import FindingsSerializer, VerificationSerializer


class VerificationViews(ResourceViews):
    queryset = Verification.objects.all()
    serializer_class = VerificationSerializer
    filterset_class = VerificationFilters
    described = {"conclude": {"request": FindingsSerializer, "names_id": True}}
    sortable = {"created_at": "created_at", "updated_at": "updated_at", "sent_at": "sent_at"}

    def add(self, values):
        claim = values.pop("claim")
        return Verification(**values).create(self.request.user.recruiter, claim)

    def change(self, verification, values):
        verification.change(self.request.user.recruiter, **values)

    def conclude(self, request, pk):
        """A recruiter writes down what the verifier said."""
        verification = self.get_object()
        values = self.read(serializer_class=FindingsSerializer, key=pk)
        verification.conclude(request.user.recruiter, **values)
        return self.answer_one()

    def cancel(self, request, pk):
        self.get_object().cancel(request.user.recruiter)
        return self.answer_one()
