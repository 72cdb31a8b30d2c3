from rest_framework import serializers

from apps.firms.models import HiringFirm
from apps.jsonapi.serializers import ResourceSerializer


class HiringFirmSerializer(ResourceSerializer):
    logo_url = serializers.URLField(read_only=True, allow_null=True)
    # JSON:API keeps the word relationships for itself.
    relationship_choices = serializers.JSONField(source="relationships", required=False)

    schemas = {
        "allowed_countries": {
            "type": "array",
            "items": {"type": "string", "pattern": "^[A-Z]{2}$"},
        },
        "relationship_choices": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "key": {"type": "string", "pattern": "^[a-z_]{1,30}$"},
                    "en": {"type": "string"},
                    "fr": {"type": "string"},
                    "is_manager": {"type": "boolean"},
                },
                "required": ["key", "en", "fr", "is_manager"],
                "additionalProperties": False,
            },
            "minItems": 1,
            "maxItems": 20,
        },
    }

    class Meta:
        model = HiringFirm
        fields = [
            "name",
            "logo_url",
            "colour",
            "address",
            "phone",
            "language",
            "time_zone",
            "reminder_interval_days",
            "max_automatic_reminders",
            "reminders_skip_weekends",
            "min_references",
            "managers_only",
            "review_before_contact",
            "contact_after_consent",
            "asks_for_profile",
            "score_display",
            "retention_months",
            "allowed_countries",
            "relationship_choices",
            "created_at",
            "updated_at",
        ]
        # Where texts may go is staff's to say: abroad they cost more.
        read_only_fields = ["allowed_countries", "created_at", "updated_at"]
