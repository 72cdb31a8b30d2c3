"""The demo firms: everything in every state, told through the same verbs as the real thing."""

import io
from datetime import date, timedelta
from decimal import Decimal

from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from apps.accounts.models import User
from apps.answers.actions import save_answer, submit_answers
from apps.answers.models import Answer, AnswerSet
from apps.billing.models import Invoice, InvoiceLine
from apps.billing.usage import last_month, month_after
from apps.candidates.models import Candidate, Education, Experience
from apps.consents.models import Consent
from apps.firms.models import HiringFirm
from apps.messaging.models import Message
from apps.metadata.models import Metadatum
from apps.questions.models import QuestionSet
from apps.recruiters.models import Recruiter
from apps.references.models import Reference, ReferenceRequest
from apps.verifications.models import Verification

PASSWORD = "vitay-demo-2026"
STAFF, ROOT, RECRUITER = "staff@demo.example", "root@demo.example", "recruiter@demo.example"
OTHER_ROOT = "root@other.example"
EMAILS = (STAFF, ROOT, RECRUITER, OTHER_ROOT)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
WORDS = {
    "en": [
        "Calm when the line stopped, and the first to say what went wrong.",
        "Plans well ahead and tells you early when a date will slip.",
        "Could delegate sooner; the weeks before an audit were heavy.",
        "People asked to join the team because they learned something there.",
        "Writes short, clear notes that the night shift can act on.",
        "Sometimes too patient with suppliers who promise and do not deliver.",
    ],
    "fr": [
        "Garde son calme quand tout s’arrête, et dit tout de suite ce qui n’a pas marché.",
        "Planifie longtemps d’avance et prévient tôt quand une date va glisser.",
        "Pourrait déléguer plus vite; les semaines d’audit étaient lourdes.",
        "On voulait travailler dans son équipe, parce qu’on y apprenait quelque chose.",
        "Écrit des notes courtes et claires, que l’équipe de nuit peut suivre.",
        "Parfois trop de patience avec les fournisseurs qui promettent sans livrer.",
    ],
}


@transaction.atomic
def tell() -> None:
    """Fill an empty database. The same people, states and answers each time, dated from today."""
    User.objects.create_superuser(STAFF, PASSWORD, first_name="Sacha", last_name="Lemieux")
    firm = HiringFirm(
        name="Marchand Ouellet",
        language="en",
        colour="#8a1538",
        address="400 rue de l’Exemple, Montréal",
        phone="514 555-0100",
        reminder_interval_days=3,
        min_references=2,
    )
    firm.full_clean()
    firm.logo.save("marchand-ouellet.png", ContentFile(_mark(firm)), save=False)
    firm.save()
    root = _recruiter(firm, ROOT, "Nadia", "Belhumeur", "5145550142", is_root=True)
    recruiter = _recruiter(firm, RECRUITER, "Olivier", "Tan", "5145550143")
    _recruiter(firm, "archive@demo.example", "Rosalie", "Côté", "5145550144").archive(
        root, active=False
    )
    sets = {
        language: QuestionSet.objects.get(key="general", language=language)
        for language in ("en", "fr")
    }
    QuestionSet.objects.get(key="management", language="en").copy(root)
    story = _Story(root, recruiter, sets)
    story.concluded()
    story.filled()
    story.waiting()
    story.ended()
    story.saved_only()
    story.verifications()
    story.remindable()
    _invoices(firm)
    _settle_messages()
    story.fresh()
    _other_firm(sets["en"])


