"""Every page, in every state it can be in: by name, how to get there."""

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from apps.accounts.models import PasswordReset
from apps.answers.actions import save_answer
from apps.candidates.models import Education, Experience
from apps.jsonapi.models import Throttle
from apps.links.authentication import WRONG_LINKS
from apps.links.tokens import Purpose, sign
from apps.questions.models import QuestionSet
from apps.references.models import Reference
from apps.verifications.models import Verification
from tests.browser.conftest import link
from tests.conftest import PASSWORD, answers_to, fill, make_candidate, make_reference, make_request

NAMES = [
    ("Étienne", "Gauvreau", "manager", "Atelier Nord"),
    ("Priya", "Raman", "manager", "Fonderie Lac-Brome"),
    ("Jean-Christophe", "Bélanger-Vaillancourt", "colleague", "Coopérative funéraire"),
    ("Odile", "Roy", "client", ""),
    ("Nour", "Haddad", "direct_report", "Atelier Nord"),
    ("Sam", "Fortin", "other", ""),
]
KINDS = {
    "en": [
        ("scale", "How likely are you to work with {first_name} again?", 0, 10, []),
        ("scale", "When {first_name} promised a date, how often was it kept?", 1, 5,
         ["Rarely", "Sometimes", "Half the time", "Usually", "Always"]),
        ("text", "What was {first_name}’s main strength at work?", 1, 5, []),
        ("choice", "Would you hire {first_name} again?", 1, 5, ["Yes", "Perhaps", "No"]),
        ("multiple_choice", "Which of these did you see?", 1, 5, ["Design", "Build", "Explain"]),
        ("boolean", "Was {first_name} given targets in figures?", 1, 5, []),
        ("date", "When did you start working together?", 1, 5, []),
    ],
    "fr": [
        ("scale", "Travailleriez-vous encore avec {first_name}?", 0, 10, []),
        ("scale", "Quand {first_name} promettait une date, à quelle fréquence était-elle tenue?",
         1, 5, ["Rarement", "Parfois", "Une fois sur deux", "Le plus souvent", "Toujours"]),
        ("text", "Quelle était la principale force de {first_name} au travail?", 1, 5, []),
        ("choice", "Embaucheriez-vous {first_name} de nouveau?", 1, 5, ["Oui", "Peut-être", "Non"]),
        ("multiple_choice", "Qu’avez-vous vu?", 1, 5, ["Concevoir", "Construire", "Expliquer"]),
        ("boolean", "Des objectifs chiffrés étaient-ils fixés?", 1, 5, []),
        ("date", "Quand avez-vous commencé à travailler ensemble?", 1, 5, []),
    ],
}  # fmt: skip
PLACES = {kind: at for at, (kind, *_rest) in enumerate(KINDS["en"], 1)} | {"scale": 2, "points": 1}


