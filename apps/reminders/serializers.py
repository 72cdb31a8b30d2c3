from datetime import UTC

from rest_framework import fields


class ReminderField(fields.Field):
    """What the API shows is the rule that decides."""

    def __init__(self, **kwargs):
        super().__init__(read_only=True, source="*", **kwargs)

    def to_representation(self, target) -> dict:
        scheduled = target.next_scheduled_at
        return {
            "next_scheduled_at": scheduled and scheduled.astimezone(UTC),
            "latest_sent_at": target.reminded_at,
            "count": target.reminder_count,
            "count_exceeded": target.reminder_count_exceeded,
            "rate_exceeded": target.reminder_rate_exceeded,
        }
