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

    @staticmethod
    def reshaped(data: dict) -> dict:
        """The schema of the documented body: the linkage stands in one place or the other."""
        linked, said = data["properties"]["relationships"], data["properties"]["attributes"]
        name = {"required": ["identifiable"]}
        said["properties"] = {"identifiable": linked["properties"]["identifiable"]}
        others = {key: each for key, each in data.items() if key != "required"}
        places = ("relationships", "attributes")
        either = [{"required": [place], "properties": {place: name}} for place in places]
        return others | {"anyOf": either}

    @staticmethod
    def reshape(document: dict) -> tuple[dict, dict]:
        """The documented answer prints the linkage among the attributes as well."""
        data = document.get("data")
        said = data.get("attributes") if isinstance(data, dict) else None
        linkage = said.get("identifiable") if isinstance(said, dict) else None
        if not isinstance(linkage, dict) or data.get("relationships"):
            return document, {}
        others = {name: each for name, each in said.items() if name != "identifiable"}
        moved = {"/data/relationships/identifiable": "/data/attributes/identifiable"}
        linked = {"identifiable": linkage}
        return {"data": {**data, "attributes": others, "relationships": linked}}, moved
