"""How fast is the outbox, next to a bare Celery task and next to a loop? One worker process each.

python -m bench.outbox_speed [--messages 300] [--rounds 3]     PostgreSQL and Redis of its own
"""

import argparse
import contextlib
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench.outbox_faults import SETTINGS, prepare
from tests.servers import MailServer, Postgres, Processes, Redis


def write(count: int) -> float:
    """Invitations by email, in the transactions of their facts; milliseconds for each row."""
    from apps.candidates.models import Candidate
    from apps.messaging import outbox
    from apps.messaging.models import Message
    from apps.questions.models import QuestionSet
    from apps.recruiters.models import Recruiter
    from apps.references.models import ReferenceRequest

    nadia = Recruiter.objects.get()
    library = QuestionSet.objects.get(key="general", language="en")
    for n in range(count):
        person = Candidate(first_name="Camille", last_name="D", email=f"c{n}@candidate.example")
        ReferenceRequest(candidate=person.create(nadia), question_set=library).create(nadia)
    about = ReferenceRequest.objects.select_related("candidate", "hiring_firm").first()
    began = time.perf_counter()
    for n in range(500):
        outbox.send(
            "request_invitation", to=about.candidate, about=about, ordinal=100 + n, language="en"
        )
    taken = (time.perf_counter() - began) / 500 * 1000
    Message.objects.filter(ordinal__gte=100).delete()
    return taken


def measure(mail, count: int, start) -> float:
    """Messages a second, from the first call to the last arrival."""
    mail.kept.clear()
    began = time.perf_counter()
    start()
    while len(mail.kept) < count:
        time.sleep(0.002)
        if time.perf_counter() - began > 120:
            raise TimeoutError(f"{len(mail.kept)} of {count} arrived")
    return count / (time.perf_counter() - began)


def rounds(options, mail) -> dict[str, list[float]]:
    from django.utils import timezone

    from apps.messaging.models import Message
    from apps.messaging.tasks import send_emails
    from bench.outbox_tasks import bare, loop
    from vitay.celery import app

    app.set_current()
    messages = Message.objects.filter(channel="email")
    keys = [str(pk) for pk in messages.values_list("pk", flat=True)]
    delays, found = [], {"outbox": [], "bare task": [], "loop": []}

    def each():
        began = time.perf_counter()
        for key in keys:
            bare.delay(key)
        delays.append((time.perf_counter() - began) / len(keys) * 1000)

    for _round in range(options.rounds):
        messages.update(status="queued", due_at=timezone.now(), sent_at=None, provider_id="")
        found["outbox"].append(measure(mail, len(keys), send_emails.delay))
        found["bare task"].append(measure(mail, len(keys), each))
        found["loop"].append(measure(mail, len(keys), loop.delay))
        time.sleep(1)
    print(f"enqueue by .delay()      {statistics.median(delays):8.2f} ms each")
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vitay-speed-"))
    with contextlib.ExitStack() as stack:
        postgres, redis = stack.enter_context(Postgres()), stack.enter_context(Redis())
        mail = stack.enter_context(MailServer())
        os.environ |= SETTINGS | {
            "DJANGO_SETTINGS_MODULE": "vitay.settings",
            "DEBUG": "0",
            **{name: name * 8 for name in ("SECRET_KEY", "LINK_KEYS", "JWT_KEYS")},
            "ALLOWED_HOSTS": "localhost",
            "PUBLIC_URL": "http://localhost:8000",
            "TWILIO_ACCOUNT_SID": "AC0",
            "TWILIO_AUTH_TOKEN": "none",
            "TWILIO_FROM": "+15145550100",
            "VAR_DIR": str(folder),
            "DATABASE_URL": postgres.url,
            "REDIS_URL": redis.url,
            "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
            "PROVIDER_TIMEOUT": "10",
            "OUTBOX_LEASE": "180",
        }
        prepare()
        written = write(options.messages)
        processes = stack.enter_context(Processes(folder, {}))
        celery = [sys.executable, "-m", "celery", "--quiet", "-A", "vitay", "worker"]
        processes.start("worker", *celery, "--pool", "solo", "--include", "bench.outbox_tasks")
        time.sleep(8)
        found = rounds(options, mail)
    shutil.rmtree(folder, ignore_errors=True)
    print(f"enqueue by outbox.send() {written:8.2f} ms each")
    speed = {name: statistics.median(each) for name, each in found.items()}
    for name, each in found.items():
        print(
            f"{name:10} {speed[name]:8.1f} a second   ({', '.join(f'{one:.1f}' for one in each)})"
        )
    print(f"outbox is {speed['outbox'] / speed['bare task']:.2f} of the bare task (goal: over 1)")
    print(f"outbox is {speed['outbox'] / speed['loop']:.2f} of the loop (goal: 0.70)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
