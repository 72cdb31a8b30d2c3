from celery import shared_task
from django.utils import timezone

from apps.references.models import Reference, ReferenceRequest
from apps.reminders.sweep import each


@shared_task(ignore_result=True)
def expire_due():
    """End the requests whose time is over, what is unanswered beneath them, and reopenings."""
    over = {"expires_at__lte": timezone.now()}
    each(ReferenceRequest.objects.open().filter(**over), lambda request: request.expire())
    each(Reference.objects.reopened().filter(**over), lambda reference: reference.lock_again(None))


@shared_task(ignore_result=True)
def contact_held_back():
    """A firm no longer waits for the candidate's consent: those who waited for it are invited."""
    held_back = ReferenceRequest.objects.with_held_back()
    each(held_back, lambda request: request.contact_held_back())
