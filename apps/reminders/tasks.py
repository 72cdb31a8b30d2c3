from celery import shared_task
from django.apps import apps

from apps.reminders.models import Remindable


@shared_task(ignore_result=True)
def remind_due():
    """Send what the reminder rule says is due. Two sweeps at once remind once: rows are locked."""
    for model in apps.get_models():
        if issubclass(model, Remindable):
            model.objects.waiting().remind_due()
