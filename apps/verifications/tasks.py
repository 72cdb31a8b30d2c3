from celery import shared_task
from django.utils import timezone

from apps.reminders.sweep import each
from apps.verifications.models import Verification


@shared_task(ignore_result=True)
def expire_due():
    """End the verifications whose time is over."""
    late = Verification.objects.filter(status__in=Verification.LIVE, expires_at__lte=timezone.now())
    each(late, lambda verification: verification.expire())
