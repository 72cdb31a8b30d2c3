"""Two tables of the wire: answers given once, and counts of attempts."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework.exceptions import Throttled

from apps.jsonapi.ids import uuid7


class IdempotentResponseQuerySet(models.QuerySet):
    def naming(self, *ids):
        """Stored answers that hold one of these, to be forgotten with the person."""
        found = Q()
        for each in ids:
            found |= Q(body__contains=str(each)) | Q(route__contains=str(each))
        return self.filter(found) if ids else self.none()

    def forget(self) -> None:
        """The call was carried out and is not again; what it answered is no more."""
        answered = self.filter(status__isnull=False)  # one under way right now may be our own
        answered.update(status=409, headers={}, body="")

    def stale(self):
        return self.filter(created_at__lt=timezone.now() - IdempotentResponse.KEPT)


class IdempotentResponse(models.Model):
    """The answer to one Idempotency-Key: locked while it is being made, then replayed."""

    KEPT = timedelta(hours=24)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor = models.CharField(max_length=64)
    route = models.CharField(max_length=300)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)  # of the body: another one is another call
    status = models.PositiveSmallIntegerField(null=True)  # null: no answer was given yet
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = IdempotentResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["actor", "route", "key"], name="idempotent_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotent_created")]

    def __str__(self):
        return f"{self.route} {self.key}"

    @property
    def is_forgotten(self) -> bool:
        return self.status == 409 and not self.body


class ThrottleQuerySet(models.QuerySet):
    def take(self, rate, *who: str) -> None:
        """Count one attempt before it is made; refuse it when the window's are spent."""
        throttle, now = self._counted(rate, who), timezone.now()
        if throttle.count > rate.limit:
            refused = Throttled(wait=max(1, (throttle.resets_at - now).total_seconds()))
            refused.rate = rate
            raise refused

    def give_back(self, rate, *who: str) -> None:
        """The attempt does not count: a login that succeeded is no failure."""
        self.filter(key=rate.key(*who), count__gt=0).update(count=F("count") - 1)

    def clear(self, rate, *who: str) -> None:
        self.filter(key=rate.key(*who)).delete()

    def _counted(self, rate, who):
        key, now = rate.key(*who), timezone.now()
        ends = now + timedelta(seconds=rate.seconds)
        fresh, over = self.filter(key=key, resets_at__gt=now), self.filter(key=key)
        for _attempt in range(3):  # two may begin the same window at once
            if fresh.update(count=F("count") + 1):
                return self.get(key=key)
            if over.filter(resets_at__lte=now).update(count=1, resets_at=ends):
                return self.get(key=key)
            try:
                with transaction.atomic():
                    return self.create(key=key, count=1, resets_at=ends)
            except IntegrityError:
                continue
        return self.get(key=key)

    def stale(self):
        return self.filter(resets_at__lt=timezone.now())


class Throttle(models.Model):
    """How often something was tried in a window. The key is a keyed hash: it names nobody."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    resets_at = models.DateTimeField(db_index=True)

    objects = ThrottleQuerySet.as_manager()

    def __str__(self):
        return f"{self.key[:8]}: {self.count}"


def hashed(*parts: str) -> str:
    """A keyed hash of what may name somebody."""
    return salted_hmac(
        "throttle", "|".join(parts), settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()
