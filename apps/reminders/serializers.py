from datetime import UTC

from rest_framework import fields


class ReminderField(fields.Field):
    """What the API shows is the rule that decides."""

    schema = {
        "type": "object",
        "properties": {
            "next_scheduled_at": {"type": ["string", "null"], "format": "date-time"},
            "latest_sent_at": {"type": ["string", "null"], "format": "date-time"},
            "count": {"type": "integer", "minimum": 0},
            "count_exceeded": {"type": "boolean"},
            "rate_exceeded": {"type": "boolean"},
        },
        "required": [
            "next_scheduled_at",
            "latest_sent_at",
            "count",
            "count_exceeded",
            "rate_exceeded",
        ],
        "additionalProperties": False,
    }

    def __init__(self, **kwargs):
        super().__init__(read_only=True, source="*", **kwargs)

    def gather(self, targets) -> None:
        targets[0].look_up_opt_outs(targets)

    def to_representation(self, target) -> dict:
        scheduled = target.next_scheduled_at
        return {
            "next_scheduled_at": scheduled and scheduled.astimezone(UTC),
            "latest_sent_at": target.reminded_at,
            "count": target.reminder_count,
            "count_exceeded": target.reminder_count_exceeded,
            "rate_exceeded": target.reminder_rate_exceeded,
        }
