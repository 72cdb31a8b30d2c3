"""Ten firms of 5,000 candidates; the first one's have a request and three references each."""

import itertools
import random
from datetime import timedelta
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.tokens import ACCESS, issue
from apps.answers.models import AnswerSet
from apps.candidates.models import Candidate
from apps.firms.models import HiringFirm
from apps.jsonapi.fold import fold
from apps.metadata.models import Metadatum
from apps.questions.models import QuestionSet
from apps.recruiters.models import Recruiter
from apps.references.models import Reference, ReferenceRequest

FIRMS, CANDIDATES, RECRUITERS = 10, 5000, 5
EMAIL = "nadia@recruiter.example"
FIRST = ["Camille", "Étienne", "Zoé", "Olivier", "Maude", "Raphaël", "Noémie", "Émile"]
LAST = ["Desrosiers", "Gauvreau", "Belhumeur", "Tremblay", "Lefebvre", "Ouellet", "Marchand"]
BATCH = 2000


def token() -> str:
    """A token of the first firm's root recruiter; fills the database at the first call."""
    user = User.objects.filter(email=EMAIL).first()
    if user is None:
        with transaction.atomic():
            user = fill()
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    return issue(user, ACCESS)


def fill() -> User:
    firms = [HiringFirm.objects.create(name=f"Firm {n}", language="en") for n in range(FIRMS)]
    recruiters = {firm: [recruiter(firm, n) for n in range(RECRUITERS)] for firm in firms}
    # In turn, as it happens: one firm's rows do not lie side by side.
    made = [
        candidate(firm, recruiters[firm][n % RECRUITERS], n)
        for n in range(CANDIDATES)
        for firm in firms
    ]
    create(Candidate, made)
    own = [each for each in made if each.hiring_firm_id == firms[0].pk]
    create(Metadatum, [metadatum(each, "Candidate") for each in own])
    for each, row in zip(own, Metadatum.objects.order_by("pk"), strict=True):
        each.metadatum = row
    Candidate.objects.bulk_update(own, ["metadatum"], batch_size=BATCH)
    library = QuestionSet.objects.get(key="general", language="en")
    frozen = library.freeze()
    requests = [request(each, library, frozen, n) for n, each in enumerate(own)]
    create(ReferenceRequest, requests)
    references = [reference(each, n) for each in requests for n in range(3)]
    create(Reference, references)
    filled = [each for each in references if each.filled]
    create(AnswerSet, [answer_set(each) for each in filled])
    return User.objects.get(email=EMAIL)


def create(model, rows: list) -> None:
    model.objects.bulk_create(rows, batch_size=BATCH)


def recruiter(firm: HiringFirm, n: int) -> Recruiter:
    first = firm.name == "Firm 0" and n == 0
    email = EMAIL if first else f"{firm.pk.hex}-{n}@recruiter.example"
    user = User.objects.create_user(email, first_name="Nadia", last_name=f"Number {n}")
    return Recruiter.objects.create(user=user, hiring_firm=firm, is_root=n == 0)


def person(n: int, where: str) -> dict:
    first, last = FIRST[n % len(FIRST)], LAST[n // len(FIRST) % len(LAST)]
    email, phone = f"person{n}@{where}.example", f"514555{n % 10_000:04}"
    search = fold(f"{first} {last} {email} {phone}")
    return {
        "first_name": first,
        "last_name": last,
        "email": email,
        "country_code": "1",
        "phone": phone,
        "language": "en",
        "search": search,
    }


def candidate(firm, added_by, n: int) -> Candidate:
    return Candidate(
        hiring_firm=firm,
        added_by=added_by,
        internal_id=f"ATS-{n}",
        notes="Came to us by a colleague, and would start in spring." if n % 3 == 0 else "",
        score=Decimal("4.25") if n % 2 == 0 else None,
        **person(n, "candidate"),
    )


def metadatum(subject, kind: str) -> Metadatum:
    return Metadatum(
        identifiable_type=kind,
        identifiable_id=subject.pk,
        source="page",
        hiring_firm_id=subject.hiring_firm_id,
    )


def request(candidate, question_set, frozen, n: int) -> ReferenceRequest:
    now, filled = timezone.now(), n % 2 == 0
    return ReferenceRequest(
        hiring_firm_id=candidate.hiring_firm_id,
        candidate=candidate,
        requested_by_id=candidate.added_by_id,
        question_set=question_set,
        questions=frozen,
        language="en",
        position="Foreman",
        min_references=2,
        status="filled" if filled else "opened",
        sent_at=now,
        opened_at=now,
        filled_at=now if filled else None,
        invited_at=now,
        last_written_at=now,
        expires_at=now + ReferenceRequest.LIFE,
    )


numbers = itertools.count()
dice = random.Random(1)


def reference(request, n: int) -> Reference:
    """The first two have answered; the third is still waited for."""
    now, filled = timezone.now(), n < 2
    written = now - timedelta(hours=dice.randrange(1, 200))
    return Reference(
        hiring_firm_id=request.hiring_firm_id,
        candidate_id=request.candidate_id,
        reference_request=request,
        requested_by_id=request.requested_by_id,
        company_name="Acme",
        relationship="manager",
        is_manager=True,
        started_on="2019-05-01",
        status="filled" if filled else "sent",
        sent_at=written,
        filled_at=now if filled else None,
        score=Decimal("4.25") if filled else None,
        invited_at=written,
        last_written_at=written,
        expires_at=request.expires_at,
        **person(next(numbers), "reference"),
    )


def answer_set(reference) -> AnswerSet:
    return AnswerSet(reference=reference, language="en", submitted_at=reference.filled_at)
