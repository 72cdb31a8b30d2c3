"""Reminder: a row for each, and how it is written."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.activities.models import Activity
from apps.jsonapi.resources import Resource, type_name
from apps.messaging import outbox
from apps.messaging.models import Message


class Reminder(Resource):
    """One reminder: its email and its text together."""

    target_type = models.CharField(max_length=40)
    target_id = models.UUIDField()
    ordinal = models.PositiveSmallIntegerField()
    recruiter = models.ForeignKey(  # null: the schedule, or the candidate
        "recruiters.Recruiter", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    automatic = models.BooleanField()
    hiring_firm = models.ForeignKey("firms.HiringFirm", models.CASCADE, related_name="+")
    candidate = models.ForeignKey(
        "candidates.Candidate", models.CASCADE, null=True, related_name="reminders"
    )

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["target_type", "target_id", "ordinal"], name="reminder_once"
            ),
            models.CheckConstraint(
                condition=Q(ordinal__gte=1, ordinal__lte=5), name="reminder_at_most_five"
            ),
        ]

    def __str__(self):
        return f"{self.target_type}/{self.target_id} {self.ordinal}"


def write_reminders(targets, *, by=None, automatic: bool = False) -> list[Message]:
    """One reminder to each of these locked rows of one kind."""
    now, model = timezone.now(), type(targets[0])
    waits = [target.spread(now) if automatic else timedelta() for target in targets]
    model._base_manager.filter(pk__in=[target.pk for target in targets]).update(
        reminded_at=now,
        last_written_at=now,
        updated_at=now,
        reminder_count=F("reminder_count") + 1,
        automatic_reminder_count=F("automatic_reminder_count") + int(automatic),
    )
    reminders, activities, messages = [], [], []
    for target, wait in zip(targets, waits, strict=True):
        target.reminded_at = target.last_written_at = target.updated_at = now
        target.reminder_count += 1
        target.automatic_reminder_count += automatic
        ordinal, candidate = target.reminder_count, target.candidate
        reminders.append(
            Reminder(
                target_type=type_name(target),
                target_id=target.pk,
                ordinal=ordinal,
                recruiter=by if by and type_name(by) == "Recruiter" else None,
                automatic=automatic,
                hiring_firm=target.hiring_firm,
                candidate=candidate,
            )
        )
        activities.append(
            Activity.of(
                by,
                "reminder.send",
                target,
                recipient=target.addressee,
                candidate=candidate,
                ordinal=ordinal,
                automatic=automatic,
            )
        )
        messages += outbox.compose(**target.message_to(target.reminder_kind, ordinal), wait=wait)
    Reminder.objects.bulk_create(reminders)
    Activity.objects.bulk_create(activities)
    return outbox.write(messages)


def held_until_words(messages: list[Message]) -> str:
    """What to tell who asked for a reminder: sent, or held until the quiet hours end."""
    now = timezone.now()
    held = [message.due_at for message in messages if message.due_at > now]
    if not held:
        return _("Reminder sent.")
    when = date_format(timezone.localtime(max(held)), "DATETIME_FORMAT")
    return _("Reminder saved. It goes out when quiet hours end, on %(when)s.") % {"when": when}
