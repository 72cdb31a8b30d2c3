"""What staff and operators have of their own: the scheduler's last sign of life."""

from datetime import timedelta

from django.db import models
from django.utils import timezone


class Heartbeat(models.Model):
    """One row: when the scheduler last rang and a worker heard it."""

    LATE = timedelta(minutes=2)

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="heartbeat_one")]

    def __str__(self):
        return self.at.isoformat()

    @classmethod
    def beat(cls) -> None:
        cls.objects.update_or_create(id=1, defaults={"at": timezone.now()})

    @classmethod
    def last(cls):
        return cls.objects.values_list("at", flat=True).first()