class _Story:
    def __init__(self, root, recruiter, sets):
        self.root, self.recruiter, self.sets = root, recruiter, sets
        self.people = self.visits = 0

    # --- chapters -----------------------------------------------------------------------------

    def concluded(self) -> None:
        """Three references, three languages of praise: the report that the demo opens with."""
        candidate = self.candidate(
            self.recruiter, "Camille", "Desrosiers", internal_id="ATS-1041",
            notes="Available from January.",
        )  # fmt: skip
        self.profile(candidate)
        request = self.request(candidate, position="Director of Operations", min_references=3,
                               min_manager_references=1, notes="Before the 12th.")  # fmt: skip
        self.consent(request)
        _age(candidate, 2 * HOUR)
        people = [
            ("Étienne", "Gauvreau", "manager", "Atelier Nord", "fr", 5),
            ("Priya", "Raman", "colleague", "Fonderie Lac-Brome", "en", 4),
            ("Samuel", "Okafor", "direct_report", "Atelier Nord", "en", 4),
        ]
        references = [
            self.reference(request, first, last, tie, company_name=company, language=language)
            for first, last, tie, company, language, _scale in people
        ]
        for hours, reference, person in zip((24, 22, 27), references, people, strict=True):
            _age(candidate, hours * HOUR)
            self.answer(reference, person[-1])
        candidate.refresh_from_db()
        asked = timezone.localtime(candidate.created_at)
        since_ten = (asked - asked.replace(hour=10, minute=2)) % DAY  # nobody is asked at night
        _age(candidate, 8 * DAY + since_ten)

    def filled(self) -> None:
        """Everybody is named; one has answered, one has begun, one wants a call."""
        candidate = self.candidate(self.root, "William", "Nguyen", internal_id="ATS-1042")
        request = self.request(candidate, position="Sales lead", min_references=3)
        self.consent(request)
        self.answer(self.reference(request, "Chantal", "Roy", "manager"), 3, clients=False)
        begun = self.reference(request, "Marc-André", "Pelletier", "client", language="fr")
        begun.open()
        self.begin(begun)
        self.reference(request, "Aisha", "Khan", "colleague").request_call("After 17:00, please.")
        self.reference(request, "Robert", "Dufour", "colleague").decline()
        _age(candidate, 4 * DAY)

    def waiting(self) -> None:
        """Sent, opened, bounced, pending review."""
        candidate = self.candidate(self.recruiter, "Maude", "Fortin", language="fr")
        request = self.request(candidate, "fr", min_references=4)
        self.consent(request)
        self.reference(request, "Léa", "Gagnon", "manager", language="fr")
        self.reference(request, "Tom", "Baker", "client").open()
        bounced = self.reference(request, "Joël", "Lavoie", "colleague", phone="")
        Message.objects.about(bounced).get().receipt("bounced", "550")
        firm = self.root.hiring_firm
        firm.review_before_contact = True
        reviewed = self.reference(request, "Irène", "Caron", "teacher", firm=firm)
        firm.review_before_contact = False
        assert reviewed.is_pending
        _age(candidate, 5 * HOUR)

    def ended(self) -> None:
        """Every other end."""
        declined = self.request(self.candidate(self.root, "Noah", "Bergeron"))
        declined.decline()
        cancelled = self.request(self.candidate(self.root, "Juliette", "Morin"))
        self.reference(cancelled, "Paul", "Simard", "manager")
        cancelled.cancel(self.root)
        candidate = self.candidate(self.recruiter, "Liam", "Poirier")
        expired = self.request(candidate, min_references=5)
        self.consent(expired)
        self.reference(expired, "Gérard", "Thibault", "colleague")
        self.reference(expired, "Wrong", "Number", "other").wrong_person()
        self.reference(expired, "Silent", "Witness", "colleague").replace(
            self.root, **self.person("Second", "Witness"), relationship="colleague"
        )
        _age(candidate, 31 * DAY)
        expired.refresh_from_db()
        expired.expire()
        open_again = self.candidate(self.recruiter, "Zoé", "Bouchard")
        self.request(open_again).open()
        _age(open_again, 2 * DAY)

    def saved_only(self) -> None:
        """A candidate without a request, with a score from the ATS; and a reference without one."""
        candidate = self.candidate(
            self.recruiter, "Thomas", "Leblanc", given_score=Decimal("3.50"), notes="From the fair."
        )
        Reference(candidate=candidate, relationship="manager", **self.person("Hugo", "Marchand")
                  ).create(self.recruiter)  # fmt: skip
        Reference(**self.person("Unattached", "Person")).create(self.recruiter)

    def verifications(self) -> None:
        """One of each result, on one profile."""
        candidate = self.candidate(self.root, "Anaïs", "Gervais", internal_id="ATS-1050")
        self.profile(candidate)
        profile = candidate.profile
        names = [
            "Acier Laurier",
            "Boréal Conseil",
            "Clinique du Parc",
            "Dépôt Central",
            "Énergie Sept",
        ]
        claims = [
            Experience.objects.create(
                profile=profile, company_name=name, job_title="Analyst", city="Montréal",
                started_on=date(2010 + n, 2, 1), ended_on=date(2011 + n, 1, 31),
            )
            for n, name in enumerate(names)
        ]  # fmt: skip
        verified, discrepancy, unable, declined, cancelled = (
            self.verification(claim, "Human", f"Resources {n}") for n, claim in enumerate(claims)
        )
        confirmed = dict.fromkeys(verified.claimed, "confirmed")
        verified.conclude(verified, findings=confirmed, comment="Confirmed from the file.")
        wrong = {"finding": "corrected", "value": "Junior analyst"}
        discrepancy.conclude(
            discrepancy,
            findings=dict.fromkeys(discrepancy.claimed, "confirmed") | {"job_title": wrong},
        )
        unable.conclude(unable, findings=dict.fromkeys(unable.claimed, "unknown"))
        declined.decline("We answer by post only.")
        cancelled.cancel(self.root)
        _age(candidate, 3 * DAY)

    def remindable(self) -> None:
        """One request, one reference and one verification that may be reminded by hand, again."""
        candidate = self.candidate(self.recruiter, "Florence", "Lapointe", internal_id="ATS-1051")
        self.profile(candidate)
        request = self.request(candidate, position="Nurse manager", min_references=3)
        request.open()
        reference = self.reference(request, "Daniel", "Abadie", "manager")
        claim = candidate.profile.educations.first()
        asked = (request, reference, self.verification(claim, "Registrar", "Office"))
        _age(candidate, 26 * HOUR)
        for each in asked:
            each.remind(self.recruiter)
        _age(candidate, 40 * HOUR)

    def fresh(self) -> None:
        """Just asked: the worker writes to these at once, so that the mailbox has something."""
        candidate = self.candidate(self.recruiter, "Élodie", "Hébert", language="fr")
        request = self.request(candidate, "fr", position="Technicienne en génie civil")
        self.reference(request, "Michel", "Dubé", "manager", language="fr")

    # --- people and deeds -----------------------------------------------------------------------

    def person(self, first: str, last: str, **fields) -> dict:
        self.people += 1
        host = "candidate" if fields.pop("candidate", False) else "reference"
        return {
            "first_name": first,
            "last_name": last,
            "email": f"person{self.people}@{host}.example",
            "country_code": "1",
            "phone": f"51455501{self.people % 100:02}",
        } | fields

    def candidate(self, by, first, last, **fields) -> Candidate:
        fields = {"language": "en"} | fields
        return Candidate(**self.person(first, last, candidate=True, **fields)).create(by)

    def request(self, candidate, language="en", **fields) -> ReferenceRequest:
        request = ReferenceRequest(
            candidate=candidate, question_set=self.sets[language], **{"min_references": 2} | fields
        )
        return request.create(candidate.added_by)

    def consent(self, request) -> None:
        request.open()
        request.consent(language=request.message_language, ip_address="203.0.113.7")
        Metadatum.take(_visit("203.0.113.7"), request.candidate, candidate=request.candidate)

    def reference(self, request, first, last, relationship, *, firm=None, **fields) -> Reference:
        fields = {
            "language": "en",
            "started_on": date(2019, 5, 1),
            "ended_on": date(2023, 8, 31),
        } | fields
        reference = Reference(
            candidate=request.candidate,
            reference_request=request,
            relationship=relationship,
            **self.person(first, last, **fields),
        )
        if firm is not None:
            request.requested_by.hiring_firm = firm
        return reference.create(request.candidate, requested_by=request.requested_by)

    def answers(self, reference, scale: int) -> list:
        words = WORDS[reference.message_language]
        words = (
            words[2 * self.visits % 6 :] + words[: 2 * self.visits % 6]
        )  # nobody repeats another
        good = {
            "scale": lambda n, question: {
                "value": str(min(question["max"], scale + (n % 3 == 0) - (n % 5 == 1))),
                "comment": words[n % 6] if n % 4 == 2 else "",
            },
            "text": lambda n, question: words[n % 6],
            "choice": lambda n, question: question["choices"][0],
            "multiple_choice": lambda n, question: question["choices"][:2],
            "boolean": lambda n, question: "true",
            "date": lambda n, question: "2019-05-01" if n == 0 else "2023-08-31",
        }
        return [good[q["type"]](n, q) for n, q in enumerate(reference.questions)]

    def begin(self, reference) -> None:
        for position, answer in enumerate(self.answers(reference, 4)[:4]):
            save_answer(reference, position, answer)

    def answer(self, reference, scale: int, *, clients=True) -> None:
        reference.refresh_from_db()
        self.visits += 1
        address = f"203.0.113.{10 + self.visits}"
        reference.open()
        reference.consent(Consent.Purpose.ANSWER, given=True, ip_address=address)
        self.begin(reference)
        _age(reference.candidate, timedelta(minutes=6 + self.visits))
        reference.refresh_from_db()
        submit_answers(
            reference,
            self.answers(reference, scale),
            by=reference,
            ip_address=address,
            permission_share_clients=clients,
            permission_share_candidate=True,
        )
        Metadatum.take(_visit(address), reference, candidate=reference.candidate)

    def profile(self, candidate) -> None:
        profile = candidate.profile
        filled = {
            "title": "Operations, fifteen years of plants",
            "bio": "Runs plants of up to three hundred people; trained as an engineer.",
            "job_title": "Operations manager",
            "industry": "Manufacturing",
            "street_address": "12 rue des Érables",
            "city": "Montréal",
            "province": "QC",
        }
        for name, value in filled.items():
            setattr(profile, name, value)
        profile.save()
        Experience.objects.create(
            profile=profile, company_name="Atelier Nord", job_title="Plant manager",
            city="Laval", started_on=date(2019, 5, 1), ended_on=date(2023, 8, 31),
            description="Two lines, 120 people.",
        )  # fmt: skip
        Education.objects.create(
            profile=profile, school_name="École de l’Exemple", degree="B. Eng.",
            field_of_study="Industrial engineering", city="Montréal",
            started_on=date(2004, 9, 1), ended_on=date(2008, 5, 31),
        )  # fmt: skip

    def verification(self, claim, first, last) -> Verification:
        return Verification(**self.person(first, last), language="en").create(
            claim.candidate.added_by, claim
        )


