from celery import shared_task

from apps.jsonapi.models import IdempotentResponse, Throttle


@shared_task
def purge():
    """Forget answers and counts that nobody can ask for any more."""
    IdempotentResponse.objects.stale().delete()
    Throttle.objects.stale().delete()
