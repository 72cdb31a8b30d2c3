# ruff: noqa: E402  (Django is set up before its models are imported)
"""How long each list of the admin takes, and how often it asks, on 100,000 references.

    DATABASE_URL=postgres://… python -m bench.admin_lists
    python -m bench.admin_lists --references 1000

Fills a database of its own (a test database beside the configured one) and drops it again. Every
list is opened plain, searched, filtered by state and turned to a late page; the search of the
whole admin and the first page are timed too. The median of three.
"""

import argparse
import os
import random
import statistics
import time
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vitay.settings")
os.environ.setdefault("DEBUG", "1")
os.environ.setdefault("ENV_FILE", "/dev/null")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, get_runner, setup_test_environment
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.activities.models import Activity
from apps.answers.models import Answer, AnswerSet
from apps.candidates.models import Candidate, Profile
from apps.consents.models import Consent
from apps.firms.models import HiringFirm
from apps.messaging.addresses import hash_address
from apps.messaging.models import Message
from apps.metadata.models import Metadatum
from apps.questions.models import QuestionSet
from apps.recruiters.models import Recruiter
from apps.references.models import Reference, ReferenceRequest
from apps.reminders.models import Reminder

FIRMS, PER_CANDIDATE, BATCH = 100, 3, 2000
FIRST = ["Camille", "Étienne", "Sofia", "Liam", "Maude", "Anaïs", "Hugo", "Priya", "Noah", "Zoé"]
LAST = ["Tremblay", "Gagnon", "Roy", "Côté", "Bouchard", "Gauthier", "Morin", "Lavoie", "Fortin"]
random.seed(8)


def save(rows):
    return type(rows[0]).objects.bulk_create(rows, batch_size=BATCH) if rows else []


def name(at: int) -> dict:
    return {"first_name": random.choice(FIRST), "last_name": f"{random.choice(LAST)}{at}"}


def fill(references: int) -> None:
    """Rows as they stand after a year of work."""
    now, sets = timezone.now(), list(QuestionSet.objects.filter(hiring_firm=None))
    firms = save([HiringFirm(name=f"Firm {at}") for at in range(FIRMS)])
    users = save([User(email=f"root{at}@firm.example", **name(at)) for at in range(FIRMS)])
    roots = save(
        [Recruiter(user=u, hiring_firm=f, is_root=True) for u, f in zip(users, firms, strict=True)]
    )
    for start in range(0, references, 3000):
        _fill_some(range(start, min(start + 3000, references), PER_CANDIDATE), roots, sets, now)