class Gallery:
    """A world with somebody in each state, and the way to each page."""

    def __init__(self, recruiter, language):
        self.by, self.language = recruiter, language
        self.firm = recruiter.hiring_firm
        self.count = 0
        self.set = QuestionSet.objects.get(key="general", language=language)

    def world(self):
        """Yields name, address, and what to do there before looking."""
        yield from self.site()
        yield from self.candidate()
        yield from self.reference()
        yield from self.verifier()
        yield from self.password()

    def site(self):
        asked = self.asked()
        stop = f"/r/{sign(Purpose.UNSUBSCRIBE_REQUEST, asked)}"
        yield "start", self.at("/"), None
        yield "help", self.at("/help"), None
        yield "privacy", self.at("/privacy"), None
        for _try in range(WRONG_LINKS.limit):
            WRONG_LINKS.take("127.0.0.1")
        yield "too-many", self.at("/r/" + "x" * 44), None
        Throttle.objects.all().delete()
        yield "wrong-link", self.at("/r/" + "x" * 44), None
        yield "not-found", self.at("/nothing"), None
        yield "unsubscribe", stop, None
        yield "unsubscribed", stop, submit
        self.firm.set_active(None, active=False)
        yield "firm-suspended", link(asked), None
        self.firm.set_active(None, active=True)
        self.firm.remove(None)
        yield "firm-deleted", link(asked), None
        self.firm.restore(None)

    def candidate(self):
        asked = self.asked(agree=False)
        home = link(asked)
        yield "candidate-trust", home, None
        yield "candidate-decline", home + "/decline", None
        yield "candidate-declined", home + "/decline", submit
        asked = self.asked(min_references=2, min_manager_references=1, position="Directrice")
        home = link(asked)
        yield "candidate-empty", home, None
        yield "candidate-name", home + "/name", None
        yield "candidate-name-errors", home + "/name", submit
        self.firm.asks_for_profile = True
        self.firm.save()
        yield "candidate-profile-empty", home + "/profile", None
        yield "candidate-job", home + "/profile/experience", None
        yield "candidate-job-errors", home + "/profile/experience", submit
        yield "candidate-studies", home + "/profile/education", None
        profile = asked.candidate.profile
        Experience(profile=profile, started_on="2019-03-01", ended_on="2023-06-30").write(
            self.by, job_title="Chef de fonderie", company_name="Atelier Nord"
        )
        study = Education(profile=profile, started_on="2014-09-01").write(
            self.by, degree="Baccalauréat", school_name="Université de Sherbrooke"
        )
        yield "candidate-profile", home + "/profile", None
        yield "candidate-studies-change", f"{home}/profile/education/{study.pk}", None
        people = [self.named(asked) for _person in NAMES]
        for person, status in zip(people, ("filled", "opened", "bounced", "started"), strict=False):
            if status == "filled":
                fill(person)
            else:
                Reference.objects.filter(pk=person.pk).update(status=status)
        people[4].decline()
        old = timezone.now() - timedelta(hours=30)
        Reference.objects.filter(pk=people[1].pk).update(last_written_at=old)
        yield "candidate-progress", home, None
        yield "candidate-correct", f"{home}/people/{people[2].pk}/correct", None
        yield "candidate-correct-errors", f"{home}/people/{people[2].pk}/correct", submit
        yield "candidate-replace", f"{home}/people/{people[1].pk}/replace", None
        self.firm.asks_for_profile = False
        self.firm.save()
        asked.conclude(self.by)
        yield "candidate-concluded", home, None
        asked = self.asked()
        asked.cancel(self.by)
        yield "candidate-cancelled", link(asked), None
        yield "candidate-expired", link(self.expired(self.asked())), None

    def reference(self):
        person = self.named()
        home = link(person)
        yield "reference-trust", home, None
        for step in ("you", "call", "decline", "wrong-person", "stop"):
            yield f"reference-{step}", f"{home}/{step}", None
        for kind, number in PLACES.items():
            yield f"question-{kind}", f"{home}/q/{number}", None
        yield "question-scale-error", f"{home}/q/{PLACES['scale']}", submit
        yield "question-text-error", f"{home}/q/{PLACES['text']}", submit
        self.answer(person, 4)
        yield "reference-resumed", home, None
        yield "reference-review-errors", f"{home}/review", submit
        self.answer(person, len(KINDS["en"]))
        yield "reference-review", f"{home}/review", None
        fill(person, permission_share_clients=True, permission_share_candidate=False)
        yield "reference-thanks", home, None
        yield "reference-copy", home + "/copy", None
        yield "reference-erase", home + "/erase", None
        yield "reference-erasure-asked", home + "/erase", submit
        again = self.named()
        fill(again)
        again.reopen(self.by)
        yield "reference-reopened", link(again), None
        odd = self.named(relationship="")
        Reference.objects.filter(pk=odd.pk).update(relationship="gone")
        yield "reference-you-errors", link(odd) + "/you", submit
        for step, verb in (
            ("declined", lambda each: each.decline()),
            ("wrong-person-done", lambda each: each.wrong_person()),
            ("call-requested", lambda each: each.request_call("After 16:00")),
            ("cancelled", lambda each: each.cancel(self.by)),
        ):
            person = self.named()
            verb(person)
            yield f"reference-{step}", link(person), None
            if step == "declined":
                yield "reference-declined-erase", link(person) + "/erase", None
                yield "reference-declined-erasure-asked", link(person) + "/erase", submit
        yield "reference-expired", link(self.expired(self.named())), None
        picture = BytesIO()
        Image.new("RGB", (400, 100), "#0b5a6e").save(picture, "PNG")
        self.firm.change_logo(self.by, SimpleUploadedFile("logo.png", picture.getvalue()))
        yield "reference-logo", link(self.named()), None

    def verifier(self):
        home = link(self.claim())
        yield "verifier-trust", home, None
        yield "verifier-check", home + "/check", None
        yield "verifier-check-errors", home + "/check", submit
        yield "verifier-check-corrected", home + "/check", correct_all
        yield "verifier-decline", home + "/decline", None
        yield "verifier-declined", home + "/decline", submit
        done = self.claim()
        done.conclude(done, findings=dict.fromkeys(done.claimed, "confirmed"), comment="Merci.")
        yield "verifier-thanks", link(done), None
        yield "verifier-expired", link(self.expired(self.claim())), None

    def password(self):
        home = link(PasswordReset.objects.request(self.by.user))
        yield "password-choose", home, None
        yield "password-errors", home, submit
        yield "password-saved", home, choose_password
        yield "password-used", home, None
        ended = PasswordReset.objects.request(self.by.user)
        PasswordReset.objects.update(expires_at=timezone.now())
        yield "password-ended", link(ended), None
        yield "password-forgotten", self.at("/password"), None
        yield "password-forgotten-errors", self.at("/password"), submit
        yield "password-sent", self.at("/password"), ask_for_password

    # --- whom it takes ----------------------------------------------------------------------------

    def at(self, address):
        return f"{address}?lang={self.language}"

    def asked(self, *, agree=True, **fields):
        self.count += 1
        email = f"camille{self.count}@candidate.example"
        candidate = make_candidate(self.by, email=email, phone="", language=self.language)
        asked = make_request(candidate, self.set, **fields)
        if agree:
            asked.consent(language=self.language, ip_address=None)
        return asked

    def named(self, asked=None, **fields):
        first, last, relationship, company = NAMES[self.count % len(NAMES)]
        self.count += 1
        asked = asked or self.asked(position="Directrice des opérations")
        if len(asked.questions["en"]) > len(KINDS["en"]):
            asked.questions = {code: [question(*each) for each in KINDS[code]] for code in KINDS}
            asked.save()
        return make_reference(
            asked,
            first_name=first,
            last_name=last,
            email=f"{self.count}@reference.example",
            language=self.language,
            **{"relationship": relationship, "company_name": company} | fields,
            started_on="2019-03-01",
        )

    def answer(self, person, count):
        given = answers_to(person.questions)
        for at in range(count):
            comment = "Toujours à l’heure." if at == 1 else ""
            save_answer(person, at, {"value": given[at], "comment": comment})

    def claim(self):
        self.count += 1
        candidate = make_candidate(self.by, language=self.language)
        job = Experience(profile=candidate.profile, started_on="2019-03-01", ended_on="2023-06-30")
        job.write(self.by, job_title="Chef de fonderie", company_name="Atelier Nord")
        job.refresh_from_db()
        who = {"first_name": "Odile", "last_name": "Roy", "language": self.language}
        return Verification(**who, email=f"odile{self.count}@atelier.example").create(self.by, job)

    @staticmethod
    def expired(target):
        type(target).objects.filter(pk=target.pk).update(expires_at=timezone.now())
        target.refresh_from_db()
        target.expire() if not isinstance(target, Reference) else target.end("expired", None)
        return target


def question(kind, text, low, high, words):
    chooses = "choice" in kind
    return {
        "id": "",
        "type": kind,
        "category": "skills",
        "text": text,
        "hint": "",
        "required": kind != "date",
        "choices": words if chooses else [],
        "labels": [] if chooses else words,
        "min": low,
        "max": high,
        "weight": 1,
    }


def submit(page):
    page.locator("form .primary").first.click()
    page.wait_for_load_state()


def correct_all(page):
    for box in page.locator("input[value=corrected]").all():
        box.check()


def choose_password(page):
    for name in ("password", "again"):
        page.locator(f"input[name={name}]").fill(PASSWORD + "-new")
    submit(page)


def ask_for_password(page):
    page.locator("input[name=email]").fill("nobody@firm.example")
    submit(page)
