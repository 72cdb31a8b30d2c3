from rest_framework import serializers

from apps.jsonapi.relations import AnyLinkage
from apps.jsonapi.serializers import Code, ResourceSerializer
from apps.messaging.models import Message


def full_name(path: str) -> tuple[str, ...]:
    """The columns that a person's `full_name` reads."""
    return tuple(f"{path}__{name}" for name in ("first_name", "last_name", "email"))


class PersonFields(serializers.Serializer):
    """Phones come in any way of writing them; the model normalises."""

    phone = Code(max_length=40, required=False, allow_blank=True)
    country_code = Code(max_length=5, required=False, allow_blank=True)
    one_of = ("email", "phone")  # somebody new has

    def validate(self, values):
        """A number with its calling code is complete, whatever code was stored with the last."""
        if values.get("phone", "").startswith("+"):
            values.setdefault("country_code", "")
        return values


class MessageSerializer(ResourceSerializer):
    about = AnyLinkage()
    recipient = AnyLinkage()

    class Meta:
        model = Message
        fields = [
            "kind",
            "channel",
            "ordinal",
            "status",
            "language",
            "address",
            "due_at",
            "sent_at",
            "error_code",
            "error",
            "created_at",
            "updated_at",
            "about",
            "recipient",
        ]
        read_only_fields = fields