def _recruiter(firm, email, first, last, phone, *, is_root=False) -> Recruiter:
    user = User.objects.create_user(
        email, PASSWORD, first_name=first, last_name=last, country_code="1", phone=phone,
        language=firm.language,
    )  # fmt: skip
    return Recruiter.objects.create(user=user, hiring_firm=firm, is_root=is_root)


def _other_firm(question_set) -> None:
    """Somebody else's data, to see that nobody of the first firm sees it."""
    firm = HiringFirm.objects.create(name="Other Talent", language="en")
    root = _recruiter(firm, OTHER_ROOT, "Charlie", "Wong", "5145550190", is_root=True)
    candidate = Candidate(
        first_name="Sofia", last_name="Marin", email="sofia@candidate.example", language="en"
    ).create(root)
    ReferenceRequest(candidate=candidate, question_set=question_set).create(root)


def _invoices(firm: HiringFirm) -> None:
    """Two months that are over: the earlier one is paid."""
    later = last_month()
    earlier = (later - DAY).replace(day=1)
    for start, used in ((earlier, (6, 2, 41)), (later, (9, 1, 58))):
        invoice = Invoice(hiring_firm=firm, period_start=start, period_end=month_after(start) - DAY)
        invoice.save()
        for quantity, (english, french, cents) in zip(used, settings.PRICES.values(), strict=True):
            InvoiceLine(
                invoice=invoice,
                description=english,
                description_fr=french,
                quantity=quantity,
                unit_price=cents,
            ).save()
        invoice.open()
        if start == earlier:
            invoice.pay()


