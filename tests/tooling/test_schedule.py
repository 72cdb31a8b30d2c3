"""The scheduler rings the bell of every task, and no other."""

from vitay.celery import SCHEDULE, app


def test_the_schedule_names_every_task():
    app.loader.import_default_modules()
    tasks = {name for name in app.tasks if name.startswith("apps.")}
    assert {entry["task"] for entry in SCHEDULE} == tasks
