from axes.handlers.proxy import AxesProxyHandler
from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore

from apps.staff.models import Heartbeat

SIGN_INS_KEPT = 90  # days


@shared_task
def beat():
    """The bell reached a worker, and the worker reached the database."""
    Heartbeat.beat()


@shared_task(ignore_result=True)
def purge():
    """Forget the sessions that have ended, and after a while who signed in from where."""
    SessionStore.clear_expired()
    AxesProxyHandler.reset_logs(age_days=SIGN_INS_KEPT)
