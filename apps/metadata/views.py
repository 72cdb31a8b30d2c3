from apps.jsonapi.views import ResourceViews
from apps.metadata.filters import MetadatumFilters
from apps.metadata.models import Metadatum
from apps.metadata.serializers import MetadatumSerializer, NewMetadatumSerializer


class MetadatumViews(ResourceViews):
    queryset = Metadatum.objects.all()
    serializer_class = MetadatumSerializer
    filterset_class = MetadatumFilters
    sortable = {"created_at": "created_at"}

    def get_serializer_class(self):
        return NewMetadatumSerializer if self.action == "create" else MetadatumSerializer

    def add(self, values):
        target = values["identifiable"]
        candidate = target if target._meta.object_name == "Candidate" else None
        return Metadatum.take(
            self.request,
            target,
            candidate=candidate or getattr(target, "candidate", None),
            recorded_by=self.request.user.recruiter,
        )
