"""Does every message arrive, once? By the receiving servers' own logs, while everything breaks.

    python -m bench.outbox_faults                2,000 messages; PostgreSQL and Redis of its own
    python -m bench.outbox_faults --only-kills --messages 300 --kills 10
    python -m bench.outbox_faults --embedded …   SQLite and the files of the embedded default

The API is called over HTTP by four clients while workers are killed with -9, Redis is stopped,
hung and wiped, PostgreSQL is restarted, and the providers answer 429, 451 and 500, stay silent,
and cut the line after accepting. Ends with 1 when anything that is promised did not hold.
"""

import argparse
import contextlib
import json
import math
import os
import random
import shutil
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from pathlib import Path

import requests

from tests.servers import MailServer, Postgres, Processes, Redis, TextServer, free_port
from tests.servers.daytime import awake

PASSWORD = "only-for-this-harness-1"
PATIENCE = 2  # seconds: what Vitay grants a provider here
SETTINGS = {
    "ENV_FILE": "/dev/null",
    "DEBUG": "1",
    "LOG_LEVEL": "WARNING",
    "PROVIDER_TIMEOUT": str(PATIENCE),
    "OUTBOX_LEASE": "9",
    "OUTBOX_SETTLE": "3",
    "OUTBOX_BACKOFF": "1",
    "API_RATE": "1000000",
}
# Out of a hundred sends, how many go wrong in which way.
TEXT_FAULTS = {"busy": 5, "broken": 3, "timeout": 1, "cut": 2, "lost": 2, "late": 1}
MAIL_FAULTS = {"busy": 5, "timeout": 1, "cut": 0.1}  # each cut doubles one: nobody can be asked
PLACE = awake()
GOOD = ("2xx", "503 with Retry-After, PostgreSQL away")


class Dice:
    """Faults by chance, the same for the same seed."""

    def __init__(self, faults: dict[str, float], seed: int):
        self.names = [*faults, None]
        self.weights = [*faults.values(), 100 - sum(faults.values())]
        self.random, self.lock, self.on = random.Random(seed), threading.Lock(), True

    def __call__(self):
        with self.lock:
            return self.random.choices(self.names, self.weights)[0] if self.on else None


class Client(threading.Thread):
    """Adds candidates and asks for references, and tries again what was refused with 503."""

    def __init__(self, url: str, token: str, question_set: str, numbers, answers, pause, away):
        super().__init__(daemon=True)
        self.pause, self.away = pause, away
        self.url, self.set, self.numbers, self.answers = url, question_set, numbers, answers
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {token}"

    def run(self):
        for number in self.numbers:
            time.sleep(self.pause)
            candidate = self.post(
                "/api/v3/candidates",
                "Candidate",
                {
                    "first_name": "Camille",
                    "last_name": f"Number {number}",
                    "email": f"camille{number}@candidate.example",
                    "country_code": PLACE.calling_code,
                    "phone": PLACE.number(number),
                },
            )
            self.post(
                "/api/v1/public/reference_requests",
                "ReferenceRequest",
                {"min_references": 1},
                candidate={"type": "Candidate", "id": candidate},
                question_set={"type": "QuestionSet", "id": self.set},
            )

    def post(self, path: str, type: str, attributes: dict, **relationships) -> str:
        linked = {name: {"data": one} for name, one in relationships.items()}
        key = {"Idempotency-Key": uuid.uuid4().hex}  # a call that is tried again is one call
        body = {"data": {"type": type, "attributes": attributes, "relationships": linked}}
        while True:
            began = time.monotonic()
            try:
                answer = self.http.post(self.url + path, json=body, headers=key, timeout=60)
            except requests.RequestException as error:
                self.answers[f"no answer: {type(error).__name__}"] += 1
                time.sleep(0.5)
                continue
            kind = f"{answer.status_code // 100}xx"
            if answer.status_code == 503 and "Retry-After" in answer.headers:
                kind = GOOD[1] if self.was_away_since(began) else "503 with PostgreSQL there"
            self.answers[kind] += 1
            if answer.ok:
                return answer.json()["data"]["id"]
            if kind not in GOOD:
                self.answers[f"{path} {answer.status_code} {answer.text[:300]}"] += 1
            time.sleep(0.5)

    def was_away_since(self, began: float) -> bool:
        """Whether PostgreSQL was, at some moment of this call."""
        return any(stopped <= time.monotonic() and began <= up for stopped, up in self.away)


