from celery import shared_task
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.references.models import Reference, ReferenceRequest


@shared_task(ignore_result=True)
def expire_due():
    """End the requests whose time is over, what is unanswered beneath them, and reopenings."""
    for request in ReferenceRequest.objects.open().filter(expires_at__lte=timezone.now()):
        try:
            request.expire()
        except (ValidationError, ReferenceRequest.DoesNotExist):
            continue  # concluded or deleted since the sweep began
    for reference in Reference.objects.reopened().filter(expires_at__lte=timezone.now()):
        try:
            reference.lock_again(None)
        except (ValidationError, Reference.DoesNotExist):
            continue


@shared_task(ignore_result=True)
def contact_held_back():
    """A firm no longer waits for the candidate's consent: those who waited for it are invited."""
    for request in ReferenceRequest.objects.with_held_back():
        try:
            request.contact_held_back()
        except (ValidationError, ReferenceRequest.DoesNotExist):
            continue
