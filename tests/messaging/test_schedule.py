"""The one page of schedules, in vitay/celery.py."""

from apps.messaging.models import Message
from vitay.celery import SCHEDULE, app


def test_every_bell_has_its_task():
    app.loader.import_default_modules()
    assert {bell["task"] for bell in SCHEDULE} <= set(app.tasks)
    assert len(app.conf.beat_schedule) == len(SCHEDULE)


def test_a_bell_nobody_heard_is_dropped_before_the_day_is_over():
    assert all(0 < bell["options"]["expires"] <= 3600 for bell in SCHEDULE)


def test_a_bell_twice_sends_once(providers, email):
    send = app.tasks["apps.messaging.tasks.send_emails"]
    send()
    send()
    assert [mail.to for mail in providers.mail.kept] == [email.address]
    assert Message.objects.get().status == "sent"
