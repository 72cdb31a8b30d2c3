from celery import shared_task

from apps.staff.models import Heartbeat


@shared_task
def beat():
    """The bell reached a worker, and the worker reached the database."""
    Heartbeat.beat()