def prepare() -> tuple[str, str]:
    """A firm, a recruiter's token and a question set, in the database of the settings."""
    import django  # the settings are read only now, from the environment that main() made
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)

    from apps.accounts.models import User
    from apps.accounts.tokens import ACCESS, issue
    from apps.firms.models import HiringFirm
    from apps.questions.models import QuestionSet
    from apps.recruiters.models import Recruiter

    firm = HiringFirm.objects.create(
        name="Marchand Ouellet",
        language="en",
        time_zone=PLACE.zone,
        allowed_countries=[PLACE.country],
    )
    user = User.objects.create_user(
        "nadia@recruiter.example", PASSWORD, first_name="Nadia", last_name="Belhumeur"
    )
    Recruiter.objects.create(user=user, hiring_firm=firm, is_root=True, notifications="none")
    return issue(user, ACCESS), str(QuestionSet.objects.get(key="general", language="en").pk)


def outcome() -> Counter:
    from django.db import connection

    from apps.candidates.models import Candidate
    from apps.messaging.models import Message

    connection.close()
    found = Counter(Message.objects.values_list("channel", "status").order_by())
    found["candidates", "made"] = Candidate.objects.count()
    return found


class Harness:
    def __init__(self, options, processes, postgres, redis, mail, texts):
        self.options, self.processes = options, processes
        self.postgres, self.redis, self.mail, self.texts = postgres, redis, mail, texts
        self.random = random.Random(options.seed)
        self.answers, self.broken = Counter(), Counter()
        self.away: list[tuple[float, float]] = []  # when PostgreSQL was
        self.people = options.messages // 2

    def start(self):
        port = os.environ["PORT"]
        web = ["-m", "gunicorn", "vitay.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
        self.processes.start("web", sys.executable, *web, "--threads", "6", "--timeout", "90")
        self.processes.start_worker("threads", "threads", 4)
        if not self.options.embedded:  # there one worker is what the files of the broker allow
            self.processes.start_worker("prefork", "prefork", 2)
        self.processes.start_beat()
        self.processes.start_beat("another beat")  # two schedulers do no harm
        for _attempt in range(100):
            with contextlib.suppress(requests.RequestException):
                return requests.get(f"http://127.0.0.1:{port}/api/v3/ping", timeout=5)
            time.sleep(0.2)
        raise TimeoutError("The web process did not start")

    def write(self, token: str, question_set: str) -> list[Client]:
        url = f"http://127.0.0.1:{os.environ['PORT']}"
        shares = [list(range(self.people))[i::4] for i in range(4)]
        pause = 0 if self.options.only_kills else 0.25  # so that it lasts while things break
        told = (self.answers, pause, self.away)
        clients = [Client(url, token, question_set, each, *told) for each in shares]
        for client in clients:
            client.start()
        return clients

    def break_things(self, busy):
        """Kills at random moments, as long as messages move; the servers' troubles in between."""
        workers = [name for name in self.processes.running if name in ("threads", "prefork")]
        faults = [] if self.options.only_kills else self.faults()
        while busy() and (self.broken["workers killed -9"] < self.options.kills or faults):
            time.sleep(self.random.uniform(0.3, 2) if self.options.only_kills else 1.5)
            if self.broken["workers killed -9"] < self.options.kills:
                name = self.random.choice(workers)
                before = self.arrived
                while busy() and self.arrived == before:  # in the midst of sending
                    time.sleep(0.02)
                time.sleep(self.random.uniform(0, 0.3))
                self.processes.kill(name)
                self.processes.start(name)
                self.broken["workers killed -9"] += 1
            if faults and self.arrived > self.options.messages * (0.8 - 0.12 * len(faults)):
                what, fault = faults.pop(0)
                fault()
                self.broken[what] += 1

    def faults(self):
        def redis_away():
            self.redis.stop()
            time.sleep(4)
            self.redis.start()

        def postgres_away():
            stopped = time.monotonic()
            self.away.append((stopped, math.inf))
            self.postgres.stop("immediate")
            time.sleep(3)
            self.postgres.start()
            self.away[-1] = (stopped, time.monotonic())

        def blind():
            self.texts.blind = True
            time.sleep(5)
            self.texts.blind = False

        list_of = [("Twilio's list was down", blind)]
        if self.redis:
            list_of += [
                ("Redis stopped, wiped, started", redis_away),
                ("Redis hung", lambda: self.redis.hang(4)),
            ]
        if self.postgres:
            list_of += [("PostgreSQL stopped, started", postgres_away)] * 2
        return list_of

    @property
    def arrived(self) -> int:
        return len(self.mail.kept) + len(self.texts.kept)

    def settled(self, left: float) -> Counter:
        """Wait until nothing is under way any more."""
        end = time.monotonic() + left
        while time.monotonic() < end:
            with contextlib.suppress(Exception):  # PostgreSQL may be away
                found = outcome()
                moving = sum(found[c, s] for c, s in found if s in ("queued", "sending", "unknown"))
                if not moving and found.total() >= self.people * 3:
                    return found
            time.sleep(1)
        return outcome()


def report(harness: Harness, found: Counter, seconds: float) -> bool:
    mails, texts = harness.mail.kept, harness.texts.kept
    per_mail = Counter(mail.to for mail in mails)
    per_text = Counter(text.to for text in texts)
    ids = {}
    for mail in mails:
        ids.setdefault(mail.to, set()).add(mail.message_id)
    people = harness.people
    doubled = sum(1 for count in per_mail.values() if count > 1)
    cut = harness.mail.done["cut"]
    allowed = max(1, people // 200)
    wrong = sum(n for kind, n in harness.answers.items() if kind not in GOOD)
    checks = {
        "emails lost": (people - len(per_mail), 0),
        "texts lost": (people - len(per_text), 0),
        "texts doubled": (sum(1 for count in per_text.values() if count > 1), 0),
        "emails with two Message-IDs": (sum(1 for each in ids.values() if len(each) > 1), 0),
        "API answers other than 2xx, or 503 with Retry-After and PostgreSQL away": (wrong, 0),
        "candidates and messages made more than once": (found.total() - people * 3, 0),
    }  # fmt: skip
    if not harness.options.only_kills:
        checks["emails doubled"] = (doubled, allowed)
    print(json.dumps({
        "messages": people * 2,
        "seconds": round(seconds, 1),
        "emails arrived": len(mails),
        "texts arrived": len(texts),
        "emails doubled (same Message-ID)": f"{doubled} of {people}, {cut} cut after accepting",
        "what the table says": {f"{c} {s}": n for (c, s), n in sorted(found.items())},
        "broken": harness.broken,
        "text server": {str(k or "taken"): n for k, n in harness.texts.done.items()},
        "mail server": {str(k or "taken"): n for k, n in harness.mail.done.items()},
        "API answers": harness.answers,
    }, indent=2, ensure_ascii=False))  # fmt: skip
    good = True
    for what, (number, most) in checks.items():
        good &= number <= most
        print(f"{'ok  ' if number <= most else 'FAIL'} {what}: {number} (at most {most})")
    return good


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--only-kills", action="store_true")
    parser.add_argument("--embedded", action="store_true")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--limit", type=float, default=900, help="seconds")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="vitay-faults-"))
    mail_faults = {} if options.only_kills else MAIL_FAULTS
    text_faults = {} if options.only_kills else TEXT_FAULTS
    began = time.monotonic()
    with contextlib.ExitStack() as stack:
        postgres = redis = None
        for name in ("DATABASE_URL", "REDIS_URL", "REDIS_PREFIX"):
            os.environ.pop(name, None)
        if not options.embedded:
            postgres, redis = stack.enter_context(Postgres()), stack.enter_context(Redis())
            os.environ |= {"DATABASE_URL": postgres.url, "REDIS_URL": redis.url}
        mail = stack.enter_context(
            MailServer(faults=Dice(mail_faults, options.seed), patience=PATIENCE + 1)
        )
        texts = stack.enter_context(
            TextServer(Dice(text_faults, options.seed + 1), PATIENCE + 1, calls_back=True)
        )
        port = str(free_port())
        os.environ |= SETTINGS | texts.environ | {
            "DJANGO_SETTINGS_MODULE": "vitay.settings",
            "VAR_DIR": str(folder),
            "PORT": port,
            "PUBLIC_URL": f"http://127.0.0.1:{port}",
            "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
        }  # fmt: skip
        token, question_set = prepare()
        processes = stack.enter_context(Processes(folder, {}))
        harness = Harness(options, processes, postgres, redis, mail, texts)
        harness.start()
        began = time.monotonic()
        clients = harness.write(token, question_set)

        def busy() -> bool:
            return harness.arrived < options.messages * 0.97

        harness.break_things(busy)
        for client in clients:
            client.join(options.limit)
        found = harness.settled(options.limit - (time.monotonic() - began))
        good = report(harness, found, time.monotonic() - began)
    if good:
        shutil.rmtree(folder, ignore_errors=True)
    else:
        print(f"The processes' logs are in {folder}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
