from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from apps.messaging.delivery import deliver
from apps.messaging.gateways import Session
from apps.messaging.kinds import EMAIL, SMS
from apps.messaging.models import Message, Rate

KEPT = timedelta(days=90)


@shared_task(ignore_result=True)
def send_emails():
    """Empty the outbox of what is due. Any number of workers may do so at once."""
    _send_due(EMAIL)


@shared_task(ignore_result=True)
def send_texts():
    """As for emails; apart, so that one provider's troubles do not hold up the other."""
    _send_due(SMS)


def _send_due(channel: str) -> None:
    with Session() as session:
        for claimed in Message.objects.claims(channel):
            for message in claimed:
                deliver(message, session)


@shared_task(ignore_result=True)
def purge():
    """Forget what is past use: messages about accounts, and clocks that nobody reads."""
    now = timezone.now()
    about_accounts = Message.objects.filter(
        candidate=None, about_type__in=["User", "PasswordReset"]
    )
    about_accounts.finished().filter(updated_at__lt=now - KEPT).delete()
    Rate.objects.filter(free_at__lt=now - timedelta(days=1)).delete()
