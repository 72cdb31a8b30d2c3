"""The alarm clock. Rows in the database say what is due; a lost bell is rung again by the next."""

import os

import structlog
from celery import Celery
from celery.schedules import crontab
from celery.signals import task_postrun, task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vitay.settings")

app = Celery("vitay")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

MINUTE, HOUR = 60, 3600


def bell(task: str, every: float | crontab, expires: float) -> dict:
    """A bell nobody heard in time is dropped, so that none pile up while workers are away."""
    return {"task": task, "schedule": every, "options": {"expires": expires}}


SCHEDULE = [
    # what                                    how often                       good for
    bell("apps.messaging.tasks.send_emails", 3, 10),
    bell("apps.messaging.tasks.send_texts", 3, 10),
    bell("apps.staff.tasks.beat", 15, 15),
    bell("apps.reminders.tasks.remind_due", MINUTE, MINUTE),
    bell("apps.documents.tasks.render_stale", MINUTE, MINUTE),
    bell("apps.references.tasks.expire_due", 10 * MINUTE, 10 * MINUTE),
    bell("apps.references.tasks.contact_held_back", 10 * MINUTE, 10 * MINUTE),
    bell("apps.verifications.tasks.expire_due", 10 * MINUTE, 10 * MINUTE),
    bell("apps.messaging.tasks.purge", crontab(minute=17), HOUR),
    bell("apps.jsonapi.tasks.purge", crontab(minute=27), HOUR),
    bell("apps.staff.tasks.purge", crontab(minute=37), HOUR),
    bell("apps.documents.tasks.erase_expired", crontab(hour=3, minute=7), HOUR),
    bell("apps.billing.tasks.draft_invoices", crontab(hour=4, minute=7), HOUR),
]
app.conf.beat_schedule = {entry["task"].removeprefix("apps."): entry for entry in SCHEDULE}


@task_prerun.connect
def name_the_task(task_id, task, **_):
    """Every line that a task logs says which task it was."""
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)


@task_postrun.connect
def forget_the_task(**_):
    structlog.contextvars.clear_contextvars()
