from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.jsonapi.errors import Problem
from apps.jsonapi.relations import Linked
from apps.jsonapi.serializers import PlainSerializer, ResourceSerializer, Text
from apps.jsonapi.shapes import Shape
from apps.messaging.people import name_validator
from apps.recruiters.models import Recruiter


class RecruiterSerializer(ResourceSerializer):
    hiring_firm_id = serializers.UUIDField(read_only=True)
    hiring_firm = Linked(read_only=True)
    user = Linked(read_only=True)
    candidates = Linked(many=True, read_only=True)
    included_serializers = {
        "hiring_firm": "apps.firms.serializers.HiringFirmSerializer",
        "user": "apps.accounts.serializers.UserSerializer",
        "candidates": "apps.candidates.serializers.CandidateSerializer",
    }
    documented = Shape(id_attribute=True)

    class Meta:
        model = Recruiter
        fields = [
            "hiring_firm_id",
            "is_active",
            "is_active_hf",
            "created_at",
            "notifications",
            "is_root",
            "hiring_firm",
            "user",
            "candidates",
        ]
        read_only_fields = ["is_active", "is_root", "created_at"]


class InvitationSerializer(PlainSerializer):
    """A recruiter to come: where to write to, and optionally a name and the caller's own firm."""

    email = serializers.EmailField(max_length=254)
    first_name = Text(max_length=100, required=False, allow_blank=True, validators=[name_validator])
    last_name = Text(max_length=100, required=False, allow_blank=True, validators=[name_validator])
    hiring_firm_id = serializers.CharField(required=False)
    documented = Shape(accepts={"emai": "email"})

    class Meta:
        resource_name = "Recruiter"

    @staticmethod
    def reshaped(data: dict) -> dict:
        """The schema of the documented body, and of one that is flat."""
        person = data["properties"]["attributes"]
        user = {"type": "object", "properties": {"attributes": person}, "required": ["attributes"]}
        hidden = {"type": "object", "properties": {"user": user}, "required": ["user"]}
        return {
            "type": "object",
            "properties": {"type": data["properties"]["type"]},
            "anyOf": [
                {"properties": {"attributes": person}, "required": ["attributes"]},
                {"properties": {"relationships": hidden}, "required": ["relationships"]},
            ],
        }

    @staticmethod
    def reshape(document: dict) -> tuple[dict, dict]:
        """The documented body hides the user's attributes inside a relationship."""
        here = document
        for name in ("data", "relationships", "user", "attributes"):
            here = here.get(name) if isinstance(here, dict) else None
        if not isinstance(here, dict):
            return document, {}
        data = document["data"]
        given = data.get("attributes") or {}
        if not isinstance(given, dict):
            return document, {}
        spellings = ("emai", "email")
        emails = [each[name] for each in (here, given) for name in spellings if name in each]
        if any(each != emails[0] for each in emails):
            raise Problem(422, "ambiguous", _("Given twice, differently."), field="email")
        others = {k: v for k, v in data["relationships"].items() if k != "user"}
        moved = {
            f"/data/attributes/{name}": f"/data/relationships/user/attributes/{name}"
            for name in here.keys() - given.keys()
        }
        return {"data": {**data, "attributes": {**here, **given}, "relationships": others}}, moved