def _visit(address: str) -> HttpRequest:
    request = HttpRequest()
    request.META = {"REMOTE_ADDR": address, "HTTP_USER_AGENT": IPHONE}
    return request


def _age(candidate: Candidate, by: timedelta) -> None:
    """Everything about the candidate happened that much earlier."""
    rows = [
        Candidate.objects.filter(pk=candidate.pk),
        AnswerSet.objects.filter(reference__candidate=candidate),
        Answer.objects.filter(answer_set__reference__candidate=candidate),
    ]
    for model in apps.get_models():
        for field in model._meta.fields:
            if field.is_relation and field.related_model is Candidate:
                rows.append(model._base_manager.filter(**{field.name: candidate}))
    for row in rows:
        times = [f.name for f in row.model._meta.fields if isinstance(f, models.DateTimeField)]
        row.update(**{name: F(name) - by for name in times})


def _settle_messages() -> None:
    """What the past would have sent has been delivered: the worker need not send it again."""
    Message.objects.filter(status__in=["queued", "suppressed"]).update(
        status="delivered", error="", sent_at=F("created_at"), first_tried_at=F("created_at")
    )


def _mark(firm: HiringFirm) -> bytes:
    """A logo: the firm's initial on its colour."""
    image = Image.new("RGBA", (160, 160), (255, 255, 255, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, 159, 159), radius=28, fill=firm.colour)
    font = ImageFont.load_default(size=110)
    draw.text((80, 80), firm.name[0], font=font, fill=firm.on_colour, anchor="mm")
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()
