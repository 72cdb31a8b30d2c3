from celery import shared_task

from apps.messaging.gateways import Session
from apps.messaging.models import Message


@shared_task(ignore_result=True)
def deliver_due():
    """Empty the outbox of what is due. Any number of workers may do so at once."""
    with Session() as session:
        for claimed in Message.objects.claims():
            for message in claimed:
                message.deliver(session)
