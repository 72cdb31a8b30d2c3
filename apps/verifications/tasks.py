from celery import shared_task
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.verifications.models import Verification


@shared_task(ignore_result=True)
def expire_due():
    """End the verifications whose time is over."""
    late = Verification.objects.filter(status__in=Verification.LIVE, expires_at__lte=timezone.now())
    for verification in late:
        try:
            verification.expire()
        except (ValidationError, Verification.DoesNotExist):
            continue  # concluded since the sweep began
