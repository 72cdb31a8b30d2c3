from apps.jsonapi.filters import Ids, Synchronised
from apps.metadata.models import Metadatum


class MetadatumFilters(Synchronised):
    identifiable = Ids(field_name="identifiable_id")
    candidate = Ids()

    class Meta:
        model = Metadatum
        fields = []
