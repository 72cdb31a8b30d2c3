from celery import shared_task
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.references.models import ReferenceRequest


@shared_task(ignore_result=True)
def expire_due():
    """End the requests whose time is over, and what is unanswered beneath them."""
    for request in ReferenceRequest.objects.open().filter(expires_at__lte=timezone.now()):
        try:
            request.expire()
        except (ValidationError, ReferenceRequest.DoesNotExist):
            continue  # concluded or deleted since the sweep began
