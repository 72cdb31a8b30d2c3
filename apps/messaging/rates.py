"""How fast we may send: one clock per provider, and one per firm, shared by all workers."""

from datetime import datetime, timedelta

from django.db import models, transaction
from django.utils import timezone


class RateQuerySet(models.QuerySet):
    @transaction.atomic
    def reserve(self, key: str, per_second: float, until: datetime | None = None) -> datetime:
        """Take the next free moment of this clock: moments lie 1/per_second apart.

        One after `until` is of no use to who asks, and stays free.
        """
        now = timezone.now()
        self.get_or_create(key=key, defaults={"free_at": now})
        rate = self.select_for_update().get(key=key)
        moment = max(now, rate.free_at)
        if until is None or moment <= until:
            self.filter(key=key).update(free_at=moment + timedelta(seconds=1 / per_second))
        return moment


class Rate(models.Model):
    """When the next message may go. In the database: Redis may be wiped, and there may be none."""

    key = models.CharField(max_length=60, primary_key=True)
    free_at = models.DateTimeField()

    objects = RateQuerySet.as_manager()

    def __str__(self):
        return self.key
