"""What the outbox is compared with: a bare Celery task, and a loop on one connection."""

from celery import shared_task

from apps.messaging.gateways import Session
from apps.messaging.models import Message
from apps.messaging.rendering import render


@shared_task(ignore_result=True)
def bare(pk):
    message = Message.objects.get(pk=pk)
    with Session() as session:
        session.send(message, render(message, message.about))


@shared_task(ignore_result=True)
def loop():
    with Session() as session:
        for message in Message.objects.filter(channel="email").order_by("pk").iterator():
            session.send(message, render(message, message.about))
