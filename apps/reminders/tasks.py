from celery import shared_task
from django.apps import apps
from django.core.exceptions import ValidationError

from apps.reminders.models import Remindable


@shared_task(ignore_result=True)
def remind_due():
    """Send what the reminder rule says is due. Two sweeps at once remind once: rows are locked."""
    for model in apps.get_models():
        if issubclass(model, Remindable):
            for target in model.objects.waiting().maybe_due().iterator(chunk_size=500):
                if target.reminder_is_due:
                    _remind(target)


def _remind(target: Remindable) -> None:
    try:
        target.remind(automatic=True)
    except ValidationError:
        return  # answered, opted out or reminded by hand since the sweep began