def _fill_some(numbers, roots, sets, now) -> None:
    candidates, profiles, requests, people = [], [], [], []
    for at in numbers:
        root = random.choice(roots)
        candidate = Candidate(
            hiring_firm=root.hiring_firm, added_by=root, email=f"c{at}@candidate.example",
            country_code="1", phone=f"514555{at % 10000:04d}", search=f"c{at}@candidate.example",
            **name(at),
        )  # fmt: skip
        sent = now - timedelta(days=random.random() * 365)
        request = ReferenceRequest(
            hiring_firm=root.hiring_firm, candidate=candidate, requested_by=root,
            question_set=random.choice(sets), questions={"en": []}, language="en", status="sent",
            min_references=1, sent_at=sent, last_written_at=sent,
            expires_at=sent + timedelta(days=30),
        )  # fmt: skip
        candidates.append(candidate)
        profiles.append(Profile(candidate=candidate, hiring_firm=root.hiring_firm))
        requests.append(request)
        for place in range(PER_CANDIDATE):
            status = random.choices(
                ["filled", "sent", "opened", "declined", "bounced"], [70, 12, 10, 5, 3]
            )[0]
            filled = status == "filled"
            people.append(
                Reference(
                    hiring_firm=root.hiring_firm,
                    candidate=candidate,
                    reference_request=request,
                    requested_by=root,
                    email=f"r{at}-{place}@reference.example",
                    status=status,
                    search=f"r{at}-{place}@reference.example",
                    sent_at=sent,
                    last_written_at=sent,
                    filled_at=sent + timedelta(hours=random.expovariate(1 / 40))
                    if filled
                    else None,
                    score=random.choice([3, 4, 5]) if filled else None,
                    expires_at=sent + timedelta(days=30),
                    **name(at),
                )  # fmt: skip
            )
    for rows in (candidates, profiles, requests, people):
        save(rows)
    sets_of_answers = save(
        [
            AnswerSet(reference=r, language="en", submitted_at=r.filled_at)
            for r in people
            if r.filled_at
        ]
    )
    save(
        [
            Answer(answer_set=each, position=place, question_text="?", type="text", language="en")
            for each in sets_of_answers
            for place in range(2)
        ]
    )
    about = {"hiring_firm": None, "candidate": None}
    messages, activities, reminders, consents, metadata = [], [], [], [], []
    for person in people:
        about = {"hiring_firm": person.hiring_firm, "candidate": person.candidate}
        for channel in ("email", "sms"):
            address = person.email if channel == "email" else f"+1514555{len(messages) % 10000:04d}"
            messages.append(
                Message(
                    kind="reference_invitation",
                    channel=channel,
                    about_type="Reference",
                    dedupe_key=f"{person.pk}:{channel}",
                    about_id=person.pk,
                    address=address,
                    address_hash=hash_address(address),
                    recipient_type="Reference",
                    recipient_id=person.pk,
                    name=person.full_name,
                    language="en",
                    status="delivered",
                    due_at=person.sent_at,
                    sent_at=person.sent_at,
                    expires_at=person.expires_at,
                    **about,
                )  # fmt: skip
            )
        for key in ("reference.create", "reference.contact", "reference.fill"):
            activities.append(
                Activity(
                    key=key,
                    trackable_type="Reference",
                    trackable_id=person.pk,
                    owner_type="Recruiter",
                    owner_id=person.requested_by_id,
                    **about,
                )  # fmt: skip
            )
        reminders.append(
            Reminder(
                target_type="Reference", target_id=person.pk, ordinal=1, automatic=True, **about
            )
        )
        consents.append(
            Consent(
                subject_type="Reference",
                subject_id=person.pk,
                purpose="answer",
                given=True,
                text_version="1",
                language="en",
                **about,
            )  # fmt: skip
        )
        metadata.append(
            Metadatum(
                identifiable_type="Reference", identifiable_id=person.pk, source="page", **about
            )
        )
    for rows in (messages, activities, reminders, consents, metadata):
        save(rows)


def measure(client: Client, url: str) -> tuple[int, float]:
    times = []
    for _again in range(3):
        began = time.perf_counter()
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url)
        times.append(1000 * (time.perf_counter() - began))
        assert response.status_code == 200, (url, response.status_code)
    return len(queries), statistics.median(times)


def lists():
    for model in admin.site._registry:
        if model._meta.app_label != "axes":
            yield (
                model._meta.label,
                reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"),
                model,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--references", type=int, default=100_000)
    wanted = parser.parse_args().references
    setup_test_environment()
    runner = get_runner(django.conf.settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        began = time.perf_counter()
        fill(wanted)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        print(f"{connection.vendor}: filled in {time.perf_counter() - began:.0f} s")
        staff = User.objects.create_superuser("staff@vitay.example", "correct-horse-battery")
        client = Client()
        client.force_login(staff)
        client.get("/admin/")
        print(
            f"{'list':<30}{'rows':>9}{'queries':>9}{'ms':>8}{'search':>8}{'state':>8}{'p. 400':>8}"
        )
        for label, url, model in lists():
            rows = model._default_manager.count()
            queries, plain = measure(client, url)
            found = measure(client, f"{url}?q=r4242-1@reference.example")[1]
            states = {f.name for f in model._meta.fields} & {"status"}
            state = measure(client, f"{url}?status__exact=sent")[1] if states else None
            late = measure(client, f"{url}?p=400")[1] if rows > 20_100 else None
            cells = "".join(f"{'–' if ms is None else f'{ms:.0f}':>8}" for ms in (state, late))
            print(f"{label:<30}{rows:>9}{queries:>9}{plain:>8.0f}{found:>8.0f}{cells}")
        for label, url in (("today", "/admin/"), ("find", "/admin/find/?q=r4242-1@reference")):
            queries, ms = measure(client, url)
            print(f"{label:<39}{queries:>9}{ms:>8.0f}")
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
