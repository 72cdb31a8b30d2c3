"""Ten thousand due reminders in one sweep: seconds, and memory before and after.

python -m bench.reminder_sweep [--people 10000]     a PostgreSQL of its own; --sqlite for a file
"""

import argparse
import contextlib
import os
import resource
import sys
import tempfile
import time
from datetime import timedelta

from bench.outbox_faults import SETTINGS, prepare
from tests.servers import Postgres
from tests.servers.daytime import awake

PLACE = awake(until=18)


def ask(people: int) -> None:
    """References who were invited a little over a day ago."""
    from django.utils import timezone

    from apps.candidates.models import Candidate
    from apps.questions.models import QuestionSet
    from apps.recruiters.models import Recruiter
    from apps.references.models import Reference, ReferenceRequest

    nadia = Recruiter.objects.get()
    nadia.hiring_firm.reminders_skip_weekends = False
    nadia.hiring_firm.save()
    person = Candidate(first_name="Camille", last_name="D", email="c@candidate.example")
    candidate = person.create(nadia)
    library = QuestionSet.objects.get(key="general", language="en")
    request = ReferenceRequest(candidate=candidate, question_set=library).create(nadia)
    now = timezone.now()
    before = now - timedelta(hours=24, minutes=5)
    Reference.objects.bulk_create(
        (
            Reference(
                hiring_firm=nadia.hiring_firm,
                candidate=candidate,
                reference_request=request,
                requested_by=nadia,
                first_name="Étienne",
                last_name=f"Number {n}",
                email=f"etienne{n}@reference.example",
                country_code=PLACE.calling_code,
                phone=PLACE.number(n % 8000),
                relationship="manager",
                status="sent",
                sent_at=before,
                invited_at=before,
                last_written_at=before,
                invitation_count=1,
                expires_at=now + timedelta(days=20),
            )
            for n in range(people)
        ),
        batch_size=500,
    )


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--sqlite", action="store_true")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        url = "" if options.sqlite else stack.enter_context(Postgres()).url
        os.environ |= SETTINGS | {
            "DJANGO_SETTINGS_MODULE": "vitay.settings",
            "VAR_DIR": folder,
            "DATABASE_URL": url,
            "REDIS_URL": "",
        }
        prepare()
        ask(options.people)

        from django.conf import settings

        from apps.messaging.models import Message
        from apps.reminders.tasks import remind_due

        settings.DEBUG = False  # which would keep every query
        before, began, used = memory(), time.perf_counter(), time.process_time()
        remind_due()
        taken, used = time.perf_counter() - began, time.process_time() - used
        queued = Message.objects.filter(kind="reference_reminder").count()
        print(f"{queued} messages of {options.people} reminders in {taken:.1f} s")
        print(f"of which own work {used:.1f} s, the rest the database and the machine's other work")
        print(f"memory: {before} MB before, {memory()} MB at most")
        began = time.perf_counter()
        remind_due()
        again = Message.objects.filter(kind="reference_reminder").count() - queued
        print(f"a second sweep finds {again} more, in {time.perf_counter() - began:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
