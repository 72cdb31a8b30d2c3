from apps.jsonapi.relations import AnyLinkage, AnyTarget
from apps.jsonapi.serializers import ResourceSerializer
from apps.jsonapi.shapes import Shape
from apps.metadata.models import Metadatum


def _named(relationships: dict) -> dict:
    target = relationships["identifiable"]
    return {"identifiable": f"{target['type']}/{target['id']}"}


def _linked(relationships: dict) -> dict:
    return {"identifiable": dict(relationships["identifiable"])}


class MetadatumSerializer(ResourceSerializer):
    identifiable = AnyLinkage()
    documented = Shape(more=_named)

    class Meta:
        model = Metadatum
        fields = [
            "ip_address",
            "browser",
            "browser_version",
            "os",
            "os_version",
            "user_agent",
            "source",
            "created_at",
            "updated_at",
            "identifiable",
        ]
        read_only_fields = fields


class NewMetadatumSerializer(MetadatumSerializer):
    """What a caller says: only whom it is about; the rest comes from the request itself."""

    identifiable = AnyTarget()
    documented = Shape(more=_linked)
